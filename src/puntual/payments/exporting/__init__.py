"""Payments and their allocations for accounting: each movement once, and what was exported when and by whom."""
