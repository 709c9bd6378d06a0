"""Credit limits: how much a customer may owe, in each currency, from which day on."""
