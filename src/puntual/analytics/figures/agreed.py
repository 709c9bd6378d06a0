"""Promises, plans and disputes behind what became of them."""

from typing import Any
from uuid import UUID

from puntual.analytics.agreement_reports import values_of
from puntual.analytics.figures.ledger import common
from puntual.analytics.figures.lines import Figure, Rows
from puntual.analytics.months import first_of_a_year

_PROMISES = """
SELECT p.id, p.promised_for AS day, p.customer_id, c.code, c.name, '' AS what, p.state AS detail, p.currency, {amount} AS amount,
       p.id AS target
FROM agreements_promise p
JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = p.customer_id
WHERE p.organization_id = %(org)s AND p.promised_for >= %(since)s AND p.promised_for <= %(through)s
  AND p.state IN ('open', 'kept', 'partly_kept', 'broken') AND p.currency = %(row_currency)s {narrowed} {conditions}"""
_STATES = {
    "due": "p.state <> 'open'",
    "kept": "p.state = 'kept'",
    "partly_kept": "p.state = 'partly_kept'",
    "broken": "p.state = 'broken'",
    "waiting": "p.state = 'open'",
    "promised": "true",
    "paid": "p.state <> 'open'",
}

_PLANS = """
SELECT p.id, p.agreed_on AS day, p.customer_id, c.code, c.name, p.number AS what, p.state AS detail, p.currency,
       {amount} AS amount, p.id AS target
FROM agreements_plan p
JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = p.customer_id
LEFT JOIN (
    SELECT plan_id, sum(paid) AS paid FROM agreements_planpart WHERE organization_id = %(org)s GROUP BY plan_id
) parts ON parts.plan_id = p.id
WHERE p.organization_id = %(org)s AND p.agreed_on >= %(since)s AND p.agreed_on <= %(through)s
  AND p.currency = %(row_currency)s {narrowed} {conditions}"""
_ENDS = {
    "made": "true",
    "active": "p.state = 'active'",
    "completed": "p.state = 'completed'",
    "broken": "p.state = 'broken'",
    "replanned": "p.state = 'replanned'",
    "not_accepted": "p.accepted_at IS NULL AND p.state IN ('refused', 'expired', 'withdrawn')",
    "principal": "true",
    "paid": "true",
}

_DISPUTES = """
SELECT d.id, d.opened_on AS day, d.customer_id, c.code, c.name, v.number AS what, d.state AS detail, d.currency,
       {amount} AS amount, d.id AS target
FROM disputes_dispute d
JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = d.customer_id
JOIN receivables_invoice v ON v.organization_id = %(org)s AND v.id = d.invoice_id
WHERE d.organization_id = %(org)s AND d.opened_on BETWEEN %(since)s AND %(through)s AND d.currency = %(row_currency)s
  {narrowed} {conditions}"""
_ANSWERS = {
    "disputes": "true",
    "open": "d.resolved_on IS NULL",
    "won": "d.state IN ('accepted', 'credited', 'corrected')",
    "late": "coalesce(d.resolved_on, %(through)s) > d.deadline",
    "amount": "true",
    "granted": "true",
}


def promises(figure: Figure) -> Rows:
    """Promises due in the row's month (of all, where it is ""), in the state that the column counts."""
    amount = {"promised": "p.amount", "paid": "coalesce(p.paid, 0)"}.get(figure.column)
    values, conditions = _of_month(figure, "p.promised_for")
    conditions += f" AND {_STATES[figure.column]}"
    sql = _PROMISES.format(amount=amount or "p.amount", narrowed=figure.question.whose.sql("p"), conditions=conditions)
    return Rows("promise", sql, values, counts=amount is None)


def plans(figure: Figure) -> Rows:
    """Plans and settlements of the row's month and kind, with the end that the column counts."""
    amount = {"principal": "p.principal", "paid": "coalesce(parts.paid, 0)"}.get(figure.column)
    values, conditions = _of_month(figure, "p.agreed_on")
    conditions += f" AND {_ENDS[figure.column]}"
    if kind := figure.row.get("kind_code"):
        values["row_kind"] = kind
        conditions += " AND p.kind = %(row_kind)s"
    sql = _PLANS.format(amount=amount or "p.principal", narrowed=figure.question.whose.sql("p"), conditions=conditions)
    return Rows("plan", sql, values, counts=amount is None)


def disputes(figure: Figure, cause: str | None = None) -> Rows:
    """Disputes opened in the row's month, of its creditor and cause, with the answer that the column counts; of a whole period
    those of a `cause`, where it is given.
    """
    question = figure.question
    amount = {"amount": "d.amount", "granted": "coalesce(d.granted, 0)"}.get(figure.column)
    since = question.since or first_of_a_year(question.as_of)
    values: dict[str, Any] = {**common(figure), "since": since, "through": question.as_of}
    values["row_currency"] = figure.row["currency"]
    conditions = f"AND {_ANSWERS[figure.column]}"
    if month := figure.row.get("month"):
        cause = figure.row["cause"]
        values |= {"row_month": month, "row_creditor": UUID(figure.row["creditor_id"])}
        conditions += " AND to_char(d.opened_on, 'YYYY-MM') = %(row_month)s AND d.creditor_id = %(row_creditor)s"
    if cause is not None:
        values["row_cause"] = cause
        conditions += " AND d.cause = %(row_cause)s"
    if question.known_on:
        conditions += " AND d.opened_at < %(known_before)s"
    sql = _DISPUTES.format(amount=amount or "d.amount", narrowed=question.whose.sql("d"), conditions=conditions)
    return Rows("dispute", sql, values, counts=amount is None)


def _of_month(figure: Figure, day: str) -> tuple[dict[str, Any], str]:
    """The parameters, and the condition that a day is in the row's month."""
    values = values_of(figure.organization_id, figure.question) | {"row_currency": figure.row["currency"]}
    if month := figure.row.get("month"):
        values["row_month"] = month
        return values, f"AND to_char({day}, 'YYYY-MM') = %(row_month)s"
    return values, ""
