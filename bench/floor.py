"""The floor: what plain set-based SQL needs for the same work in the same database, without a reason, a rule or a person in it."""

from collections.abc import Callable
from datetime import date, datetime
from time import perf_counter
from typing import Any
from uuid import UUID

from django.db import connection, transaction

# Each open item is classified against the manual's steps by its days; the oldest of a customer leads; one row per customer is
# written to the activities' own table, with its keys and indexes. The transaction is rolled back.
DAY = """
INSERT INTO outreach_activity (
    id, organization_id, customer_id, day, direction, channel, tone, state, step, template, attempt, lead_id, lead_days,
    due_generation, not_before, demand, value, items, item_steps, why, subject, body, edited, captured, message_id, result, note,
    created_at)
SELECT puntual_uuid7(), %(org)s, customer_id, %(day)s, 'out', 'email', (array_agg(tone ORDER BY due_on))[1], 'proposed',
       (array_agg(step ORDER BY due_on))[1], '', 1, (array_agg(id ORDER BY due_on))[1], %(day)s::date - min(due_on), 1, %(now)s,
       jsonb_build_object(min(currency), sum(open_amount)::text), sum(open_amount), array_agg(id ORDER BY due_on),
       array_agg(step ORDER BY due_on), '{{}}', '', '', false, false, '', '', '', %(now)s
FROM (
    SELECT i.id, i.customer_id, i.due_on, i.currency, i.open_amount,
           CASE WHEN %(day)s::date - i.due_on >= 75 THEN 'decision' WHEN %(day)s::date - i.due_on >= 60 THEN 'final'
                WHEN %(day)s::date - i.due_on >= 35 THEN 'formal' WHEN %(day)s::date - i.due_on >= 22 THEN 'call'
                WHEN %(day)s::date - i.due_on >= 15 THEN 'firm' ELSE 'friendly' END AS step,
           CASE WHEN %(day)s::date - i.due_on >= 60 THEN 'final' WHEN %(day)s::date - i.due_on >= 35 THEN 'formal'
                WHEN %(day)s::date - i.due_on >= 15 THEN 'firm' ELSE 'friendly' END AS tone
    FROM receivables_installment i
    WHERE i.organization_id = %(org)s AND i.open_amount > 0 AND i.due_on < %(day)s
) classified
GROUP BY customer_id
ON CONFLICT DO NOTHING
"""

AGING = """
SELECT customer_id, currency,
       sum(open_amount) FILTER (WHERE %(day)s::date - due_on <= 0),
       sum(open_amount) FILTER (WHERE %(day)s::date - due_on BETWEEN 1 AND 30),
       sum(open_amount) FILTER (WHERE %(day)s::date - due_on BETWEEN 31 AND 60),
       sum(open_amount) FILTER (WHERE %(day)s::date - due_on BETWEEN 61 AND 90),
       sum(open_amount) FILTER (WHERE %(day)s::date - due_on > 90), sum(open_amount)
FROM receivables_installment
WHERE organization_id = %(org)s AND open_amount > 0
GROUP BY customer_id, currency
"""

# The file's columns as they are, then one row each in the three tables of the ledger; customers are taken as known.
IMPORT = (
    "CREATE TEMP TABLE bench_file (code text, name text, tax_id text, email text, number text, issued_on date, due_on date,"
    " currency text, amount numeric(20, 4)) ON COMMIT DROP",
    "COPY bench_file FROM STDIN WITH (FORMAT csv, HEADER true)",
    "ANALYZE bench_file",
    "CREATE TEMP TABLE bench_party ON COMMIT DROP AS SELECT code, max(name) AS name, puntual_uuid7() AS id,"
    " puntual_uuid7() AS party_id FROM bench_file GROUP BY code",
    "INSERT INTO parties_party (id, organization_id, kind, name, search_name, country, tax_id, status, status_evidence)"
    " SELECT party_id, %(org)s, 'legal', name, lower(name), 'PE', '', 'active', '' FROM bench_party",
    "INSERT INTO parties_customer (id, organization_id, creditor_id, party_id, code, name, search_name, language, time_zone,"
    " consumer, handling, tags, arrears_reason, created_on) SELECT id, %(org)s, %(creditor)s, party_id, code, name, lower(name),"
    " 'es', 'America/Lima', false, 'automatic', '{}', '', %(day)s FROM bench_party",
    "CREATE TEMP TABLE bench_row ON COMMIT DROP AS SELECT f.*, p.id AS customer_id, puntual_uuid7() AS invoice_id,"
    " puntual_uuid7() AS installment_id FROM bench_file f JOIN bench_party p USING (code)",
    "INSERT INTO receivables_invoice (id, organization_id, creditor_id, customer_id, kind, number, number_key, issued_on, currency,"
    " amount, description, claim_owner) SELECT invoice_id, %(org)s, %(creditor)s, customer_id, 'invoice', number, number, issued_on,"
    " currency, amount, '', 'ours' FROM bench_row",
    "INSERT INTO receivables_installment (id, organization_id, invoice_id, creditor_id, customer_id, position, due_on,"
    " due_generation, currency, amount, open_amount, written_off, expected_deduction) SELECT installment_id, %(org)s, invoice_id,"
    " %(creditor)s, customer_id, 1, due_on, 1, currency, amount, amount, 0, 0 FROM bench_row",
    "INSERT INTO receivables_entry (id, organization_id, installment_id, account, kind, amount, currency, effective_on,"
    " recorded_at, memo) SELECT puntual_uuid7(), %(org)s, installment_id, 'receivable', 'issued', amount, currency, issued_on,"
    " %(now)s, '' FROM bench_row",
)


def _rolled_back(work: Callable[[Any], None], organization_id: UUID) -> float:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.org', %s, true)", [str(organization_id)])
        started = perf_counter()
        work(cursor)
        seconds = perf_counter() - started
        transaction.set_rollback(True)
    return seconds


def day(organization_id: UUID, on: date, now: datetime) -> float:
    """Seconds for the day's classification and one row per customer."""
    statement = DAY.replace("{{}}", "{}")
    return _rolled_back(
        lambda cursor: cursor.execute(statement, {"org": organization_id, "day": on, "now": now}), organization_id
    )


def aging(organization_id: UUID, on: date) -> float:
    """Seconds for one GROUP BY by customer and currency, its rows read."""

    def work(cursor: Any) -> None:
        cursor.execute(AGING, {"org": organization_id, "day": on})
        cursor.fetchall()

    return _rolled_back(work, organization_id)


def load(organization_id: UUID, creditor_id: UUID, path: str, on: date, now: datetime) -> float:
    """Seconds for COPY and five INSERTs, without a check on any value."""
    parameters = {"org": organization_id, "creditor": creditor_id, "day": on, "now": now}

    def work(cursor: Any) -> None:
        for statement in IMPORT:
            if statement.startswith("COPY"):
                with open(path, "rb") as file, cursor.copy(statement) as copy:  # noqa: PTH123
                    while block := file.read(1 << 20):
                        copy.write(block)
            else:
                cursor.execute(statement, parameters if "%(" in statement else None)

    return _rolled_back(work, organization_id)
