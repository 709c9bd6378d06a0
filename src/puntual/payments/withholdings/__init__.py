"""What customers withhold by law, or deposit elsewhere: rates by country with their sources, and an organization's own."""
