"""Money that was taken back after a plan was completed: the plan goes on, and what its end had given is gone. The clock's."""

from typing import Any, Final
from uuid import UUID

from django.db import connection

from puntual.agreements.models import Plan, PlanItem
from puntual.agreements.plans.accepting import hold_covered
from puntual.agreements.plans.queries import settled_by, standing
from puntual.agreements.plans.standing import MONEY
from puntual.audit.actions import Actor
from puntual.receivables.actions import reverse_entry
from puntual.receivables.models import Entry, Installment
from puntual.receivables.postings import lock

State = Plan.State
DAYS: Final = 90
"""So long after a plan's end a bank takes money back."""
_TAKEN_BACK: Final = """
    SELECT DISTINCT p.id
    FROM agreements_plan p
    JOIN agreements_planitem i ON i.organization_id = %(organization)s AND i.plan_id = p.id
    JOIN receivables_entry e ON e.organization_id = %(organization)s AND e.installment_id = i.installment_id
    WHERE p.organization_id = %(organization)s AND p.state = 'completed' AND p.ended_on >= %(today)s - %(days)s
      AND e.reverses_id IS NOT NULL AND e.kind = ANY(%(money)s) AND e.recorded_at >= p.ended_on
    ORDER BY p.id
"""


def reopen(by: Actor) -> list[UUID]:
    """Let go on every completed plan of which money was taken back; a discount given at its end is reversed. Which ones."""
    given: dict[str, Any] = {
        "organization": by.organization_id,
        "today": by.today,
        "days": DAYS,
        "money": sorted(MONEY),
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN_BACK, given)
        found = [plan for (plan,) in cursor.fetchall()]
    return [plan_id for plan_id in found if _reopened(by, plan_id)]


def _reopened(by: Actor, plan_id: UUID) -> bool:
    mine = {"organization_id": by.organization_id}
    plan = Plan.objects.select_for_update(no_key=True).get(**mine, id=plan_id)
    items = PlanItem.objects.filter(**mine, plan=plan)
    covered = list(lock(Installment.objects.filter(**mine, id__in=settled_by(plan))).values())
    elsewhere = PlanItem.objects.filter(**mine, installment__in=covered, held=True)
    if plan.state != State.COMPLETED or elsewhere.exists():
        return False
    if all(line.settled_on for line in standing(plan, by.today).lines):
        return False
    discounts = Entry.objects.filter(**mine, kind=Entry.Kind.DISCOUNT, source_id=plan.id, reverses=None)
    for entry in discounts.exclude(id__in=Entry.objects.filter(**mine, reverses__in=discounts).values("reverses_id")):
        reverse_entry(by, entry.id, why=plan.number)
    plan.state, plan.ended_on, plan.ended_why = State.ACTIVE, None, ""
    plan.save(update_fields=["state", "ended_on", "ended_why"])
    items.update(held=True)
    hold_covered(by, plan, covered)
    return True
