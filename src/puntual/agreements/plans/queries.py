"""Reads of plans. Each names its organization; what stands is counted from the entries of this moment."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum

from puntual.agreements.models import Plan, PlanItem, PlanPart
from puntual.agreements.plans.schedule import ZERO, borne
from puntual.agreements.plans.standing import MONEY, RELIEF, Moved, count
from puntual.receivables.models import Entry, Installment, Invoice
from puntual.receivables.queries import ItemBalance, open_items

State = Plan.State
UNDER_WAY = (State.AWAITING, State.OFFERED, State.ACTIVE)


@dataclass(frozen=True, slots=True)
class Line:
    """A part with what came in for it. `state` is the part's, or `awaiting` where its day is over and not judged yet, or
    `unneeded` where the plan ended without it."""

    part: PlanPart
    paid: Decimal
    settled_on: date | None
    state: str

    @property
    def left(self) -> Decimal:
        found: Decimal = ZERO if self.settled_on else self.part.amount - self.paid
        return found


@dataclass(frozen=True, slots=True)
class Standing:
    """How a plan stands: its parts, what came in, what is owed less than was agreed, what is left, what would end it today."""

    lines: tuple[Line, ...]
    paid: Decimal
    relieved: Decimal
    left: Decimal
    payoff: Decimal

    @property
    def next(self) -> Line | None:
        """The earliest part that is not settled."""
        return next((line for line in self.lines if line.settled_on is None and line.state != "unneeded"), None)

    @property
    def behind(self) -> Decimal:
        """What of parts whose grace is over is still missing."""
        return sum((line.left for line in self.lines if line.state == "missed"), ZERO)


@dataclass(frozen=True, slots=True)
class Covered:
    """A document a plan covers: its principal then, and what is open now."""

    installment: Installment
    principal: Decimal


@dataclass(frozen=True, slots=True)
class Row:
    """A plan in a list, with what came in by the last valuing and its earliest part that was not settled then."""

    plan: Plan
    paid: Decimal
    next: PlanPart | None

    @property
    def total(self) -> Decimal:
        found: Decimal = self.plan.principal + self.plan.interest - self.plan.discount
        return found


@dataclass(frozen=True, slots=True)
class Plannable:
    """An open item of a customer, and the plan under way that has it already."""

    item: ItemBalance
    plan: Plan | None = None


def plans(organization_id: UUID, states: Collection[str] = ()) -> QuerySet[Plan]:
    """All of an organization's plans, or those in some states; with their customers."""
    found = Plan.objects.filter(organization_id=organization_id).select_related("customer", "creditor")
    return found.filter(state__in=states) if states else found


def plans_of(organization_id: UUID, customer_id: UUID) -> QuerySet[Plan]:
    """A customer's, the latest first."""
    return Plan.objects.filter(organization_id=organization_id, customer_id=customer_id).order_by("-agreed_on", "-id")


def with_next_parts(organization_id: UUID, found: Sequence[Plan]) -> list[Row]:
    """These plans as rows, in their order."""
    parts: dict[UUID, list[PlanPart]] = {plan.id: [] for plan in found}
    for part in PlanPart.objects.filter(organization_id=organization_id, plan_id__in=list(parts)).order_by("position"):
        parts[part.plan_id].append(part)
    return [
        Row(
            plan,
            sum((part.paid for part in parts[plan.id]), ZERO),
            next((part for part in parts[plan.id] if part.state != PlanPart.State.PAID), None),
        )
        for plan in found
    ]


def parts_of(plan: Plan) -> list[PlanPart]:
    """The parts in the order of their days."""
    return list(PlanPart.objects.filter(organization_id=plan.organization_id, plan=plan).order_by("position"))


def covered_by(plan: Plan) -> list[Covered]:
    """What a plan covers, the earliest due first."""
    items = PlanItem.objects.filter(organization_id=plan.organization_id, plan=plan)
    found = items.select_related("installment__invoice").order_by(
        "installment__due_on", "installment__invoice__number_key", "installment__position"
    )
    return [Covered(item.installment, item.principal) for item in found]


def settled_by(plan: Plan) -> list[UUID]:
    """The installments that money for a plan settles, in order: what it covers, then the interest it charged."""
    charges = PlanPart.objects.filter(organization_id=plan.organization_id, plan=plan).values("charge_id")
    interest = Installment.objects.filter(organization_id=plan.organization_id, invoice_id__in=charges)
    return [one.installment.id for one in covered_by(plan)] + list(
        interest.order_by("due_on").values_list("id", flat=True)
    )


def standing(plan: Plan, today: date) -> Standing:
    """How a plan stands by the entries of this moment."""
    parts = parts_of(plan)
    moved = _moved(plan, today) if plan.accepted_at else []
    counted = count([part.amount for part in parts], moved)
    relieved = sum((one.relieved for one in moved), ZERO)
    paid = sum((one.paid for one in counted), ZERO)
    owed = plan.principal - plan.discount - relieved - paid
    interest = sum(borne(parts, plan.agreed_on, today, plan.currency), ZERO)
    return Standing(
        tuple(
            Line(part, one.paid, one.settled_on, _state(plan, part, one.settled_on, today))
            for part, one in zip(parts, counted, strict=True)
        ),
        paid,
        relieved,
        max(ZERO, owed + plan.interest),
        max(ZERO, owed + interest),
    )


def plannable(organization_id: UUID, customer_id: UUID) -> list[Plannable]:
    """What is open and ours with a customer, the earliest due first, and which of it is in a plan under way."""
    items = [item for item in open_items(organization_id, [customer_id]) if item.claim_owner == Invoice.ClaimOwner.OURS]
    taken = under_way(organization_id, [item.installment_id for item in items])
    return [Plannable(item, taken.get(item.installment_id)) for item in items]


def under_way(organization_id: UUID, installment_ids: Collection[UUID]) -> dict[UUID, Plan]:
    """The plan under way that each of these belongs to, if any: as what it covers, or as the interest it charged."""
    mine = {"organization_id": organization_id, "plan__state__in": UNDER_WAY}
    items = PlanItem.objects.filter(**mine, installment_id__in=list(installment_ids)).select_related("plan")
    charges = Installment.objects.filter(
        organization_id=organization_id, id__in=list(installment_ids), invoice__kind=Invoice.Kind.CHARGE
    )
    of_invoice = dict(charges.values_list("invoice_id", "id"))
    parts = PlanPart.objects.filter(**mine, charge_id__in=list(of_invoice)).select_related("plan")
    charged = {of_invoice[part.charge_id]: part.plan for part in parts if part.charge_id}
    return charged | {item.installment_id: item.plan for item in items}


def left_of(plan: Plan, today: date) -> list[Plannable]:
    """What a new plan in the place of this one would cover: what is open of it, and of the interest that is due by today."""
    keys = set(still_open(plan, today))
    return [
        Plannable(item) for item in open_items(plan.organization_id, [plan.customer_id]) if item.installment_id in keys
    ]


def still_open(plan: Plan, today: date) -> list[UUID]:
    """The installments that are open of what a plan covers, and of the interest that is due by a day."""
    mine = {"organization_id": plan.organization_id, "plan": plan}
    charges = PlanPart.objects.filter(**mine, charge__isnull=False, due_on__lte=today).values("charge_id")
    covered = PlanItem.objects.filter(**mine).values("installment_id")
    found = Installment.objects.filter(
        Q(id__in=covered) | Q(invoice_id__in=charges), organization_id=plan.organization_id, open_amount__gt=0
    )
    return list(found.values_list("id", flat=True))


def _state(plan: Plan, part: PlanPart, settled_on: date | None, today: date) -> str:
    if settled_on:
        return PlanPart.State.PAID
    if plan.state == State.COMPLETED:
        return "unneeded"
    if part.state == PlanPart.State.MISSED:
        return part.state
    return "awaiting" if plan.state == State.ACTIVE and part.due_on < today else PlanPart.State.DUE


def _moved(plan: Plan, today: date) -> list[Moved]:
    """What the entries took off by day, beyond what they had taken off when the plan was accepted."""
    mine = {"organization_id": plan.organization_id}
    items = PlanItem.objects.filter(**mine, plan=plan)
    charges = PlanPart.objects.filter(**mine, plan=plan).values("charge_id")
    interest = Installment.objects.filter(**mine, invoice_id__in=charges).values("id")
    entries = Entry.objects.filter(
        Q(installment_id__in=items.values("installment_id")) | Q(installment_id__in=interest),
        **mine,
        kind__in=MONEY | RELIEF,
        effective_on__lte=today,
    ).exclude(kind=Entry.Kind.DISCOUNT, source_id=plan.id)
    days: dict[date, dict[bool, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for kind, day, amount in entries.values_list("kind", "effective_on").annotate(total=Sum("amount")):
        days[day][kind in MONEY] -= amount
    if not days:
        return []
    before = items.aggregate(paid=Sum(F("paid_before")), relieved=Sum(F("relieved_before")))
    first = min(days)  # what was before is told off the first day: only sums from then on count
    days[first][True] -= before["paid"] or ZERO
    days[first][False] -= before["relieved"] or ZERO
    return [Moved(day, by[True], by[False]) for day, by in sorted(days.items())]
