"""What happened with a customer, newest first: everything on record, as one time line."""

from puntual.desk.history.lines import Event, events
from puntual.desk.history.order import KINDS, Moment, Whose, latest

__all__ = ["KINDS", "Event", "Moment", "Whose", "events", "latest"]
