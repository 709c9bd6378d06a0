"""The order of the work: what contacting each customer is worth now, and why."""
