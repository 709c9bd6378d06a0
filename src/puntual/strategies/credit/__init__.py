"""Credit policy: terms, limits and documents by segment, customers' applications and their decisions."""
