"""The record: what left, word for word, with its files, kept so that nobody changes it, and how long it is kept."""
