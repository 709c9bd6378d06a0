"""What a person says of an answer: whose it is, and what came of it. Callers import this from `actions`."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from puntual.audit.actions import Actor, Log, action
from puntual.disputes.models import Dispute
from puntual.kernel.problems import N_, Problem
from puntual.organizations.models import Membership, Organization
from puntual.organizations.queries import members_of
from puntual.outreach.answers.landing import held_by, take_down
from puntual.outreach.answers.models import Answer
from puntual.outreach.answers.outcomes import outcome_of
from puntual.outreach.answers.threading import NUMBERED
from puntual.outreach.models import Activity
from puntual.outreach.objecting import Objection, object_to
from puntual.outreach.optout import silence
from puntual.outreach.promising import Word, take_word
from puntual.outreach.surroundings import calendar_of
from puntual.parties.actions import add_contact_point, add_person, end_person, retire_contact_point
from puntual.parties.models import ContactPoint, Customer
from puntual.receivables.actions import hold, release_hold
from puntual.receivables.models import Hold
from puntual.strategies.manual import FIND_CONTACT
from puntual.tenancy.scope import acting_for

State = Answer.State
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Successor:
    """Whom to write to instead: a name, an address, or both."""

    name: str = ""
    address: str = ""


def assign(by: Actor, answer: Answer, customer: Customer) -> Answer:
    """Say whose an answer is: that customer waits for it, nobody else any more.

    Raises Answer.DoesNotExist, Problem where it was settled meanwhile.
    """
    with action(by, "outreach.assign_answer", customer=customer.id) as log:
        found = _unread(by, answer)
        log.about(found)
        for key in held_by(by.organization_id, found):
            release_hold(by, key)
        kinds = ("email",) if found.channel == Activity.Channel.EMAIL else NUMBERED
        points = ContactPoint.objects.filter(
            organization_id=by.organization_id, customer=customer, kind__in=kinds, value__iexact=found.sender
        )
        found.customer, found.candidates, found.threaded = customer, [], Answer.Threaded.PERSON
        found.activity_id, found.point_id = None, points.values_list("id", flat=True).first()
        found.assigned_to = found.assigned_to or customer.owner_id
        found.save(update_fields=["customer", "candidates", "threaded", "activity_id", "point_id", "assigned_to"])
        if found.kind != Answer.Kind.AUTO_REPLY:
            hold(by, reason=Hold.Reason.REPLY, customer_id=customer.id, note=found.subject, source_id=found.id)
        if found.recorded_id:
            Activity.objects.filter(organization_id=by.organization_id, pk=found.recorded_id).update(customer=customer)
        else:
            take_down(by, found, customer.id)
    return found


def record_outcome(
    by: Actor,
    answer: Answer,
    outcome: str,
    *,
    until: date | None = None,
    invoice_id: UUID | None = None,
    note: str = "",
    successor: Successor | None = None,
    word: Word | None = None,
    objection: Objection | None = None,
) -> Answer:
    """Record what came of an answer; the customer no longer waits for it to be read.

    `outcome` is one of `outcomes.OUTCOMES`. Its pause, if any, holds through `until`, for the whole customer or for one invoice.
    Where they promise to pay, `word` says when and how much; where they dispute something, `objection` says what: without it, all
    that the message asked for which they answer.
    `successor` takes the place, and the roles, of a person who left; without one a task asks for them.
    Raises Problem where it is not known whose it is (unless nothing is to be done), without the day the outcome needs, for a day
    that is past, for an address that is none or there already, and where somebody settled it meanwhile.
    """
    brings = outcome_of(outcome)
    if brings.day == "required" and until is None:
        raise Problem(N_("Say until which day the customer is to be left in peace."))
    if until is not None and until < by.today:
        raise Problem(N_("Choose a day that is still to come."))
    with action(by, "outreach.record_answer", outcome=outcome, until=until) as log:
        found = _unread(by, answer)
        log.about(found)
        if found.customer_id is None and outcome != "no_action":
            raise Problem(N_("Say first whose answer this is."))
        for key in held_by(by.organization_id, found):
            release_hold(by, key)
        if brings.hold and found.customer_id:
            hold(
                by,
                reason=brings.hold,
                customer_id=found.customer_id,
                until_on=until if brings.day else None,
                note=note.strip() or _quote(found, outcome),
                source_id=found.id,
                invoice_id=invoice_id,
            )
        if brings.opens == "promise" and found.customer is not None:
            said = note.strip() or _quote(found, outcome)
            take_word(by, found.customer, word, items=_asked_in(found), said=said, source_id=found.id)
        if brings.opens == "dispute" and found.customer_id:
            object_to(
                by,
                found.customer_id,
                objection or Objection(invoice_id=invoice_id),
                items=_asked_in(found),
                said=note.strip() or _quote(found, outcome),
                said_by=found.sender_name,
                source=Dispute.Source.ANSWER,
                source_id=found.id,
            )
        if outcome == "opt_out" and found.customer_id:
            _opt_out(by, found, found.customer_id)
        if outcome == "wrong_person" and found.customer_id:
            _end(by, log, found, found.customer_id, note, successor)
        _settle(by, found, outcome, note)
    return found


def escalate(by: Actor, business_days: int = 2) -> int:
    """Hand to a manager what nobody has read within that many of the team's working days; returns how many.

    Nobody waits for an automatic reply to be read, so none is handed on; one whose day of return has come needs nobody any more.
    """
    organization = Organization.objects.get(pk=by.organization_id)
    calendar = calendar_of(organization.id, organization.country)
    with acting_for(by.organization_id):
        unread = Answer.objects.filter(organization_id=by.organization_id, state=State.UNREAD)
        waiting = unread.filter(escalated_at=None).exclude(kind=Answer.Kind.AUTO_REPLY).only("received_at")
        if back := list(unread.filter(kind=Answer.Kind.AUTO_REPLY, until__lt=by.today).values_list("id", flat=True)):
            with action(by, "outreach.note_returns", answers=back):
                unread.filter(pk__in=back).update(state=State.NOTED)
        late = [
            one.id
            for one in waiting
            if calendar.business_days_between(_day_of(organization, one), by.today) >= business_days
        ]
        if late:
            with action(by, "outreach.escalate_answers", answers=late):
                Answer.objects.filter(organization_id=by.organization_id, pk__in=late, state=State.UNREAD).update(
                    escalated_at=by.now, assigned_to=_manager(by)
                )
    return len(late)


def _day_of(organization: Organization, answer: Answer) -> date:
    """The organization's day on which it came."""
    return answer.received_at.astimezone(ZoneInfo(organization.time_zone)).date()


def _unread(by: Actor, answer: Answer) -> Answer:
    found = (
        Answer.objects.defer("raw").select_for_update(no_key=True).get(organization_id=by.organization_id, pk=answer.pk)
    )
    if found.state != State.UNREAD:
        raise Problem(N_("This changed meanwhile, so nothing was done. Load the page again to see how it stands now."))
    return found


def _asked_in(answer: Answer) -> list[UUID]:
    """The installments that the message asked for to which this is the answer."""
    if answer.activity_id is None:
        return []
    sent = Activity.objects.filter(organization_id=answer.organization_id, pk=answer.activity_id)
    return next(iter(sent.values_list("items", flat=True)), [])


def _quote(answer: Answer, outcome: str) -> str:
    """What the customer wrote that says so, for whoever meets the pause."""
    return next((one["quote"] for one in answer.suggestions if one["outcome"] == outcome), answer.text[:300])


def _settle(by: Actor, answer: Answer, outcome: str, note: str) -> None:
    answer.state, answer.outcome, answer.note = State.SETTLED, outcome, note.strip()
    answer.settled_at, answer.settled_by = by.now, by.name
    answer.save(update_fields=["state", "outcome", "note", "settled_at", "settled_by"])
    if answer.recorded_id:
        Activity.objects.filter(organization_id=by.organization_id, pk=answer.recorded_id).update(
            result=f"answer_{outcome}", note=answer.note, assigned_to=by.user_id
        )


def _opt_out(by: Actor, answer: Answer, customer_id: UUID) -> None:
    """They do not want to be written to there."""
    for point in _points(by, answer, customer_id):
        silence(by, point.id, source=answer.sender, evidence=_quote(answer, "opt_out"), source_id=answer.id)


def _end(by: Actor, log: Log, answer: Answer, customer_id: UUID, note: str, successor: Successor | None) -> None:
    """Whoever was written to is there no more: the person ends, or nobody's own point. Somebody follows, or is asked for."""
    roles: list[str] = []
    for point in _points(by, answer, customer_id):
        if point.person and point.person.ends_on is None:
            first = point.person.starts_on or by.today - _DAY
            end_person(by, point.person.id, last_day=max(first, by.today - _DAY))
            roles += point.person.roles
        elif point.person is None and point.retired_on is None:
            retire_contact_point(by, point.id, why=_quote(answer, "wrong_person")[:200])
    if successor and successor.address:
        person = (
            add_person(by, customer_id, name=successor.name, roles=roles, starts_on=by.today)
            if successor.name
            else None
        )
        point = add_contact_point(
            by, customer_id, kind="email", value=successor.address, person_id=person.id if person else None
        )
        log.say(successor=point.id)
        return
    asked = Activity.objects.create(
        organization_id=by.organization_id,
        customer_id=customer_id,
        day=by.today,
        channel=Activity.Channel.INTERNAL,
        state=Activity.State.TO_DO,
        step=FIND_CONTACT,
        note=" ".join(part for part in (successor.name if successor else "", note.strip()) if part)
        or _quote(answer, "wrong_person"),
        created_at=by.now,
    )
    log.say(successor_asked=asked.id)


def _points(by: Actor, answer: Answer, customer_id: UUID) -> list[ContactPoint]:
    """Where the customer was written to when this came back: the point of our message, else the sender's own."""
    points = ContactPoint.objects.filter(organization_id=by.organization_id, customer_id=customer_id)
    keys = [answer.point_id]
    if answer.activity_id:
        sent = Activity.objects.filter(organization_id=by.organization_id, pk=answer.activity_id)
        keys = [key for key in sent.values_list("point_id", flat=True) if key] or keys
    return list(points.filter(pk__in=[key for key in keys if key]).select_related("person"))


def _manager(by: Actor) -> UUID | None:
    """Whom an overdue answer goes to: the first manager, else the owner."""
    members = members_of(by.organization_id, by.today)
    roles = (Membership.Role.MANAGER, Membership.Role.OWNER)
    return next((member.user_id for role in roles for member in members if member.role == role), None)
