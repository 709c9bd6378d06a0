"""Reading a raw message, purely: what kind it is, whom it is about, what is new in it, and what it seems to say.

Nothing in a message is ever run, fetched or followed, and nothing of it leaves the machine.
"""

from puntual.outreach.answers.reading.mail import Kind, ReadMail, read_mail
from puntual.outreach.answers.reading.suggest import Suggestion, asks_for_silence, suggest

__all__ = ["Kind", "ReadMail", "Suggestion", "asks_for_silence", "read_mail", "suggest"]
