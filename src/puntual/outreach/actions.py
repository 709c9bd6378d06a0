"""The only writers of activities, one function for each thing a person or the clock may do. Their homes go by subject."""

from puntual.outreach.approving import approve, approve_many, drop, postpone, reassign
from puntual.outreach.capacities import set_capacity
from puntual.outreach.editing import edit
from puntual.outreach.lapsing import lapse_settled, lapse_unapproved
from puntual.outreach.outbox import retry, sweep_stalled
from puntual.outreach.pausing import pause
from puntual.outreach.plan import plan_many
from puntual.outreach.recording import record_contact, record_proof, record_result, resolve_unknown
from puntual.outreach.rehearsal import end_rehearsal
from puntual.outreach.trying import send_test
from puntual.outreach.unmade import fall_to_next_channel

__all__ = [
    "approve",
    "approve_many",
    "drop",
    "edit",
    "end_rehearsal",
    "fall_to_next_channel",
    "lapse_settled",
    "lapse_unapproved",
    "pause",
    "plan_many",
    "postpone",
    "reassign",
    "record_contact",
    "record_proof",
    "record_result",
    "resolve_unknown",
    "retry",
    "send_test",
    "set_capacity",
    "sweep_stalled",
]
