"""The list of customers: what it is narrowed to, and a page of it with what each owes and what comes next.

A page costs the same at any number of customers: it is found by key, and everything beside its rows is read for those rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, pgettext

from puntual.audit.actions import Actor
from puntual.daily.why import Explanation, explain_many
from puntual.desk import labels, words
from puntual.desk.keyset import Page, paginate
from puntual.desk.standing import Standing, standings
from puntual.kernel.money import is_currency
from puntual.kernel.problems import Problem
from puntual.kernel.text import fold, plain_signs
from puntual.outreach.models import Activity
from puntual.outreach.queries import OPEN_STATES
from puntual.parties.models import ContactPoint, Creditor, Customer, Party
from puntual.receivables.models import Installment
from puntual.receivables.queries import active_holds, open_items
from puntual.strategies.outcomes import Do
from puntual.strategies.steps import BESIDE
from puntual.strategies.words import REASONS, sentence

VIEWS = ("all", "overdue", "held", "unreachable")
MOST = 1000
"""Counts stop here: beyond it the number says nothing more, and counting stays cheap."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; what it asks wrongly is not asked."""

    view: str = "all"
    text: str = ""
    creditor: UUID | None = None
    currency: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> "Filters":
        given = request.GET
        view, currency = given.get("view", ""), given.get("currency", "")
        return cls(
            view if view in VIEWS else "all",
            given.get("q", "").strip()[:100],
            as_uuid(given.get("creditor", "")),
            currency if is_currency(currency) else "",
        )

    def __bool__(self) -> bool:
        return self != Filters()


@dataclass(frozen=True, slots=True)
class Next:
    """What comes next for a customer, in a few words, and why; `tone` is empty where nothing is said."""

    tone: str
    text: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A customer of the list."""

    customer: Customer
    standings: list[Standing]
    next: Next | None

    @property
    def oldest(self) -> date | None:
        return min((standing.oldest for standing in self.standings), default=None)


def as_uuid(text: str) -> UUID | None:
    """The id in an address, or None where it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def listed(by: Actor, filters: Filters, request: HttpRequest, size: int = 50) -> Page:
    """A page of `Row`: by name, or what is overdue by its age, the oldest first."""
    if filters.view == "overdue":
        leads = _leads(by, filters).select_related("customer__creditor")
        found = paginate(leads, request, by=("due_on", "id"), size=size)
        customers = [lead.customer for lead in found]
    else:
        mine = _customers(by, filters).select_related("creditor")
        found = paginate(mine, request, by=("search_name", "id"), size=size)
        customers = list(found)
    return Page(rows(by, customers), found.previous, found.next)


def counted(by: Actor, filters: Filters) -> int:
    """How many customers the list holds, at most `MOST` + 1."""
    found: QuerySet[Any] = _leads(by, filters) if filters.view == "overdue" else _customers(by, filters)
    return found.order_by()[: MOST + 1].count()


def rows(by: Actor, customers: Sequence[Customer]) -> list[Row]:
    """These customers with their standing and their next step, in a fixed number of queries."""
    ids = [customer.id for customer in customers]
    owed = standings(open_items(by.organization_id, ids), by.today)
    coming = _next_steps(by, customers)
    return [Row(customer, owed.get(customer.id, []), coming.get(customer.id)) for customer in customers]


def _customers(by: Actor, filters: Filters) -> QuerySet[Customer]:
    found = Customer.objects.filter(organization_id=by.organization_id)
    if filters.creditor:
        found = found.filter(creditor=filters.creditor)
    if filters.text:
        found = found.filter(_matches(by.organization_id, filters.text))
    if filters.view == "held":
        found = found.filter(
            Exists(active_holds(by.organization_id, by.today).order_by().filter(customer=OuterRef("pk")))
        )
    if filters.view == "unreachable":
        found = found.exclude(Exists(_usable_points(by)))
    if filters.currency or filters.view == "unreachable":
        found = found.filter(Exists(_open(by, filters).filter(customer=OuterRef("pk"))))
    return found


def _open(by: Actor, filters: Filters) -> QuerySet[Installment]:
    found = Installment.objects.filter(organization_id=by.organization_id, open_amount__gt=0)
    return found.filter(currency=filters.currency) if filters.currency else found


def _leads(by: Actor, filters: Filters) -> QuerySet[Installment]:
    """Each customer's oldest overdue item, which stands for the customer: an index gives them by age."""
    items = _open(by, filters)
    due_on = OuterRef("due_on")
    before = Q(due_on__lt=due_on) | Q(due_on=due_on, id__lt=OuterRef("id"))
    earlier = items.filter(before, customer=OuterRef("customer"), due_on__lte=due_on)
    found = items.filter(~Exists(earlier), due_on__lt=by.today)
    if filters.creditor:
        found = found.filter(creditor=filters.creditor)
    if filters.text:
        matching = Customer.objects.filter(
            _matches(by.organization_id, filters.text), organization_id=by.organization_id
        )
        found = found.filter(customer__in=matching.values("id"))
    return found


def _matches(organization_id: UUID, text: str) -> Q:
    """Part of the name, the code or the tax id."""
    creditors = list(Creditor.objects.filter(organization_id=organization_id).values_list("id", flat=True))
    mine = Customer.objects.filter(organization_id=organization_id)
    parties = Party.objects.filter(organization_id=organization_id, tax_id="".join(plain_signs(text).split()).upper())
    exact = mine.filter(creditor__in=creditors, code__in={text, text.upper()}).values("id")
    exact = exact.union(mine.filter(party__in=parties.values("id")).values("id"))
    found = Q(id__in=[each["id"] for each in exact[:50]])
    folded = fold(text)
    return found | Q(search_name__contains=folded) if folded else found


def _usable_points(by: Actor) -> QuerySet[ContactPoint]:
    return ContactPoint.objects.filter(
        Q(person__isnull=True) | Q(person__ends_on__isnull=True) | Q(person__ends_on__gte=by.today),
        organization_id=by.organization_id,
        customer=OuterRef("pk"),
        retired_on__isnull=True,
    ).exclude(Q(bounce=ContactPoint.Bounce.HARD) | Q(consent=ContactPoint.ConsentState.WITHDRAWN))


def _next_steps(by: Actor, customers: Sequence[Customer]) -> dict[UUID, Next]:
    """What is under way, else what today decides, by customer. Without an active manual nothing is decided."""
    try:
        found = {key: _decided(explanation) for key, explanation in explain_many(by, customers).items()}
    except Problem:
        found = {}
    under_way = Activity.objects.filter(
        organization_id=by.organization_id,
        customer__in=[customer.id for customer in customers],
        direction="out",
        state__in=OPEN_STATES,
    ).exclude(step__in=BESIDE)
    for activity in under_way.order_by("created_at", "id"):
        why = sentence(activity.why["code"], activity.why.get("params", {})) if activity.why.get("code") else ""
        found[activity.customer_id] = Next(activity.tone, said(activity.tone, activity.channel), why)
    return found


def _decided(explanation: Explanation) -> Next:
    decision = explanation.decision
    if isinstance(decision, Do):
        return Next(decision.tone, said(decision.tone, decision.channel), explanation.text)
    return Next("", gettext(REASONS[decision.reason]), explanation.text)


def said(tone: str, channel: str) -> str:
    """Firme, por correo."""
    how = labels.by_channel(channel)
    if not tone:
        return how[:1].upper() + how[1:]
    return pgettext("tone and channel", "{tone}, {how}").format(tone=words.tone(tone), how=how)
