"""What a turn in the queue shows beside the call: what they owe, what was agreed, how they pay, and why it stands here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from puntual.agreements.extensions.queries import extensions_of
from puntual.agreements.models import Extension, Plan, Promise
from puntual.agreements.plans.queries import plans_of
from puntual.agreements.profiles.queries import current
from puntual.agreements.profiles.words import in_words
from puntual.agreements.promises.queries import JUDGED, promises_of
from puntual.analytics.habits import behavior_of
from puntual.analytics.rhythm.answering import Answering
from puntual.analytics.rhythm.words import answers_said
from puntual.analytics.work.beside import kept_beside
from puntual.analytics.work.words import why_here
from puntual.analytics.work.worth import Worth
from puntual.audit.actions import Actor
from puntual.desk import formats
from puntual.desk.paying import paying
from puntual.desk.promising import items_of
from puntual.desk.reach import local_time, when
from puntual.desk.standing import Standing, coded, standings
from puntual.disputes.queries import of_customer
from puntual.disputes.states import LIVE
from puntual.disputes.words import REASONS
from puntual.outreach.demand import Asked
from puntual.outreach.models import Activity
from puntual.outreach.moments import is_invited
from puntual.outreach.queue.models import Turn
from puntual.outreach.queue.resting import MOST as MOST_RESTING
from puntual.outreach.queue.resting import Resting
from puntual.outreach.queue.turns import SKIPS
from puntual.outreach.results import said

_KEYS = "1234567890qwert"
"""The digits, then the row below them."""


@dataclass(frozen=True, slots=True)
class Turnover:
    """`owed` by currency; agreements, how they pay, the customer's clock, why it stands here and who passed it over, in words."""

    owed: Sequence[Standing]
    agreed: Sequence[str]
    pays: str
    clock: str
    place: str
    passed: str


@dataclass(frozen=True, slots=True)
class Undoable:
    """The last thing this person recorded, in words, and the id it is taken back by."""

    id: UUID
    words: str


def with_keys(choices: Sequence[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """Each result with its words and its key; without one where there are more than keys."""
    return [(code, words, _KEYS[place : place + 1]) for place, (code, words) in enumerate(choices)]


def turnover(by: Actor, activity: Activity, asked: Asked, ahead: int | None, passed: Turn | None) -> Turnover:
    """What is shown beside an open activity. `ahead` are worth more and may be done now; None where it may not be done now.

    `passed` is the last time that somebody passed it over.
    """
    customer = activity.customer
    items = items_of(by.organization_id, customer.id)
    worth, answers = kept_beside(by.organization_id, activity.pk, customer.id)
    return Turnover(
        owed=standings(items, by.today).get(customer.id, []),
        agreed=list(_agreed(by.organization_id, customer.id, by.today)),
        pays=_pays(by.organization_id, customer.id, answers),
        clock=local_time(customer.time_zone, by.now),
        place=_place(activity, worth, asked, ahead),
        passed=_passed(passed),
    )


def undoable(by: Actor, turn: Turn | None) -> Undoable | None:
    """What may be taken back now: the last turn of this person, if any."""
    if turn is None:
        return None
    one = (
        Activity.objects.filter(organization_id=by.organization_id, pk=turn.activity_id)
        .select_related("customer")
        .first()
    )
    if one is None:
        return None
    what = (
        said(turn.reason)
        if turn.kind == Turn.Kind.RESULT
        else _("put off")
        if turn.kind == Turn.Kind.LATER
        else _("skipped")
    )
    return Undoable(
        turn.pk, _("{customer}: {what}").format(customer=one.customer.name, what=what[:1].lower() + what[1:])
    )


def resting(found: Resting, now: datetime, planned: datetime | None = None) -> str:
    """How many the queue leaves out for now, and from when the first comes back; "" for nobody.

    `planned` is the first moment of those that stand on the list for a later hour: they come back too.
    """
    if not found.count:
        return ""
    said = (
        _("More than {n} are left out for now: they may not be reached at this hour.")
        if found.count >= MOST_RESTING
        else ngettext(
            "{n} is left out for now: at this hour it may not be reached.",
            "{n} are left out for now: at this hour they may not be reached.",
            found.count,
        )
    ).format(n=formats.number(found.count))
    first = min((at for at in (found.again_from, planned) if at), default=None)
    if first is None:
        return said
    back = _("The first comes back {when}.").format(when=when(timezone.localtime(first), now))
    return f"{said} {back}"


def _place(activity: Activity, worth: Worth | None, asked: Asked, ahead: int | None) -> str:
    if worth is None or ahead is None or is_invited(activity):
        return ""
    amounts = [coded(amount, currency) for currency, amount in sorted(asked.amounts.items())]
    return why_here(worth, " + ".join(amounts), ahead) if amounts else ""


def _agreed(organization_id: UUID, customer_id: UUID, today: date) -> Iterator[str]:
    """Promises, plans, extensions and disputes that are alive, then how many promises were kept."""
    made = list(promises_of(organization_id, customer_id).filter(state__in=(Promise.State.OPEN, *JUDGED)))
    for promise in (one for one in made if one.state == Promise.State.OPEN):
        promised = _("Promised {amount} for {day}.")
        yield promised.format(amount=coded(promise.amount, promise.currency), day=_day(promise.promised_for, today))
    for plan in plans_of(organization_id, customer_id).filter(state__in=(Plan.State.ACTIVE, Plan.State.OFFERED)):
        words = (
            _("Payment plan since {day}.")
            if plan.state == Plan.State.ACTIVE
            else _("Payment plan offered on {day}, not accepted yet.")
        )
        yield words.format(day=_day(plan.agreed_on, today))
    granted = extensions_of(organization_id, customer_id).filter(state=Extension.State.GRANTED, to_due__gte=today)
    for extension in granted:
        words = _("{invoice} extended to {day}.")
        yield words.format(invoice=extension.installment.invoice.number, day=_day(extension.to_due, today))
    for dispute in of_customer(organization_id, customer_id).filter(state__in=LIVE):
        words = _("Disputes {amount} of {invoice}: {reason}.")
        yield words.format(
            amount=coded(dispute.amount, dispute.currency),
            invoice=dispute.invoice.number,
            reason=_(REASONS[dispute.reason]).lower(),
        )
    judged = [one for one in made if one.state in JUDGED]
    if judged:
        kept = sum(one.state == Promise.State.KEPT for one in judged)
        words = ngettext("Kept {kept} of {n} promise.", "Kept {kept} of {n} promises.", len(judged))
        yield words.format(kept=formats.number(kept), n=formats.number(len(judged)))


def _pays(organization_id: UUID, customer_id: UUID, answers: Sequence[Answering]) -> str:
    """Willing and able as last found out, then what the ledger says, and when they answer."""
    found = current(organization_id, customer_id)
    profile = in_words(found) if found else ""
    parts = [
        f"{profile[:1].upper()}{profile[1:]}." if profile else "",
        paying(behavior_of(organization_id, customer_id)),
        answers_said(answers),
    ]
    return " ".join(filter(None, parts))


def _passed(turn: Turn | None) -> str:
    if turn is None:
        return ""
    why = turn.note or _(SKIPS[turn.reason])
    return _("{name} passed this one over: {why}").format(name=turn.name, why=why)


def _day(day: date | datetime, today: date) -> str:
    return formats.short_date(day.date() if isinstance(day, datetime) else day, today)
