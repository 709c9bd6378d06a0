"""Messages that are no step of the ladder: reminders of what was agreed, thanks, recognition, questions ahead of the due date."""
