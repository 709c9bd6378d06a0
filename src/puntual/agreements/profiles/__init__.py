"""Profile: what was found out about a customer, willing × able to pay, with the reason for the arrears."""
