"""Every figure of every report leads to rows, and those add up to it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from puntual.agreements.models import Plan, PlanPart, Promise
from puntual.analytics import reports
from puntual.analytics.alerts.kinds import Kind
from puntual.analytics.alerts.models import Alert
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
from puntual.kernel.ids import uuid7
from puntual.outreach.models import Activity
from puntual.parties.credit.actions import keep_limit
from puntual.parties.models import Customer
from puntual.receivables.models import Installment
from puntual.strategies.credit.actions import activate_policy, apply_for_credit, make_policy_draft
from puntual.strategies.models import StoredSegment

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
    "forecast-days": {"low", "high"},
    "credit-limits": {"used_percent"},
}
"""Worked out of the other figures of the same row (or, the last three, of the rows of their one counted figure)."""
ONCE = {"forecast", "forecast-days", "effectiveness", "promises", "agreements", "disputes", "calibration"}
"""Asked for the last days only: nothing of theirs happened before."""
NOT_NUMBERS = {"alerts", "letter"}
"""Whose figures stand in sentences, or as they were when they were written: they have tests of their own."""


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
    _credit(portfolio, ana, beto, who)
    _alerts(portfolio, ana)
    rates = (("USD", "3.75"), ("CLP", "0.0039"), ("EUR", "4.1"))
    record_exchange_rates(by, [Given(date(2026, 9, 29), base, "PEN", Decimal(rate), "SBS") for base, rate in rates])
    keep_months(portfolio.by(date(2026, 9, 2)))
    keep_forecast(portfolio.by(DAY))
    return portfolio


def _credit(portfolio: Portfolio, ana: Customer, beto: Customer, who: Customer) -> None:
    """Limits that are passed, free and not used at all, one of them known late, and an application."""
    early, late = portfolio.by(date(2026, 4, 1)), portfolio.by(date(2026, 9, 1))
    for one, currency, amount in ((ana, "USD", 500), (beto, "PEN", 5000), (ana, "PEN", 10), (ana, "EUR", 100)):
        keep_limit(early, one.id, currency=currency, amount=Decimal(amount), reason="All")
    keep_limit(replace(late, today=date(2026, 6, 1)), who.id, currency="PEN", amount=Decimal(70), reason="All")
    activate_policy(late, make_policy_draft(late, name="Credit", currency="PEN").id)
    apply_for_credit(late, beto.id, currency="PEN", limit=Decimal(7000), terms_days=None, asked_by="Beto")


def _alerts(portfolio: Portfolio, ana: Customer) -> None:
    """Alerts of a customer and of a creditor; one was judged, one overtaken, one is closed only later."""
    ends = (("acted", "2026-09-20"), ("overtaken", "2026-09-12"), ("false_alarm", "2026-10-02"), ("", None))
    for place, (outcome, closed) in enumerate(ends):
        Alert.objects.create(
            organization_id=portfolio.organization_id,
            kind=Kind.CREDITOR if place == 3 else Kind.LATER,
            creditor=portfolio.main,
            customer=None if place == 3 else ana,
            subject=str(place),
            raised_on=date(2026, 9, 1 + place),
            facts={"now": 9, "usual": 1} if place < 3 else {"late": 4, "customers": 9, "now": 44, "usual": 10},
            state="closed" if closed else "open",
            outcome=outcome,
            closed_on=closed,
            closed_at=portfolio.by(DAY).now if closed else None,
        )


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
    assert set(FIGURES) | SELF_EVIDENT >= set(reports.REPORTS), "a report without rows behind its figures"
    main = whose(busy.organization_id, DAY, creditor=busy.main.id, country="PE")
    now = Question(DAY)
    asked = (replace(now, as_of=date(2026, 8, 10), since=date(2026, 5, 3)), replace(now, whose=main))
    known = (
        replace(now, since=date(2026, 5, 1), known_on=date(2026, 8, 19)),
        replace(now, as_of=date(2026, 7, 1), since=date(2026, 3, 1), known_on=date(2026, 5, 10)),
    )
    together = (replace(now, since=date(2026, 5, 1), into=Into(busy.organization_id, "PEN", DAY)),)
    tried: dict[str, int] = {}
    for name in (name for name in FIGURES if name not in NOT_NUMBERS):
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
                tolerance = Decimal("0.005") if name.startswith("forecast") and figure.column == "expected" else 0
                assert abs(rows.total() - value) <= tolerance, (name, figure, value, rows.total())
                assert rows.counts == (kind == "count"), (name, figure.column)
                tried[name] = tried.get(name, 0) + 1
    assert min(tried.values()) >= 2, tried


def test_alerts_raised_and_judged_are_the_rows_behind_their_counts(busy: Portfolio) -> None:
    for since, expected in ((None, {"creditor": (1, 0), "later": (3, 1)}), (date(2026, 9, 3), {"later": (1, 0)})):
        found = reports.build("alerts", busy.organization_id, DAY, since=since)
        for total in found.totals:
            key = row_key("alerts", found, total, total=True)
            kind = found.facts["kinds"][key["kind"]]
            for column, counted in (("says", "raised"), ("outcome_words", "judged")):
                assert leads("alerts", column, key, DAY, total=True) and not leads("alerts", column, key, DAY)
                rows = behind("alerts", Figure(busy.organization_id, Question(DAY, since), column, key))
                assert rows.total() == len(list(rows.all())) == kind[counted]
            if key["kind"] in expected:
                assert (kind["raised"], kind["judged"]) == expected[key["kind"]]
    _alerts_narrowed(busy)
    details = {
        line.detail
        for line in behind("alerts", Figure(busy.organization_id, Question(DAY), "says", {"kind": "later"})).all()
    }
    assert details == {"acted", "overtaken", ""}


def _alerts_narrowed(busy: Portfolio) -> None:
    """What narrows the report narrows the rows behind its figures; what is of a creditor's customers together is nobody's."""
    StoredSegment.objects.create(
        organization_id=busy.organization_id,
        code="peru",
        name="Peru",
        conditions=[{"field": "country", "operator": "is", "value": ["PE"]}],
        position=1,
    )
    for narrowed, expected in (
        ({"creditor": busy.main.id}, {"creditor": 1, "later": 3}),
        ({"segment": "peru"}, {"later": 3}),
        ({"country": "PE"}, {"later": 3}),
        ({"country": "CL"}, {}),
        ({"collector": uuid7()}, {}),
    ):
        asked = whose(busy.organization_id, DAY, **narrowed)
        found = reports.build("alerts", busy.organization_id, DAY, whose=asked)
        kinds = {kind: one["raised"] for kind, one in found.facts["kinds"].items()}
        assert kinds == expected, narrowed
        assert Counter(row[1] for row in found.rows) == kinds, narrowed
        for kind in ("creditor", "later"):
            figure = Figure(busy.organization_id, Question(DAY, whose=asked), "says", {"kind": kind})
            assert behind("alerts", figure).total() == expected.get(kind, 0), narrowed


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
