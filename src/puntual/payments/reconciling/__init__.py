"""Credits of bank statements become payments: by rules that have proved themselves, or by a person's hand."""
