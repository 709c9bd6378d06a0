"""What became of a claimed message is written down: one action with its audit entry each."""

import json
import random
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from puntual.audit.actions import ENTRY, Actor, action, entry
from puntual.conduct.gate import Refused
from puntual.kernel.problems import N_, Problem
from puntual.outreach.approving import APPROVED_FOR, CHANGED, locked
from puntual.outreach.channels import Message, Receipt
from puntual.outreach.deliveries.reports import handed_over
from puntual.outreach.marks import MARK, mark_values, write_marks
from puntual.outreach.models import Activity, Claim
from puntual.outreach.points import bounced
from puntual.outreach.prepare import Prepared
from puntual.outreach.providers.backoff import MOST_TRIES, before_next_try
from puntual.outreach.refusals import TIMES_OF_DAY, as_data
from puntual.tenancy.scope import acting_for, in_one_trip

State = Activity.State


def settle(by: Actor, activity: Activity, state: str, result: str = "", **changes: object) -> None:
    """Write down what became of a claimed message; one that was meanwhile called unknown is known again by this.

    That it was sent may be lost if the database server crashes within the same second: it is then unknown, never sent again.
    """
    with action(by, "outreach.send", about=activity, state=state, result=result) as log:
        if state == State.SENT:  # no waiting for the disk: what was at stake is on it since the claim
            _commit_at_ease()
        else:
            Claim.objects.filter(organization_id=by.organization_id, activity_id=activity.pk).delete()
        ours = Activity.objects.filter(
            organization_id=by.organization_id, pk=activity.pk, state__in=[State.ATTEMPTING, State.UNKNOWN]
        )
        settled_at = None if state == State.QUEUED else by.now
        if not ours.update(state=state, result=result, settled_at=settled_at, **changes):
            raise Problem(CHANGED)
        if refusal := changes.get("refusal"):
            log.say(refusal=refusal)
        if state == State.SENT:
            log.say(message_id=activity.message_id, marks=write_marks(activity, by.now))


# The whole of it in one statement: nearly all of the outbox's settling is this. The state is asked for in a way that keeps the
# planner from the index of what is unsettled: that one is full of what was settled a moment ago.
_SENT = (
    """
WITH moved AS (
    UPDATE outreach_activity SET state = 'sent', result = '', settled_at = %(at)s, captured = %(captured)s, subject = %(subject)s,
        body = %(body)s, point_id = %(point_id)s, items = %(items)s::uuid[], item_steps = %(item_steps)s::text[],
        demand = %(demand)s::jsonb, note = %(note)s, signed_by = %(signed_by)s
    WHERE organization_id = %(organization)s AND id = %(activity)s AND state || '' IN ('attempting', 'unknown')
    RETURNING *
), marked AS ("""
    + MARK.format(activities="moved")
    + "RETURNING id)"
    + ENTRY.format(done="moved", found="jsonb_build_object('marks', (SELECT count(*) FROM marked))")
)


def _settle_sent(by: Actor, activity: Activity, *, captured: bool, said: Mapping[str, Any]) -> None:
    """`settle` for a message that was sent, as a transaction in one trip."""
    noted = entry(by, "outreach.send", activity, state=State.SENT, result="", message_id=activity.message_id)
    demand = json.dumps(said["demand"])
    values = {**said, **noted, **mark_values(activity, by.now), "activity": activity.pk, "captured": captured}
    with connection.cursor() as cursor:
        in_one_trip(cursor, by.organization_id, _SENT, {**values, "demand": demand})
        if not cursor.rowcount:
            raise Problem(CHANGED)


def _commit_at_ease() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")


def stopped(by: Actor, activity: Activity, prepared: Prepared) -> str | None:
    """Give the message up, or put it back for later, where it may not leave now; None where it may.

    What nobody had to approve is decided anew another day. What somebody approved waits for the hour, as long as the yes holds.
    """
    late = activity.not_after is not None and activity.not_after <= by.now
    answer = prepared.answer
    if prepared.stop or late:
        settle(by, activity, State.LAPSED, prepared.stop or "window_over")
        return State.LAPSED
    if not isinstance(answer, Refused):
        return None
    again, said = answer.again_from, as_data(answer)
    if again and (again.date() == by.now.astimezone(again.tzinfo).date() or _still_approved(activity, again)):
        settle(by, activity, State.QUEUED, "outside_hours", not_before=again, refusal=said)
        return State.QUEUED
    settle(by, activity, State.LAPSED, "window_over" if answer.code in TIMES_OF_DAY else "conduct", refusal=said)
    return State.LAPSED


def _still_approved(activity: Activity, at: datetime) -> bool:
    return activity.approved_at is not None and activity.not_after is not None and at < activity.not_after


def settle_delivery(
    by: Actor, activity: Activity, prepared: Prepared, message: Message, receipt: Receipt, live: bool
) -> str:
    """Settle a message by what its provider answered; returns the state it is in then."""
    match receipt.outcome:
        case "sent":
            said = _said(activity, prepared, message)
            if not (receipt.provider_id or receipt.unsubscribed or receipt.text_state):
                _settle_sent(by, activity, captured=not live, said=said)
                return State.SENT
            with acting_for(by.organization_id):
                settle(by, activity, State.SENT, captured=not live, **said)
                handed_over(by, activity, message, receipt, said["point_id"])
            return State.SENT
        case "unreachable":  # nothing was tried with this one: it waits until its provider is there again
            settle(by, activity, State.QUEUED, "unreachable", note=receipt.detail)
            return State.QUEUED
        case "postponed" | "busy":
            return _postponed(by, activity, receipt)
        case "interrupted":
            settle(by, activity, State.UNKNOWN, "interrupted", note=receipt.detail)
            return State.UNKNOWN
        case _:
            point = prepared.recipient.point_id if prepared.recipient else None
            with action(by, "outreach.send_refused", about=activity):
                if point and receipt.bounce:
                    bounced(by.organization_id, point, hard=receipt.bounce == "hard", channel=activity.channel)
                settle(by, activity, State.FAILED, receipt.outcome, point_id=point, note=receipt.detail)
                handed_over(by, activity, message, receipt, point)
            return State.FAILED


def _said(activity: Activity, prepared: Prepared, message: Message) -> Mapping[str, Any]:
    """What was said and asked for, as it left."""
    asked = {item.id for item, _ in prepared.asked.lines}
    pairs = [pair for pair in zip(activity.items, activity.item_steps, strict=True) if str(pair[0]) in asked]
    return {
        "subject": message.subject,
        "body": message.text,
        "point_id": prepared.recipient.point_id if prepared.recipient else None,
        "items": [item for item, _ in pairs],
        "item_steps": [step for _, step in pairs],
        "demand": {currency: str(amount) for currency, amount in prepared.asked.amounts.items()},
        "note": prepared.wording.note if prepared.wording else "",
        "signed_by": prepared.wording.signed_by if prepared.wording else "",
    }


def _postponed(by: Actor, activity: Activity, receipt: Receipt) -> str:
    """Later again, each time twice as long, as often as makes sense and as its own hours allow; then it failed."""
    tries = activity.tries + 1
    wait = before_next_try(tries, random.random())  # noqa: S311 - no secret depends on it
    again = by.now + wait
    if receipt.wait:
        again = max(again, by.now + wait.__class__(seconds=min(receipt.wait, 86_400)))
    if tries >= MOST_TRIES or (activity.not_after is not None and again >= activity.not_after):
        settle(by, activity, State.FAILED, "put_off", tries=tries, note=receipt.detail)
        return State.FAILED
    settle(by, activity, State.QUEUED, "postponed", tries=tries, not_before=again, note=receipt.detail)
    return State.QUEUED


def not_made_up(by: Actor, activity: Activity, error: Exception) -> str:
    """Nothing has left, so this one failed, for a person to see; the others go on."""
    settle(by, activity, State.FAILED, "not_made_up", note=error.text() if isinstance(error, Problem) else "")
    return State.FAILED


def retry(by: Actor, activity: Activity) -> Activity:
    """Queue a failed message again, by a person's choice. It is looked at anew before it leaves.

    Raises Problem where it did not fail, or where something was already said to the customer since.
    """
    with action(by, "outreach.retry") as log:
        found = locked(by, activity, State.FAILED)
        log.about(found)
        later = Activity.objects.filter(
            organization_id=by.organization_id, customer_id=found.customer_id, direction="out", day__gt=found.day
        )
        if later.exclude(state__in=[State.LAPSED, State.DROPPED]).exists():
            raise Problem(N_("There is a newer activity with this customer. Go on from that one."))
        found.state, found.result, found.settled_at, found.tries = State.QUEUED, "", None, 0
        found.not_before, found.not_after = by.now, by.now + APPROVED_FOR
        found.approved_by, found.approved_at = by.user_id, by.now
        found.save()
    return found
