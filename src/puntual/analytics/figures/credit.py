"""Payments and credit notes behind unapplied credit."""

from typing import Any

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


def unapplied(figure: Figure) -> Rows:
    """Payments and credit notes with a part that no item has taken, of the row's customer or all."""
    asked = figure.question
    credits, parameters = credits_statement(figure.organization_id, asked.as_of, asked.known_on, asked.whose)
    values: dict[str, Any] = dict(parameters)
    parts = []
    for key, column in (("creditor", "d.code"), ("code", "c.code"), ("currency", "k.currency")):
        if value := figure.row.get(key):
            values[f"row_{key}"] = value
            parts.append(f"AND {column} = %(row_{key})s")
    return Rows("credit", _CREDITS.format(credits=credits, conditions=" ".join(parts)), values)
