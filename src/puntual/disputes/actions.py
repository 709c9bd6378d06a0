"""The only writers of disputes, one function for each thing a person or the clock may do. Their homes go by subject."""

from puntual.disputes.escalating import escalate
from puntual.disputes.many import assign_many
from puntual.disputes.opening import open_dispute, record_objection, restate
from puntual.disputes.resolving import accept, correct, credit, reject, reopen, withdraw
from puntual.disputes.talking import add_evidence, add_note, assign, extend_deadline

__all__ = [
    "accept",
    "add_evidence",
    "add_note",
    "assign",
    "assign_many",
    "correct",
    "credit",
    "escalate",
    "extend_deadline",
    "open_dispute",
    "record_objection",
    "reject",
    "reopen",
    "restate",
    "withdraw",
]
