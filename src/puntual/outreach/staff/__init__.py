"""Messages to the organization's own members. No customer reads them: they are no contact, and leave no mark."""
