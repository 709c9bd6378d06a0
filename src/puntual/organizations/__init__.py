"""Organizations, their members and what each role may do; the User model."""
