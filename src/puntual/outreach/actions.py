"""The only writers of activities, one function for each thing a person or the clock may do. Their homes go by subject."""

from puntual.outreach.approving import approve, approve_many, drop, postpone, reassign
from puntual.outreach.editing import edit
from puntual.outreach.lapsing import lapse_settled, lapse_unapproved
from puntual.outreach.recording import record_contact, record_proof, record_result, resolve_unknown

__all__ = [
    "approve",
    "approve_many",
    "drop",
    "edit",
    "lapse_settled",
    "lapse_unapproved",
    "postpone",
    "reassign",
    "record_contact",
    "record_proof",
    "record_result",
    "resolve_unknown",
]
