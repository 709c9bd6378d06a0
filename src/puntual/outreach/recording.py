"""What a person says came of an activity. Callers import these from `actions`."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from puntual.agreements.models import Promise
from puntual.audit.actions import Actor, action
from puntual.disputes.models import Dispute
from puntual.kernel.problems import N_, Problem
from puntual.outreach.approving import locked
from puntual.outreach.arranging import come_back
from puntual.outreach.engaging import release
from puntual.outreach.marks import write_marks
from puntual.outreach.minutes import MeetingMinutes, keep_minutes
from puntual.outreach.models import Activity, Turn
from puntual.outreach.moments import check_moment
from puntual.outreach.notes.actions import keep_mentions
from puntual.outreach.objecting import Objection, object_to
from puntual.outreach.promising import Word, take_word
from puntual.outreach.queue.turns import keep_turn
from puntual.outreach.results import RESULTS, SPOKEN, result_of
from puntual.parties.actions import retire_contact_point
from puntual.parties.models import ContactPoint, Customer
from puntual.receivables.actions import hold

State = Activity.State


def record_result(
    by: Actor,
    activity: Activity,
    result: str,
    note: str = "",
    when: datetime | None = None,
    *,
    pause_until: date | None = None,
    again_at: datetime | None = None,
    point_id: UUID | None = None,
    minutes: MeetingMinutes | None = None,
    word: Word | None = None,
    objection: Objection | None = None,
) -> Activity:
    """Close a call, a visit, a meeting, a letter or a task with one of `results.RESULTS`.

    Where people spoke, or the letter went out, every item it demanded has had its step; where nobody answered, the next day run
    tries again. A step the manual requires is had only with its proof, which is then the note. `pause_until` pauses what it
    demanded through that day, for the reason the result stands for (a payment that is on its way, a request for time). Where
    they promise to pay, `word` says when and how much; where they dispute it, `objection` says what: without it, all that was
    demanded.
    `again_at` is when to do it anew, for the results that ask for it. `point_id` is the number that was called, or the address;
    one that is somebody else's is retired. `minutes` are kept of a meeting.
    Raises Problem for a result that does not fit, a promise without a day, a dispute of what nobody named, a moment to come, one
    to come back at that conduct would not allow, or an activity that is closed already.
    """
    outcome = result_of(result, activity.channel)
    at = when or by.now
    if at > by.now:
        raise Problem(N_("It cannot have happened in the future. Check the time."), at=at)
    if pause_until and not outcome.hold:
        raise Problem(N_("This result pauses nothing. Leave the date empty, or pause the customer by hand."))
    if outcome.again != bool(again_at):
        raise Problem(
            N_("Say when it is to be done again.") if outcome.again else N_("This result ends it: name no time.")
        )
    with action(by, "outreach.record_result", result=result, at=at) as log:
        found = locked(by, activity, State.TO_DO)
        log.about(found)
        if again_at:
            spoke = result.startswith("reached")
            check_moment(by, found.customer, found.channel, again_at, spoke_now=spoke)
        _keep_turn(by, found, result, point_id)
        found.state, found.result, found.note, found.settled_at = State.DONE, result, note.strip(), at
        found.point_id = _point(found, point_id) or found.point_id
        found.save(update_fields=["state", "result", "note", "settled_at", "point_id"])
        if outcome.had:
            log.say(marks=write_marks(found, at, proved=bool(note.strip())))
        if outcome.retires and found.point_id:
            retire_contact_point(by, found.point_id, why=result)
        if pause_until:
            for item in found.items:
                hold(by, reason=outcome.hold, installment_id=item, until_on=pause_until, note=note, source_id=found.pk)
        if outcome.opens == "promise":
            take_word(by, found.customer, word, items=found.items, said=note, source_id=found.pk)
        if outcome.opens == "dispute":
            object_to(
                by,
                found.customer_id,
                objection or Objection(),
                items=found.items,
                said=note,
                source=Dispute.Source.CONTACT,
                source_id=found.pk,
            )
        if again_at:
            log.say(again=come_back(by, found, again_at).pk, at=again_at)
        if minutes:
            keep_minutes(by, found, minutes)
        keep_mentions(by, found)
        release(by, found.customer.party_id)
    return found


def postpone(by: Actor, activity: Activity, until: datetime) -> Activity:
    """Put a call or another task off until a moment: nobody was reached, nothing was tried.

    Raises Problem where that is past, over 60 days away or outside the customer's contact hours, or it is done.
    """
    with action(by, "outreach.postpone", until=until) as log:
        found = locked(by, activity, State.TO_DO)
        log.about(found)
        check_moment(by, found.customer, found.channel, until)
        keep_turn(by, found, Turn.Kind.LATER, not_before=found.not_before, not_after=found.not_after)
        found.not_before, found.not_after = until, None
        found.save(update_fields=["not_before", "not_after"])
        release(by, found.customer.party_id)
    return found


def _keep_turn(by: Actor, found: Activity, result: str, point_id: UUID | None) -> None:
    """Keep what it takes to take this result back."""
    outcome = RESULTS[result]
    before: dict[str, Any] = {"note": found.note, "point_id": found.point_id}
    used = point_id or found.point_id
    if outcome.opens == "promise":
        still = Promise.objects.filter(
            organization_id=by.organization_id, customer=found.customer_id, state=Promise.State.OPEN
        )
        before["promises"] = [str(key) for key in still.values_list("pk", flat=True)]
    if outcome.retires and used:
        points = ContactPoint.objects.filter(organization_id=by.organization_id, pk=used, retired_on=None)
        before["retired"] = points.values_list("pk", flat=True).first()
    keep_turn(by, found, Turn.Kind.RESULT, result, **before)


def _point(activity: Activity, named: UUID | None) -> UUID | None:
    """The customer's own point that was used: the one named, else the one that was to be used."""
    if named is None:
        return None
    own = ContactPoint.objects.filter(
        organization_id=activity.organization_id, customer_id=activity.customer_id, pk=named
    )
    if not own.exists():
        raise Problem(N_("This is no number or address of the customer. Choose one of those on the page."))
    return named


def record_contact(
    by: Actor,
    customer: Customer,
    *,
    channel: str,
    direction: str,
    note: str,
    at: datetime | None = None,
    spoke: bool = False,
) -> Activity:
    """Log a contact that no plan made: they called, somebody wrote from their own mailbox.

    `spoke` says that people spoke to each other, which some laws count apart. Members whom the note names (@Ana Ruiz) find it in
    their inbox. Raises Problem for a moment to come.
    """
    when = at or by.now
    if when > by.now:
        raise Problem(N_("It cannot have happened in the future. Check the time."), at=when)
    with action(by, "outreach.record_contact", channel=channel, direction=direction) as log:
        made = Activity.objects.create(
            organization_id=by.organization_id,
            customer=customer,
            day=by.today,
            direction={"in": "in", "out": "out"}[direction],
            channel=Activity.Channel(channel),
            state=State.DONE,
            step="",
            settled_at=when,
            result="reached_other" if spoke and channel in SPOKEN else "",
            note=note.strip(),
            assigned_to=by.user_id,
            created_at=by.now,
        )
        log.about(made)
        if whom := keep_mentions(by, made):
            log.say(mentions=whom)
    return made


def resolve_unknown(by: Actor, activity: Activity, *, arrived: bool) -> Activity:
    """Say what became of a message whose sending was interrupted; a person found out, nothing is sent again by this.

    Raises Problem where it is not unknown.
    """
    with action(by, "outreach.resolve_unknown", arrived=arrived) as log:
        found = locked(by, activity, State.UNKNOWN)
        log.about(found)
        found.state, found.settled_at = (State.SENT if arrived else State.FAILED), by.now
        found.result = "" if arrived else "interrupted"
        found.save(update_fields=["state", "settled_at", "result"])
        if arrived:
            log.say(marks=write_marks(found, found.claimed_at or by.now))
    return found
