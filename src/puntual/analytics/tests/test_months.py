"""Months of the ledger, held against a naive walk through every entry."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from puntual.analytics.keeping import keep_months
from puntual.analytics.models import MonthEnd, MonthFlow, MonthKept
from puntual.analytics.months import BUCKETS, month_end, months_through, period, periods
from puntual.analytics.narrowing import Whose
from puntual.analytics.tests.conftest import Portfolio, invoice, pay
from puntual.kernel.aging import days_past_due
from puntual.parties.models import Customer
from puntual.receivables.models import Entry, Installment

SPANS = months_through(date(2026, 9, 15), 7)


def naive(portfolio: Portfolio, day: date) -> dict[str, list[Decimal]]:
    """What was open at the end of a day by currency and bucket, from nothing but the entries."""
    found: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * len(BUCKETS.names))
    for item in Installment.objects.all():
        entries = Entry.objects.filter(installment=item, account="receivable", effective_on__lte=day)
        open_then = sum((entry.amount for entry in entries), Decimal(0))
        if open_then:
            found[item.currency][BUCKETS.index(days_past_due(item.due_on, day))] += open_then
    return dict(found)


@pytest.mark.parametrize(
    "span", [*SPANS, (date(2026, 5, 1), date(2026, 5, 20)), (date(2026, 5, 20), date(2026, 6, 12))]
)
def test_both_ends_are_what_the_entries_say(portfolio: Portfolio, span: tuple[date, date]) -> None:
    first, last = span
    found = period(portfolio.organization_id, first, last)
    before, after = naive(portfolio, first - timedelta(days=1)), naive(portfolio, last)
    for currency, one in found.items():
        nothing = [Decimal(0)] * len(BUCKETS.names)
        assert one.began == before.get(currency, nothing), currency
        assert one.ended == after.get(currency, nothing), currency
        assert one.end - one.begin == sum(one.flows.values()), "what moved lies between the ends"
        assert sum(one.moves.values()) == one.begin, "everything that was open became something"
    assert set(before) | set(after) <= set(found)


def test_what_became_of_it_is_told_apart(portfolio: Portfolio) -> None:
    """August: F1's last part (50.50, due 31 May) is written off; nothing else moves in soles."""
    august = period(portfolio.organization_id, date(2026, 8, 1), date(2026, 8, 31))["PEN"]
    assert august.moves[3, "written_off"] == Decimal("50.50")
    assert august.sales == Decimal("-50.50"), "what was written off is no sale any more"
    assert not any(moved for (_bucket, became), moved in august.moves.items() if became == "paid")


def test_customers_back_to_current_are_counted(portfolio: Portfolio) -> None:
    """May in Chile: Aguas Claras is late from the 5th, so not before May, and pays on the 20th."""
    may = period(portfolio.organization_id, date(2026, 5, 1), date(2026, 5, 31))
    assert (may["CLP"].delinquent, may["CLP"].cured) == (0, 0)
    rest = period(portfolio.organization_id, date(2026, 5, 10), date(2026, 5, 31))
    assert (rest["CLP"].delinquent, rest["CLP"].cured) == (1, 1)


def test_kept_months_say_the_same_as_those_worked_out(portfolio: Portfolio) -> None:
    asked = {"organization_id": portfolio.organization_id, "spans": SPANS}
    fresh = periods(**asked)
    by = portfolio.by(date(2026, 9, 15))
    assert keep_months(by) == 6
    assert MonthKept.objects.count() == 6 and MonthEnd.objects.exists() and MonthFlow.objects.exists()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        kept = periods(**asked)
    assert [
        {code: (one.ended, one.items, dict(one.flows), dict(one.moves)) for code, one in each.items()} for each in kept
    ] == [
        {code: (one.ended, one.items, dict(one.flows), dict(one.moves)) for code, one in each.items()} for each in fresh
    ]
    assert [(one.delinquent, one.cured) for each in kept for one in each.values()] == [
        (one.delinquent, one.cured) for each in fresh for one in each.values()
    ]
    assert len(queries) < 12, "only the month that still runs is worked out"
    other = portfolio.other.id
    assert [list(each) for each in periods(**asked, creditor=other)] == [
        list(period(portfolio.organization_id, *span, Whose(creditor=other))) for span in SPANS
    ]


def test_an_entry_that_reaches_back_has_its_months_worked_out_again(portfolio: Portfolio) -> None:
    by = portfolio.by(date(2026, 9, 15))
    keep_months(by)
    beto = Customer.objects.get(code="002", creditor=portfolio.main)
    invoice(by, beto, "F9", date(2026, 7, 20), (5, "333.00"))
    pay(by, beto, "P9", date(2026, 9, 10), "10.00")
    assert keep_months(by) >= 2, "July and August"
    found = periods(portfolio.organization_id, [(date(2026, 7, 1), month_end(date(2026, 7, 1)))])[0]["PEN"]
    assert found.ended == naive(portfolio, date(2026, 7, 31))["PEN"]
