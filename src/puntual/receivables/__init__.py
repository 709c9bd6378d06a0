"""What is owed: invoices and installments, credit notes, charges, every posting to them, and holds."""
