"""The only writers of activities, one function for each thing a person or the clock may do. Their homes go by subject."""

from puntual.outreach.acceptances import send_acceptance_code, send_acceptance_link
from puntual.outreach.approving import approve, approve_many, drop, reassign
from puntual.outreach.arranging import arrange
from puntual.outreach.asking_payer import ask_payer
from puntual.outreach.asking_time import ask_for_time
from puntual.outreach.capacities import set_capacity
from puntual.outreach.channels.letter.claiming import start_batch
from puntual.outreach.channels.letter.posting import post_batch, put_back
from puntual.outreach.channels.letter.proving import record_proof
from puntual.outreach.channels.letter.returning import mark_returned
from puntual.outreach.channels.whatsapp.texts import map_text, refresh_texts, unmap_text
from puntual.outreach.claiming import sweep_stalled
from puntual.outreach.editing import edit
from puntual.outreach.engaging import engage
from puntual.outreach.filing.actions import keep_file, remove_customer_file
from puntual.outreach.lapsing import lapse_settled, lapse_unapproved
from puntual.outreach.many import approve_chosen, drop_many
from puntual.outreach.minutes import record_minutes
from puntual.outreach.monthly_statements import drop_schedule, plan_statements, set_schedule
from puntual.outreach.notes.actions import see_mentions, withdraw_note
from puntual.outreach.notices.planning import plan_notices
from puntual.outreach.notices.saying import lapse_over
from puntual.outreach.pausing import pause
from puntual.outreach.plan import plan_many
from puntual.outreach.providers.actions import try_now
from puntual.outreach.queue.ranking import rank
from puntual.outreach.queue.taking import next_for, take_next
from puntual.outreach.queue.turns import skip
from puntual.outreach.queue.undoing import take_back
from puntual.outreach.receptions import record_reception
from puntual.outreach.record.retention import (
    forget_due,
    lift_legal_hold,
    place_legal_hold,
    remove_retention,
    set_retention,
    turn_retention,
)
from puntual.outreach.recording import postpone, record_contact, record_result, resolve_unknown
from puntual.outreach.rehearsal import end_rehearsal
from puntual.outreach.settling import retry
from puntual.outreach.trying import send_test, send_test_text
from puntual.outreach.unmade import fall_to_next_channel
from puntual.outreach.verifying import mail_code, verify_by_account

__all__ = [
    "approve",
    "approve_chosen",
    "approve_many",
    "arrange",
    "ask_for_time",
    "ask_payer",
    "drop",
    "drop_many",
    "drop_schedule",
    "edit",
    "end_rehearsal",
    "engage",
    "fall_to_next_channel",
    "forget_due",
    "keep_file",
    "lapse_over",
    "lapse_settled",
    "lapse_unapproved",
    "lift_legal_hold",
    "mail_code",
    "map_text",
    "mark_returned",
    "next_for",
    "pause",
    "place_legal_hold",
    "plan_many",
    "plan_notices",
    "plan_statements",
    "post_batch",
    "postpone",
    "put_back",
    "rank",
    "reassign",
    "record_contact",
    "record_minutes",
    "record_proof",
    "record_reception",
    "record_result",
    "refresh_texts",
    "remove_customer_file",
    "remove_retention",
    "resolve_unknown",
    "retry",
    "see_mentions",
    "send_acceptance_code",
    "send_acceptance_link",
    "send_test",
    "send_test_text",
    "set_capacity",
    "set_retention",
    "set_schedule",
    "skip",
    "start_batch",
    "sweep_stalled",
    "take_back",
    "take_next",
    "try_now",
    "turn_retention",
    "unmap_text",
    "verify_by_account",
    "withdraw_note",
]
