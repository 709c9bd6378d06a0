"""Items behind how customers pay and are likely to pay, and behind the forecast."""

from datetime import date, timedelta
from typing import Any

from puntual.analytics.figures.ledger import common
from puntual.analytics.figures.lines import Figure, Rows
from puntual.analytics.forecast_sql import CAME_FROM, open_sql
from puntual.analytics.forecasting import UNKNOWN
from puntual.analytics.forecasts import HISTORY, standings_of
from puntual.analytics.learning.scored import model_of
from puntual.analytics.learning.scored import values_of as model_values
from puntual.analytics.scores import judged_sql, settled_sql, values_of

_SETTLED = """
WITH {settled}
SELECT s.id, s.settled_on AS day, s.customer_id, c.code, c.name, v.number AS what, s.days::text AS detail, i.currency, i.amount,
       v.id AS target
FROM settled s
JOIN receivables_installment i ON i.organization_id = %(org)s AND i.id = s.id
JOIN receivables_invoice v ON v.organization_id = %(org)s AND v.id = i.invoice_id
JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = s.customer_id
JOIN parties_creditor d ON d.organization_id = %(org)s AND d.id = c.creditor_id
WHERE c.code = %(row_code)s AND d.code = %(row_creditor)s"""

_JUDGED = """
{judged}
SELECT j.id, j.expected_on AS day, j.customer_id, c.code, c.name, v.number AS what,
       CASE WHEN j.outcome = 1 THEN 'late' ELSE 'in_time' END AS detail, i.currency, i.amount, v.id AS target
FROM judged j
JOIN receivables_installment i ON i.organization_id = %(org)s AND i.id = j.id
JOIN receivables_invoice v ON v.organization_id = %(org)s AND v.id = i.invoice_id
JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = j.customer_id
WHERE to_char(j.month, 'YYYY-MM') = %(row_month)s"""

_CAME = """
SELECT e.id, e.effective_on AS day, i.customer_id, c.code, c.name, v.number AS what, e.kind AS detail, e.currency,
       -e.amount AS amount, v.id AS target
{came} AND e.currency = %(row_currency)s"""

# Of each item the chance that it is paid in the week, by its customer's kind, the day it is expected on and, where a model is in
# use, the slice of its chance of being late.
_EXPECTED = """
{open}
SELECT o.id, o.expected_on AS day, o.customer_id, c.code, c.name, coalesce(v.number, '') AS what,
       round(100 * ch.chance::numeric, 1)::text || ' %%' AS detail, o.currency, o.amount * ch.chance::numeric AS amount,
       coalesce(v.id, o.customer_id) AS target
FROM open_item o
JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = o.customer_id
LEFT JOIN receivables_invoice v ON v.organization_id = %(org)s AND v.id = o.invoice_id
LEFT JOIN kind k ON k.customer_id = o.customer_id
JOIN standing s ON s.customer_id = o.customer_id AND s.currency = o.currency AND s.expected_on = o.expected_on
  AND (s.chance IS NULL) = (o.chance IS NULL)
JOIN unnest(%(kinds)s::int[], %(days)s::date[], %(slices)s::int[], %(chances)s::float8[]) AS ch(kind, expected_on, slice, chance)
  ON ch.kind = coalesce(k.kind, %(unknown)s) AND ch.expected_on = o.expected_on AND ch.slice = s.slice AND ch.chance > 0
WHERE o.currency = %(row_currency)s AND o.amount > 0"""


def settled(figure: Figure) -> Rows:
    """The settled items that a customer's habits are known from, each with its days late."""
    whose = figure.question.whose
    values = values_of(figure.organization_id, figure.question.as_of, whose)
    values |= {"row_code": figure.row["code"], "row_creditor": figure.row["creditor"]}
    return Rows("item", _SETTLED.format(settled=settled_sql(whose)), values, counts=True)


def judged(figure: Figure) -> Rows:
    """The items of the row's month that chances were judged by."""
    whose = figure.question.whose
    values = values_of(figure.organization_id, figure.question.as_of, whose) | {"row_month": figure.row["month"]}
    return Rows("item", _JUDGED.format(judged=judged_sql(whose)), values, counts=True)


def came(figure: Figure) -> Rows:
    """Payments of the row's week on items that were there when it was forecast."""
    first = date.fromisoformat(figure.row["week"])
    values = {**common(figure), "first": first, "last": first + timedelta(days=6), "made_on": first - timedelta(days=1)}
    values["row_currency"] = figure.row["currency"]
    customers = " JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = i.customer_id "
    sql = _CAME.format(came=CAME_FROM.replace("\nWHERE", customers + "\nWHERE", 1))
    return Rows("entry", sql, values)


def expected(figure: Figure) -> Rows | None:
    """What is open, each item by the chance that it is paid in the row's days; None for a past week, whose sum was kept."""
    first, day = date.fromisoformat(figure.row.get("week") or figure.row["first"]), figure.question.as_of
    last = date.fromisoformat(figure.row["day"]) if "day" in figure.row else first + timedelta(days=6)
    currency = figure.row["currency"]
    if first <= day:
        return None
    curves, standings = standings_of(figure.organization_id, day, figure.question.whose)
    model = model_of(figure.organization_id, day)
    mine = standings.get(currency, [])
    chances = []
    for one in mine:
        age = (day - one.expected_on).days
        chances.append(curves[one.kind].chance(age, age + (first - day).days, age + (last - day).days, one.late))
    values: dict[str, Any] = {
        **common(figure),
        "day": day,
        "since": day - HISTORY,
        "unknown": UNKNOWN,
        "kinds": [one.kind for one in mine],
        "days": [one.expected_on for one in mine],
        "slices": [one.slice for one in mine],
        "chances": chances,
        "row_currency": currency,
    }
    values |= model_values(model) if model else {}
    opened = open_sql(figure.question.whose, by_model=model is not None)
    return Rows("item", _EXPECTED.format(open=opened), values)
