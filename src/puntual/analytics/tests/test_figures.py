"""Every figure of every report leads to rows, and those add up to it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from puntual.agreements.models import Plan, PlanPart, Promise
from puntual.analytics import reports
from puntual.analytics.figures.catalog import FIGURES, behind, leads, row_key
from puntual.analytics.figures.lines import Figure
from puntual.analytics.forecasts import keep_forecast
from puntual.analytics.keeping import keep_months
from puntual.analytics.narrowing import whose
from puntual.analytics.rates.actions import Given, record_exchange_rates
from puntual.analytics.rates.queries import Into
from puntual.analytics.tables import NUMBERS, Question
from puntual.analytics.tests.conftest import Portfolio, customer, invoice, pay
from puntual.disputes.models import Dispute
from puntual.outreach.models import Activity
from puntual.parties.models import Customer
from puntual.receivables.models import Installment

DAY = date(2026, 9, 30)
SELF_EVIDENT = {"conduct", "fairness"}
"""Reports whose every row is one contact or one agreement."""
DERIVED = {
    "top-customers": {"place", "share", "running"},
    "concentration": {"top_1", "top_5", "top_10", "top_20", "top_50", "index"},
    "provision": {"loss_rate"},
    "dso": {"dso", "dso_countback", "best_possible", "days_delinquent"},
    "cei": {"cei"},
    "roll-rates": {"roll_rate"},
    "cure-rate": {"cure_rate"},
    "effectiveness": {"answered_share", "paid_share"},
    "promises": {"kept_rate"},
    "agreements": {"completed_rate"},
    "disputes": {"days"},
    "behavior": {"usual_days", "low_days", "high_days", "late", "trend"},
    "scores": {"chance", "expected_days", "low_days", "high_days", "at_risk"},
    "calibration": {"late", "error", "brier", "naive"},
    "forecast": {"low", "high"},
}
"""Worked out of the other figures of the same row (or, the last three, of the rows of their one counted figure)."""
ONCE = {"forecast", "effectiveness", "promises", "agreements", "disputes", "calibration"}
"""Asked for the last days only: nothing of theirs happened before."""
LATER = {"alerts", "letter", "credit-limits"}
"""Whose rows lead to their own pages."""


@pytest.fixture
def busy(portfolio: Portfolio) -> Portfolio:
    """The portfolio with a past, and contacts, promises, a plan and a dispute."""
    ana = Customer.objects.get(code="001", creditor=portfolio.main)
    beto = Customer.objects.get(code="002")
    by = portfolio.by(DAY)
    mine = {"organization_id": portfolio.organization_id}
    who = customer(portfolio.by(date(2026, 9, 1)), portfolio.main, "003", "Carpintería Luna")
    for number, (issued, late) in enumerate((("2026-07-01", 3), ("2026-08-01", -2), ("2026-09-01", 9))):
        day = date.fromisoformat(issued)
        item = Installment.objects.get(invoice=invoice(portfolio.by(day), who, f"L{number}", day, (5, "100.00")))
        Activity.objects.create(
            **mine,
            customer_id=who.id,
            day=item.due_on,
            channel=("email", "call")[number % 2],
            tone="friendly",
            step="friendly",
            state="sent",
            lead_id=item.id,
            items=[item.id],
            created_at=portfolio.by(day).now,
            settled_at=portfolio.by(day).now,
        )
        paid_on = item.due_on + timedelta(days=late)
        pay(portfolio.by(paid_on), who, f"L{number}", paid_on, "100.00" if number else "60.00")
    for number, (state, paid) in enumerate((("kept", 100), ("partly_kept", 40), ("broken", 0), ("open", 0))):
        Promise.objects.create(
            **mine,
            creditor=portfolio.main,
            customer=beto,
            currency="PEN",
            amount=Decimal(100),
            promised_for=date(2026, 8, 27) + timedelta(days=5 * number),
            made_on=date(2026, 8, 20),
            state=state,
            paid=Decimal(paid),
            ended_on=None if state == "open" else DAY,
            recorded_at=by.now,
            recorded_by="Ana",
        )
    plan = Plan.objects.create(
        **mine,
        creditor=portfolio.main,
        customer=beto,
        number="PP-1",
        state="active",
        currency="PEN",
        principal=Decimal(100),
        agreed_on=date(2026, 9, 3),
        accepted_at=by.now,
        recorded_at=by.now,
        recorded_by="Ana",
    )
    PlanPart.objects.create(
        **mine, plan=plan, position=1, due_on=DAY, principal=Decimal(100), amount=Decimal(100), paid=Decimal(30)
    )
    owed = Installment.objects.get(invoice__number="F2", customer=ana)
    Dispute.objects.create(
        **mine,
        creditor=portfolio.main,
        customer=ana,
        invoice_id=owed.invoice_id,
        currency="USD",
        amount=Decimal(70),
        reason="price",
        opened_on=date(2026, 9, 5),
        opened_at=by.now,
        deadline=date(2026, 9, 15),
    )
    rates = (("USD", "3.75"), ("CLP", "0.0039"), ("EUR", "4.1"))
    record_exchange_rates(by, [Given(date(2026, 9, 29), base, "PEN", Decimal(rate), "SBS") for base, rate in rates])
    keep_months(portfolio.by(date(2026, 9, 2)))
    keep_forecast(portfolio.by(DAY))
    return portfolio


def figures(name: str, question: Question, portfolio: Portfolio) -> Iterator[tuple[Figure, Decimal | int, str]]:
    """Every figure of a report: of its rows and of its totals."""
    asked = {"since": question.since, "known_on": question.known_on, "whose": question.whose}
    asked["into"] = question.into.currency if question.into else ""
    found = reports.build(name, portfolio.organization_id, question.as_of, **asked)
    rows = list(found.rows)
    assert rows, f"{name} has something to say"
    for total, lines in ((False, rows), (True, found.totals)):
        for line in lines:
            for place, column in enumerate(found.columns):
                if column.kind in NUMBERS and column.key not in DERIVED.get(name, ()) and line[place] is not None:
                    key = row_key(name, found, line, total=total)
                    yield Figure(portfolio.organization_id, question, column.key, key), line[place], column.kind


def test_the_rows_add_up_to_the_figure(busy: Portfolio) -> None:
    """Of every report: as it is, of a period in the past, narrowed to a country and, where there is that, as known earlier."""
    assert set(FIGURES) | SELF_EVIDENT | LATER >= set(reports.REPORTS), "a report without rows behind its figures"
    main = whose(busy.organization_id, DAY, creditor=busy.main.id, country="PE")
    now = Question(DAY)
    asked = (replace(now, as_of=date(2026, 8, 10), since=date(2026, 5, 3)), replace(now, whose=main))
    known = (
        replace(now, since=date(2026, 5, 1), known_on=date(2026, 8, 19)),
        replace(now, as_of=date(2026, 7, 1), since=date(2026, 3, 1), known_on=date(2026, 5, 10)),
    )
    together = (replace(now, since=date(2026, 5, 1), into=Into(busy.organization_id, "PEN", DAY)),)
    tried: dict[str, int] = {}
    for name in FIGURES:
        elsewhen = () if name in ONCE else asked
        elsewhen += known if name in reports.KNOWN else ()
        elsewhen += together if name in reports.TOGETHER else ()
        for question in (now, *elsewhen):
            for figure, value, kind in figures(name, question, busy):
                rows = behind(name, figure)
                if not leads(name, figure.column, figure.row, question.as_of):
                    assert rows is None
                    continue
                assert rows is not None, (name, figure.column)
                tolerance = Decimal("0.005") if name == "forecast" and figure.column == "expected" else 0
                assert abs(rows.total() - value) <= tolerance, (name, figure, value, rows.total())
                assert rows.counts == (kind == "count"), (name, figure.column)
                tried[name] = tried.get(name, 0) + 1
    assert min(tried.values()) >= 2, tried


def test_rows_come_a_page_at_a_time(busy: Portfolio) -> None:
    figure = Figure(busy.organization_id, Question(DAY), "total", {"currency": "PEN"})
    rows = behind("aging", figure)
    every = list(rows.all())
    assert len(every) > 3 and sum(line.amount for line in every) == rows.total()
    paged, after = [], None
    while page := rows.page(after, 2):
        paged += page
        after = (page[-1].day, page[-1].id)
    assert paged == every
