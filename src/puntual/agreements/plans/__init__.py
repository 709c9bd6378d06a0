"""Payment in parts, and settlements with a discount: worked out, agreed, kept an eye on, ended."""
