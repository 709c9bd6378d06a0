"""The months that reports over time are made of: kept where that is enough, else worked out from the entries in one reading."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from puntual.analytics.months import SALES, ZERO, first_billed, periods
from puntual.analytics.narrowing import Whose
from puntual.analytics.series_sql import balances_sql, customers_sql
from puntual.receivables.queries import end_of_day

Span = tuple[date, date]


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
    organization_id: UUID, spans: Sequence[Span], whose: Whose, known_on: date | None = None
) -> dict[str, list[Month]]:
    """By currency, in alphabetical order, a month per span; spans follow one another without a gap.

    Kept months answer for creditors and currencies; for other customers, or as known on a day, the entries are read once.
    """
    if whose.by_customer or known_on:
        return _worked_out(organization_id, spans, whose, known_on)
    found = periods(organization_id, spans, whose=whose)
    lines: dict[str, list[Month]] = {}
    for currency in sorted({currency for one in found for currency in one}):
        lines[currency] = []
        for span, by_currency in zip(spans, found, strict=True):
            month = Month(*span)
            if one := by_currency.get(currency):
                month.begin, month.end, month.not_due, month.sales = one.begin, one.end, one.not_due, one.sales
                month.delinquent, month.cured = one.delinquent, one.cured
            lines[currency].append(month)
    return lines


def _worked_out(
    organization_id: UUID, spans: Sequence[Span], whose: Whose, known_on: date | None
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
        cursor.execute(balances_sql(narrowed, known=known), values)
        for currency, took_effect, late_from, kind, amount in cursor.fetchall():
            _add(lines[currency], took_effect, late_from, kind, amount)
        cursor.execute(customers_sql(narrowed, known=known), values)
        for currency, place, delinquent, cured in cursor.fetchall():
            lines[currency][place - 1].delinquent = delinquent
            lines[currency][place - 1].cured = cured
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
