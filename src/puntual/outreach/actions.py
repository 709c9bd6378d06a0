"""The only writers of activities, one function for each thing a person or the clock may do. Their homes go by subject."""

from puntual.outreach.approving import approve, approve_many, drop, reassign
from puntual.outreach.arranging import arrange
from puntual.outreach.capacities import set_capacity
from puntual.outreach.claiming import sweep_stalled
from puntual.outreach.channels.letter.claiming import start_batch
from puntual.outreach.channels.letter.posting import post_batch, put_back
from puntual.outreach.channels.letter.proving import record_proof
from puntual.outreach.channels.letter.returning import mark_returned
from puntual.outreach.channels.whatsapp.texts import map_text, refresh_texts, unmap_text
from puntual.outreach.editing import edit
from puntual.outreach.engaging import engage
from puntual.outreach.lapsing import lapse_settled, lapse_unapproved
from puntual.outreach.minutes import record_minutes
from puntual.outreach.pausing import pause
from puntual.outreach.plan import plan_many
from puntual.outreach.recording import postpone, record_contact, record_result, resolve_unknown
from puntual.outreach.rehearsal import end_rehearsal
from puntual.outreach.settling import retry
from puntual.outreach.trying import send_test
from puntual.outreach.unmade import fall_to_next_channel

__all__ = [
    "approve",
    "approve_many",
    "arrange",
    "drop",
    "edit",
    "end_rehearsal",
    "engage",
    "fall_to_next_channel",
    "lapse_settled",
    "lapse_unapproved",
    "map_text",
    "mark_returned",
    "pause",
    "plan_many",
    "post_batch",
    "postpone",
    "put_back",
    "reassign",
    "record_contact",
    "record_minutes",
    "record_proof",
    "record_result",
    "refresh_texts",
    "resolve_unknown",
    "retry",
    "send_test",
    "set_capacity",
    "start_batch",
    "sweep_stalled",
    "unmap_text",
]
