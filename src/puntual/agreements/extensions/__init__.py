"""More time for an invoice: granted within limits, in a chain that stays visible; it ages as before."""
