"""Row-level security and nothing else: whose rows a transaction may see."""
