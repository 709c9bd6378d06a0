"""Payments behind what was collected, and contacts behind what came of them."""

from typing import Any

from puntual.analytics.contact_reports import values_of
from puntual.analytics.contacts_sql import CAME, KNOWN, PAID, SAID
from puntual.analytics.figures.lines import Figure, Rows

_PAYMENTS = """
SELECT min(paid.id::text)::uuid AS id, paid.day, paid.customer_id, c.code, c.name, coalesce(p.reference, '') AS what,
       paid.channel AS detail, paid.currency, sum(paid.amount) AS amount, coalesce(paid.source_id, paid.customer_id) AS target
FROM ({paid}) paid
JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = paid.customer_id
LEFT JOIN payments_payment p ON p.organization_id = %(org)s AND p.id = paid.source_id
WHERE true {conditions}
GROUP BY paid.day, paid.cause, paid.channel, paid.customer_id, c.code, c.name, p.reference, paid.currency, paid.source_id"""

_CONTACTS = """
SELECT said.id, said.day, said.customer_id, c.code, c.name, said.step AS what, said.channel AS detail, '' AS currency,
       0::numeric AS amount, said.customer_id AS target
FROM ({said}) said
JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = said.customer_id
WHERE {dimension} = %(row_value)s AND {came}"""
_DIMENSIONS = {"step": "step", "text": "template", "channel": "said.channel", "hour": "hour", "person": "person"}
_CAME = {"contacts": "true", "answered": "answered", "known": KNOWN, "paid": CAME}


def payments(figure: Figure) -> Rows:
    """Payments of the row's day, cause and channel, with what each settled; of the whole period where they are ""."""
    question = figure.question
    values: dict[str, Any] = values_of(figure.organization_id, question)
    parts = []
    for key, column in (("day", "paid.day"), ("cause_code", "cause"), ("currency", "paid.currency")):
        if value := figure.row.get(key):
            values[f"row_{key}"] = value
            parts.append(f"AND {column} = %(row_{key})s")
    if figure.row.get("cause_code"):
        values["row_channel"] = figure.row.get("channel_code", "")
        parts.append("AND paid.channel = %(row_channel)s")
    known = "AND e.recorded_at < %(known_before)s" if question.known_on else ""
    paid = PAID.format(narrowed=question.whose.sql("i"), known=known)
    sql = _PAYMENTS.format(paid=paid, conditions=" ".join(parts))
    return Rows("payment", sql, values, counts=figure.column == "payments")


def contacts(figure: Figure) -> Rows:
    """Contacts of the row's step, text, channel, hour or person: all, or those of which the column tells."""
    values = {**values_of(figure.organization_id, figure.question), "row_value": figure.row["value_code"]}
    sql = _CONTACTS.format(
        said=SAID.format(narrowed=figure.question.whose.sql("c", "id", currency=False)),
        dimension=_DIMENSIONS[figure.row["by_code"]],
        came=_CAME[figure.column],
    )
    return Rows("contact", sql, values, counts=True)
