"""The day run: observe, decide, plan."""
