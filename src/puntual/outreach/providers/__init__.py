"""The providers that messages leave through: how fast each may be used, and when it is left in peace."""
