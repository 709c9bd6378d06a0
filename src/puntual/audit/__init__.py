"""The append-only log: who did what, when and why."""
