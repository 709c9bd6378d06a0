"""Items of the past with what was known when each was billed, and when what became of it was known.

Entries are read in the order they were recorded in: a payment counts from the day it was recorded on, or from its own day where
that is later, so what was recorded afterwards changes nothing of what was known. Only what a creditor brought when it was taken
over counts from its own day: whoever handed it over knew it then. An item is judged by the day it was expected on when it was
billed, its due date or the customer's pay day; an extension that was agreed later does not make it come in time.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from puntual.analytics.learning.features import FEATURES, NAMES, OWN, RECENT
from puntual.analytics.scores import HISTORY

READ = timedelta(days=4 * 365)
"""So far back items are read: a year of origins, two of items to learn from, and some of their past."""
MOST_ITEMS = 200_000
"""Beyond so many, as many customers are drawn as have about that many items; always the same ones."""
TAKEN_OVER = 30
"""Days after a creditor's first entry in which its past is brought along."""
SETTINGS = "SET LOCAL cursor_tuple_fraction = 1.0; SET LOCAL work_mem = '64MB'; SET LOCAL enable_nestloop = off"
"""The planner cannot know how many rows tables made on the way have, takes them for few and loops over them: a minute for
2,200 items, less than a second without."""
AS_BEFORE = "SET LOCAL enable_nestloop = on"
_CHUNK = 5_000
_DRAWN = 65_536

_COUNT = """
SELECT count(*) FROM receivables_installment i
JOIN receivables_invoice v ON v.organization_id = %(org)s AND v.id = i.invoice_id AND v.withdrawn_on IS NULL
WHERE i.organization_id = %(org)s AND v.issued_on > %(read)s AND v.issued_on <= %(day)s
"""

# A day twice, so that what happens on the day of the bill comes after it: the bill knows what was known the evening before.
_ITEMS = """
WITH item AS MATERIALIZED (
    SELECT i.id, i.customer_id, i.creditor_id, i.currency, ln(i.amount)::float8 AS size, v.issued_on,
           greatest(i.due_on, i.pays_on) AS expected_on, extract(month FROM greatest(i.due_on, i.pays_on))::int AS season
    FROM receivables_installment i
    JOIN receivables_invoice v ON v.organization_id = %(org)s AND v.id = i.invoice_id AND v.withdrawn_on IS NULL
    WHERE i.organization_id = %(org)s AND v.issued_on > %(read)s AND v.issued_on <= %(day)s
      AND (hashtext(i.customer_id::text) & {most}) < %(drawn)s
),
posting AS MATERIALIZED (
    SELECT e.installment_id, i.creditor_id, e.kind, e.amount, e.effective_on, e.id, e.recorded_at,
           (e.recorded_at AT TIME ZONE %(zone)s)::date AS recorded_on
    FROM item i
    JOIN receivables_entry e ON e.organization_id = %(org)s AND e.installment_id = i.id
    WHERE e.account = 'receivable'
),
known AS (
    SELECT p.*, greatest(effective_on, CASE WHEN recorded_on > b.began + {taken_over} THEN recorded_on END) AS known_on,
           sum(amount) OVER so_far AS open, max(effective_on) OVER so_far AS last_on
    FROM posting p JOIN (SELECT creditor_id, min(recorded_on) AS began FROM posting GROUP BY 1) b USING (creditor_id)
    WHERE p.recorded_on <= %(day)s
    WINDOW so_far AS (PARTITION BY installment_id ORDER BY (kind <> 'issued'), recorded_at, p.id ROWS UNBOUNDED PRECEDING)
),
stepped AS (
    SELECT *, lag(kind) OVER before AS ended_by, lag(last_on) OVER before AS ended_on FROM known
    WINDOW before AS (PARTITION BY installment_id ORDER BY (kind <> 'issued'), recorded_at, id)
),
born AS (SELECT installment_id AS id, min(known_on) AS known_on FROM known WHERE kind = 'issued' GROUP BY 1),
-- An item is settled, or not any more: a check that bounced, money that was another's.
change AS MATERIALIZED (
    SELECT installment_id, recorded_at, id, known_on, open = 0 AS settled,
           CASE WHEN open = 0 THEN kind ELSE ended_by END = 'payment' AS by_payment,
           CASE WHEN open = 0 THEN last_on ELSE ended_on END AS settled_on
    FROM stepped
    WHERE kind <> 'issued' AND ((open = 0) <> (open - amount = 0))
),
course AS (
    SELECT installment_id, array_agg(known_on - DATE '2000-01-01' ORDER BY recorded_at, id) AS changed,
           array_agg(CASE WHEN NOT settled THEN -1 WHEN NOT by_payment THEN -2 ELSE settled_on - DATE '2000-01-01' END
                     ORDER BY recorded_at, id) AS became
    FROM change GROUP BY 1
),
event AS (
    SELECT i.customer_id, i.creditor_id, i.currency, i.season, 2 * (c.known_on - DATE '2000-01-01') + 1 AS at, NULL::uuid AS item,
           w.way AS settled, w.way * (c.settled_on > i.expected_on)::int AS late,
           w.way * least(greatest(c.settled_on - i.expected_on, -30), 60) AS days,
           w.way * round(i.size * 1000000)::bigint AS size, 0 AS overdue
    FROM change c JOIN item i ON i.id = c.installment_id
    CROSS JOIN LATERAL (SELECT CASE WHEN c.settled THEN 1 ELSE -1 END AS way) w WHERE c.by_payment
    UNION ALL
    SELECT i.customer_id, i.creditor_id, i.currency, i.season,
           2 * (greatest(c.known_on, i.expected_on, b.known_on) - DATE '2000-01-01') + 1,
           NULL, 0, 0, 0, 0, CASE WHEN c.settled THEN -1 ELSE 1 END
    FROM change c JOIN item i ON i.id = c.installment_id JOIN born b ON b.id = i.id
    UNION ALL
    SELECT i.customer_id, i.creditor_id, i.currency, i.season,
           2 * (greatest(i.expected_on, b.known_on) - DATE '2000-01-01') + 1,
           NULL, 0, 0, 0, 0, 1
    FROM item i JOIN born b USING (id)
    UNION ALL
    SELECT i.customer_id, i.creditor_id, i.currency, i.season, 2 * (i.issued_on - DATE '2000-01-01'), i.id, 0, 0, 0, 0, 0
    FROM item i
),
-- All that is summed is whole numbers: a window that moves on takes those off again, and would add up fractions anew.
told AS (
    SELECT item, sum(settled) OVER past AS settled, sum(late) OVER past AS late, sum(days) OVER past AS days,
           sum(settled) OVER recent AS recent, sum(late) OVER recent AS recent_late,
           sum(overdue) OVER (PARTITION BY customer_id ORDER BY at RANGE UNBOUNDED PRECEDING) AS overdue,
           sum(size) OVER own / 1000000 AS sizes, sum(settled) OVER own AS sized,
           sum(late) OVER creditors AS creditor_late, sum(settled) OVER creditors AS creditor_settled,
           sum(late) OVER seasons AS season_late, sum(settled) OVER seasons AS season_settled,
           (sum(late) OVER everybody)::float8 / nullif(sum(settled) OVER everybody, 0) AS portfolio,
           (sum(days) OVER everybody)::float8 / nullif(sum(settled) OVER everybody, 0) AS portfolio_days
    FROM event
    WINDOW past AS (PARTITION BY customer_id ORDER BY at RANGE {history} PRECEDING),
           recent AS (PARTITION BY customer_id ORDER BY at RANGE {recent} PRECEDING),
           own AS (PARTITION BY customer_id, currency ORDER BY at RANGE {history} PRECEDING),
           creditors AS (PARTITION BY creditor_id ORDER BY at RANGE {history} PRECEDING),
           seasons AS (PARTITION BY season ORDER BY at RANGE {history} PRECEDING),
           everybody AS (ORDER BY at RANGE {history} PRECEDING)
),
seen AS (
    SELECT i.customer_id, i.issued_on, i.expected_on, i.currency, i.size, (i.expected_on - i.issued_on)::float8 AS terms,
           {floats}, portfolio, portfolio_days, coalesce(c.changed, ARRAY[]::int[]) AS changed,
           coalesce(c.became, ARRAY[]::int[]) AS became
    FROM told t JOIN item i ON i.id = t.item LEFT JOIN course c ON c.installment_id = i.id
    WHERE portfolio IS NOT NULL
)
SELECT customer_id::text, issued_on, expected_on, currency, changed, became, {own}, {features}
FROM seen
ORDER BY issued_on, customer_id, expected_on, size
""".format(
    most=_DRAWN - 1,
    taken_over=TAKEN_OVER,
    history=2 * (HISTORY.days - 1),
    recent=2 * (RECENT - 1),
    floats=", ".join(
        f"t.{name}::float8 AS {name}"
        for name in (
            *("settled", "late", "days", "recent", "recent_late", "overdue", "sizes", "sized"),
            *("creditor_late", "creditor_settled", "season_late", "season_settled"),
        )
    ),
    own=OWN,
    features=", ".join(f"{FEATURES[name]} AS {name}" for name in NAMES),
)
_EPOCH = date(2000, 1, 1).toordinal()
_OPEN = -1


class Item(NamedTuple):
    """One item as it was known when it was billed, days as ordinals. `own` is the customer's rate, `features` in the order of
    `features.NAMES`. `changed` are the days on which it became known what had `became` of it: the day it was settled on by money
    (from 2000-01-01), -1 open again, -2 ended otherwise.
    """

    customer: str
    issued_on: int
    expected_on: int
    currency: str
    changed: list[int]
    became: list[int]
    own: float
    features: tuple[float, ...]

    def outcome(self, day: int) -> int | None:
        """1 late, 0 in time, by what was known before the day; None where that cannot be told, or no money ended it."""
        state = _OPEN
        for changed, became in zip(self.changed, self.became, strict=True):
            if changed + _EPOCH < day:
                state = became
        if state < _OPEN:
            return None
        return int(state == _OPEN or state + _EPOCH > self.expected_on)


def items(organization_id: UUID, day: date, zone: str) -> list[Item]:
    """What was billed until the day in `READ`, the earliest first; at most about `MOST_ITEMS`. Inside `acting_for`.

    Days are those of the time zone `zone`.
    """
    return list(_read(organization_id, day, zone))


def _read(organization_id: UUID, day: date, zone: str) -> Iterator[Item]:
    values: dict[str, Any] = {"org": organization_id, "day": day, "read": day - READ, "zone": zone, "drawn": _DRAWN}
    with connection.cursor() as cursor:
        cursor.execute(SETTINGS)
        cursor.execute(_COUNT, values)
        if (count := cursor.fetchone()[0]) > MOST_ITEMS:
            values["drawn"] = _DRAWN * MOST_ITEMS // count
    with connection.chunked_cursor() as cursor:
        cursor.execute(_ITEMS, values)
        with connection.cursor() as settings:
            settings.execute(AS_BEFORE)
        while rows := cursor.fetchmany(_CHUNK):
            for customer, issued, expected, currency, changed, became, own, *features in rows:
                yield Item(
                    customer,
                    issued.toordinal(),
                    expected.toordinal(),
                    currency,
                    changed,
                    became,
                    own,
                    tuple(features),
                )
