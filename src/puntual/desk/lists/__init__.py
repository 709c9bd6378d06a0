"""Lists: described once, shown by one machinery. See `describing`."""
