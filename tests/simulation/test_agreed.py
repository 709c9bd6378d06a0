"""Seeded months in which customers promise, keep and break, and pay by plans: what is said beside the steps is judged as well.

The naive checker of conduct counts every notice as the contact it is; here is judged, by arithmetic of its own, that each is said
once, on its days and about something that was so.
"""

from collections import defaultdict
from datetime import date, timedelta
from random import Random

import pytest

from puntual.agreements.models import Plan, PlanPart, Promise
from puntual.agreements.plans.actions import Yes, agree_plan
from puntual.agreements.plans.schedule import Wish
from puntual.agreements.promises.actions import promise
from puntual.kernel.problems import Problem
from puntual.outreach.models import Activity
from puntual.receivables.models import Entry, Installment
from puntual.strategies.notices import OCCASIONS
from tests.simulation.test_months import Months

_DAY = timedelta(days=1)


class Agreed(Months):
    """Months with promises and plans, some of which are kept."""

    def __init__(self, start: date, seed: int, customers: int) -> None:
        super().__init__(start, seed, customers)
        self.dice = Random(seed + 1)

    def happen(self) -> None:
        super().happen()
        with self.inside():
            late = list(
                Installment.objects.filter(open_amount__gt=0, due_on__lt=self.day)
                .select_related("customer")
                .order_by("id")
            )
            due = list(Promise.objects.filter(state="open", promised_for=self.day).select_related("customer"))
            parts = list(
                PlanPart.objects.filter(plan__state="active", due_on=self.day).select_related("plan__customer")
            )
        for one in due:
            if self.dice.random() < 0.6:
                self.pay(one.customer, str(one.amount), one.currency)
        for part in parts:
            if self.dice.random() < 0.7:
                self.pay(part.plan.customer, str(part.amount), part.plan.currency)
        if late and self.dice.random() < 0.7:
            self._agree(self.dice.choice(late))

    def _agree(self, item: Installment) -> None:
        later = self.day + timedelta(days=self.dice.randint(2, 9))
        try:
            with self.inside():
                if self.dice.random() < 0.6:
                    promise(self.by(), item.customer_id, currency=item.currency, promised_for=later, item_ids=[item.id])
                else:
                    wish = Wish(self.dice.randint(2, 3), later, self.day, rhythm="weekly")
                    agree_plan(self.by(), item.customer_id, [item.id], wish, yes=Yes("by_phone", "Elvira", "llamada"))
        except Problem:
            return  # it is in an agreement already

    def judge(self) -> dict[str, int]:
        """What was said beside the steps, by kind; nothing twice, nothing at the wrong time."""
        with self.inside():
            said = list(Activity.objects.filter(state="sent", step__in=OCCASIONS).order_by("settled_at"))
            promises = {one.id: one for one in Promise.objects.all()}
            parts = {one.id: one for one in PlanPart.objects.select_related("plan")}
            plans = {one.id: one for one in Plan.objects.all()}
        once: set[tuple[object, ...]] = set()
        thanked: dict[object, date] = {}
        counted: dict[str, int] = defaultdict(int)
        for one in said:
            key = (one.customer_id, one.step, one.lead_id, one.due_generation)
            assert key not in once, f"said twice: {key}"
            once.add(key)
            counted[one.step] += 1
            assert not one.items and one.tone in ("courteous", "friendly")
            match one.step:
                case "promise_reminder":
                    about = promises[one.lead_id]
                    assert about.made_on < one.day < about.promised_for
                case "plan_due":
                    assert timedelta(0) <= parts[one.lead_id].due_on - one.day <= 3 * _DAY
                case "plan_missed":
                    assert one.day > parts[one.lead_id].due_on
                case "plan_broken" | "plan_completed":
                    assert plans[one.lead_id].state == one.step.removeprefix("plan_")
                case "thank_you":
                    before = thanked.get(one.customer_id)
                    assert before is None or (one.day - before).days >= 30
                    thanked[one.customer_id] = one.day
                    if one.lead_id == one.customer_id:
                        assert self._late(one) == 0, "thanked for having paid all while something was late"
        return dict(counted)

    def _late(self, one: Activity) -> int:
        """How many of the customer's items were late and open that day, from the entries alone."""
        with self.inside():
            items = Installment.objects.filter(customer_id=one.customer_id, due_on__lt=one.day)
            late = 0
            for item in items:
                entries = Entry.objects.filter(installment=item, account="receivable", effective_on__lte=one.day)
                left = sum(entry.amount for entry in entries if entry.recorded_at <= one.settled_at)
                late += left > item.expected_deduction
            return late


@pytest.mark.parametrize("seed", [21])
def test_weeks_with_agreements(transactional_db: None, seed: int) -> None:
    months = Agreed(date(2026, 3, 26), seed, customers=10)
    months.go_on(32)
    months.check()
    counted = months.judge()
    assert {"promise_reminder", "plan_due", "thank_you"} <= counted.keys(), f"seed {seed}: too quiet: {counted}"


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(200, 203))
def test_a_quarter_with_agreements(transactional_db: None, seed: int) -> None:
    months = Agreed(date(2026, 2, 2), seed, customers=20)
    months.go_on(90)
    months.check()
    assert sum(months.judge().values()) > 20
