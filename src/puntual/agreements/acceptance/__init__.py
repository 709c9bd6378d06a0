"""The customer's yes in writing: a link to one address, a one-time code, and the document that was shown, word for word."""
