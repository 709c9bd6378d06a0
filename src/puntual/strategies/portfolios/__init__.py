"""Portfolios: whose customer one is, by rule. The first rule that fits gives a customer to a member; what a person says wins."""
