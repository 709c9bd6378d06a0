"""What is worked out from kept sums, held against the same from the items and entries: also after something was entered late."""

from datetime import date
from decimal import Decimal

import pytest

from puntual.analytics.keeping import keep_months
from puntual.analytics.months import CUSTOMERS, FLOWS, Period, month_end, months_through, period, periods, rows_of
from puntual.analytics.narrowing import EVERYBODY, Whose, whose
from puntual.analytics.queries import aging, aging_by_customer, largest
from puntual.analytics.reports import build
from puntual.analytics.risk import Weight, largest_of
from puntual.analytics.series import amounts, series
from puntual.analytics.tests.conftest import Portfolio, customer, invoice, pay
from puntual.parties.models import Customer

DAY = date(2026, 9, 15)
SPANS = [
    *months_through(DAY, 7),
    (date(2026, 4, 3), date(2026, 4, 3)),
    (date(2026, 5, 10), date(2026, 7, 12)),
    (date(2026, 3, 1), DAY),
]


def everything(found: dict[str, Period]) -> dict[str, object]:
    return {
        code: (one.began, one.ended, one.items, {key: moved for key, moved in one.moves.items() if moved})
        for code, one in found.items()
        if one.begin or one.end or one.items or any(one.moves.values())
    }


def from_the_items(portfolio: Portfolio, first: date, last: date, of: Whose) -> dict[str, object]:
    """The period by the statement that looks at every item."""
    made: dict[str, Period] = {}
    for row in rows_of(portfolio.organization_id, first, last, of, parts=("balances",)):
        one = made.setdefault(row.currency, Period(first, last))
        if row.what == "end":
            one.ended[row.bucket] += row.amount
            one.items += row.number
        else:
            one.moves[row.bucket, row.became] += row.amount
            one.began[row.bucket] += row.amount
    return everything(made)


def late_entries(portfolio: Portfolio) -> None:
    """Entered on 15 September, effective in July: an invoice, and money for it that came in August."""
    by = portfolio.by(DAY)
    beto = Customer.objects.get(code="002", creditor=portfolio.main)
    invoice(by, beto, "F9", date(2026, 7, 20), (5, "333.00"), (80, "44.00"))
    pay(by, beto, "P9", date(2026, 8, 10), "10.00")


def test_balances_from_sums_are_those_of_the_items(portfolio: Portfolio) -> None:
    peru = whose(portfolio.organization_id, DAY, country="PE")
    for entered in (lambda _portfolio: None, late_entries):
        entered(portfolio)
        for of in (EVERYBODY, Whose(creditor=portfolio.main.id), Whose(currency="PEN"), peru):
            for span in SPANS:
                found = period(portfolio.organization_id, *span, of, parts=("balances",))
                assert everything(found) == from_the_items(portfolio, *span, of), (span, of)


def test_amounts_of_a_month_are_those_of_its_period(portfolio: Portfolio) -> None:
    for entered in (lambda _portfolio: None, late_entries):
        entered(portfolio)
        for of in (EVERYBODY, Whose(creditor=portfolio.other.id), Whose(currency="USD")):
            for span in SPANS:
                whole = period(portfolio.organization_id, *span, of)
                found = amounts(portfolio.organization_id, *span, of)
                assert {code: (one.begin, one.end, one.not_due, one.sales) for code, one in found.items()} == {
                    code: (one.begin, one.end, one.not_due, one.sales) for code, one in whole.items()
                }, span


def test_kept_months_are_those_worked_out_after_a_late_entry(portfolio: Portfolio) -> None:
    """The day's job of the next morning looks at what was entered since; then every report says what the entries do."""
    names = ("dso", "cei", "cure-rate", "roll-rates", "provision")
    keep_months(portfolio.by(date(2026, 9, 14)))
    late_entries(portfolio)
    keep_months(portfolio.by(DAY))
    spans = months_through(DAY, 7)
    kept = series(portfolio.organization_id, spans, EVERYBODY)
    assert kept == series(portfolio.organization_id, spans, EVERYBODY, DAY), "as known on the day: from the entries"
    for name in names:
        by_entries = build(name, portfolio.organization_id, DAY, known_on=DAY)
        assert list(build(name, portfolio.organization_id, DAY).rows) == list(by_entries.rows), name


def test_only_the_parts_that_are_asked_for(portfolio: Portfolio) -> None:
    span = (date(2026, 5, 10), date(2026, 5, 31))
    whole = period(portfolio.organization_id, *span)
    flows = period(portfolio.organization_id, *span, parts=(FLOWS,))
    assert {code: dict(one.flows) for code, one in flows.items()} == {
        code: dict(one.flows) for code, one in whole.items() if one.flows
    }
    late = period(portfolio.organization_id, *span, parts=(CUSTOMERS,))
    assert {code: (one.delinquent, one.cured) for code, one in late.items()} == {
        code: (one.delinquent, one.cured) for code, one in whole.items() if one.delinquent
    }
    assert [list(one) for one in periods(portfolio.organization_id, [span], parts=(FLOWS,))] == [list(flows)]


@pytest.mark.parametrize("day", [date(2026, 4, 30), date(2026, 6, 30), DAY])
def test_aging_by_due_date_is_that_of_the_items(portfolio: Portfolio, day: date) -> None:
    late_entries(portfolio)
    peru_and_chile = (
        whose(portfolio.organization_id, DAY, country="PE"),
        whose(portfolio.organization_id, DAY, country="CL"),
    )
    each = [aging(portfolio.organization_id, day, whose=of).currencies for of in peru_and_chile]
    whole = aging(portfolio.organization_id, day).currencies
    sums = [by_customer for one in each for by_customer in one.items()]
    assert {code for code, _one in sums} == set(whole)
    for code, one in whole.items():
        mine = [other for other_code, other in sums if other_code == code]
        assert one.amounts == [sum(parts, Decimal(0)) for parts in zip(*(other.amounts for other in mine), strict=True)]
        assert one.counts == [sum(parts) for parts in zip(*(other.counts for other in mine), strict=True)]


@pytest.mark.parametrize("day", [date(2026, 4, 30), DAY, month_end(date(2026, 6, 1))])
@pytest.mark.parametrize("known_on", [None, date(2026, 5, 10)])
def test_the_largest_are_those_of_all(portfolio: Portfolio, day: date, known_on: date | None) -> None:
    """Of several that owe the same, the ones with the last codes."""
    by = portfolio.by(date(2026, 4, 20))
    for code in ("010", "011", "012"):
        invoice(by, customer(by, portfolio.main, code, f"Gemela {code}"), f"G{code}", date(2026, 4, 20), (5, "77.00"))
    for number in (1, 2, 4, 50):
        found = largest(portfolio.organization_id, day, known_on, number, whose=EVERYBODY)
        every: dict[str, list[Weight]] = {}
        for row in aging_by_customer(portfolio.organization_id, day, known_on):
            if row.total > 0:
                weight = Weight(row.code, row.name, row.creditor, row.total, row.total - row.amounts[0])
                every.setdefault(row.currency, []).append(weight)
        assert found == {code: largest_of(every[code], number) for code in sorted(every)}
