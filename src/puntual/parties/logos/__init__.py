"""The creditors' logos: given, checked, drawn anew, and shown at the head of their documents."""
