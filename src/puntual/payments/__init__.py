"""Money in: payments, which items they settle, what stays on account, refunds."""
