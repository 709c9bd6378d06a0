"""The outbox: claim, look again, deliver, settle. Nobody is written to twice.

A message is claimed in a transaction of its own before anything is done with it, and is never claimed again by itself. Whatever
happens between the claim and its settling leaves it `attempting`; after a while the sweeper calls that `unknown`, and a person
decides. No lock and no transaction is held while the mail server is spoken to.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper

from puntual.audit.actions import Actor, action
from puntual.conduct.gate import Refused
from puntual.kernel.problems import N_, Problem
from puntual.organizations.actions import actor_of
from puntual.organizations.models import Organization
from puntual.outreach.approving import locked
from puntual.outreach.channels import AUTOMATIC, Message, Receipt, Transport, Undeliverable
from puntual.outreach.channels.email import CaptureTransport
from puntual.outreach.composing import compose
from puntual.outreach.marks import write_marks
from puntual.outreach.models import Activity
from puntual.outreach.points import bounced
from puntual.outreach.prepare import Prepared, prepare
from puntual.outreach.refusals import as_data
from puntual.outreach.surroundings import Surroundings, surroundings
from puntual.outreach.ways import Ways, host_name, set_up
from puntual.tenancy.scope import acting_for

State = Activity.State

STALLED_AFTER = timedelta(minutes=15)
"""How long a sender may take over one message; far more than all its time-outs together."""
UNREACHABLE = "unreachable"
_TRY_AGAIN = timedelta(minutes=15)
_TIMES_OF_DAY = frozenset({"before_hours", "after_hours", "weekday", "holiday", "own_day_off", "day_over"})
_log = logging.getLogger(__name__)

_DUE = """
SELECT a.id, c.party_id FROM outreach_activity a
JOIN parties_customer c ON c.organization_id = a.organization_id AND c.id = a.customer_id
WHERE a.organization_id = %(organization)s AND a.state = 'queued' AND a.not_before <= %(now)s AND a.channel = ANY(%(channels)s)
  AND c.party_id <> ALL(%(busy)s)
ORDER BY a.not_before, a.id LIMIT 1 FOR UPDATE OF a SKIP LOCKED
"""
# Held until the claim is committed, and tried, not waited for: another message can go first.
_PARTY_LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended('party ' || %(party)s, 0))"
_PARTY_BUSY = """
SELECT EXISTS (
    SELECT FROM parties_customer c
    JOIN outreach_activity a ON a.organization_id = c.organization_id AND a.customer_id = c.id AND a.state = 'attempting'
    WHERE c.organization_id = %(organization)s AND c.party_id = %(party)s
)
"""
_CLAIM = """
UPDATE outreach_activity SET state = 'attempting', claimed_at = %(now)s, message_id = '<' || id || %(at_host)s
WHERE organization_id = %(organization)s AND id = %(id)s
"""
_STALLED = """
UPDATE outreach_activity SET state = 'unknown', result = 'interrupted'
WHERE organization_id = %(organization)s AND state = 'attempting' AND claimed_at <= %(before)s
RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Sending:
    """What became of one batch: how many were sent, failed, queued again, lapsed; `problem` is why it stopped, or ""."""

    counts: dict[str, int]
    problem: str = ""


def send_due(organization_id: UUID, now: datetime, limit: int = 200) -> Sending:
    """Send what is due, one message after the other, at most `limit`.

    In rehearsal nothing can leave: the only way out of here is then the capture mailbox. Must not be called inside a
    transaction, since each claim has to be committed before its message leaves.
    """
    if connection.in_atomic_block:
        raise RuntimeError("a claim inside another transaction would vanish with it, and its message be sent again")
    counts: Counter[str] = Counter()
    ways = Ways()
    sender = _Sender(organization_id, _ticking(now), ways)
    try:
        for _ in range(limit):
            live = Organization.objects.get(pk=organization_id).is_live
            if live and not set_up():
                return Sending(dict(counts), "no_way_out")
            claimed = claim(organization_id, sender.clock(), ways.usable if live else AUTOMATIC)
            if claimed is None:
                break
            counts[sender.send(claimed)] += 1
    finally:
        ways.close()
    return Sending(dict(counts), UNREACHABLE if ways.down else "")


def claim(organization_id: UUID, now: datetime, channels: Collection[str] = AUTOMATIC) -> UUID | None:
    """Take the message by one of these channels that has been due longest, for this sender alone; None where nothing is due.

    One message per party is under way at a time: a party's frequency counts over all its customers, so the next one is judged
    only once it is known what became of this one. Those that wait are passed over.
    """
    values: dict[str, Any] = {
        "organization": organization_id,
        "now": now,
        "channels": list(channels),
        "at_host": f"@{host_name()}>",
    }
    busy: list[UUID] = []
    while True:
        with acting_for(organization_id), connection.cursor() as cursor:
            cursor.execute(_DUE, {**values, "busy": busy})
            row = cursor.fetchone()
            if row is None:
                return None
            found, party = row
            about = {**values, "id": found, "party": party}
            if _is_free(cursor, about):
                cursor.execute(_CLAIM, about)
                claimed: UUID = found
                return claimed
        busy.append(party)


def _is_free(cursor: CursorWrapper, about: Mapping[str, Any]) -> bool:
    """Whether no other sender has a message for this party in hand; if so, none takes one until this transaction ends."""
    cursor.execute(_PARTY_LOCK, {"party": str(about["party"])})
    if not cursor.fetchone()[0]:
        return False
    cursor.execute(_PARTY_BUSY, about)  # a statement of its own: it sees what was committed before the lock was had
    return not cursor.fetchone()[0]


def settle(by: Actor, activity: Activity, state: str, result: str = "", **changes: object) -> None:
    """Write down what became of a claimed message; one that was meanwhile called unknown is known again by this."""
    with action(by, "outreach.send", about=activity, state=state, result=result) as log:
        found = locked(by, activity, State.ATTEMPTING, State.UNKNOWN)
        found.state, found.result = state, result
        found.settled_at = None if state == State.QUEUED else by.now
        for name, value in changes.items():
            setattr(found, name, value)
        found.save(update_fields=["state", "result", "settled_at", *changes])
        if refusal := changes.get("refusal"):
            log.say(refusal=refusal)
        if state == State.SENT:
            log.say(message_id=found.message_id, marks=write_marks(found, by.now))


def sweep_stalled(by: Actor) -> int:
    """Call unknown what a sender claimed and never settled; returns how many. Nothing is sent again by this."""
    with acting_for(by.organization_id), connection.cursor() as cursor:
        cursor.execute(_STALLED, {"organization": by.organization_id, "before": by.now - STALLED_AFTER})
        found = [row[0] for row in cursor]
        if found:
            with action(by, "outreach.sweep_stalled", unknown=found):
                pass
    return len(found)


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
        found.state, found.result, found.settled_at = State.QUEUED, "", None
        found.not_before, found.not_after = by.now, None
        found.approved_by, found.approved_at = by.user_id, by.now
        found.save()
    return found


class _Sender:
    """One batch for one organization: its clock, its ways out, and what does not change from message to message."""

    def __init__(self, organization_id: UUID, clock: Callable[[], datetime], ways: Ways) -> None:
        self.organization_id, self.clock, self._ways = organization_id, clock, ways
        self._around: Surroundings | None = None

    def send(self, activity_id: UUID) -> str:
        """Carry one claimed message to its end; returns the state it ended in, or `UNREACHABLE`."""
        at = self.clock()
        with acting_for(self.organization_id):
            organization = Organization.objects.get(pk=self.organization_id)
            by = actor_of(organization, at)
            activity = Activity.objects.select_related("customer__party", "customer__creditor").get(
                organization_id=self.organization_id, pk=activity_id
            )
        try:
            prepared = self._prepared(organization, activity, by)
        except Exception as error:
            return _not_made_up(by, activity, error)
        if (ended := _stopped(by, activity, prepared)) is not None:
            return ended
        try:
            message = compose(organization, activity, prepared, by)
        except Exception as error:
            return _not_made_up(by, activity, error)
        if message is None:
            settle(by, activity, State.FAILED, "no_sender")
            return State.FAILED
        try:
            receipt = self._transport(organization, activity).deliver(message)
        except Undeliverable as error:
            return _not_made_up(by, activity, error)
        if receipt.outcome == "unreachable":
            self._ways.down.add(activity.channel)
        return _settled(
            actor_of(organization, self.clock()), activity, prepared, message, receipt, organization.is_live
        )

    def _prepared(self, organization: Organization, activity: Activity, by: Actor) -> Prepared:
        with acting_for(self.organization_id):
            self._around = self._around or surroundings(organization, by.today)
            return prepare(organization, activity, by.now, around=self._around)

    def _transport(self, organization: Organization, activity: Activity) -> Transport:
        """The channel's own, for an organization that is live; for any other the capture mailbox and nothing else."""
        if organization.is_live:
            return self._ways.of(activity.channel)
        return CaptureTransport(self.organization_id, activity.id)


def _not_made_up(by: Actor, activity: Activity, error: Exception) -> str:
    """Nothing has left, so this one failed, for a person to see; the others go on."""
    _log.exception("activity %s could not be made up", activity.id)
    settle(by, activity, State.FAILED, "not_made_up", note=error.text() if isinstance(error, Problem) else "")
    return State.FAILED


def _stopped(by: Actor, activity: Activity, prepared: Prepared) -> str | None:
    """Give the message up, or put it back for later, where it may not leave now."""
    late = activity.not_after is not None and activity.not_after <= by.now
    answer = prepared.answer
    if prepared.stop or late:
        settle(by, activity, State.LAPSED, prepared.stop or "window_over")
        return State.LAPSED
    if not isinstance(answer, Refused):
        return None
    again, said = answer.again_from, as_data(answer)
    if again and again.date() == by.now.astimezone(again.tzinfo).date():
        settle(by, activity, State.QUEUED, "outside_hours", not_before=again, refusal=said)
        return State.QUEUED
    settle(by, activity, State.LAPSED, "window_over" if answer.code in _TIMES_OF_DAY else "conduct", refusal=said)
    return State.LAPSED


def _settled(by: Actor, activity: Activity, prepared: Prepared, message: Message, receipt: Receipt, live: bool) -> str:
    point = prepared.recipient.point_id if prepared.recipient else None
    match receipt.outcome:
        case "sent":
            asked = {item.id for item, _ in prepared.asked.lines}
            pairs = [pair for pair in zip(activity.items, activity.item_steps, strict=True) if str(pair[0]) in asked]
            settle(
                by,
                activity,
                State.SENT,
                subject=message.subject,
                body=message.text,
                point_id=point,
                captured=not live,
                items=[item for item, _ in pairs],
                item_steps=[step for _, step in pairs],
                demand={currency: str(amount) for currency, amount in prepared.asked.amounts.items()},
                note=prepared.wording.note if prepared.wording else "",
            )
            return State.SENT
        case "postponed" | "unreachable":
            settle(by, activity, State.QUEUED, "postponed", not_before=by.now + _TRY_AGAIN, note=receipt.detail)
            return State.QUEUED if receipt.outcome == "postponed" else UNREACHABLE
        case "interrupted":
            settle(by, activity, State.UNKNOWN, "interrupted", note=receipt.detail)
            return State.UNKNOWN
        case _:
            with acting_for(by.organization_id):
                if point and receipt.bounce:
                    bounced(by.organization_id, point, hard=receipt.bounce == "hard")
                settle(by, activity, State.FAILED, receipt.outcome, point_id=point, note=receipt.detail)
            return State.FAILED


def _ticking(now: datetime) -> Callable[[], datetime]:
    """A clock that starts at `now` and goes on as the batch does: opening hours may end while it runs."""
    started = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - started)
