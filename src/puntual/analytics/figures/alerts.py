"""Alerts behind how many were raised and how many of them were right."""

from typing import Any

from puntual.analytics.alerts.kinds import JUDGED
from puntual.analytics.figures.ledger import common
from puntual.analytics.figures.lines import Figure, Rows
from puntual.analytics.months import first_of_a_year

_ALERTS = """
SELECT a.id, a.raised_on AS day, a.customer_id, coalesce(c.code, d.code) AS code, coalesce(c.name, d.name) AS name,
       a.kind AS what, {outcome} AS detail, '' AS currency, 0::numeric AS amount, a.id AS target
FROM analytics_alert a
JOIN parties_creditor d ON d.organization_id = %(org)s AND d.id = a.creditor_id
LEFT JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = a.customer_id
WHERE a.organization_id = %(org)s AND a.kind = %(row_kind)s AND a.raised_on BETWEEN %(since)s AND %(through)s {conditions}"""
_OUTCOME = "CASE WHEN a.closed_on <= %(through)s THEN a.outcome ELSE '' END"


def raised(figure: Figure) -> Rows:
    """What was raised in the period of the row's kind, with what had come of it at its end; where the column is the outcome only
    what a person had judged by then.
    """
    question = figure.question
    values: dict[str, Any] = {
        **common(figure),
        "since": question.since or first_of_a_year(question.as_of),
        "through": question.as_of,
        "row_kind": figure.row["kind"],
    }
    conditions = question.whose.sql("a", currency=False)
    if figure.column == "outcome_words":
        values["judged"] = list(JUDGED)
        conditions += f" AND {_OUTCOME} = ANY(%(judged)s)"
    return Rows("alert", _ALERTS.format(outcome=_OUTCOME, conditions=conditions), values, counts=True)
