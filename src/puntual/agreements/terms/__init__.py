"""Terms changed for good, before trouble starts: with the reason and both sides' consent on record."""
