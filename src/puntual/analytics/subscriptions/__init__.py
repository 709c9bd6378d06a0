"""Reports by e-mail on a schedule, to members of the organization."""
