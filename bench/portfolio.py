"""A synthetic open portfolio written straight into the tables: 5 invoices per customer, ages from not yet due to a year.

Only the benchmark writes like this; the product goes through its actions. The same seed gives the same portfolio.
"""

from datetime import date, datetime
from uuid import UUID

from django.db import connection

from puntual.kernel.ids import uuid7

CURRENCIES = ("PEN", "USD", "CLP")

_STATEMENTS = """
SELECT setseed(0.42);
INSERT INTO parties_creditor (id, organization_id, code, name, tax_id, country, currency, language, address, email, phone, signs_as,
                              invoices_through, bank_through)
VALUES (%(creditor)s, %(org)s, 'main', 'Bench S.A.C.', '', 'PE', 'PEN', 'es', '', 'cobranzas@bench.example', '', 'Bench',
        %(day)s, %(day)s);
CREATE TEMP TABLE bench_customer ON COMMIT DROP AS
SELECT n, puntual_uuid7() AS id, puntual_uuid7() AS party_id FROM generate_series(1, %(customers)s) n;
INSERT INTO parties_party (id, organization_id, kind, name, search_name, country, tax_id, status, status_evidence)
SELECT party_id, %(org)s, 'legal', 'Cliente ' || n, 'cliente ' || n, 'PE', '', 'active', '' FROM bench_customer;
INSERT INTO parties_customer (id, organization_id, creditor_id, party_id, code, name, search_name, language, time_zone, consumer,
                              handling, tags, arrears_reason, created_on)
SELECT id, %(org)s, %(creditor)s, party_id, 'C' || n, 'Cliente ' || n, 'cliente ' || n, 'es', 'America/Lima', false,
       'automatic', '{{}}', '', %(day)s FROM bench_customer;
INSERT INTO parties_contactpoint (id, organization_id, customer_id, kind, value, language, time_zone, consent, bounce, bounces)
SELECT puntual_uuid7(), %(org)s, id, kind, CASE kind WHEN 'email' THEN 'c' || n || '@bench.example' ELSE '+5112' || lpad(n::text, 7, '0') END,
       '', '', 'unknown', 'none', 0
FROM bench_customer, (VALUES ('email'), ('phone')) k (kind) WHERE kind = 'email' OR n %% 2 = 0;
CREATE TEMP TABLE bench_invoice ON COMMIT DROP AS
SELECT puntual_uuid7() AS id, puntual_uuid7() AS installment_id, c.id AS customer_id, c.n, k,
       %(day)s::date - (random() * 400 - 40)::int AS due_on,
       (ARRAY['PEN', 'USD', 'CLP'])[1 + c.n %% 3] AS currency,
       round((100 + random() * 9900)::numeric, CASE WHEN c.n %% 3 = 2 THEN 0 ELSE 2 END) AS amount
FROM bench_customer c, generate_series(1, 5) k;
INSERT INTO receivables_invoice (id, organization_id, creditor_id, customer_id, kind, number, number_key, issued_on, currency, amount,
                                 description, claim_owner)
SELECT id, %(org)s, %(creditor)s, customer_id, 'invoice', 'F' || n || '-' || k, 'F' || n || '-' || k, least(due_on - 30, %(day)s), currency, amount,
       '', 'ours' FROM bench_invoice;
INSERT INTO receivables_installment (id, organization_id, invoice_id, creditor_id, customer_id, position, due_on, due_generation,
                                     currency, amount, open_amount, written_off, expected_deduction)
SELECT installment_id, %(org)s, id, %(creditor)s, customer_id, 1, due_on, 1, currency, amount, amount, 0, 0 FROM bench_invoice;
INSERT INTO receivables_entry (id, organization_id, installment_id, account, kind, amount, currency, effective_on, recorded_at, memo)
SELECT puntual_uuid7(), %(org)s, installment_id, 'receivable', 'issued', amount, currency, least(due_on - 30, %(day)s), %(now)s, '' FROM bench_invoice;
"""


def fill(organization_id: UUID, invoices: int, day: date, now: datetime) -> None:
    """Write `invoices` open invoices of `invoices / 5` customers; must run inside `acting_for`."""
    parameters = {
        "org": organization_id,
        "creditor": uuid7(),
        "customers": invoices // 5,
        "day": day,
        "now": now,
    }
    with connection.cursor() as cursor:
        for statement in _STATEMENTS.replace("{{}}", "{}").split(";\n"):
            if statement.strip():
                cursor.execute(statement, parameters)
