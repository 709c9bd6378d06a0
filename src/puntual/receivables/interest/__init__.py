"""Late interest and charges: laws and rates as data, a pure calculation line by line, and charging a period at most once."""
