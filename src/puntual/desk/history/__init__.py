"""What happened with a customer, newest first: everything on record, as one time line."""

from puntual.desk.history.lines import Event, events
from puntual.desk.history.order import EVERYTHING, KINDS, Moment, Narrowed, Whose, latest

__all__ = ["EVERYTHING", "KINDS", "Event", "Moment", "Narrowed", "Whose", "events", "latest"]
