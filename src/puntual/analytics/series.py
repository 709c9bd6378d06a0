"""The months that reports over time are made of: kept where that is enough, else worked out from the entries in one reading."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from puntual.analytics.months import CUSTOMERS, FLOWS, SALES, ZERO, Period, first_billed, kept_periods, period
from puntual.analytics.narrowing import Whose
from puntual.analytics.series_sql import balances_sql, customers_sql, ends_sql
from puntual.receivables.queries import end_of_day

Span = tuple[date, date]
AMOUNTS = "amounts"
BOTH = frozenset({AMOUNTS, CUSTOMERS})


@dataclass(slots=True)
class Month:
    """One currency in one span of days: what was open before it and at its end, billed (net of what left without a payment) in
    it, and of the customers late before it, how many were not at its end.
    """

    first: date
    last: date
    begin: Decimal = ZERO
    end: Decimal = ZERO
    not_due: Decimal = ZERO
    sales: Decimal = ZERO
    delinquent: int = 0
    cured: int = 0

    @property
    def days(self) -> int:
        """Calendar days, both ends counted."""
        return (self.last - self.first).days + 1


def series(
    organization_id: UUID,
    spans: Sequence[Span],
    whose: Whose,
    known_on: date | None = None,
    *,
    parts: Collection[str] = BOTH,
) -> dict[str, list[Month]]:
    """By currency, in alphabetical order, a month per span; spans follow one another without a gap.

    Kept months answer for creditors and currencies; for other customers, or as known on a day, the entries are read once. No
    more is worked out than the `parts` that are needed: AMOUNTS, CUSTOMERS.
    """
    if whose.by_customer or known_on:
        return _worked_out(organization_id, spans, whose, known_on, parts)
    found = [
        _running(organization_id, span, whose, parts) if one is None else _of_periods(span, one)
        for span, one in zip(spans, kept_periods(organization_id, spans, whose), strict=True)
    ]
    return {
        currency: [by_currency.get(currency) or Month(*span) for span, by_currency in zip(spans, found, strict=True)]
        for currency in sorted({currency for by_currency in found for currency in by_currency})
    }


def _of_periods(span: Span, found: Mapping[str, Period]) -> dict[str, Month]:
    return {
        currency: Month(*span, one.begin, one.end, one.not_due, one.sales, one.delinquent, one.cured)
        for currency, one in found.items()
    }


def _running(organization_id: UUID, span: Span, whose: Whose, parts: Collection[str]) -> dict[str, Month]:
    """A month that is not kept: the amounts, which also tell its currencies, from kept sums, without a look at the items."""
    found = amounts(organization_id, *span, whose)
    if CUSTOMERS in parts:
        for currency, one in period(organization_id, *span, whose, parts=(CUSTOMERS,)).items():
            month = found.setdefault(currency, Month(*span))
            month.delinquent, month.cured = one.delinquent, one.cured
    return found


def amounts(organization_id: UUID, first: date, last: date, whose: Whose) -> dict[str, Month]:
    """What was open at both ends and billed between, by currency, for all customers or those of a creditor.

    What is open now is known by due date at any size; what came later is taken off again. Nothing takes effect on an item before
    the day it was billed on (`receivables.postings`), so that the beginning is the end less what moved it.
    """
    made: dict[str, Month] = defaultdict(lambda: Month(first, last))
    values = {"org": organization_id, "last": last, **whose.values}
    with connection.cursor() as cursor:
        cursor.execute(ends_sql(whose.sql("i")), values)
        for currency, end, not_due in cursor.fetchall():
            made[currency].begin = made[currency].end = end
            made[currency].not_due = not_due
    for currency, one in period(organization_id, first, last, whose, parts=(FLOWS,)).items():
        made[currency].begin -= sum(one.flows.values(), ZERO)
        made[currency].sales = one.sales
    return dict(made)


def _worked_out(
    organization_id: UUID, spans: Sequence[Span], whose: Whose, known_on: date | None, parts: Collection[str]
) -> dict[str, list[Month]]:
    if first_billed(organization_id) is None:
        return {}
    first, last = spans[0][0], spans[-1][1]
    values: dict[str, Any] = {
        "org": organization_id,
        "first": first,
        "last": last,
        "starts": [*(one for one, _last in spans), last + timedelta(days=1)],
        "ends": [first - timedelta(days=1), *(one for _first, one in spans)],
        "spans": len(spans),
        "known_before": end_of_day(organization_id, known_on) if known_on else None,
        **whose.values,
    }
    lines: dict[str, list[Month]] = defaultdict(lambda: [Month(*span) for span in spans])
    narrowed, known = whose.sql("i"), known_on is not None
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        if AMOUNTS in parts:
            cursor.execute(balances_sql(narrowed, known=known), values)
            for currency, took_effect, late_from, kind, amount in cursor.fetchall():
                _add(lines[currency], took_effect, late_from, kind, amount)
        if CUSTOMERS in parts:
            cursor.execute(customers_sql(narrowed, known=known), values)
            for currency, place, delinquent, cured in cursor.fetchall():
                line = lines[currency]
                if place:
                    line[place - 1].delinquent, line[place - 1].cured = delinquent, cured
    return {currency: lines[currency] for currency in sorted(lines)}


def _add(months: list[Month], took_effect: int, late_from: int, kind: str, amount: Decimal) -> None:
    """Entries that took effect in the span of that place (1 is the first, 0 before it), on items late from the end of a place."""
    for place, month in enumerate(months, 1):
        if took_effect < place:
            month.begin += amount
        if took_effect <= place:
            month.end += amount
            month.not_due += amount if late_from > place else ZERO
        if took_effect == place and kind in SALES:
            month.sales += amount
