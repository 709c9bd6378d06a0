"""What was kept open at the end of the ladder comes up again on its day."""

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from django.db.models import Max

from puntual.audit.actions import Actor, action
from puntual.organizations.queries import members_of
from puntual.outreach.models import Activity
from puntual.placements.models import KeptOpen, Placement
from puntual.receivables.models import Installment
from puntual.tenancy.scope import acting_for

State = Activity.State
KEPT_OPEN = "kept_open"
"""Why a decision stands on the list once more."""
_BATCH = 1000

Chain = tuple[UUID, UUID | None, str, int]
"""Of what an activity is the attempt: customer, lead item, step, generation of its due date."""


def raise_reviews(by: Actor) -> int:
    """Put the decisions whose day has come on the list again, with what is still open; returns how many.

    Where nothing is open any more, or it was placed with others meanwhile, there is nothing to decide. A second time the same
    day nothing changes.
    """
    raised = 0
    while True:
        with acting_for(by.organization_id):
            due = KeptOpen.objects.filter(organization_id=by.organization_id, reviewed_on=None, review_on__lte=by.today)
            batch = list(due.select_for_update(skip_locked=True).order_by("review_on", "id")[:_BATCH])
            if not batch:
                return raised
            with action(by, "outreach.raise_reviews", kept=len(batch)) as log:
                made = Activity.objects.bulk_create(_again(by, batch))
                KeptOpen.objects.filter(organization_id=by.organization_id, pk__in=[one.pk for one in batch]).update(
                    reviewed_on=by.today
                )
                log.say(raised=len(made))
                raised += len(made)


def _again(by: Actor, batch: list[KeptOpen]) -> list[Activity]:
    """The tasks as they were, one attempt later, with what is open today."""
    org = by.organization_id
    tasks = Activity.objects.filter(organization_id=org, pk__in=[one.source_id for one in batch]).in_bulk()
    placed = set(
        Placement.objects.filter(
            organization_id=org, customer__in=[one.customer_id for one in batch], recalled_on=None
        ).values_list("customer_id", flat=True)
    )
    items = {key for one in batch for key in one.items}
    rows = Installment.objects.filter(organization_id=org, id__in=items, open_amount__gt=0).order_by("due_on", "id")
    still = {key: (currency, amount) for key, currency, amount in rows.values_list("id", "currency", "open_amount")}
    attempts = _attempts(org, tasks.values())
    members = {one.user_id for one in members_of(org, by.today)}
    found = []
    for one in batch:
        task, left = tasks.get(one.source_id), [key for key in still if key in set(one.items)]
        if task is None or not left or one.customer_id in placed:
            continue
        chain = _chain(task)
        attempts[chain] += 1
        task.pk, task._state.adding = Activity._meta.pk.get_default(), True
        task.day, task.created_at, task.attempt = by.today, by.now, attempts[chain]
        task.items, task.demand = left, _sums(still[key] for key in left)
        if task.lead_days is not None:
            task.lead_days += (by.today - one.kept_on).days
        task.state, task.result, task.settled_at, task.note = State.TO_DO, "", None, ""
        if task.assigned_to not in members:  # who decided then has left
            task.assigned_to = None
        task.not_before = task.not_after = task.lapses_at = None
        task.why = {"code": KEPT_OPEN, "params": {"day": one.kept_on.isoformat(), "name": one.kept_by, "said": one.why}}
        found.append(task)
    return found


def _attempts(organization_id: UUID, tasks: Iterable[Activity]) -> dict[Chain, int]:
    """How often each was tried or to be tried."""
    rows = Activity.objects.filter(organization_id=organization_id, customer__in={one.customer_id for one in tasks})
    rows = rows.filter(step__in={one.step for one in tasks}).order_by()
    counted = rows.values_list("customer_id", "lead_id", "step", "due_generation").annotate(Max("attempt"))
    return {(customer, lead, step, due): attempt for customer, lead, step, due, attempt in counted}


def _chain(task: Activity) -> Chain:
    return task.customer_id, task.lead_id, task.step, task.due_generation


def _sums(amounts: Iterable[tuple[str, Decimal]]) -> dict[str, str]:
    sums: dict[str, Decimal] = {}
    for currency, amount in amounts:
        sums[currency] = sums.get(currency, Decimal(0)) + amount
    return {currency: str(amount) for currency, amount in sorted(sums.items())}
