"""Customers as rows: which of them something is asked of, and what each owes and what comes next, for any number of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext, pgettext

from puntual.audit.actions import Actor
from puntual.daily.why import Explanation, explain_many
from puntual.desk import formats, labels, words
from puntual.desk.standing import Standing, standings
from puntual.kernel.problems import Problem
from puntual.kernel.remembering import remembered
from puntual.kernel.text import fold, plain_signs
from puntual.outreach.models import Activity
from puntual.outreach.queries import OPEN_STATES
from puntual.parties.models import ContactPoint, Creditor, Customer, Party
from puntual.receivables.models import Installment
from puntual.receivables.queries import open_items
from puntual.strategies.outcomes import Do
from puntual.strategies.steps import BESIDE
from puntual.strategies.words import REASONS, sentence


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


def rows(by: Actor, customers: Sequence[Customer], *, steps: bool = True) -> list[Row]:
    """These customers with their standing and (`steps`) their next step, in a fixed number of queries."""
    ids = [customer.id for customer in customers]
    owed = standings(open_items(by.organization_id, ids), by.today)
    coming = _next_steps(by, customers) if steps else {}
    return [Row(customer, owed.get(customer.id, []), coming.get(customer.id)) for customer in customers]


def open_of(by: Actor, currency: str) -> QuerySet[Installment]:
    """What is open, in one currency or ("") in any."""
    found = Installment.objects.filter(organization_id=by.organization_id, open_amount__gt=0)
    return found.filter(currency=currency) if currency else found


def leads(by: Actor, currency: str) -> QuerySet[Installment]:
    """Each customer's oldest overdue item, which stands for the customer: an index gives them by ("due_on", "id")."""
    items = open_of(by, currency)
    due_on = OuterRef("due_on")
    before = Q(due_on__lt=due_on) | Q(due_on=due_on, id__lt=OuterRef("id"))
    earlier = items.filter(before, customer=OuterRef("customer"), due_on__lte=due_on)
    return items.filter(~Exists(earlier), due_on__lt=by.today)


def matching(organization_id: UUID, text: str) -> Q:
    """Part of the name, the code or the tax id."""
    found = Q(id__in=_named_exactly(organization_id, text))
    folded = fold(text)
    return found | Q(search_name__contains=folded) if folded else found


@remembered
def _named_exactly(organization_id: UUID, text: str) -> list[UUID]:
    """By code or tax id, at most fifty."""
    creditors = list(Creditor.objects.filter(organization_id=organization_id).values_list("id", flat=True))
    mine = Customer.objects.filter(organization_id=organization_id)
    parties = Party.objects.filter(organization_id=organization_id, tax_id="".join(plain_signs(text).split()).upper())
    exact = mine.filter(creditor__in=creditors, code__in={text, text.upper()}).values("id")
    exact = exact.union(mine.filter(party__in=parties.values("id")).values("id"))
    return [each["id"] for each in exact[:50]]


def usable_points(by: Actor) -> QuerySet[ContactPoint]:
    """Where the customer of the outer query (`pk`) can be reached."""
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
        why = (
            sentence(activity.why["code"], activity.why.get("params", {}), formats.money)
            if activity.why.get("code")
            else ""
        )
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
