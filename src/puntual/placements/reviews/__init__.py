"""Debts that were kept open at the end of the ladder, and the day on which that is decided again."""
