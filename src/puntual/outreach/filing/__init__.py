"""Files about a customer that belong to nothing else: contracts, tax papers, what was scanned."""
