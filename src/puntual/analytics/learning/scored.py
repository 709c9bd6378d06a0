"""Chances by the model that is in use, worked out in the database for everything that is open. Inside `acting_for`.

What is known of each customer is what `features` names, at the end of a day instead of the day of a bill.
"""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from puntual.analytics.learning.features import FEATURES, NAMES, RECENT, Model
from puntual.analytics.learning.models import ScoreModel
from puntual.analytics.narrowing import Whose

STALE = timedelta(days=62)
"""A model is learned anew every month; one that old has not been, and the customer's own rate goes on."""

_ODDS = " + ".join([f"%(w_{name})s * ({name})" for name in NAMES]) + " + %(intercept)s"
_GIVEN = """
WITH settled AS MATERIALIZED (
    SELECT i.customer_id, i.creditor_id, i.currency, ln(i.amount)::float8 AS size, i.settled_on,
           i.settled_on - i.expected_on AS days, i.settled_on - greatest(i.due_on, i.pays_on) AS behind,
           extract(month FROM greatest(i.due_on, i.pays_on))::int AS season
    FROM receivables_installment i
    WHERE i.organization_id = %(org)s AND i.settled_on > %(since)s AND i.settled_on <= %(day)s
      AND EXISTS (
          SELECT FROM receivables_entry e
          WHERE e.organization_id = %(org)s AND e.installment_id = i.id AND e.effective_on = i.settled_on
            AND e.kind = 'payment' AND e.amount < 0)
),
everybody AS (
    SELECT coalesce(avg((behind > 0)::int), 0)::float8 AS portfolio,
           coalesce(avg(least(greatest(behind, -30), 60)), 0)::float8 AS portfolio_days,
           percentile_disc(0.5) WITHIN GROUP (ORDER BY days) AS usual
    FROM settled
),
creditors AS (
    SELECT creditor_id, count(*)::float8 AS settled, count(*) FILTER (WHERE behind > 0)::float8 AS late FROM settled GROUP BY 1
),
seasons AS (
    SELECT season, count(*)::float8 AS settled, count(*) FILTER (WHERE behind > 0)::float8 AS late FROM settled GROUP BY 1
),
own AS (SELECT customer_id, currency, sum(size) AS sizes, count(*)::float8 AS sized FROM settled GROUP BY 1, 2),
customer AS (
    SELECT customer_id, count(*) AS settled, count(*) FILTER (WHERE days > 0) AS late,
           percentile_disc(0.5) WITHIN GROUP (ORDER BY days) AS usual,
           percentile_disc(0.1) WITHIN GROUP (ORDER BY days) AS low, percentile_disc(0.9) WITHIN GROUP (ORDER BY days) AS high,
           avg(days) FILTER (WHERE settled_on > %(day)s::date - 180) AS recent_days,
           avg(days) FILTER (WHERE settled_on <= %(day)s::date - 180) AS earlier_days,
           count(*) FILTER (WHERE behind > 0) AS behind, sum(least(greatest(behind, -30), 60)) AS days,
           count(*) FILTER (WHERE settled_on > %(day)s::date - {recent}) AS recent,
           count(*) FILTER (WHERE settled_on > %(day)s::date - {recent} AND behind > 0) AS recent_late
    FROM settled GROUP BY customer_id
),
line AS (
    SELECT i.id, i.open_amount AS amount
    FROM receivables_installment i
    WHERE i.organization_id = %(org)s AND i.open_amount > 0 {narrowed}
    UNION ALL
    SELECT i.id, -e.amount
    FROM receivables_entry e
    JOIN receivables_installment i ON i.organization_id = %(org)s AND i.id = e.installment_id {narrowed}
    WHERE e.organization_id = %(org)s AND e.account = 'receivable' AND e.kind <> 'issued' AND e.effective_on > %(day)s
    UNION ALL
    SELECT i.id, -i.amount
    FROM receivables_invoice v
    JOIN receivables_installment i ON i.organization_id = %(org)s AND i.invoice_id = v.id {narrowed}
    WHERE v.organization_id = %(org)s AND v.issued_on > %(day)s
),
item AS MATERIALIZED (
    SELECT i.id, i.customer_id, i.creditor_id, i.currency, i.due_on, i.amount AS billed, i.invoice_id, o.amount,
           greatest(i.due_on, i.pays_on) AS expected_on
    FROM (SELECT id, sum(amount) AS amount FROM line GROUP BY id HAVING sum(amount) > 0) o
    JOIN receivables_installment i ON i.organization_id = %(org)s AND i.id = o.id
),
behind AS (SELECT customer_id, count(*) AS items FROM item WHERE expected_on < %(day)s GROUP BY 1),
known AS (
    SELECT i.id, i.customer_id, i.currency, i.amount, i.due_on < %(day)s AS is_overdue,
           bool_or(i.due_on >= %(day)s) OVER (PARTITION BY i.customer_id, i.currency) AS any_to_come,
           coalesce(k.settled, 0)::float8 AS settled, coalesce(k.behind, 0)::float8 AS late, coalesce(k.days, 0)::float8 AS days,
           coalesce(k.recent, 0)::float8 AS recent, coalesce(k.recent_late, 0)::float8 AS recent_late,
           coalesce(b.items, 0)::float8 AS overdue, p.portfolio, p.portfolio_days, coalesce(c.late, 0) AS creditor_late,
           coalesce(c.settled, 0) AS creditor_settled, ln(i.billed)::float8 AS size, coalesce(w.sizes, 0) AS sizes,
           coalesce(w.sized, 0) AS sized, (i.expected_on - v.issued_on)::float8 AS terms, m.center,
           coalesce(s.late, 0) AS season_late, coalesce(s.settled, 0) AS season_settled
    FROM item i
    JOIN receivables_invoice v ON v.organization_id = %(org)s AND v.id = i.invoice_id
    CROSS JOIN everybody p
    LEFT JOIN customer k ON k.customer_id = i.customer_id
    LEFT JOIN behind b ON b.customer_id = i.customer_id
    LEFT JOIN creditors c ON c.creditor_id = i.creditor_id
    LEFT JOIN seasons s ON s.season = extract(month FROM i.expected_on)::int
    LEFT JOIN own w ON w.customer_id = i.customer_id AND w.currency = i.currency
    LEFT JOIN unnest(%(currencies)s::text[], %(centers)s::float8[]) AS m(currency, center) ON m.currency = i.currency
),
featured AS (
    SELECT id, customer_id, currency, amount, is_overdue, is_overdue IS DISTINCT FROM any_to_come AS counts,
           overdue AS behind, {features}
    FROM known
),
given AS (
    SELECT *, 1 / (1 + exp(-({odds}))) AS chance FROM featured
)"""
_SCORES = (
    _GIVEN
    + """,
owed AS (
    SELECT customer_id, currency, sum(amount) AS open, coalesce(sum(amount) FILTER (WHERE is_overdue), 0) AS overdue,
           sum(chance * amount::float8) FILTER (WHERE counts) / sum(amount::float8) FILTER (WHERE counts) AS chance,
           max(behind)::int AS behind, {means}
    FROM given {currency}
    GROUP BY customer_id, currency
)
SELECT c.id::text, d.code, c.code, c.name, o.currency, o.open, o.overdue, coalesce(k.settled, 0), coalesce(k.late, 0), o.chance,
       coalesce(k.usual, p.usual), k.low, k.high, k.recent_days, k.earlier_days, o.behind, {named}
FROM owed o
JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = o.customer_id
JOIN parties_creditor d ON d.organization_id = %(org)s AND d.id = c.creditor_id
CROSS JOIN everybody p
LEFT JOIN customer k ON k.customer_id = o.customer_id
ORDER BY o.currency, (o.overdue + (o.open - o.overdue) * o.chance::numeric) DESC, c.code"""
)


def in_use(organization_id: UUID, day: date) -> ScoreModel | None:
    """The model that chances come from on a day, by what had been found by then; None: the customer's own rate."""
    found = latest(organization_id, day)
    return found if found and found.weights and found.day > day - STALE else None


def model_of(organization_id: UUID, day: date) -> Model | None:
    """The model that was in use on a day."""
    used = in_use(organization_id, day)
    return Model.restored(used.weights) if used and used.weights else None


def latest(organization_id: UUID, day: date) -> ScoreModel | None:
    """What was found last by the end of a day."""
    return ScoreModel.objects.filter(organization_id=organization_id, day__lte=day).order_by("-day").first()


def scores_sql(whose: Whose) -> str:
    """As `scores` reads them, and more columns: how many items are overdue, and from there the features, each their mean.

    Items overdue in another currency count too. Parameters: `scores.values_of` and `values_of`.
    """
    return _SCORES.format(
        **_given(whose.sql("i", currency=False)),
        currency="WHERE currency = %(whose_currency)s" if whose.currency else "",
        means=", ".join(f"avg({name}) FILTER (WHERE counts) AS of_{name}" for name in NAMES),
        named=", ".join(f"o.of_{name}" for name in NAMES),
    )


def chances_sql(narrowed: str = "") -> str:
    """Of every open item its `id`, `customer_id` and the chance of such an item being paid late; `counts` says whether it tells
    of its customer's: what is not due yet or, where there is none, what is overdue. `narrowed` are conditions on `i`.
    """
    return f"{_GIVEN.format(**_given(narrowed))} SELECT id, customer_id, chance, counts FROM given"


def _given(narrowed: str) -> dict[str, Any]:
    features = {name: FEATURES[name] for name in NAMES} | {"size": "coalesce(size - center, 0)"}
    named = ", ".join(f"{sql} AS {name}" for name, sql in features.items())
    return {"recent": RECENT, "narrowed": narrowed, "features": named, "odds": _ODDS}


def values_of(model: Model) -> dict[str, Any]:
    """The parameters that are the model's."""
    return {
        **{f"w_{name}": model.weights[name] for name in NAMES},
        "intercept": model.intercept,
        "currencies": list(model.centers),
        "centers": list(model.centers.values()),
    }
