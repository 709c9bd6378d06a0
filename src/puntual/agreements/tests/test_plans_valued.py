"""Valuing all plans at once comes to what a naive checker, day by day and plan by plan, says of random histories."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from django.db import transaction

from puntual.agreements.models import Plan, PlanItem, PlanPart
from puntual.agreements.plans.queries import standing
from puntual.agreements.tests.plans import Planned
from puntual.kernel.calendars import BusinessCalendar
from puntual.kernel.problems import Problem
from puntual.payments.actions import reverse_payment
from puntual.payments.models import Payment
from puntual.receivables.actions import apply_credit_note, close_outside, issue_credit_note, take_adjustment, write_off
from puntual.receivables.models import Entry, Installment

LIMA = BusinessCalendar("PE")
PAYS = {"payment", "recovery", "deduction", "discount", "adjustment"}
SHORTENS = {"credit_note", "cancellation", "waiver", "closed_outside"}
DAY = timedelta(days=1)


class Checker:
    """What a plan's parts should be, by looking at every day since the first entry, and at nothing that `valuing` keeps."""

    def __init__(self, planned: Planned, plan: Plan, bank: date) -> None:
        self.plan, self.bank, self.today = plan, bank, planned.by.today
        mine = {"organization_id": planned.books.org}
        items = list(PlanItem.objects.filter(**mine, plan=plan))
        charges = [part.charge_id for part in planned.parts(plan) if part.charge_id]
        covered = [item.installment_id for item in items]
        covered += list(Installment.objects.filter(**mine, invoice_id__in=charges).values_list("id", flat=True))
        self.entries = [
            entry
            for entry in Entry.objects.filter(**mine, installment_id__in=covered)
            if not (entry.kind == "discount" and entry.source_id == plan.id)
        ]
        self.paid_before = sum(item.paid_before for item in items)
        self.relieved_before = sum(item.relieved_before for item in items)

    def moved(self, kinds: set[str], until: date) -> Decimal:
        return -sum((e.amount for e in self.entries if e.kind in kinds and e.effective_on <= until), Decimal(0))

    def money(self, until: date) -> Decimal:
        return self.moved(PAYS, until) - self.paid_before

    def expected(self, parts: list[PlanPart]) -> list[tuple[object, ...]]:
        relieved = self.moved(SHORTENS, self.today) - self.relieved_before
        whole, before, found = sum(part.amount for part in parts), Decimal(0), []
        first = min([entry.effective_on for entry in self.entries] + [self.today])
        days = [first + DAY * n for n in range((self.today - first).days + 1)]
        for part in parts:
            owed = min(before + part.amount, whole - relieved)
            settled = None
            for day in reversed(days):
                if self.money(day) < owed:
                    break
                settled = day
            if settled and not any(e.effective_on <= settled and e.kind in PAYS | SHORTENS for e in self.entries):
                settled = None  # nothing ever moved
            deadline = LIMA.add_business_days(part.due_on, self.plan.grace_days)
            judged = deadline < self.today and deadline <= self.bank
            missed = deadline if judged and (settled is None or settled > deadline) else None
            state = "paid" if settled else "missed" if missed else "due"
            paid = max(Decimal(0), min(part.amount, self.money(self.today) - before))
            found.append((state, paid, max(settled, self.plan.agreed_on) if settled else None, missed))
            before += part.amount
        return found


def found(planned: Planned, plan: Plan) -> list[tuple[object, ...]]:
    return [(part.state, part.paid, part.paid_on, part.missed_on) for part in planned.parts(plan)]


def something(planned: Planned, random: Random, plan: Plan, payments: list[Payment]) -> None:
    """Money, or less of a debt, or money taken back: whatever may happen between two days."""
    items = [
        one.installment for one in PlanItem.objects.filter(plan=plan).select_related("installment__invoice__customer")
    ]
    item, on = random.choice(items), planned.by.today - DAY * random.choice([0, 0, 1, 4])
    amount = Decimal(random.choice(["50", "125", "250.01", "333.33"]))
    what = random.randrange(10)
    if what < 5:
        payments.append(planned.pay(item.customer, str(amount), item, on=on))
    elif what == 5 and payments:
        reverse_payment(planned.by, payments.pop(random.randrange(len(payments))).id, reason="Bounced")
    elif what == 6:
        note = issue_credit_note(
            planned.by,
            customer_id=item.customer_id,
            number=f"NC-{next(planned.numbers)}",
            issued_on=on,
            currency="PEN",
            amount=amount,
        )
        apply_credit_note(planned.by, note.id)
    elif what == 7:
        close_outside(planned.by, item.id, why="Gone", amount=Decimal(20))
    elif what == 8:
        take_adjustment(planned.by, item.id, kind="adjustment", amount=Decimal(1), memo="Rounding")
    elif what == 9:
        write_off(planned.by, item.id, why="Old", amount=Decimal(10))


@pytest.mark.parametrize("seed", range(3))
def test_as_a_naive_checker_says(planned: Planned, seed: int) -> None:
    random = Random(seed)
    plans: list[tuple[Plan, list[Payment]]] = []
    for _number in range(8):
        customer = planned.books.customer()
        items = [
            planned.books.item(customer, random.choice(["400", "600.50"]), late=random.randrange(60)) for _n in range(2)
        ]
        if random.random() < 0.5:
            planned.pay(customer, "77.70")
        wish = planned.wish(
            random.choice([1, 3, 5]),
            first=random.choice([3, 7, 10]),
            rhythm=random.choice(["weekly", "fortnightly"]),
            yearly_percent=random.choice([0, 24]),
            down=random.choice([0, 100]),
            discount=random.choice([0, 0, 150]),
        )
        plans.append((planned.active(items, wish), []))
    for _step in range(7):
        bank = planned.by.today + DAY * random.choice([3, 6])
        planned.to(planned.by.today + DAY * random.choice([4, 7]), bank=bank)
        for plan, payments in plans:
            if planned.again(plan).state == "active" and random.random() < 0.7:
                try:
                    with transaction.atomic():
                        something(planned, random, plan, payments)
                except Problem:
                    continue  # there was nothing left to take off
        live = [planned.again(plan) for plan, _payments in plans if planned.again(plan).state == "active"]
        wanted = {plan.id: Checker(planned, plan, bank).expected(planned.parts(plan)) for plan in live}
        planned.value()
        for plan in live:
            assert found(planned, plan) == wanted[plan.id]
            ended = planned.again(plan).state
            states = [state for state, *_rest in wanted[plan.id]]
            misses = sum(missed is not None for *_rest, missed in wanted[plan.id])
            if set(states) == {"paid"}:
                assert ended == "completed"
            elif misses > plan.misses_allowed and "missed" in states:
                assert ended == "broken"
            else:
                assert ended in ("active", "completed")  # completed early, its interest let go
            if ended == "active":
                lines = standing(plan, planned.by.today).lines
                assert [(line.paid, bool(line.settled_on)) for line in lines] == [
                    (part.paid, part.state == "paid") for part in planned.parts(plan)
                ]
        planned.check()
