"""Read-only figures about the portfolio, each with one formula and its basis."""
