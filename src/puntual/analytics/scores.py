"""Scores of customers from the ledger, and how right they were. Everything runs inside `acting_for` and names its organization.

A chance is that of being paid after the day it is expected on. Each item of the past is judged by what was known when it was
billed, never by what came later.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from puntual.analytics.learning.features import NAMES, Model, Reason
from puntual.analytics.learning.scored import model_of, scores_sql
from puntual.analytics.learning.scored import values_of as values_of_model
from puntual.analytics.narrowing import Whose, of_creditor
from puntual.analytics.scoring import SLICES, Calibration, K, Slice, calibration

HISTORY = timedelta(days=730)
_CHUNK = 2_000

_SETTLED = """
settled AS MATERIALIZED (
    SELECT i.id, i.customer_id, i.settled_on, i.settled_on - i.expected_on AS days
    FROM receivables_installment i
    WHERE i.organization_id = %(org)s AND i.settled_on > %(since)s AND i.settled_on <= %(day)s {habits}
      AND EXISTS (
          SELECT FROM receivables_entry e
          WHERE e.organization_id = %(org)s AND e.installment_id = i.id AND e.effective_on = i.settled_on
            AND e.kind = 'payment' AND e.amount < 0)
)"""

_SCORES = (
    "WITH "
    + _SETTLED
    + """,
portfolio AS (
    SELECT coalesce(avg((days > 0)::int), 0)::float8 AS late, percentile_disc(0.5) WITHIN GROUP (ORDER BY days) AS days
    FROM settled
),
customer AS (
    SELECT customer_id, count(*) AS settled, count(*) FILTER (WHERE days > 0) AS late,
           percentile_disc(0.5) WITHIN GROUP (ORDER BY days) AS days,
           percentile_disc(0.1) WITHIN GROUP (ORDER BY days) AS low, percentile_disc(0.9) WITHIN GROUP (ORDER BY days) AS high,
           count(*) FILTER (WHERE settled_on > %(day)s::date - 180) AS recent,
           avg(days) FILTER (WHERE settled_on > %(day)s::date - 180) AS recent_days,
           avg(days) FILTER (WHERE settled_on <= %(day)s::date - 180) AS earlier_days
    FROM settled GROUP BY customer_id
),
owed AS (
    SELECT customer_id, currency, sum(amount) AS open, coalesce(sum(amount) FILTER (WHERE due_on < %(day)s), 0) AS overdue
    FROM (
        SELECT i.customer_id, i.currency, i.due_on, i.open_amount AS amount
        FROM receivables_installment i
        WHERE i.organization_id = %(org)s AND i.open_amount > 0 {narrowed}
        UNION ALL
        SELECT i.customer_id, i.currency, i.due_on, -e.amount
        FROM receivables_entry e
        JOIN receivables_installment i ON i.organization_id = %(org)s AND i.id = e.installment_id {narrowed}
        WHERE e.organization_id = %(org)s AND e.account = 'receivable' AND e.kind <> 'issued' AND e.effective_on > %(day)s
        UNION ALL
        SELECT i.customer_id, i.currency, i.due_on, -i.amount
        FROM receivables_invoice v
        JOIN receivables_installment i ON i.organization_id = %(org)s AND i.invoice_id = v.id {narrowed}
        WHERE v.organization_id = %(org)s AND v.issued_on > %(day)s
    ) line
    GROUP BY customer_id, currency
    HAVING sum(amount) > 0
)
SELECT c.id::text, d.code, c.code, c.name, o.currency, o.open, o.overdue, coalesce(k.settled, 0), coalesce(k.late, 0),
       (coalesce(k.late, 0) + %(k)s * p.late) / (coalesce(k.settled, 0) + %(k)s) AS chance,
       coalesce(k.days, p.days), k.low, k.high, k.recent_days, k.earlier_days
FROM owed o
JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = o.customer_id
JOIN parties_creditor d ON d.organization_id = %(org)s AND d.id = c.creditor_id
CROSS JOIN portfolio p
LEFT JOIN customer k ON k.customer_id = o.customer_id
ORDER BY o.currency, (o.overdue + (o.open - o.overdue) * ((coalesce(k.late, 0) + %(k)s * p.late)
         / (coalesce(k.settled, 0) + %(k)s))::numeric) DESC, c.code"""
)

# What was known when each item was billed: the customer's settled items of the days before, counted as one walks through them.
_JUDGED = """
WITH item AS MATERIALIZED (
    SELECT i.id, i.customer_id, v.issued_on, i.expected_on, i.settled_on,
           CASE WHEN i.settled_on IS NULL THEN NULL ELSE EXISTS (
               SELECT FROM receivables_entry e
               WHERE e.organization_id = %(org)s AND e.installment_id = i.id AND e.effective_on = i.settled_on
                 AND e.kind = 'payment' AND e.amount < 0) END AS by_payment
    FROM receivables_installment i
    JOIN receivables_invoice v ON v.organization_id = %(org)s AND v.id = i.invoice_id AND v.withdrawn_on IS NULL
    WHERE i.organization_id = %(org)s AND v.issued_on <= %(day)s {narrowed}
),
event AS (
    SELECT id, customer_id, settled_on AS at, 1 AS seen, (settled_on > expected_on)::int AS late, NULL::date AS expected_on,
           NULL::int AS outcome
    FROM item WHERE by_payment
    UNION ALL
    SELECT id, customer_id, issued_on, 0, 0, expected_on, (settled_on IS NULL OR settled_on > expected_on)::int
    FROM item WHERE expected_on < %(day)s AND expected_on >= %(since)s AND by_payment IS NOT FALSE
),
known AS (
    SELECT id, customer_id, expected_on, outcome,
           sum(seen) OVER (PARTITION BY customer_id ORDER BY at, seen ROWS UNBOUNDED PRECEDING) AS settled,
           sum(late) OVER (PARTITION BY customer_id ORDER BY at, seen ROWS UNBOUNDED PRECEDING) AS late,
           (sum(late) OVER everybody)::float8 / nullif(sum(seen) OVER everybody, 0) AS portfolio
    FROM event
    WINDOW everybody AS (ORDER BY at, seen ROWS UNBOUNDED PRECEDING)
),
judged AS (
    SELECT id, customer_id, expected_on, date_trunc('month', expected_on)::date AS month, outcome,
           (late + %(k)s * portfolio) / (settled + %(k)s) AS chance
    FROM known WHERE outcome IS NOT NULL AND portfolio IS NOT NULL
)"""
_CALIBRATION = (
    _JUDGED
    + """
SELECT month, least(floor(chance * {slices})::int, {slices} - 1), count(*), avg(chance), sum(outcome),
       sum((chance - outcome) * (chance - outcome))
FROM judged
GROUP BY 1, 2
ORDER BY 1, 2"""
)


class Score(NamedTuple):
    """One customer in one currency. `chance` of paying what is not due yet late, or the next item; `days` from the expected day
    it usually takes, `low` and `high` between which four of five lie; the value at risk is what is overdue and the chance of the
    rest.
    """

    customer_id: str
    creditor: str
    code: str
    name: str
    currency: str
    open: Decimal
    overdue: Decimal
    settled: int
    late: int
    chance: float
    days: int | None
    low: int | None
    high: int | None
    recent_days: Decimal | None
    earlier_days: Decimal | None
    behind: int = 0  # items overdue, where a model is in use
    reasons: tuple[Reason, ...] = ()  # those of the model; none: the chance is the customer's own rate

    @property
    def at_risk(self) -> Decimal:
        """What is overdue, and of what is not due yet the share that the chance of lateness says."""
        return self.overdue + (self.open - self.overdue) * Decimal(str(round(self.chance, 6)))

    @property
    def trend(self) -> Decimal | None:
        """How many days later the last half year was paid than before it; None where one of them is not known."""
        if self.recent_days is None or self.earlier_days is None:
            return None
        return self.recent_days - self.earlier_days


def scores(
    organization_id: UUID, day: date, creditor: UUID | None = None, *, whose: Whose | None = None
) -> Iterator[Score]:
    """Everybody with something open at the end of the day, the greatest value at risk first in each currency. Flat in memory.

    Chances are those of the model that was in use on the day, if one was, or else each customer's own rate.
    """
    model = model_of(organization_id, day)
    with connection.cursor() as settings:
        settings.execute("SET LOCAL cursor_tuple_fraction = 1.0; SET LOCAL work_mem = '64MB'")
    with connection.chunked_cursor() as cursor:
        asked = whose or of_creditor(creditor)
        values = values_of(organization_id, day, asked)
        if model:
            with connection.cursor() as settings:
                settings.execute("SET LOCAL enable_nestloop = off")
            cursor.execute(scores_sql(asked), values | values_of_model(model))
            with connection.cursor() as settings:
                settings.execute("SET LOCAL enable_nestloop = on")
        else:
            cursor.execute(_narrowed(_SCORES, asked), values)
        while rows := cursor.fetchmany(_CHUNK):
            for row in rows:
                yield _by_model(model, row) if model else Score(*row)


def _by_model(model: Model, row: tuple[Any, ...]) -> Score:
    """A row of `learning.scored`: the columns of a score, how many items are overdue, and the features."""
    columns, behind, features = row[:15], row[15], row[16:]
    known = dict(zip(NAMES, features, strict=True))
    return Score(*columns)._replace(behind=behind, reasons=tuple(model.reasons(known)))


def calibrations(
    organization_id: UUID, day: date, creditor: UUID | None = None, *, whose: Whose | None = None
) -> dict[date, Calibration]:
    """By the month an item was expected in, how right the chances given when it was billed were; the earliest first."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        asked = whose or of_creditor(creditor)
        cursor.execute(_narrowed(_CALIBRATION, asked), values_of(organization_id, day, asked))
        by_month: dict[date, list[tuple[Slice, float]]] = defaultdict(list)
        for month, _slice, items, chance, late, squares in cursor.fetchall():
            by_month[month].append((Slice(items, float(chance), int(late)), float(squares)))
    found: dict[date, Calibration] = {}
    for month, each in by_month.items():
        slices = [one for one, _squares in each]
        items, late = sum(one.items for one in slices), sum(one.late for one in slices)
        if judged := calibration(slices, sum(squares for _one, squares in each), items, late):
            found[month] = judged
    return found


def settled_sql(whose: Whose) -> str:
    """The table `settled`, to stand after WITH: id, customer_id, settled_on, days. Parameters: `values_of`."""
    return _narrowed(_SETTLED, whose)


def judged_sql(whose: Whose) -> str:
    """Tables after WITH, the last one `judged`: id, customer_id, expected_on, month, outcome, chance. Parameters: `values_of`."""
    return _narrowed(_JUDGED, whose)


def _narrowed(sql: str, whose: Whose) -> str:
    """What is owed is narrowed to a currency too; how customers pay is not told apart by it."""
    return sql.format(narrowed=whose.sql("i"), habits=whose.sql("i", currency=False), slices=SLICES)


def values_of(organization_id: UUID, day: date, whose: Whose) -> dict[str, Any]:
    """The parameters of the statements."""
    return {"org": organization_id, "day": day, "since": day - HISTORY, "k": K, **whose.values}
