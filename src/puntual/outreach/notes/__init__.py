"""Notes of the team about a customer: whom they name, and withdrawing one. They are written by `record_contact`, never edited."""
