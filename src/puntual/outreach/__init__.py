"""Activities: planned, approved, said once, on record."""
