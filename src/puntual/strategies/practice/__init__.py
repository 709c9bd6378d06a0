"""The negotiation trainer: customers who answer by rule, what they are told, and how well it was done. No outside service."""
