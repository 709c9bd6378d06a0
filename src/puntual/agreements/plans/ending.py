"""How an active plan ends: completed, broken, replaced. Callers import them from `actions`."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from uuid import UUID

from puntual.agreements.models import Plan, PlanItem, PlanPart
from puntual.agreements.plans.problems import NotInThisState
from puntual.agreements.plans.schedule import ZERO, borne
from puntual.audit.actions import Actor, action
from puntual.receivables.actions import release_holds, take_adjustment, waive_charge
from puntual.receivables.models import Entry, Hold, Installment
from puntual.receivables.postings import lock

State = Plan.State
MISSED, PAID = "missed", "paid"
"""Why the clock ended a plan; a person gives a sentence."""


def break_plan(by: Actor, plan_id: UUID, *, why: str) -> Plan:
    """End an active plan that is not kept: what it held is chased again at its age, and interest of days to come is let go.

    Raises Plan.DoesNotExist, NotInThisState.
    """
    with action(by, "agreements.break_plan", why=why) as log:
        plan = Plan.objects.select_for_update(no_key=True).get(organization_id=by.organization_id, id=plan_id)
        log.about(plan)
        if plan.state != State.ACTIVE:
            raise NotInThisState(plan.number)
        close(by, [plan.id], State.BROKEN, why.strip())
        waive_from(by, plan, by.today)
        plan.refresh_from_db()
        return plan


def close(by: Actor, plan_ids: Collection[UUID], state: str, why: str) -> None:
    """End these active plans from today: nothing of theirs is held any more."""
    if not plan_ids:
        return
    mine = {"organization_id": by.organization_id}
    Plan.objects.filter(**mine, id__in=plan_ids, state=State.ACTIVE).update(
        state=state, ended_on=by.today, ended_why=why
    )
    PlanItem.objects.filter(**mine, plan_id__in=plan_ids).update(held=False)
    release_holds(by, plan_ids, reason=Hold.Reason.PLAN)


def waive_from(by: Actor, plan: Plan, day: date, *, running: bool = True) -> Decimal:
    """Let go of what a plan charged for days after `day`: nobody owes interest for days on which the plan was none. How much.

    Without `running` all of the part under way is let go.
    """
    parts = list(PlanPart.objects.filter(organization_id=by.organization_id, plan=plan).order_by("position"))
    charges = {part.charge_id for part in parts if part.charge_id}
    if not charges:
        return ZERO
    items = Installment.objects.filter(organization_id=by.organization_id, invoice_id__in=charges)
    open_of = {item.invoice_id: item.open_amount for item in lock(items).values()}
    waived = ZERO
    for part, borne_by_day in zip(parts, borne(parts, plan.agreed_on, day, plan.currency), strict=True):
        kept = borne_by_day if running or part.due_on <= day else ZERO
        over = min(part.interest - kept, open_of.get(part.charge_id, ZERO) if part.charge_id else ZERO)
        if part.charge_id and over > 0:
            waive_charge(by, part.charge_id, why=plan.number, amount=over)
            waived += over
    return waived


def grant_discount(by: Actor, plan: Plan) -> Decimal:
    """Take the discount off what is still open of the covered items, the latest due first: the rest is paid. How much."""
    covered = PlanItem.objects.filter(organization_id=by.organization_id, plan=plan).values("installment_id")
    items = lock(
        Installment.objects.filter(organization_id=by.organization_id, id__in=covered, open_amount__gt=0)
    ).values()
    left: Decimal = plan.discount
    for item in sorted(items, key=lambda item: (item.due_on, item.invoice.number_key, item.position), reverse=True):
        part = min(left, item.open_amount)
        if part > 0:
            take_adjustment(by, item.id, kind=Entry.Kind.DISCOUNT, amount=part, memo=plan.number, source_id=plan.id)
            left -= part
    granted: Decimal = plan.discount - left
    return granted
