"""What was agreed: promises, extensions, changed terms, payment plans and settlements."""
