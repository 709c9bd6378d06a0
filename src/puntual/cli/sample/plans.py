"""What the sample's customers pay in parts: a plan now and then over what is late, most of its parts paid on their day."""

from datetime import timedelta
from decimal import Decimal
from random import Random

from puntual.agreements.actions import agree_plan
from puntual.agreements.models import Plan, PlanItem, PlanPart
from puntual.agreements.plans.actions import Yes
from puntual.agreements.plans.queries import UNDER_WAY, Line, settled_by, standing
from puntual.agreements.plans.schedule import Wish
from puntual.audit.actions import Actor
from puntual.kernel.problems import Problem
from puntual.payments.actions import Designation, record_payment
from puntual.receivables.models import Hold, Installment
from puntual.tenancy.scope import acting_for

_OFTEN = 0.5
"""How often somebody asks for it on a working day."""
_LATE = timedelta(days=20)


def agree_on_parts(by: Actor, random: Random) -> Plan | None:
    """Now and then a customer pays what is weeks late in parts, or in one with a discount; a few have not said yes yet."""
    if random.random() > _OFTEN:
        return None
    with acting_for(by.organization_id):
        planned = PlanItem.objects.filter(plan__state__in=UNDER_WAY).values("installment_id")
        held = Hold.objects.filter(released_on=None, installment__isnull=False).values("installment_id")
        late = Installment.objects.filter(open_amount__gt=0, due_on__lt=by.today - _LATE).exclude(id__in=planned)
        items = late.exclude(id__in=held).order_by("id")
        count = items.count()
        if not count:
            return None
        first = items[random.randrange(count)]
        mine = list(items.filter(customer_id=first.customer_id, currency=first.currency)[:3])
    settles = random.random() < 0.2
    wish = Wish(
        1 if settles else random.choice([2, 3, 4]),
        by.today + timedelta(days=random.choice([7, 10, 14])),
        by.today,
        rhythm="fortnightly",
        down_percent=Decimal(0 if settles else 30),
        discount_percent=Decimal(10 if settles else 0),
    )
    yes = Yes("by_phone", "La tesorera", "Llamada de hoy") if random.random() < 0.8 else None
    try:
        return agree_plan(by, first.customer_id, [item.id for item in mine], wish, yes=yes, asked_by="La tesorera")
    except Problem:
        return None


def _lines(part: PlanPart, by: Actor) -> tuple[Line, ...]:
    return standing(part.plan, by.today).lines


def pay_parts(by: Actor, random: Random) -> None:
    """Most parts are paid on their day, set against what the plan covers."""
    with acting_for(by.organization_id):
        due = list(
            PlanPart.objects.filter(plan__state=Plan.State.ACTIVE, state=PlanPart.State.DUE, due_on=by.today)
            .select_related("plan")
            .order_by("id")
        )
        asked = [(part, next(one.left for one in _lines(part, by) if one.part.id == part.id)) for part in due]
        items = {part.id: settled_by(part.plan) for part in due}
    for part, amount in asked:
        if amount and random.random() < 0.8:
            record_payment(
                by,
                customer_id=part.plan.customer_id,
                reference=f"{part.plan.number}/{part.position}",
                received_on=by.today,
                currency=part.plan.currency,
                amount=amount,
                designations=[Designation(item) for item in items[part.id]],
                oldest_first=False,
                memo=part.plan.number,
            )
