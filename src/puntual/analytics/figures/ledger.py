"""Rows behind the figures of the ledger: items that were open, what became of them, entries, late customers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

from puntual.analytics.figures.lines import Figure, Rows, together
from puntual.analytics.months import BUCKETS, MONEY, OUT, SALES, month_end
from puntual.analytics.months_sql import moved_sql
from puntual.analytics.narrowing import Whose
from puntual.receivables.queries import end_of_day

# Open at the end of a day: the kept balance less what came later, or was not known yet.
_ITEMS = """
WITH later AS MATERIALIZED (
    SELECT installment_id, sum(amount) AS amount
    FROM receivables_entry
    WHERE organization_id = %(org)s AND account = 'receivable' AND (kind <> 'issued' AND effective_on > %(day)s {unknown})
    GROUP BY installment_id
)
SELECT i.id, i.due_on AS day, i.customer_id, c.code, c.name, v.number AS what, '' AS detail, i.currency,
       (i.open_amount - coalesce(l.amount, 0)) {times} AS amount, v.id AS target
FROM receivables_installment i
JOIN receivables_invoice v ON v.organization_id = %(org)s AND v.id = i.invoice_id AND v.issued_on <= %(day)s
JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = i.customer_id
JOIN parties_creditor d ON d.organization_id = %(org)s AND d.id = i.creditor_id
LEFT JOIN later l ON l.installment_id = i.id
WHERE i.organization_id = %(org)s AND (i.open_amount > 0 OR l.installment_id IS NOT NULL)
  AND i.open_amount - coalesce(l.amount, 0) <> 0 {narrowed} {conditions}"""

_ENTRIES = """
SELECT e.id, e.effective_on AS day, i.customer_id, c.code, c.name, v.number AS what, e.kind AS detail, e.currency,
       {sign}e.amount AS amount, v.id AS target
FROM receivables_entry e
JOIN receivables_installment i ON i.organization_id = %(org)s AND i.id = e.installment_id {narrowed}
JOIN receivables_invoice v ON v.organization_id = %(org)s AND v.id = i.invoice_id
JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = i.customer_id
WHERE e.organization_id = %(org)s AND e.account = 'receivable' AND e.kind = ANY(%(kinds)s)
  AND e.effective_on >= %(first)s AND e.effective_on <= %(last)s {known}"""

_MOVES = """
SELECT m.id, m.due_on AS day, m.customer_id, c.code, c.name, m.number AS what, '' AS detail, m.currency, {amount} AS amount,
       m.invoice_id AS target
FROM ({moved}) m
JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = m.customer_id
WHERE m.began > 0 AND {amount} <> 0 {conditions}"""

_CHANGES = """
SELECT m.id, m.due_on AS day, m.customer_id, c.code, c.name, m.number AS what, '' AS detail, m.currency, {amount} AS amount,
       m.invoice_id AS target
FROM ({moved}) m
JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = m.customer_id
WHERE m.currency = %(row_currency)s AND {amount} <> 0 {conditions}"""
_CHANGE = {
    "change": "CASE WHEN m.is > 0 THEN m.ended ELSE 0 END - CASE WHEN m.was > 0 THEN m.began ELSE 0 END",
    "fell_due": "CASE WHEN m.was = 0 AND m.is > 0 THEN m.stayed ELSE 0 END",
    "new": "CASE WHEN m.is > 0 THEN m.ended - m.stayed ELSE 0 END",
    **{out: f"CASE WHEN m.was > 0 THEN -m.{out} ELSE 0 END" for out in OUT},
    "put_off": "CASE WHEN m.was > 0 AND m.is = 0 THEN -m.stayed ELSE 0 END",
}
"""What `letter.moving.made_of` adds up, of one item."""

_LATE = """
SELECT c.id, %(first)s::date AS day, c.id AS customer_id, c.code, c.name, '' AS what, '' AS detail, late.currency, late.amount,
       c.id AS target
FROM (
    SELECT customer_id, currency, sum(began) FILTER (WHERE due_on < %(before)s) AS amount,
           bool_or(began > 0 AND due_on < %(before)s) AS late_before, bool_or(ended > 0 AND due_on < %(last)s) AS late_after
    FROM ({moved}) m
    GROUP BY customer_id, currency
) late
JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = late.customer_id
WHERE late_before {conditions}"""

_OWING = """
SELECT max(customer_id::text)::uuid AS id, min(day) AS day, customer_id, code, name, '' AS what, '' AS detail, currency,
       sum(amount) AS amount, customer_id AS target
FROM ({items}) item
GROUP BY customer_id, code, name, currency"""


def bucket_at(day: str, due_on: str = "i.due_on") -> str:
    """The position of the bucket of a due date on a day, in SQL."""
    cases = [f"WHEN {due_on} >= {day} THEN 0"]
    cases += [f"WHEN {due_on} >= {day}::date - {edge} THEN {place}" for place, edge in enumerate(BUCKETS.edges, 1)]
    return f"CASE {' '.join(cases)} ELSE {len(BUCKETS.edges) + 1} END"


def open_items(
    figure: Figure,
    day: date,
    *,
    bucket: str = "",
    overdue: bool | None = None,
    shares: Sequence[tuple[Whose, Sequence[Decimal]]] = (),
) -> Rows:
    """Items open at the end of a day: all, those of a bucket, or those that were or were not overdue. With `shares` that part of
    each: the percents per bucket of the first that lets it through.
    """
    whose, known_on = figure.question.whose, figure.question.known_on
    values: dict[str, Any] = {
        **common(figure),
        "day": day,
        "bucket": BUCKETS.names.index(bucket) if bucket else None,
    }
    conditions = _row_conditions(figure, values, "i.currency")
    if bucket:
        conditions += f" AND {bucket_at('%(day)s')} = %(bucket)s"
    if overdue is not None:
        conditions += f" AND i.due_on {'<' if overdue else '>='} %(day)s"
    cases = []
    for place, (of, percents) in enumerate(shares):
        values = {**of.values, **values, f"percents{place}": list(percents)}
        cases.append(f"WHEN true {of.sql('i')} THEN (%(percents{place})s::numeric[])[1 + {bucket_at('%(day)s')}]")
    times = f"* (CASE {' '.join(cases)} END) / 100" if cases else ""
    unknown = "OR recorded_at >= %(known_before)s" if known_on else ""
    return Rows(
        "item", _ITEMS.format(times=times, unknown=unknown, narrowed=whose.sql("i"), conditions=conditions), values
    )


def customers_owing(figure: Figure, day: date) -> Rows:
    """Customers with something open at the end of a day, each counted once per currency."""
    items = open_items(figure, day)
    if figure.question.into:
        items = together(items, figure.question.into)
    return Rows("customer", _OWING.format(items=items.sql), items.values, counts=True)


def sales(figure: Figure) -> Rows:
    """What was billed in the row's month, net of what left receivables without a payment, entry by entry."""
    return _entries(figure, SALES)


def collected(figure: Figure) -> Rows:
    """Payments that settled items in the row's month, net of what came back, entry by entry."""
    return _entries(figure, MONEY, "-")


def _entries(figure: Figure, kinds: Iterable[str], sign: str = "") -> Rows:
    first, last = span(figure)
    values = {**common(figure), "first": first, "last": last, "kinds": list(kinds)}
    known = "AND e.recorded_at < %(known_before)s" if figure.question.known_on else ""
    known += " AND (%(row_currency)s = '' OR e.currency = %(row_currency)s)"
    values["row_currency"] = figure.row["currency"]
    return Rows("entry", _ENTRIES.format(sign=sign, narrowed=figure.question.whose.sql("i"), known=known), values)


def moves(figure: Figure, first: date, last: date) -> Rows:
    """What was open before a period in the row's bucket (all of them, where it is ""), and became what the column says."""
    values = {**common(figure), **_ends(first, last), "row_currency": figure.row["currency"]}
    conditions = "AND (%(row_currency)s = '' OR m.currency = %(row_currency)s)"
    if bucket := figure.row.get("bucket_code"):
        values["bucket"] = BUCKETS.names.index(bucket)
        conditions += " AND m.was = %(bucket)s"
    amount = "m.began"
    if figure.column in OUT:
        amount = f"m.{figure.column}"
    elif figure.column in BUCKETS.names:
        values["became"] = BUCKETS.names.index(figure.column)
        amount, conditions = "m.stayed", conditions + " AND m.is = %(became)s"
    return Rows("item", _MOVES.format(amount=amount, moved=_moved(figure), conditions=conditions), values)


def change_of_overdue(figure: Figure) -> Rows:
    """By what each item changed what was overdue in the row's month: all of it or, by the column, one thing that did it. Of the
    row's creditor or customer, where it is one's.
    """
    first, last = span(figure)
    values = {**common(figure), **_ends(first, last), "row_currency": figure.row["currency"]}
    amount = f"({_CHANGE[figure.column]})"
    conditions = ""
    for key, column in (("creditor_id", "c.creditor_id"), ("customer_id", "c.id")):
        if value := figure.row.get(key):
            values[f"row_{key}"] = UUID(value)
            conditions += f" AND {column} = %(row_{key})s"
    return Rows("item", _CHANGES.format(amount=amount, moved=_moved(figure), conditions=conditions), values)


def late_customers(figure: Figure, *, cured: bool) -> Rows:
    """Customers late before the row's month, or those of them that were not at its end, with what was overdue."""
    first, last = span(figure)
    values = {**common(figure), **_ends(first, last), "row_currency": figure.row["currency"]}
    conditions = "AND late.currency = %(row_currency)s" + (" AND NOT late_after" if cured else "")
    return Rows("customer", _LATE.format(moved=_moved(figure), conditions=conditions), values, counts=True)


def span(figure: Figure) -> tuple[date, date]:
    """The days of the row's month, through the last one asked about."""
    first = date.fromisoformat(figure.row["month"] + "-01")
    return first, min(month_end(first), figure.question.as_of)


def common(figure: Figure) -> dict[str, Any]:
    """The parameters of every statement."""
    known_on = figure.question.known_on
    return {
        "org": figure.organization_id,
        "known_before": end_of_day(figure.organization_id, known_on) if known_on else None,
        **figure.question.whose.values,
    }


def _moved(figure: Figure) -> str:
    return moved_sql(BUCKETS.edges, figure.question.whose.sql("i"), known=figure.question.known_on is not None)


def _ends(first: date, last: date) -> dict[str, date]:
    return {"first": first, "last": last, "before": first - timedelta(days=1)}


_ROW: Mapping[str, str] = {"creditor": "d.code", "code": "c.code"}


def _row_conditions(figure: Figure, values: dict[str, Any], currency: str) -> str:
    """What the row says: its currency, and its customer where it is one's."""
    parts = []
    for key, column in {**_ROW, "currency": currency}.items():
        if value := figure.row.get(key):
            values[f"row_{key}"] = value
            parts.append(f"AND {column} = %(row_{key})s")
    return " ".join(parts)


Finder: TypeAlias = Callable[[Figure], Rows | None]
