"""Whose a credit on a bank statement is and what it settles: proposals with their evidence. Pure: no clock, no database."""
