"""Payments and credit notes behind unapplied credit; limits, what is owed under them, and applications behind credit limits."""

from collections.abc import Mapping
from typing import Any

from puntual.analytics.credit import limits_sql
from puntual.analytics.figures.ledger import common, open_items
from puntual.analytics.figures.lines import Figure, Rows
from puntual.analytics.queries import credits_statement

_CREDITS = """
SELECT k.id, coalesce(p.received_on, n.issued_on) AS day, k.customer_id, c.code, c.name, coalesce(p.reference, n.number) AS what,
       CASE WHEN p.id IS NULL THEN 'credit_note' ELSE 'payment' END AS detail, k.currency, k.amount, k.id AS target
FROM ({credits}) k
JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = k.customer_id
JOIN parties_creditor d ON d.organization_id = %(org)s AND d.id = c.creditor_id
LEFT JOIN payments_payment p ON p.organization_id = %(org)s AND p.id = k.id
LEFT JOIN receivables_creditnote n ON n.organization_id = %(org)s AND n.id = k.id
WHERE true {conditions}"""

# What is open and, with the other sign, the credit that nothing took: of customers who owe more than they have to their credit.
_USED = """
SELECT id, day, customer_id, code, name, what, detail, currency, amount, target
FROM (
    SELECT line.*, sum(amount) OVER (PARTITION BY customer_id) AS used
    FROM (
        SELECT * FROM ({items}) item
        UNION ALL
        SELECT id, day, customer_id, code, name, what, detail, currency, -amount, target FROM ({credits}) credit
    ) line
    WHERE customer_id IN (SELECT customer_id FROM ({limits}) l WHERE l.currency = %(row_currency)s)
) owed
WHERE used > 0"""

_LIMITS = """
SELECT c.id, l.from_on AS day, c.id AS customer_id, c.code, c.name, '' AS what, '' AS detail, l.currency, {amount} AS amount,
       c.id AS target
FROM ({limits}) l
JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = l.customer_id {narrowed}
JOIN parties_creditor d ON d.organization_id = %(org)s AND d.id = c.creditor_id
LEFT JOIN (SELECT customer_id, sum(amount) AS used FROM ({used}) line GROUP BY customer_id) u ON u.customer_id = c.id
WHERE l.currency = %(row_currency)s AND {amount} <> 0 {conditions}"""
_OF_LIMIT = {
    "limit": "l.amount",
    "free": "greatest(0, l.amount - coalesce(u.used, 0))",
    "beyond": "greatest(0, coalesce(u.used, 0) - l.amount)",
}

_APPLICATIONS = """
SELECT a.id, a.asked_on AS day, c.id AS customer_id, c.code, c.name, '' AS what, '' AS detail, a.currency,
       a.asked_limit AS amount, c.id AS target
FROM strategies_creditapplication a
JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = a.customer_id {narrowed}
JOIN parties_creditor d ON d.organization_id = %(org)s AND d.id = c.creditor_id
WHERE a.organization_id = %(org)s AND a.state = 'open' AND a.asked_on <= %(as_of)s AND a.asked_limit IS NOT NULL
  AND a.currency = %(row_currency)s {known} {conditions}"""


def unapplied(figure: Figure) -> Rows:
    """Payments and credit notes with a part that no item has taken, of the row's customer or all."""
    asked = figure.question
    credits, parameters = credits_statement(figure.organization_id, asked.as_of, asked.known_on, asked.whose)
    values, conditions = _of_row(figure, parameters, "k.currency")
    return Rows("credit", _CREDITS.format(credits=credits, conditions=conditions), values)


def used(figure: Figure) -> Rows:
    """What is owed under the limits: open items, less the credit that is not applied, by whom a limit in force watches."""
    items, credits = open_items(figure, figure.question.as_of), unapplied(figure)
    sql = _USED.format(items=items.sql, credits=credits.sql, limits=limits_sql(figure.question.known_on))
    return Rows("owed", sql, {**items.values, **credits.values})


def limits(figure: Figure) -> Rows:
    """The limits in force on the day, each with all of it, what is free of it, or what is owed beyond it."""
    owed = used(figure)
    values, conditions = _of_row(figure, owed.values, "l.currency")
    sql = _LIMITS.format(
        amount=_OF_LIMIT[figure.column],
        limits=limits_sql(figure.question.known_on),
        narrowed=figure.question.whose.sql("c", "id", currency=False),
        used=owed.sql,
        conditions=conditions,
    )
    return Rows("limit", sql, values)


def applications(figure: Figure) -> Rows:
    """The applications that wait for a decision, with the limit that is asked for."""
    question = figure.question
    values, conditions = _of_row(figure, {**common(figure), "as_of": question.as_of}, "a.currency")
    sql = _APPLICATIONS.format(
        narrowed=question.whose.sql("c", "id", currency=False),
        known="AND a.recorded_at < %(known_before)s" if question.known_on else "",
        conditions=conditions,
    )
    return Rows("limit", sql, values)


def _of_row(figure: Figure, parameters: Mapping[str, Any], currency: str) -> tuple[dict[str, Any], str]:
    """The parameters, and the conditions that a row's customer and currency are meant, where it is not of all."""
    values: dict[str, Any] = dict(parameters)
    parts = []
    for key, column in (("creditor", "d.code"), ("code", "c.code"), ("currency", currency)):
        if value := figure.row.get(key):
            values[f"row_{key}"] = value
            parts.append(f"AND {column} = %(row_{key})s")
    return values, " ".join(parts)
