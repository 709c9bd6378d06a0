"""Rates that an organization enters itself: what it expects to lose of each age, and what one currency is worth in another."""
