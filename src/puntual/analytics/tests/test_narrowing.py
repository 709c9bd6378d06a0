"""Figures of some customers only, and as known on a day: held against a naive walk through every entry."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest

from puntual.analytics import reports
from puntual.analytics.months import SALES, Period, month_end, months_through, period
from puntual.analytics.narrowing import EVERYBODY, Whose, whose
from puntual.analytics.series import Month, series
from puntual.analytics.tests.conftest import Portfolio
from puntual.kernel.problems import Problem
from puntual.parties.models import Customer, Party
from puntual.receivables.models import Entry
from puntual.strategies.models import StoredSegment

DAY = date(2026, 9, 15)
SPANS = months_through(DAY, 7)
KNOWN = date(2026, 5, 10)


def naive(portfolio: Portfolio, codes: set[str], known_on: date | None = None) -> dict[str, list[Month]]:
    """Each month from nothing but the entries of those customers."""
    found: dict[str, list[Month]] = defaultdict(lambda: [Month(*span) for span in SPANS])
    late: dict[tuple[str, object], list[tuple[Decimal, Decimal]]] = {}
    entries = Entry.objects.filter(account="receivable").select_related("installment")
    for entry in entries.filter(installment__customer__code__in=codes):
        item = entry.installment
        if known_on and entry.recorded_at.date() > known_on + timedelta(days=1):  # half past two in the morning in UTC
            continue
        overdue = late.setdefault((item.currency, item.customer_id), [(Decimal(0), Decimal(0))] * len(SPANS))
        for place, month in enumerate(found[item.currency]):
            before, after = overdue[place]
            if entry.effective_on < month.first:
                month.begin += entry.amount
                before += entry.amount if item.due_on < month.first - timedelta(days=1) else 0
            if entry.effective_on <= month.last:
                month.end += entry.amount
                month.not_due += entry.amount if item.due_on >= month.last else 0
                after += entry.amount if item.due_on < month.last else 0
            if month.first <= entry.effective_on <= month.last and entry.kind in SALES:
                month.sales += entry.amount
            overdue[place] = (before, after)
    for (currency, _customer), overdue in late.items():
        for month, (before, after) in zip(found[currency], overdue, strict=True):
            month.delinquent += before > 0
            month.cured += before > 0 >= after
    return {currency: found[currency] for currency in sorted(found)}


@pytest.fixture
def chile(portfolio: Portfolio) -> None:
    """Aguas Claras is in Chile, looked after by nobody; the others are in Peru."""
    Party.objects.filter(name="Aguas Claras").update(country="CL")


def test_in_one_reading_months_are_what_the_entries_say(portfolio: Portfolio, chile: None) -> None:
    peru = whose(portfolio.organization_id, DAY, country="PE")
    everybody = series(portfolio.organization_id, SPANS, EVERYBODY)
    assert list(everybody) == ["CLP", "PEN", "USD"]
    found = series(portfolio.organization_id, SPANS, peru)
    assert found == {"PEN": everybody["PEN"], "USD": everybody["USD"]}
    codes = {"001", "002"}
    assert series(portfolio.organization_id, SPANS, EVERYBODY, DAY) == naive(portfolio, codes)


@pytest.mark.parametrize("known_on", [KNOWN, date(2026, 5, 14), date(2026, 7, 12), date(2026, 8, 20)])
def test_as_known_on_a_day(portfolio: Portfolio, known_on: date) -> None:
    found = series(portfolio.organization_id, SPANS, EVERYBODY, known_on)
    assert found == naive(portfolio, {"001", "002"}, known_on)
    for currency, months in found.items():
        for month in months:
            by_currency = period(portfolio.organization_id, month.first, month.last, known_on=known_on)
            one = by_currency.get(currency) or Period(month.first, month.last)
            assert (one.begin, one.end, one.not_due, one.sales) == (month.begin, month.end, month.not_due, month.sales)
            assert (one.delinquent, one.cured) == (month.delinquent, month.cured)
            assert sum(one.moves.values()) == one.begin


def test_a_segment_narrows_every_report_that_can_be(portfolio: Portfolio, chile: None) -> None:
    StoredSegment.objects.create(
        organization_id=portfolio.organization_id,
        code="chile",
        name="En Chile",
        conditions=[{"field": "country", "operator": "is", "value": ["CL"]}],
        position=1,
    )
    ours = whose(portfolio.organization_id, DAY, segment="chile")
    for name in reports.REPORTS:
        if "segment" in reports.filters_of(name):
            found = reports.build(name, portfolio.organization_id, DAY, whose=ours)
            assert {found.currency_of(row) for row in (*found.rows, *found.totals)} <= {"CLP", ""}, name
            assert found.asked == (("Segmento", "En Chile"),)
    aged = reports.build("aging", portfolio.organization_id, date(2026, 5, 10), whose=ours)
    assert [row[9] for row in aged.rows] == [Decimal(250000)]
    with pytest.raises(Problem, match="chile"):
        whose(portfolio.organization_id, DAY, segment="peru")


def test_a_collector_and_a_currency(portfolio: Portfolio, cast) -> None:
    Customer.objects.filter(name="Bodegas del Sur").update(owner=cast.owner)
    ours = whose(portfolio.organization_id, DAY, collector=cast.owner.id)
    assert [row[2] for row in reports.build("top-customers", portfolio.organization_id, DAY, whose=ours).rows] == [
        "002"
    ]
    dollars = Whose(currency="USD")
    for name in ("aging", "dso", "cure-rate", "provision", "behavior"):
        found = reports.build(name, portfolio.organization_id, DAY, whose=dollars)
        assert {found.currency_of(row) for row in (*found.rows, *found.totals)} == {"USD"}, name


def test_what_a_report_cannot_do_is_said(portfolio: Portfolio) -> None:
    with pytest.raises(Problem, match="currency"):
        reports.build("conduct", portfolio.organization_id, DAY, whose=Whose(currency="USD"))
    with pytest.raises(Problem, match="conduct"):
        reports.build("conduct", portfolio.organization_id, DAY, known_on=DAY)


def test_scores_are_of_their_day(portfolio: Portfolio) -> None:
    """On 10 May Aguas Claras owed all of its invoice, which it has paid since."""
    for day in (date(2026, 5, 10), month_end(date(2026, 6, 1))):
        open_then = {
            (row[0], row[1], row[3]): row[-2] for row in reports.build("behavior", portfolio.organization_id, day).rows
        }
        aged = reports.build("aging", portfolio.organization_id, day).rows
        assert open_then == {(row[0], row[1], row[3]): row[9] for row in aged if row[9]}
