"""What valuing costs in a day: an open promise for every second customer, a plan of three parts for the others, some of them paid.

The promised days are spread over three weeks. What was due by the day before was judged by the day run before; of this day are some
payments, and whatever comes due. At a million invoices these are 100,000 promises and 300,000 parts. Only the benchmark writes them
straight into the tables.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

_STATEMENTS = """
SELECT setseed(0.42);
CREATE TEMP TABLE bench_item ON COMMIT DROP AS
SELECT i.id, i.creditor_id, i.customer_id, i.currency, i.open_amount AS amount,
       row_number() OVER (PARTITION BY i.customer_id ORDER BY i.due_on, i.id) AS k,
       dense_rank() OVER (ORDER BY i.customer_id) AS n
FROM receivables_installment i WHERE i.organization_id = %(org)s AND i.open_amount > 0;
CREATE TEMP TABLE bench_word ON COMMIT DROP AS
SELECT puntual_uuid7() AS word, *, %(day)s::date - 6 + floor(random() * 20)::int AS promised_for, random() < 0.3 AS came
FROM bench_item WHERE n %% 2 = 0 AND k = 1;
INSERT INTO agreements_promise (id, organization_id, creditor_id, customer_id, currency, amount, promised_for, made_on, made_by, named,
                                note, state, paid, recorded_at, recorded_by)
SELECT word, %(org)s, creditor_id, customer_id, currency, amount, promised_for, %(day)s::date - 12, 'Ana', false, '', 'open', 0,
       %(now)s::timestamptz - interval '12 days', 'Bench' FROM bench_word;
INSERT INTO agreements_promiseitem (id, organization_id, promise_id, installment_id, amount)
SELECT puntual_uuid7(), %(org)s, word, id, amount FROM bench_word;
CREATE TEMP TABLE bench_plan ON COMMIT DROP AS
SELECT puntual_uuid7() AS id, creditor_id, customer_id, currency, n, sum(amount) AS principal, random() < 0.9 AS came
FROM bench_item WHERE n %% 2 = 1 AND k <= 2 GROUP BY creditor_id, customer_id, currency, n;
INSERT INTO agreements_plan (id, organization_id, creditor_id, customer_id, number, kind, state, currency, principal, interest, discount,
                             yearly_percent, rhythm, agreed_on, grace_days, misses_allowed, times_replanned, offer, situation, reason,
                             asked_by, accepted_at, accepted_how, accepted_by, evidence, ended_why, recorded_at, recorded_by)
SELECT id, %(org)s, creditor_id, customer_id, 'PP-' || n, 'plan', 'active', currency, principal, 0, 0, 0, 'monthly',
       %(day)s::date - 45, 3, 1, 0, '', '{}', '', '', %(now)s::timestamptz - interval '45 days', 'by_phone', 'Ana', 'Call', '',
       %(now)s::timestamptz - interval '45 days', 'Bench' FROM bench_plan;
INSERT INTO agreements_planitem (id, organization_id, plan_id, installment_id, principal, paid_before, relieved_before, held)
SELECT puntual_uuid7(), %(org)s, p.id, i.id, i.amount, 0, 0, true
FROM bench_plan p JOIN bench_item i ON i.customer_id = p.customer_id AND i.k <= 2;
INSERT INTO agreements_planpart (id, organization_id, plan_id, position, due_on, principal, interest, discount, amount, paid, state)
SELECT puntual_uuid7(), %(org)s, id, position, %(day)s::date - 45 + 30 * position, part, 0, 0, part, 0, 'due'
FROM (
    SELECT id, position, CASE WHEN position < 3 THEN round(principal / 3, 0) ELSE principal - 2 * round(principal / 3, 0) END AS part
    FROM bench_plan, generate_series(1, 3) position
) parts;
INSERT INTO receivables_hold (id, organization_id, customer_id, installment_id, reason, from_on, until_on, stops_chasing, stops_interest,
                              stops_pre_due, note, source_id, created_by, released_by)
SELECT puntual_uuid7(), %(org)s, i.customer_id, i.id, CASE WHEN w.word IS NULL THEN 'plan' ELSE 'promise' END, %(day)s::date - 12,
       %(day)s::date + CASE WHEN w.word IS NULL THEN 60 ELSE 6 END, true, false, true, '', coalesce(w.word, p.id), 'Bench', ''
FROM bench_item i
LEFT JOIN bench_word w ON w.customer_id = i.customer_id AND i.k = 1
LEFT JOIN bench_plan p ON p.customer_id = i.customer_id AND i.k <= 2
WHERE coalesce(w.word, p.id) IS NOT NULL;
INSERT INTO receivables_entry (id, organization_id, installment_id, account, kind, amount, currency, effective_on, recorded_at, memo)
SELECT puntual_uuid7(), %(org)s, id, 'receivable', 'payment', -amount, currency, effective_on, %(now)s::timestamptz - interval '7 days', ''
FROM (
    SELECT id, amount, currency, %(day)s::date - 8 AS effective_on FROM bench_word WHERE came
    UNION ALL
    SELECT i.id, least(i.amount, round(p.principal / 3, 0) - (sum(i.amount) OVER (PARTITION BY p.id ORDER BY i.k) - i.amount)),
           i.currency, %(day)s::date - 16
    FROM bench_item i JOIN bench_plan p ON p.customer_id = i.customer_id AND p.came
    WHERE i.k <= 2
) paid
WHERE amount > 0
"""

_TODAY = """
INSERT INTO receivables_entry (id, organization_id, installment_id, account, kind, amount, currency, effective_on, recorded_at, memo)
SELECT puntual_uuid7(), %(org)s, i.id, 'receivable', 'payment', -i.open_amount, i.currency, %(day)s, %(now)s, ''
FROM receivables_installment i
JOIN (
    SELECT c.installment_id FROM agreements_promiseitem c
    JOIN agreements_promise p ON p.organization_id = %(org)s AND p.id = c.promise_id
    WHERE c.organization_id = %(org)s AND p.state = 'open' AND random() < 0.04
    UNION
    SELECT c.installment_id FROM agreements_planitem c WHERE c.organization_id = %(org)s AND random() < 0.02
) s ON s.installment_id = i.id
WHERE i.organization_id = %(org)s AND i.open_amount > 0
"""

TABLES = (
    "agreements_promise",
    "agreements_promiseitem",
    "agreements_plan",
    "agreements_planitem",
    "agreements_planpart",
    "receivables_hold",
    "receivables_entry",
    "receivables_installment",
)


def agree(organization_id: UUID, day: date, now: datetime) -> dict[str, int]:
    """Write what was agreed; how many promises and parts. Must run inside `acting_for`."""
    parameters: dict[str, Any] = {"org": organization_id, "day": day, "now": now}
    with connection.cursor() as cursor:
        for statement in _STATEMENTS.split(";\n"):
            cursor.execute(statement, parameters)
        cursor.execute(
            "SELECT (SELECT count(*) FROM agreements_promise WHERE organization_id = %(org)s),"
            " (SELECT count(*) FROM agreements_planpart WHERE organization_id = %(org)s)",
            parameters,
        )
        promises, parts = cursor.fetchone()
    return {"promises": promises, "parts": parts}


def pay(organization_id: UUID, day: date, now: datetime) -> None:
    """Write what came in that day. Must run inside `acting_for`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.7)")
        cursor.execute(_TODAY, {"org": organization_id, "day": day, "now": now})
