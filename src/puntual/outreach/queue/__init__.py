"""The queue: who gets which customer next, what is passed over, and what is taken back."""
