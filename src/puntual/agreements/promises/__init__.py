"""Promises to pay: made, judged by the money that came, kept or broken."""
