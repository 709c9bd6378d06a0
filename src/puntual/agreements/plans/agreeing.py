"""Writing a plan or a settlement, and what becomes of it until the customer has said yes or no. Callers import from `actions`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from django.db import connection

from puntual.agreements import approvals
from puntual.agreements.guardrails import Asked, Excess, Within, excess, who_decides
from puntual.agreements.models import Plan, PlanItem, PlanPart
from puntual.agreements.plans.accepting import Yes, accept_locked
from puntual.agreements.plans.problems import CoveredAlready, NotInThisState, NotPlannable, TooOften
from puntual.agreements.plans.queries import still_open, under_way
from puntual.agreements.plans.schedule import ZERO, Schedule, Wish, work_out
from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.organizations.calendars import calendar_of
from puntual.parties.models import Customer
from puntual.receivables.models import Installment, Invoice
from puntual.receivables.postings import lock

State = Plan.State
MOST_REPLANS = 2
"""How often what a plan covered may be planned anew."""
DAYS_TO_ACCEPT = 7
GRACE = (2, 30)
"""A bank needs two business days to book what was paid in time; more than a month is another plan."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How strict a plan is: business days of grace after each part's day, and how many parts may be missed before it is broken
    (None: one of a plan, none of a settlement).
    """

    grace_days: int = 3
    misses_allowed: int | None = None


def agree_plan(
    by: Actor,
    customer_id: UUID,
    installment_ids: Collection[UUID],
    wish: Wish,
    *,
    within: Within | None = None,
    reason: str = "",
    asked_by: str = "",
    yes: Yes | None = None,
    offered_until: date | None = None,
    manner: Manner | None = None,
    source_id: UUID | None = None,
) -> Plan:
    """Write a plan over all that is open of some items of one customer and currency; with a discount it is a settlement.

    Beyond the limits of `within` it waits for an approval (and needs a `reason`); else it is offered to the customer through
    `offered_until` (a week, and no later than its first part), or active at once with the customer's `yes`. An owner's exception
    is put on record and waits for nobody. It is dated today whatever `wish` says. Raises DoesNotExist, NotPlannable,
    CoveredAlready, ReasonMissing, EvidenceMissing, Problem for a wish that cannot be met.
    """
    with action(by, "agreements.agree_plan", customer=customer_id, why=reason) as log:
        customer = _customer(by, customer_id)
        items = _lock_items(by, customer, installment_ids)
        draft = _Draft(by, customer, items, wish, within, reason, asked_by, source_id)
        plan = draft.write(manner or Manner(), offered_until)
        log.about(plan)
        log.say(
            number=plan.number, principal=plan.principal, currency=plan.currency, installments=len(draft.schedule.parts)
        )
        if yes and plan.state == State.OFFERED:
            accept_locked(by, plan, yes, by.now)
        return plan


def replan(
    by: Actor,
    plan_id: UUID,
    wish: Wish,
    *,
    within: Within | None = None,
    reason: str = "",
    asked_by: str = "",
    yes: Yes | None = None,
    offered_until: date | None = None,
    manner: Manner | None = None,
) -> Plan:
    """Write a new plan over what is still open of an active or broken one, with the interest it has borne by today.

    The old one stays as it is until the customer accepts the new one. Raises Plan.DoesNotExist, NotInThisState, TooOften and what
    `agree_plan` raises.
    """
    with action(by, "agreements.replan", before=plan_id, why=reason) as log:
        old = lock_plan(by, plan_id)
        if old.state not in (State.ACTIVE, State.BROKEN):
            raise NotInThisState(old.number)
        if old.times_replanned >= MOST_REPLANS:
            raise TooOften(MOST_REPLANS)
        customer = _customer(by, old.customer_id)
        items = _lock_items(by, customer, still_open(old, by.today), replacing=old)
        draft = _Draft(by, customer, items, wish, within, reason, asked_by, None)
        plan = draft.write(manner or Manner(), offered_until, replaces=old)
        log.about(plan)
        log.say(number=plan.number, principal=plan.principal, currency=plan.currency, times=plan.times_replanned)
        if yes and plan.state == State.OFFERED:
            accept_locked(by, plan, yes, by.now)
        return plan


def approve(by: Actor, plan_id: UUID) -> Plan:
    """Let a plan that goes beyond the limits be offered to the customer, for a week from today.

    `approvals.decide` calls it. Raises Plan.DoesNotExist, NotInThisState, Problem where its first part's day is past.
    """
    with action(by, "agreements.approve_plan") as log:
        plan = lock_plan(by, plan_id)
        log.about(plan)
        if plan.state != State.AWAITING:
            raise NotInThisState(plan.number)
        first = first_regular(by, plan)
        if first < by.today:
            raise Problem(N_("The day of its first part is past. Refuse it, and have a new one written."))
        plan.state, plan.offered_until = State.OFFERED, min(first, by.today + timedelta(days=DAYS_TO_ACCEPT))
        plan.save(update_fields=["state", "offered_until"])
        return plan


def refuse(by: Actor, plan_id: UUID, why: str) -> Plan:
    """Whoever had to approve it, or the customer, said no. Raises Plan.DoesNotExist, NotInThisState."""
    return _end_unaccepted(by, plan_id, State.REFUSED, why)


def withdraw(by: Actor, plan_id: UUID, why: str) -> Plan:
    """Take back a plan that nobody has accepted yet. Raises Plan.DoesNotExist, NotInThisState."""
    plan = _end_unaccepted(by, plan_id, State.WITHDRAWN, why)
    approvals.lapse(by, plan_id)
    return plan


def expire(by: Actor) -> int:
    """End every offer whose time is over by today; how many. Running it again changes nothing."""
    with action(by, "agreements.expire_plans") as log:
        over = Plan.objects.filter(
            organization_id=by.organization_id, state=State.OFFERED, offered_until__lt=by.today
        ).update(state=State.EXPIRED, ended_on=by.today)
        log.say(expired=over)
        return over


def asked(schedule: Schedule) -> Asked:
    """What a schedule asks for, limit by limit: of a plan its parts, days and first payment; of a settlement its discount too."""
    if schedule.discount:
        return {"percent": schedule.discount_percent, "days": schedule.days, "installments": len(schedule.parts)}
    return {"installments": len(schedule.parts), "days": schedule.days, "down_percent": schedule.first_percent}


def excesses_of(schedule: Schedule, within: Within | None) -> tuple[Excess, ...]:
    """The limits that a schedule passes; none where nothing limits it."""
    return excess(within, asked(schedule)) if within else ()


def lock_plan(by: Actor, plan_id: UUID) -> Plan:
    """A plan, locked until the transaction ends. Raises Plan.DoesNotExist."""
    return Plan.objects.select_for_update(no_key=True).get(organization_id=by.organization_id, id=plan_id)


def first_regular(by: Actor, plan: Plan) -> date:
    """The day of the first part after the down payment."""
    parts = PlanPart.objects.filter(organization_id=by.organization_id, plan=plan, position__gt=0)
    return parts.order_by("position").values_list("due_on", flat=True)[0]


@dataclass
class _Draft:
    """A plan about to be written over locked items."""

    by: Actor
    customer: Customer
    items: Sequence[Installment]
    wish: Wish
    within: Within | None
    reason: str
    asked_by: str
    source_id: UUID | None

    def __post_init__(self) -> None:
        principal = sum((item.open_amount for item in self.items), ZERO)
        calendar = calendar_of(self.by.organization_id, self.customer.creditor.country)
        wish = replace(self.wish, agreed_on=self.by.today)
        self.schedule = work_out(principal, self.items[0].currency, wish, calendar)
        self.excesses = excesses_of(self.schedule, self.within)

    def write(self, manner: Manner, offered_until: date | None, replaces: Plan | None = None) -> Plan:
        if not GRACE[0] <= manner.grace_days <= GRACE[1]:
            raise Problem(N_("The grace is between {least} and {most} business days."), least=GRACE[0], most=GRACE[1])
        decides = who_decides(self.within, self.excesses) if self.within else ""
        kind = Plan.Kind.SETTLEMENT if self.schedule.discount else Plan.Kind.PLAN
        misses = manner.misses_allowed
        plan = Plan.objects.create(
            organization_id=self.by.organization_id,
            creditor_id=self.customer.creditor_id,
            customer=self.customer,
            number=_next_number(self.by),
            kind=kind,
            state=State.AWAITING if decides else State.OFFERED,
            currency=self.schedule.currency,
            principal=self.schedule.principal,
            interest=self.schedule.interest,
            discount=self.schedule.discount,
            yearly_percent=self.wish.yearly_percent,
            rhythm=self.schedule.rhythm,
            agreed_on=self.by.today,
            offered_until=None if decides else self._until(offered_until),
            grace_days=manner.grace_days,
            misses_allowed=int(kind == Plan.Kind.PLAN) if misses is None else misses,
            replaces=replaces,
            times_replanned=replaces.times_replanned + 1 if replaces else 0,
            offer=self.within.allowance.offer if self.within else "",
            situation=self.within.situation.as_json() if self.within else {},
            reason=self.reason.strip(),
            asked_by=self.asked_by.strip(),
            source_id=self.source_id,
            recorded_at=self.by.now,
            recorded_by=self.by.name,
        )
        self._write_rows(plan)
        if self.excesses:
            approvals.ask(self.by, plan, kind, self.excesses, self.reason, decides)
        return plan

    def _write_rows(self, plan: Plan) -> None:
        PlanItem.objects.bulk_create(
            PlanItem(
                organization_id=plan.organization_id, plan=plan, installment_id=item.id, principal=item.open_amount
            )
            for item in self.items
        )
        PlanPart.objects.bulk_create(
            PlanPart(
                organization_id=plan.organization_id,
                plan=plan,
                position=part.position,
                due_on=part.due_on,
                principal=part.principal,
                interest=part.interest,
                discount=part.discount,
                amount=part.amount,
            )
            for part in self.schedule.parts
        )

    def _until(self, wanted: date | None) -> date:
        first = next(part.due_on for part in self.schedule.parts if part.position > 0)
        until = wanted or min(first, self.by.today + timedelta(days=DAYS_TO_ACCEPT))
        if not self.by.today <= until <= first:
            raise Problem(N_("It can be accepted from today through its first part's day, {first}."), first=first)
        return until


def _customer(by: Actor, customer_id: UUID) -> Customer:
    return Customer.objects.select_related("creditor").get(organization_id=by.organization_id, id=customer_id)


def _lock_items(
    by: Actor, customer: Customer, installment_ids: Collection[UUID], replacing: Plan | None = None
) -> list[Installment]:
    """The items to cover, locked. Raises NotPlannable, CoveredAlready."""
    items = lock(
        Installment.objects.filter(
            organization_id=by.organization_id, customer_id=customer.id, id__in=list(installment_ids)
        )
    )
    if not items or items.keys() != set(installment_ids):
        raise NotPlannable(N_("Choose at least one open document of this customer."))
    currency = next(iter(items.values())).currency
    for item in items.values():
        number = item.invoice.number
        if item.currency != currency:
            raise NotPlannable(N_("A plan is in one currency. Make one for each."))
        if item.invoice.claim_owner != Invoice.ClaimOwner.OURS:
            raise NotPlannable(N_("{number} is not ours to plan: it was sold or factored."), number=number)
        if not item.open_amount:
            raise NotPlannable(N_("Nothing is open of {number}. Leave it out."), number=number)
    check_free(by, items, replacing)
    return list(items.values())


def check_free(by: Actor, items: dict[UUID, Installment], replacing: Plan | None) -> None:
    """That no other plan under way covers one of these. Raises CoveredAlready."""
    for installment, plan in under_way(by.organization_id, list(items)).items():
        if replacing is None or plan.id != replacing.id:
            raise CoveredAlready(items[installment].invoice.number, plan.number)


def _end_unaccepted(by: Actor, plan_id: UUID, state: str, why: str) -> Plan:
    with action(by, f"agreements.plan_{state}", why=why) as log:
        plan = lock_plan(by, plan_id)
        log.about(plan)
        if plan.state not in (State.AWAITING, State.OFFERED):
            raise NotInThisState(plan.number)
        plan.state, plan.ended_on, plan.ended_why = state, by.today, why.strip()
        plan.save(update_fields=["state", "ended_on", "ended_why"])
        return plan


def _next_number(by: Actor) -> str:
    """PP-2026-0001, one after the other within a year, whoever writes at the same time."""
    start = f"PP-{by.today.year}-"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('plan ' || %s, 0))", [str(by.organization_id)])
        cursor.execute(
            "SELECT coalesce(max(split_part(number, '-', 3)::int), 0) FROM agreements_plan "
            "WHERE organization_id = %s AND number LIKE %s",
            [by.organization_id, f"{start}%"],
        )
        return f"{start}{cursor.fetchone()[0] + 1:04}"


approvals.answered_by("plan", "settlement", approved=approve, refused=refuse)
