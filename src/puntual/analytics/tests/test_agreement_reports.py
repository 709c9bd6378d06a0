"""Promises and plans by month."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils import translation

from puntual.agreements.models import Plan, PlanPart, Promise
from puntual.analytics import reports
from puntual.analytics.tests.conftest import Portfolio
from puntual.parties.models import Customer

DAY = date(2026, 9, 30)


def promise(
    portfolio: Portfolio, promised_for: date, amount: str, state: str, paid: str = "0", currency: str = "PEN"
) -> None:
    beto = Customer.objects.get(code="002", creditor=portfolio.main)
    Promise.objects.create(
        organization_id=portfolio.organization_id,
        creditor=portfolio.main,
        customer=beto,
        currency=currency,
        amount=Decimal(amount),
        promised_for=promised_for,
        made_on=promised_for - timedelta(days=3),
        state=state,
        paid=Decimal(paid),
        ended_on=None if state == "open" else promised_for,
        recorded_at=portfolio.by(DAY).now,
        recorded_by="Ana",
    )


def test_promises_are_counted_in_the_month_they_were_due_in(portfolio: Portfolio) -> None:
    promise(portfolio, date(2026, 8, 31), "100", "kept", "100")
    promise(portfolio, date(2026, 9, 1), "200", "kept", "200")
    promise(portfolio, date(2026, 9, 8), "200", "partly_kept", "50")
    promise(portfolio, date(2026, 9, 15), "80", "broken")
    promise(portfolio, date(2026, 9, 29), "40", "open")
    promise(portfolio, date(2026, 9, 20), "999", "replaced")
    promise(portfolio, date(2026, 9, 2), "10", "kept", "10", "USD")
    with translation.override("en"):
        found = reports.build("promises", portfolio.organization_id, DAY)
        rows = {(row[0], row[1]): row[2:] for row in found.rows}
    assert rows["2026-08", "PEN"] == (1, 1, 0, 0, 0, 100, 100, 100)
    third = Decimal(100) / 3
    assert rows["2026-09", "PEN"] == (3, 1, 1, 1, 1, third, 520, 250)
    assert rows["2026-09", "USD"][0] == 1
    assert [total[2:] for total in found.totals] == [(4, 2, 1, 1, 1, 50, 620, 350), (1, 1, 0, 0, 0, 100, 10, 10)]
    assert not list(reports.build("promises", portfolio.organization_id, DAY, creditor=portfolio.other.id).rows)


def test_plans_are_counted_by_what_became_of_them(portfolio: Portfolio) -> None:
    beto = Customer.objects.get(code="002", creditor=portfolio.main)
    now = portfolio.by(DAY).now
    for number, state in enumerate(("active", "completed", "broken", "expired", "replanned")):
        ended = None if state == "active" else DAY
        plan = Plan.objects.create(
            organization_id=portfolio.organization_id,
            creditor=portfolio.main,
            customer=beto,
            number=f"PP-{number}",
            state=state,
            currency="PEN",
            principal=Decimal(100),
            agreed_on=date(2026, 9, 3),
            accepted_at=None if state == "expired" else now,
            ended_on=ended,
            recorded_at=now,
            recorded_by="Ana",
        )
        paid = {"state": "paid", "paid_on": DAY} if state == "completed" else {}
        PlanPart.objects.create(
            organization_id=portfolio.organization_id,
            plan=plan,
            position=1,
            due_on=DAY,
            principal=Decimal(100),
            amount=Decimal(100),
            paid=Decimal(100) if state == "completed" else Decimal(0),
            **paid,
        )
    found = reports.build("agreements", portfolio.organization_id, DAY)
    (row,) = found.rows
    assert row[2:] == ("PEN", 5, 1, 1, 1, 1, 1, 50, 500, 100, "plan")
