"""Agencies and law firms: what is agreed with them, what came in while they had a debt, and what was settled with them."""
