"""How a customer, or somebody there, prefers to be reached: by which channel and between which hours."""
