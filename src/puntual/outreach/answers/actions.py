"""The only writers of answers, one function for each thing a person or the clock may do."""

from puntual.outreach.answers.consequences import undelivered
from puntual.outreach.answers.landing import land, land_text
from puntual.outreach.answers.settling import Successor, assign, escalate, record_outcome

__all__ = ["Successor", "assign", "escalate", "land", "land_text", "record_outcome", "undelivered"]
