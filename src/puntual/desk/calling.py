"""What one needs to know before a call, in the order in which one reads it: whom, what is owed, what was said last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from puntual.desk import formats, words
from puntual.desk.promising import items_of
from puntual.outreach.demand import Asked
from puntual.outreach.models import Activity
from puntual.outreach.points import KINDS
from puntual.outreach.queries import timeline
from puntual.outreach.results import said
from puntual.parties.models import ContactPoint
from puntual.payments.queries import payments_of

State = Activity.State
_LAST = 3
_PHONES = ("phone", "whatsapp")


@dataclass(frozen=True, slots=True)
class Debt:
    """One item: asked for now, or standing apart because it is not yet due or on hold."""

    number: str
    due_on: date
    amount: Decimal
    held: bool = False
    to_come: bool = False


@dataclass(frozen=True, slots=True)
class Debts:
    """One currency of what a customer owes; `total` is of what is asked for, and of nothing else.

    `rest` is what is open beyond both (deductions, credits not set against an item yet): with it they add up to the balance.
    """

    currency: str
    asked: Sequence[Debt]
    apart: Sequence[Debt]
    rest: Decimal

    @property
    def total(self) -> Decimal:
        return sum((debt.amount for debt in self.asked), Decimal(0))


@dataclass(frozen=True, slots=True)
class Happened:
    """Something of lately, with when."""

    on: date
    what: str


def debts(organization_id: UUID, customer_id: UUID, asked: Asked) -> list[Debts]:
    """What is asked for and what stands apart, by currency. What is on hold stands there with all that is open of it."""
    balances = {str(item.installment_id): item for item in items_of(organization_id, customer_id)}
    left: dict[str, Decimal] = {}
    for balance in balances.values():
        left[balance.currency] = left.get(balance.currency, Decimal(0)) + balance.open
    rows = [(item, amount, False, False) for item, amount in asked.lines]
    rows += [(item, balances[item.id].open, True, False) for item in asked.held if item.id in balances]
    rows += [(item, item.askable, False, True) for item in asked.to_come if item.askable > 0]
    found: dict[str, list[Debt]] = {}
    for item, amount, held, to_come in rows:
        number = balances[item.id].number if item.id in balances else ""
        debt = Debt(number, item.said_due, amount, held, to_come)
        left[item.currency] = left.get(item.currency, Decimal(0)) - amount
        found.setdefault(item.currency, []).append(debt)
    return [
        Debts(
            currency,
            sorted((debt for debt in each if not (debt.held or debt.to_come)), key=lambda debt: debt.due_on),
            sorted((debt for debt in each if debt.held or debt.to_come), key=lambda debt: debt.due_on),
            left[currency],
        )
        for currency, each in sorted(found.items())
    ]


def lately(organization_id: UUID, customer_id: UUID) -> list[Happened]:
    """The last contacts and the last payment, newest first."""
    ended = timeline(organization_id, customer_id).filter(state__in=[State.SENT, State.DONE])
    contacts = ended.exclude(channel=Activity.Channel.INTERNAL).order_by("-created_at", "-id")[:_LAST]
    found = [Happened(timezone.localtime(one.settled_at or one.created_at).date(), _contact(one)) for one in contacts]
    payment = payments_of(organization_id, customer_id).filter(reversed_on=None).first()
    if payment:
        amount = f"{payment.currency} {formats.money(payment.amount, payment.currency)}"
        found.append(Happened(payment.received_on, _("paid {amount}").format(amount=amount)))
    return sorted(found, key=lambda one: one.on, reverse=True)


def _contact(one: Activity) -> str:
    parts = [_(words.CHANNELS[one.channel])]
    if one.tone:
        parts.append(words.tone(one.tone).lower())
    if one.result:
        parts.append(said(one.result).lower())
    return ", ".join(parts)


def first_phones(organization_id: UUID, customer_ids: Sequence[UUID]) -> dict[UUID, ContactPoint]:
    """For each customer of a list the phone of whoever answers for payments, else any of theirs."""
    points = _phones(organization_id).filter(customer_id__in=customer_ids)
    found: dict[UUID, ContactPoint] = {}
    for point in sorted(points, key=lambda one: "billing" not in (one.person.roles if one.person else ())):
        found.setdefault(point.customer_id, point)
    return found


def points(activity: Activity) -> list[ContactPoint]:
    """The customer's points the activity can be done by: which of them was it, and where else if nobody answers?"""
    found = _usable(activity.organization_id, KINDS.get(activity.channel, ()))
    return list(found.filter(customer_id=activity.customer_id))


def others(among: Sequence[ContactPoint], known: UUID | None) -> list[ContactPoint]:
    """Where else the customer may be called, if nobody answers there."""
    phones = [one for one in among if one.kind in _PHONES and one.pk != known]
    return phones[:_LAST]


def choices(among: Sequence[ContactPoint]) -> list[tuple[str, str]]:
    """The points with whose each is, to choose from."""
    return [(str(one.pk), f"{one.value} · {one.person.name}" if one.person else one.value) for one in among]


def _phones(organization_id: UUID) -> QuerySet[ContactPoint]:
    return _usable(organization_id, _PHONES)


def _usable(organization_id: UUID, kinds: Sequence[str]) -> QuerySet[ContactPoint]:
    points = ContactPoint.objects.filter(organization_id=organization_id, kind__in=kinds, retired_on=None)
    usable = points.exclude(bounce=ContactPoint.Bounce.HARD).exclude(consent=ContactPoint.ConsentState.WITHDRAWN)
    return usable.select_related("person").order_by("id")
