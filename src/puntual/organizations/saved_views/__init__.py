"""Views of lists that somebody keeps: for themselves, or for everybody in the organization."""
