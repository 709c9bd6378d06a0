"""Two years behind an open portfolio: five settled invoices for each open one, with how they were paid, promises, disputes, contacts, alerts.

Each customer has a delay of its own, from five days early to two months late, and strays from it; a tenth of the invoices is paid in
two parts, one in sixty is written off, one in fifty credited. Entries lie in the table in the order of their days, as they would
have come. Only the benchmark writes straight into the tables: balances are written as they ended, with the trigger that moves them
set aside, and `check` compares every one with its entries afterwards.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connections, transaction

SETTLED = 5
"""Settled invoices for each open one."""

_ITEMS = """
SELECT setseed(0.42 + %(part)s / 1000.0);
CREATE TEMP TABLE bench_past ON COMMIT DROP AS
SELECT *, least(due_on + delay, %(day)s::date - (delay %% 2)) AS settled_on,
       CASE WHEN luck < 0.017 THEN 'write_off' WHEN luck < 0.037 THEN 'credit_note' ELSE 'payment' END AS kind, luck > 0.9 AS halves
FROM (
    SELECT puntual_uuid7() AS id, puntual_uuid7() AS installment_id, puntual_uuid7() AS source_id, puntual_uuid7() AS other_id, c.id
           AS customer_id, c.creditor_id, c.code, k, %(day)s::date - 730 + floor(random() * 640)::int + 30 AS due_on, random() AS luck,
           greatest(-10, (hashtext(c.code) & 65535) %% 66 - 5 + floor(random() * random() * 40 - 8))::int AS delay,
           (ARRAY['PEN', 'USD', 'CLP'])[1 + substr(c.code, 2)::int %% 3] AS currency,
           round((100 + random() * 9900)::numeric, CASE WHEN substr(c.code, 2)::int %% 3 = 2 THEN 0 ELSE 2 END) AS amount
    FROM parties_customer c, generate_series(1, %(each)s) k
    WHERE c.organization_id = %(org)s AND substr(c.code, 2)::int %% %(parts)s = %(part)s
) item;
INSERT INTO receivables_invoice (id, organization_id, creditor_id, customer_id, kind, number, number_key, issued_on, currency, amount,
                                 description, claim_owner)
SELECT id, %(org)s, creditor_id, customer_id, 'invoice', 'P' || code || '-' || k, 'P' || code || '-' || k, due_on - 30, currency, amount,
       '', 'ours' FROM bench_past ORDER BY due_on;
INSERT INTO receivables_installment (id, organization_id, invoice_id, creditor_id, customer_id, position, due_on, due_generation,
                                     currency, amount, open_amount, written_off, expected_deduction, settled_on)
SELECT installment_id, %(org)s, id, creditor_id, customer_id, 1, due_on, 1, currency, amount, 0,
       CASE WHEN kind = 'write_off' THEN amount ELSE 0 END, 0, settled_on FROM bench_past ORDER BY due_on;
INSERT INTO receivables_entry (id, organization_id, installment_id, account, kind, amount, currency, effective_on, recorded_at,
                               source_id, memo)
SELECT puntual_uuid7(), %(org)s, installment_id, account, kind, amount, currency, effective_on, effective_on + time '12:00', source_id, ''
FROM (
    SELECT installment_id, 'receivable' AS account, 'issued' AS kind, amount, currency, due_on - 30 AS effective_on, NULL::uuid AS source_id
    FROM bench_past
    UNION ALL
    SELECT installment_id, 'receivable', kind, CASE WHEN halves THEN -amount + ceil(amount / 2) ELSE -amount END, currency, settled_on,
           CASE WHEN kind = 'payment' THEN source_id END
    FROM bench_past
    UNION ALL
    SELECT installment_id, 'receivable', kind, -ceil(amount / 2), currency, greatest(settled_on - 12, due_on - 30), other_id
    FROM bench_past WHERE halves
    UNION ALL
    SELECT installment_id, 'written_off', kind, amount, currency, settled_on, NULL FROM bench_past WHERE kind = 'write_off'
) entry ORDER BY effective_on;
INSERT INTO payments_payment (id, organization_id, creditor_id, customer_id, reference, received_on, recorded_at, currency, amount,
                              unapplied, method, memo, reversal_reason)
SELECT id, %(org)s, creditor_id, customer_id, id::text, received_on, received_on + time '12:00', currency, amount, rest, 'transfer', '', ''
FROM (
    SELECT source_id AS id, creditor_id, customer_id, currency, settled_on AS received_on,
           CASE WHEN halves THEN amount - ceil(amount / 2) ELSE amount END + CASE WHEN k = 1 AND luck > 0.85 THEN 10 ELSE 0 END AS amount,
           CASE WHEN k = 1 AND luck > 0.85 THEN 10 ELSE 0 END AS rest
    FROM bench_past WHERE kind = 'payment'
    UNION ALL
    SELECT other_id, creditor_id, customer_id, currency, greatest(settled_on - 12, due_on - 30), ceil(amount / 2), 0
    FROM bench_past WHERE halves
) payment ORDER BY received_on;
INSERT INTO agreements_promise (id, organization_id, creditor_id, customer_id, currency, amount, promised_for, made_on, made_by, named,
                                note, state, paid, valued_on, ended_on, recorded_at, recorded_by)
SELECT puntual_uuid7(), %(org)s, creditor_id, customer_id, currency, amount, promised_for, due_on + 5, 'Ana', true, '',
       CASE WHEN settled_on <= promised_for THEN 'kept' WHEN halves THEN 'partly_kept' ELSE 'broken' END,
       CASE WHEN settled_on <= promised_for THEN amount WHEN halves THEN ceil(amount / 2) ELSE 0 END, promised_for + 2, promised_for + 2,
       due_on + time '12:00', 'Bench'
FROM (SELECT *, due_on + 5 + (hashtext(code || k) & 15) AS promised_for FROM bench_past) past
WHERE luck > 0.4 AND luck < 0.44 AND kind = 'payment' AND due_on < %(day)s::date - 40;
INSERT INTO disputes_dispute (id, organization_id, creditor_id, customer_id, invoice_id, currency, amount, whole, reason, said, said_by,
                              source, opened_on, opened_at, opened_by, deadline, state, cause, resolved_on, resolved_at, resolved_by, why)
SELECT puntual_uuid7(), %(org)s, creditor_id, customer_id, id, currency, amount, true, 'price', '', '', 'desk', due_on - 5,
       (due_on - 5) + time '12:00', 'Bench', due_on + 5, 'rejected',
       (ARRAY['pricing', 'ordering', 'delivery', 'quality', 'billing'])[1 + k %% 5], due_on, due_on + time '12:00', 'Bench', ''
FROM bench_past WHERE luck > 0.5 AND luck < 0.51;
INSERT INTO outreach_activity (id, organization_id, customer_id, day, direction, channel, tone, state, step, template, attempt, lead_id,
                               lead_days, due_generation, demand, value, items, item_steps, why, subject, body, edited, captured,
                               message_id, result, note, settled_at, created_at)
SELECT puntual_uuid7(), %(org)s, customer_id, said_on, 'out', (ARRAY['email', 'email', 'email', 'whatsapp', 'call'])[1 + k %% 5], 'friendly',
       CASE WHEN k %% 5 = 4 THEN 'done' ELSE 'sent' END, (ARRAY['friendly', 'firm', 'call', 'formal'])[1 + k %% 4], 'first', 1,
       installment_id, said_on - due_on, 1, jsonb_build_object(currency, amount::text), amount, ARRAY[installment_id], ARRAY['friendly'],
       '{}', 'Bench S.A.C.: una factura por pagar', 'Estimado cliente: le saluda Bench S.A.C. Responda BAJA para no recibir más.', false,
       false, '', CASE WHEN k %% 5 = 4 THEN 'reached_other' ELSE '' END, '', said_on + time '16:00', said_on + time '11:00'
FROM (SELECT *, due_on + 2 + (hashtext(code || k) & 7) AS said_on FROM bench_past) past
WHERE said_on < settled_on AND said_on < %(day)s::date AND said_on > %(day)s::date - 200 AND luck > 0.2
ORDER BY said_on;
"""

_ON_WHAT_IS_OPEN = """
INSERT INTO outreach_activity (id, organization_id, customer_id, day, direction, channel, tone, state, step, template, attempt, lead_id,
                               lead_days, due_generation, demand, value, items, item_steps, why, subject, body, edited, captured,
                               message_id, result, note, settled_at, created_at)
SELECT puntual_uuid7(), %(org)s, customer_id, said_on, 'out', (ARRAY['email', 'email', 'whatsapp', 'call'])[1 + n %% 4], 'friendly',
       CASE WHEN n %% 4 = 3 THEN 'done' ELSE 'sent' END, 'friendly', 'first', 1, lead_id, said_on - due_on, 1,
       jsonb_build_object(currency, amount::text), amount, items, steps, '{}', 'Bench S.A.C.: sus facturas por pagar',
       'Estimado cliente: le saluda Bench S.A.C. Responda BAJA para no recibir más.', false, false, '',
       CASE WHEN n %% 4 = 3 THEN 'reached_other' ELSE '' END, '', said_on + time '16:00', said_on + time '11:00'
FROM (
    SELECT customer_id, min(currency) AS currency, sum(open_amount) AS amount, min(due_on) AS due_on,
           (array_agg(id ORDER BY due_on))[1] AS lead_id, array_agg(id ORDER BY due_on) AS items,
           array_agg('friendly'::text ORDER BY due_on) AS steps, hashtext(customer_id::text) & 31 AS n,
           %(day)s::date - 1 - (hashtext(customer_id::text) & 31) AS said_on
    FROM receivables_installment WHERE organization_id = %(org)s AND open_amount > 0 AND due_on < %(day)s::date - 40
    GROUP BY customer_id
) late
ORDER BY said_on
ON CONFLICT DO NOTHING;
"""

# One in ten customers had an alert in the year; two of three are closed.
_ALERTS = """
INSERT INTO analytics_alert (id, organization_id, kind, creditor_id, customer_id, subject, raised_on, facts, series, fresh, state,
                             outcome, note, closed_on, closed_at, closed_by)
SELECT puntual_uuid7(), %(org)s, 'missed', creditor_id, id, '', raised_on, '{"now": 12, "on_time": 30}', '[]', 0,
       CASE WHEN closed THEN 'closed' ELSE 'open' END, CASE WHEN closed THEN 'true_alarm' ELSE '' END, '',
       CASE WHEN closed THEN raised_on + 9 END, CASE WHEN closed THEN raised_on + 9 + time '12:00' END,
       CASE WHEN closed THEN 'Bench' ELSE '' END
FROM (
    SELECT id, creditor_id, substr(code, 2)::int %% 3 <> 0 AS closed, %(day)s::date - 1 - (hashtext(code) & 255) AS raised_on
    FROM parties_customer WHERE organization_id = %(org)s AND substr(code, 2)::int %% 10 = 0
) customer
"""

_DIFFERENCES = """
SELECT count(*) FROM (
    SELECT i.id FROM receivables_installment i
    LEFT JOIN receivables_entry e ON e.organization_id = %(org)s AND e.installment_id = i.id
    WHERE i.organization_id = %(org)s
    GROUP BY i.id, i.open_amount, i.written_off, i.settled_on
    HAVING i.open_amount <> coalesce(sum(e.amount) FILTER (WHERE e.account = 'receivable'), 0)
        OR i.written_off <> coalesce(sum(e.amount) FILTER (WHERE e.account = 'written_off'), 0)
        OR i.open_amount = 0 AND i.settled_on <> max(e.effective_on) FILTER (WHERE e.account = 'receivable')
) differing
"""

TABLES = (
    "receivables_invoice",
    "receivables_installment",
    "receivables_entry",
    "receivables_portfoliodelta",
    "payments_payment",
    "agreements_promise",
    "disputes_dispute",
    "outreach_activity",
    "analytics_alert",
)


def fill(organization_id: UUID, invoices: int, day: date, now: datetime) -> None:
    """Write what was settled of an organization with `invoices` open ones, as the owner of the tables."""
    parts = max(1, invoices // 100_000)
    for part in range(parts):
        _run(
            _ITEMS, {"org": organization_id, "day": day, "now": now, "each": 5 * SETTLED, "part": part, "parts": parts}
        )
    for statements in (_ON_WHAT_IS_OPEN, _ALERTS):
        _run(statements, {"org": organization_id, "day": day, "now": now})


def check(organization_id: UUID) -> int:
    """Items whose kept balance is not the sum of their entries."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(_DIFFERENCES, {"org": organization_id})
        return int(cursor.fetchone()[0])


def _run(statements: str, parameters: dict[str, Any]) -> None:
    """One transaction; what is posted moves no balance in it."""
    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE receivables_entry DISABLE TRIGGER receivables_post")
        for statement in statements.split(";\n"):
            if statement.strip():
                cursor.execute(statement, parameters)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE receivables_entry ENABLE TRIGGER receivables_post")
