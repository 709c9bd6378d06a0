"""What comes back: bounces, complaints, automatic replies and people's answers, read, kept and settled by a person."""
