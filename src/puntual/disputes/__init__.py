"""What a customer objects to: why a part is not owed, or not yet, who looks at it and until when."""
