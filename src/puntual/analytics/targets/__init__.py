"""Targets: what each member is to reach in a month, and how far they are."""
