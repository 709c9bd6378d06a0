"""Contacts, items, promises and disputes behind how a customer answers, pays through the year and keeps its word."""

from typing import Any
from uuid import UUID

from puntual.analytics.behavior_report import NOT_KEPT, WITHDRAWN
from puntual.analytics.figures.ledger import common
from puntual.analytics.figures.lines import Figure, Rows
from puntual.analytics.rhythm.reading import rhythm_of, values_of
from puntual.analytics.rhythm.reading_sql import CONTACTS, items_sql
from puntual.analytics.scores import HISTORY
from puntual.parties.models import Customer

_ANSWERED = f"""
WITH {CONTACTS}
SELECT k.id, k.day, k.customer_id, c.code, c.name, k.step AS what, k.channel AS detail, '' AS currency, 0::numeric AS amount,
       k.customer_id AS target
FROM counted k
JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = k.customer_id
WHERE {{came}}"""
_SEASONAL = f"""
WITH {items_sql()}
SELECT s.id, s.settled_on AS day, s.customer_id, c.code, c.name, v.number AS what, (s.settled_on - s.expected_on)::text AS detail,
       i.currency, i.amount, v.id AS target
FROM item s
JOIN receivables_installment i ON i.organization_id = %(org)s AND i.id = s.id
JOIN receivables_invoice v ON v.organization_id = %(org)s AND v.id = i.invoice_id
JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = s.customer_id
WHERE extract(month FROM s.month)::int = ANY(%(months)s) OR s.third = ANY(%(thirds)s)"""
_PROMISES = """
SELECT p.id, p.promised_for AS day, p.customer_id, c.code, c.name, '' AS what, p.state AS detail, p.currency, p.amount,
       p.id AS target
FROM agreements_promise p
JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = p.customer_id
WHERE p.organization_id = %(org)s AND p.customer_id = ANY(%(customers)s) AND p.state = ANY(%(states)s)
  AND p.valued_on > %(since)s AND p.valued_on <= %(day)s"""
_DISPUTES = """
SELECT d.id, d.opened_on AS day, d.customer_id, c.code, c.name, v.number AS what, d.state AS detail, d.currency, d.amount,
       d.id AS target
FROM disputes_dispute d
JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = d.customer_id
JOIN receivables_invoice v ON v.organization_id = %(org)s AND v.id = d.invoice_id
WHERE d.organization_id = %(org)s AND d.customer_id = ANY(%(customers)s) AND d.state <> %(withdrawn)s
  AND d.opened_on > %(since)s AND d.opened_on <= %(day)s"""


def contacts(figure: Figure) -> Rows:
    """The last contacts with the row's customer by each channel: all, or those that were answered."""
    came = "k.answered_at IS NOT NULL" if figure.column == "answered" else "true"
    return Rows("contact", _ANSWERED.format(came=came), _values(figure), counts=True)


def seasonal(figure: Figure) -> Rows:
    """The settled items that were expected in a part of the year or of the month in which the customer pays otherwise."""
    values = _values(figure)
    found = [rhythm_of(figure.organization_id, one, figure.question.as_of) for one in values["customers"]]
    seasons = [season for one in found for season in one.seasons]
    values["months"] = [one.which for one in seasons if one.part == "month"]
    values["thirds"] = [one.which for one in seasons if one.part == "third"]
    return Rows("item", _SEASONAL, values, counts=True)


def not_kept(figure: Figure) -> Rows:
    """The promises of two years that the row's customer did not keep, or only in part."""
    return Rows("promise", _PROMISES, {**_values(figure), "states": list(NOT_KEPT)}, counts=True)


def disputes(figure: Figure) -> Rows:
    """The disputes of two years that the row's customer did not withdraw."""
    return Rows("dispute", _DISPUTES, {**_values(figure), "withdrawn": WITHDRAWN}, counts=True)


def _values(figure: Figure) -> dict[str, Any]:
    rows = Customer.objects.filter(
        organization_id=figure.organization_id, code=figure.row["code"], creditor__code=figure.row["creditor"]
    )
    customers: list[UUID] = list(rows.values_list("id", flat=True))
    day = figure.question.as_of
    return {**common(figure), **values_of(figure.organization_id, day, customers), "since": day - HISTORY}
