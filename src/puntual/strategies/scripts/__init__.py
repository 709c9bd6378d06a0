"""An organization's own words for negotiating, used instead of those that come with Puntual."""
