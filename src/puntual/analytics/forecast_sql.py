"""The statements behind the forecast: how customers paid until a day, and what was open at its end. See `forecasting`.

The day an amount is expected on is the due date or the one agreed instead (an extension, a pay day); a promise in force moves it
to its own day; what a plan covers is expected part by part. What is disputed, or not ours, is not expected at all.
"""

from puntual.analytics.forecasting import EDGES, KNOWN_FROM, UNKNOWN
from puntual.analytics.learning.scored import chances_sql
from puntual.analytics.narrowing import Whose
from puntual.analytics.scoring import SLICES

# Of the last two years' items: days from the expected day to the payment or, of what money did not settle until the day, to where
# it was watched. One pass over them tells how late a customer usually pays: its median is beyond an edge where fewer than half
# of its payments came by then, for which nothing has to be sorted.
_KIND = """
WITH money AS (
    SELECT DISTINCT installment_id, effective_on
    FROM receivables_entry
    WHERE organization_id = %(org)s AND kind = 'payment' AND amount < 0 AND effective_on > %(since)s AND effective_on <= %(day)s
),
seen AS MATERIALIZED (
    SELECT i.customer_id, least(coalesce(i.settled_on, %(day)s), %(day)s) - i.expected_on AS days,
           m.installment_id IS NOT NULL AS paid
    FROM receivables_installment i
    LEFT JOIN money m ON m.installment_id = i.id AND m.effective_on = i.settled_on
    WHERE i.organization_id = %(org)s AND (i.settled_on IS NULL OR i.settled_on > %(since)s)
      AND NOT EXISTS (
          SELECT FROM receivables_invoice v
          WHERE v.organization_id = %(org)s AND v.id = i.invoice_id AND (v.issued_on > %(day)s OR v.withdrawn_on IS NOT NULL))
),
kind AS MATERIALIZED (
    SELECT customer_id, CASE WHEN count(*) < {known_from} THEN {unknown} ELSE {edges} END AS kind
    FROM seen WHERE paid GROUP BY customer_id
)"""

_OPEN = (
    _KIND
    + """,
later AS MATERIALIZED (
    SELECT installment_id, sum(amount) AS amount
    FROM receivables_entry
    WHERE organization_id = %(org)s AND account = 'receivable' AND kind <> 'issued' AND effective_on > %(day)s
    GROUP BY installment_id
),
disputed AS MATERIALIZED (
    SELECT installment_id, invoice_id, sum(coalesce(amount, 'Infinity')) AS amount
    FROM receivables_hold
    WHERE organization_id = %(org)s AND reason = 'dispute' AND from_on <= %(day)s AND (until_on IS NULL OR until_on >= %(day)s)
      AND (released_on IS NULL OR released_on > %(day)s) AND (installment_id IS NOT NULL OR invoice_id IS NOT NULL)
    GROUP BY installment_id, invoice_id
),
promised AS MATERIALIZED (
    SELECT t.installment_id, max(p.promised_for) AS promised_for
    FROM agreements_promise p
    JOIN agreements_promiseitem t ON t.organization_id = %(org)s AND t.promise_id = p.id
    WHERE p.organization_id = %(org)s AND p.made_on <= %(day)s AND (p.ended_on IS NULL OR p.ended_on > %(day)s)
    GROUP BY t.installment_id
),
planned AS MATERIALIZED (
    SELECT p.id, p.creditor_id, p.customer_id, p.currency
    FROM agreements_plan p
    WHERE p.organization_id = %(org)s AND p.accepted_at IS NOT NULL AND p.agreed_on <= %(day)s
      AND (p.ended_on IS NULL OR p.ended_on > %(day)s)
),
open_item AS (
    SELECT i.id, i.invoice_id, i.customer_id, i.currency, greatest(i.expected_on, m.promised_for) AS expected_on,
           {{chance}} AS chance,
           greatest(i.open_amount - coalesce(l.amount, 0) - coalesce(d.amount, w.amount, 0), 0) AS amount
    FROM receivables_installment i
    JOIN receivables_invoice v ON v.organization_id = %(org)s AND v.id = i.invoice_id
    LEFT JOIN later l ON l.installment_id = i.id
    LEFT JOIN promised m ON m.installment_id = i.id
    LEFT JOIN disputed d ON d.installment_id = i.id
    LEFT JOIN disputed w ON w.invoice_id = i.invoice_id AND w.installment_id IS NULL
    {{given}}
    WHERE i.organization_id = %(org)s AND (i.open_amount > 0 OR l.installment_id IS NOT NULL)
      AND i.open_amount - coalesce(l.amount, 0) > 0 AND v.issued_on <= %(day)s AND v.withdrawn_on IS NULL
      AND (v.claim_owner = 'ours' OR v.claim_owner_since > %(day)s) {{narrowed}}
      AND NOT EXISTS (
          SELECT FROM agreements_planitem t JOIN planned n ON n.id = t.plan_id
          WHERE t.organization_id = %(org)s AND t.installment_id = i.id)
    UNION ALL
    SELECT t.id, NULL::uuid, i.customer_id, i.currency, t.due_on, NULL, t.amount - t.paid
    FROM planned i
    JOIN agreements_planpart t ON t.organization_id = %(org)s AND t.plan_id = i.id
    WHERE t.amount > t.paid {{narrowed}}
),
standing AS (
    SELECT customer_id, currency, expected_on, amount, chance,
           coalesce(least(floor(chance * {slices})::int, {slices} - 1), -1) AS slice
    FROM (
        SELECT customer_id, currency, expected_on, sum(amount) AS amount,
               sum(amount::float8 * chance) / sum(amount::float8) AS chance
        FROM open_item WHERE amount > 0
        GROUP BY customer_id, currency, expected_on, chance IS NULL
    ) o
)"""
)
_HABITS_AND_STANDINGS = (
    _OPEN
    + """
SELECT NULL, coalesce(k.kind, {unknown}), i.days, i.paid, count(*), NULL::date, NULL::numeric, NULL::numeric, NULL::int,
       NULL::float8
FROM seen i
LEFT JOIN kind k ON k.customer_id = i.customer_id
GROUP BY 2, 3, 4
UNION ALL
SELECT o.currency, coalesce(k.kind, {unknown}), NULL, NULL, NULL, o.expected_on, sum(o.amount), sum(o.amount * o.amount), o.slice,
       sum(o.amount::float8 * o.chance) / sum(o.amount::float8)
FROM standing o
LEFT JOIN kind k ON k.customer_id = o.customer_id
GROUP BY 1, 2, 6, 9"""
)

# What came of a past forecast: money on items that were there when it was made.
CAME_FROM = """
FROM receivables_entry e
JOIN receivables_installment i ON i.organization_id = %(org)s AND i.id = e.installment_id
JOIN receivables_invoice v ON v.organization_id = %(org)s AND v.id = i.invoice_id AND v.issued_on <= %(made_on)s
WHERE e.organization_id = %(org)s AND e.kind = 'payment' AND e.account = 'receivable'
  AND e.effective_on >= %(first)s AND e.effective_on <= %(last)s"""
CAME = f"SELECT e.currency, -sum(e.amount) {CAME_FROM} GROUP BY 1"

_KINDS = {
    "known_from": KNOWN_FROM,
    "unknown": UNKNOWN,
    "slices": SLICES,
    "edges": " + ".join(f"(2 * count(*) FILTER (WHERE days <= {edge}) < count(*))::int" for edge in EDGES),
}


# A model knows the day an item was expected on when it was billed: of what was agreed since it says nothing.
_BY_MODEL = {
    "given": "LEFT JOIN ({chances}) ch ON ch.id = i.id",
    "chance": """CASE WHEN i.expected_on > %(day)s AND greatest(i.expected_on, m.promised_for) = greatest(i.due_on, i.pays_on)
           THEN ch.chance END""",
}


def open_sql(whose: Whose, *, by_model: bool) -> str:
    """Tables after WITH: `kind` has the kind of each customer that is known well enough; `open_item` is id, invoice_id,
    customer_id, currency, expected_on, chance (of being late, by the learned model), amount; and the last one, `standing`, what
    a customer owes of each expected day: customer_id, currency, expected_on, amount, chance, slice. Parameters: org, day, since,
    those of `whose`, and those of `learning.scored` where it is `by_model`.
    """
    return _formatted(_OPEN, whose, by_model=by_model)


def habits_and_standings_sql(whose: Whose, *, by_model: bool) -> str:
    """How customers paid: kind, days, paid, items, under no currency. And what is open: currency, kind, and behind those four
    the expected day, amount, sum of squares, slice and chance. Parameters: as of `open_sql`.
    """
    return _formatted(_HABITS_AND_STANDINGS, whose, by_model=by_model)


def _formatted(sql: str, whose: Whose, *, by_model: bool) -> str:
    parts = {"given": "", "chance": "NULL::float8"}
    if by_model:
        parts = {**_BY_MODEL, "given": _BY_MODEL["given"].format(chances=chances_sql(whose.sql("i", currency=False)))}
    return sql.format(**_KINDS).format(narrowed=whose.sql("i"), **parts)
