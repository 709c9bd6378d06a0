"""Letras, pagarés, post-dated checks and direct debits: papers and orders that promise money on a day."""
