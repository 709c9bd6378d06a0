"""The outbox: claim, look again, deliver, settle. Nobody is written to twice.

Messages are claimed a few at a time, in a transaction of their own before anything is done with them; each is looked at anew and
rendered right before it leaves, and committed as handed over right before and as settled right after. Whatever happens between
these two leaves it `attempting`; after a while the sweeper calls that `unknown`, and a person decides. What was claimed and not
handed over goes back to the queue. No lock and no transaction is held while a provider is spoken to.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection

from puntual.audit.actions import Actor
from puntual.conduct.gate import Allowed
from puntual.kernel.remembering import remembering
from puntual.organizations.actions import actor_of
from puntual.organizations.models import Organization
from puntual.outreach.channels import AUTOMATIC, Message, Undeliverable
from puntual.outreach.channels.capture import CaptureTransport
from puntual.outreach.claiming import claim, give_back, hand_over
from puntual.outreach.composing import compose
from puntual.outreach.models import Activity
from puntual.outreach.prepare import Prepared, Seen, allowed, look, prepare
from puntual.outreach.providers.way import Way, ways_out
from puntual.outreach.record.keeping import Keeping, keeping
from puntual.outreach.settling import not_made_up, settle, settle_delivery, stopped
from puntual.outreach.surroundings import Surroundings, surroundings
from puntual.outreach.ways import set_up
from puntual.tenancy.scope import acting_for

State = Activity.State

UNREACHABLE: Final = "unreachable"
AT_ONCE: Final = 100
"""Messages claimed together; what is read for all of them at once costs each a fraction."""
_FRESH: Final = timedelta(seconds=3)
"""For so long a look at the customers of a batch, and at what surrounds them all, holds; then they are looked at again."""
_MADE_TOGETHER: Final = 10
"""Messages made up in one transaction, from one look."""
_IN_HAND: Final = timedelta(seconds=30)
"""For so long a batch stays claimed; what has not left by then goes back to the queue, where others may take it."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sending:
    """What became of one run: how many were sent, failed, queued again, lapsed; `problem` is why it stopped, or ""."""

    counts: dict[str, int]
    problem: str = ""


def send_due(organization_id: UUID, now: datetime, limit: int = 200, lasting: timedelta | None = None) -> Sending:
    """Send what is due, one message after the other, at most `limit`, and begin none once the run has been `lasting` so long.

    In rehearsal nothing can leave: the only way out of here is then the capture mailbox. Must not be called inside a
    transaction, since each claim has to be committed before its message leaves. Raises Problem where an address or a limit in
    the environment cannot be read.
    """
    if connection.in_atomic_block:
        raise RuntimeError("a claim inside another transaction would vanish with it, and its message be sent again")
    clock = _ticking(now)
    live = Organization.objects.get(pk=organization_id).is_live
    if live and not set_up():
        return Sending({}, "no_way_out")
    ways = ways_out() if live else [Way(AUTOMATIC, lambda: CaptureTransport(organization_id))]
    run = _Run(organization_id, clock, limit, now + lasting if lasting else None)
    try:
        working = list(ways)
        while working:  # each in turn, as long as it has work
            working = [way for way in working if run.goes_on() and run.batch(way)]
    finally:
        for way in ways:
            way.close()
    return Sending(dict(run.counts), UNREACHABLE if any(way.is_down for way in ways) else "")


class _Run:
    """One run for one organization: its clock and what is left of it."""

    def __init__(
        self, organization_id: UUID, clock: Callable[[], datetime], limit: int, until: datetime | None
    ) -> None:
        self.organization_id, self.clock = organization_id, clock
        self.counts: Counter[str] = Counter()
        self._left, self._until = limit, until
        self._around = _Around()

    def goes_on(self) -> bool:
        return self._left > 0 and (self._until is None or self.clock() < self._until)

    def batch(self, way: Way) -> bool:
        """Send a few messages by one way; whether there may be more."""
        may = way.most(self.clock())
        most = min(AT_ONCE, self._left, AT_ONCE if may is None else may)
        claims = claim(self.organization_id, self.clock(), way.channels, most) if most else {}
        try:
            with remembering():
                self._send(way, dict(claims))
        finally:
            give_back(self.organization_id, claims.values())
            way.rest()
        return bool(claims)

    def _send(self, way: Way, claims: Mapping[UUID, UUID]) -> None:
        """Carry each to its end, as far as that goes."""
        batch = _Batch(self.organization_id, self.clock, list(claims), self._around)
        for activity in batch.activities:
            if not self.goes_on() or batch.is_old() or not way.turn(self.clock):
                return
            self.counts[batch.send(way, activity, claims[activity.pk])] += 1
            self._left -= 1


class _Around:
    """What all customers of the organization have in common, as it was looked at last."""

    def __init__(self) -> None:
        self._at: datetime | None = None
        self._day: date | None = None
        self._found: Surroundings | None = None

    def on(self, organization: Organization, by: Actor) -> Surroundings:
        """What surrounds them on the actor's day, looked at anew where the last look is old."""
        if self._found is None or self._at is None or self._day != by.today or by.now - self._at > _FRESH:
            self._at, self._day, self._found = by.now, by.today, surroundings(organization, by.today)
        return self._found


@dataclass(frozen=True, slots=True)
class _Made:
    """One message as it was made from the last look; None where it may not leave, or where there is no sender."""

    prepared: Prepared
    message: Message | None


class _Batch:
    """A few messages of one organization, and what is known about their customers."""

    def __init__(self, organization_id: UUID, clock: Callable[[], datetime], ids: list[UUID], around: _Around) -> None:
        self.organization_id, self.clock, self._around = organization_id, clock, around
        self._claimed_at = self._looked_at = clock()
        with acting_for(organization_id):
            self._organization = Organization.objects.get(pk=organization_id)
            # By their keys, table by table: what was queued just now is not in the planner's figures, and one great join of
            # what it takes for a row each reads all customers of the organization.
            found = Activity.objects.prefetch_related("customer__party", "customer__creditor").in_bulk(ids)
        self.activities = [found[key] for key in ids]
        self._seen: Seen | None = None
        self._made: dict[UUID, _Made] = {}

    def is_old(self) -> bool:
        return self.clock() - self._claimed_at > _IN_HAND

    def send(self, way: Way, activity: Activity, claim_id: UUID) -> str:
        """Carry one claimed message to its end; returns the state it ended in, or `UNREACHABLE`."""
        by = actor_of(self._organization, self.clock())
        try:
            made = self._now(activity, by)
        except Exception as error:
            _log.exception("activity %s could not be made up", activity.id)
            return not_made_up(by, activity, error)
        prepared, message = made.prepared, made.message
        ended = stopped(by, activity, prepared)
        if ended is not None:
            return ended
        if message is None:
            settle(by, activity, State.FAILED, "no_sender")
            return State.FAILED
        if not hand_over(self.organization_id, claim_id, _point(prepared), self._record(activity, prepared, message)):
            return "taken"
        try:
            receipt = way.deliver(message)
        except Undeliverable as error:
            return not_made_up(by, activity, error)
        by = actor_of(self._organization, self.clock())
        way.note(receipt, by.now)
        state = settle_delivery(by, activity, prepared, message, receipt, self._organization.is_live)
        return UNREACHABLE if receipt.outcome == "unreachable" else state

    def _record(self, activity: Activity, prepared: Prepared, message: Message) -> Keeping | None:
        """How the message is kept word for word; in rehearsal the capture mailbox keeps it."""
        if not self._organization.is_live:
            return None
        return keeping(activity, message, prepared.wording.signed_by if prepared.wording else "")

    def _now(self, activity: Activity, by: Actor) -> _Made:
        """The message as it may leave now: made from a fresh look, and contact hours asked again at this very moment."""
        if activity.pk not in self._made or self.clock() - self._looked_at > _FRESH:
            with acting_for(self.organization_id):
                self._make(activity, by)
        made = self._made.pop(activity.pk)
        if made.message is None or self._seen is None:
            return made
        facts = self._seen.facts[str(activity.customer_id)]
        return replace(
            made, prepared=replace(made.prepared, answer=allowed(self._organization, activity, by.now, facts))
        )

    def _make(self, activity: Activity, by: Actor) -> None:
        """Make up this message and the next ones, after a look at all the batch's customers at once where the last one is old:
        what they owe now, holds, consent, what they heard, and where they are reached.
        """
        first = self.activities.index(activity)
        if self._seen is None or self.clock() - self._looked_at > _FRESH:
            self._looked_at = self.clock()
            around = self._around.on(self._organization, by)
            self._made.clear()
            self._seen = look(self._organization, self.activities[first:], by.now, around)
        for one in self.activities[first : first + _MADE_TOGETHER]:
            try:
                prepared = prepare(self._organization, one, by.now, seen=self._seen)
                may = isinstance(prepared.answer, Allowed)
                message = compose(self._organization, one, prepared, by) if may else None
            except Exception:
                if one is activity:
                    raise
                return  # when it is its turn it will be said
            self._made[one.pk] = _Made(prepared, message)


def _point(prepared: Prepared) -> UUID | None:
    return prepared.recipient.point_id if prepared.recipient else None


def _ticking(now: datetime) -> Callable[[], datetime]:
    """A clock that starts at `now` and goes on as the run does: opening hours may end while it lasts."""
    started = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - started)
