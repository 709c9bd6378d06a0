"""Bank statements: what a bank's file says (`reading`), and the lines that come of it (`models`, `actions`)."""
