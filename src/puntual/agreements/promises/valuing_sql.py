"""The statements behind `valuing`: what `judging` says of one customer's promises, of all of them at once.

{receipts} and {moved} stand for what another room knows of the money received (`kernel.receipts`).
They work on three temporary tables: `promise_days` (what a promised day's deadline is in a country), `promise_looked` (the
promises that are judged together) and `promise_money` (the entries that may count for them).
"""

from puntual.agreements.promises.judging import MONEY

_KINDS = ", ".join(f"'{kind}'" for kind in MONEY)
# Standing money: what an entry took off, unless it was reversed. A reversal is no money, whichever way it goes.
_STANDING = f"""
    e.kind IN ({_KINDS}) AND e.amount < 0 AND e.reverses_id IS NULL
    AND NOT EXISTS (
        SELECT FROM receivables_entry r WHERE r.organization_id = %(org)s AND r.reverses_id = e.id)
"""
_RECEIVED = "(m.received_on > w.made_on OR (m.received_on = w.made_on AND m.received_at > w.recorded_at))"
_APPLIED = "(m.effective_on > w.made_on OR (m.effective_on = w.made_on AND m.recorded_at > w.recorded_at))"
_LATER = f"({_RECEIVED} OR {_APPLIED})"
_IN_TIME = f"CASE WHEN {_RECEIVED} THEN m.received_on ELSE m.effective_on END <= w.deadline"
# What an entry took off an item, of the day its payment was received; and what lies on account, which no item has taken.
_MONEY = """
SELECT e.id, w.customer_id, w.currency, e.installment_id, e.effective_on, e.recorded_at, -e.amount AS amount,
       coalesce(r.received_on, e.effective_on) AS received_on, coalesce(r.recorded_at, e.recorded_at) AS received_at
FROM {whose} w
JOIN receivables_installment i
    ON i.organization_id = %(org)s AND i.customer_id = w.customer_id AND i.currency = w.currency
JOIN receivables_entry e ON e.organization_id = %(org)s AND e.installment_id = i.id AND e.effective_on >= w.since
LEFT JOIN ({receipts}) r ON r.id = e.source_id
WHERE e.effective_on >= {since} AND e.kind <> 'issued' AND {standing}
UNION ALL
SELECT r.id, w.customer_id, w.currency, NULL, r.received_on, r.recorded_at, r.unapplied, r.received_on, r.recorded_at
FROM {whose} w
JOIN ({receipts}) r ON r.customer_id = w.customer_id AND r.currency = w.currency
WHERE r.unapplied > 0 AND r.received_on >= w.since
"""
_JUDGED = "p.state IN ('kept', 'partly_kept', 'broken') AND p.promised_for >= %(horizon)s"

DAYS = f"""
SELECT DISTINCT c.country, p.promised_for
FROM agreements_promise p
JOIN parties_creditor c ON c.organization_id = %(org)s AND c.id = p.creditor_id
WHERE p.organization_id = %(org)s AND (p.state = 'open' OR {_JUDGED})
"""

# An open promise is looked at when it is new, when its deadline is here, and with any judged one of the customer when an entry or
# money came to be known since the last time: nothing else changes what it comes to.
# Promises whose days do not meet share no money: `place` counts anew for each run of promises that do.
LOOKED = f"""
CREATE TEMPORARY TABLE promise_looked ON COMMIT DROP AS
WITH whose AS (
    SELECT p.customer_id, p.currency
    FROM agreements_promise p
    JOIN parties_creditor c ON c.organization_id = %(org)s AND c.id = p.creditor_id
    JOIN promise_days d ON d.country = c.country AND d.promised_for = p.promised_for
    WHERE p.organization_id = %(org)s AND p.state = 'open'
      AND (%(since)s::timestamptz IS NULL OR p.recorded_at >= %(since)s OR d.deadline <= %(today)s)
    UNION
    SELECT i.customer_id, i.currency
    FROM agreements_moved m JOIN receivables_installment i ON i.organization_id = %(org)s AND i.id = m.id
    UNION
    SELECT customer_id, currency FROM ({{moved}}) received
),
dated AS (
    SELECT p.id, p.customer_id, p.currency, p.amount, p.made_on, p.promised_for, p.recorded_at, p.named, p.state, p.paid,
           p.valued_on, d.deadline, coalesce(t.amount, 0) AS tolerance,
           coalesce(c.bank_through >= d.deadline AND d.deadline <= %(today)s, false) AS known
    FROM whose
    JOIN agreements_promise p ON p.organization_id = %(org)s AND p.customer_id = whose.customer_id AND p.currency = whose.currency
    JOIN parties_creditor c ON c.organization_id = %(org)s AND c.id = p.creditor_id
    JOIN promise_days d ON d.country = c.country AND d.promised_for = p.promised_for
    LEFT JOIN unnest(%(currencies)s::varchar[], %(tolerances)s::numeric[]) t (currency, amount) ON t.currency = p.currency
    WHERE p.state = 'open' OR {_JUDGED}
),
after AS (
    SELECT *, max(deadline) OVER (
        PARTITION BY customer_id, currency ORDER BY made_on, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
    FROM dated
),
run AS (
    SELECT *, count(*) FILTER (WHERE before IS NULL OR made_on > before)
              OVER (PARTITION BY customer_id, currency ORDER BY made_on, id) AS run
    FROM after
)
SELECT id, customer_id, currency, amount, made_on, promised_for, recorded_at, named, state, paid, valued_on, deadline, tolerance,
       known,
       row_number() OVER (PARTITION BY customer_id, currency, run ORDER BY promised_for, made_on, id)::int AS place
FROM run
"""

COLLECT = "CREATE TEMPORARY TABLE promise_money ON COMMIT DROP AS SELECT *, amount AS unused FROM ({money}) money".format(
    money=_MONEY.format(
        whose="(SELECT customer_id, currency, min(made_on) AS since FROM promise_looked GROUP BY customer_id, currency)",
        since="(SELECT min(made_on) FROM promise_looked)",
        standing=_STANDING,
        receipts="{receipts}",
    )
)

_COLUMNS = "id, installment_id, effective_on, recorded_at, amount, received_on, received_at"
MONEY_OF_ONE = "SELECT {columns} FROM ({money}) money".format(
    columns=_COLUMNS,
    money=_MONEY.format(
        whose="(SELECT %(customer)s::uuid AS customer_id, %(currency)s AS currency, %(since)s::date AS since)",
        since="%(since)s",
        standing=_STANDING,
        receipts="{receipts}",
    ),
)
"""The same of one customer, in the order of `judging.Money`."""

EXPECT = f"""
CREATE TEMPORARY TABLE promise_expected ON COMMIT DROP AS
SELECT w.id, sum(least(c.amount, i.open_amount + i.written_off + coalesce(paid.since, 0))) AS expected
FROM promise_looked w
JOIN agreements_promiseitem c ON c.organization_id = %(org)s AND c.promise_id = w.id
JOIN receivables_installment i ON i.organization_id = %(org)s AND i.id = c.installment_id
LEFT JOIN (
    SELECT w.id, m.installment_id, sum(m.amount) AS since
    FROM promise_looked w
    JOIN promise_money m ON m.customer_id = w.customer_id AND m.currency = w.currency AND {_LATER}
    GROUP BY w.id, m.installment_id
) paid ON paid.id = w.id AND paid.installment_id = c.installment_id
GROUP BY w.id
"""

COUNTED = "CREATE TEMPORARY TABLE promise_counted (id uuid, counted numeric) ON COMMIT DROP"
# One promise of each run of promises at a time, the one whose day comes first first: it takes the oldest money up to what is
# expected of it, and the next one what is left.
COUNT = f"""
WITH available AS (
    SELECT w.id, m.id AS money, x.expected, m.unused,
           sum(m.unused) OVER (PARTITION BY w.id ORDER BY m.received_on, m.id) - m.unused AS before
    FROM promise_looked w
    JOIN promise_expected x ON x.id = w.id
    JOIN promise_money m ON m.customer_id = w.customer_id AND m.currency = w.currency
    WHERE w.place = %(place)s AND m.unused > 0 AND {_LATER} AND {_IN_TIME}
      AND (NOT w.named OR m.installment_id IS NULL OR EXISTS (
          SELECT FROM agreements_promiseitem c
          WHERE c.organization_id = %(org)s AND c.promise_id = w.id AND c.installment_id = m.installment_id))
),
taken AS (
    SELECT id, money, least(unused, greatest(expected - before, 0)) AS amount FROM available
),
used AS (
    UPDATE promise_money m SET unused = m.unused - t.amount
    FROM taken t WHERE %(place)s < %(places)s AND t.money = m.id AND t.amount > 0
)
INSERT INTO promise_counted SELECT id, sum(amount) FROM taken GROUP BY id
"""

# What was judged before is judged anew only where other money counts for it now; taken back before the day, it opens it again.
JUDGE = """
CREATE TEMPORARY TABLE promise_judged ON COMMIT DROP AS
SELECT w.id, w.state, w.paid, w.valued_on, w.deadline, w.counted, CASE
    WHEN w.counted > 0 AND w.counted >= w.expected - w.tolerance THEN 'kept'
    WHEN w.counted = 0 AND w.expected <= w.tolerance AND w.expected < w.amount AND w.state = 'open' THEN 'withdrawn'
    WHEN NOT w.known THEN nullif('open', w.state)
    WHEN w.counted > w.tolerance THEN 'partly_kept'
    ELSE 'broken'
END AS verdict
FROM (
    SELECT w.*, x.expected, coalesce(c.counted, 0) AS counted
    FROM promise_looked w
    JOIN promise_expected x ON x.id = w.id
    LEFT JOIN promise_counted c ON c.id = w.id
) w
WHERE w.state = 'open' OR w.counted <> w.paid
"""

# The judgment that another one takes the place of is kept.
WRITE = """
WITH written AS (
    UPDATE agreements_promise p
    SET state = w.verdict, paid = w.counted, valued_on = %(today)s,
        ended_on = CASE WHEN w.verdict <> 'open' THEN coalesce(p.ended_on, %(today)s) END
    FROM promise_judged w
    WHERE w.verdict IS NOT NULL AND p.organization_id = %(org)s AND p.id = w.id AND p.state = w.state
    RETURNING p.id, w.state AS was, w.verdict, w.paid, w.valued_on
),
kept AS (
    INSERT INTO agreements_promisejudgment (id, organization_id, promise_id, "on", at, state, paid)
    SELECT puntual_uuid7(), %(org)s, id, valued_on, %(now)s, was, paid FROM written WHERE was <> 'open'
)
SELECT was, verdict, count(*) FROM written GROUP BY was, verdict
"""

ENDED = "SELECT id FROM promise_judged WHERE verdict IS NOT NULL AND state = 'open'"
# Only what is held through its deadline at least can come to an end.
WAITING = "SELECT id FROM promise_judged WHERE verdict IS NULL AND state = 'open' AND deadline <= %(today)s"
TABLES = "promise_judged, promise_counted, promise_expected, promise_money, promise_looked, promise_days"
