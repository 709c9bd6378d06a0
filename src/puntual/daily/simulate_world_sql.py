"""The statements that make a private copy of an organization's books as they stood on a day, and move it on by one day.

Each copy is a temporary table or view under the name of the table it stands for. PostgreSQL looks for a name among the temporary
ones first, so everything that reads or writes by that name (observing, planning) meets the copy and never the books.
"""

from django.db.models import Model

from puntual.audit.models import Record
from puntual.outreach.models import Activity, Mark
from puntual.parties.models import ContactPoint, Party
from puntual.payments.models import Payment
from puntual.receivables.models import CreditNote, Entry, Installment, Invoice

LOOK_BACK = 95
"""Days of contacts before the first day that a decision may still look at: three months of rounds, and the history of conduct."""
TODAY = "current_setting('puntual.simulated_day')::date"


def _columns(model: type[Model], alias: str, **instead: str) -> str:
    """Every column of a model's table, with an expression in place of some."""
    names = [field.column for field in model._meta.concrete_fields]
    return ", ".join(f"{instead[name]} AS {name}" if name in instead else f"{alias}.{name}" for name in names)


_PAYMENT_LEFT = """CASE WHEN i.reversed_on < %(first)s THEN 0
                   ELSE i.amount - coalesce(r.amount, 0) + coalesce(s.amount, 0) END"""

OPEN = f"""
CREATE TEMPORARY TABLE simulated_customer ON COMMIT DROP AS
SELECT c.id FROM public.parties_customer c
WHERE c.organization_id = %(org)s AND abs(hashtext(c.party_id::text)::bigint) %% %(parts)s = %(part)s;

CREATE TEMPORARY TABLE simulated_opening ON COMMIT DROP AS
SELECT e.installment_id, coalesce(sum(e.amount) FILTER (WHERE e.effective_on < %(first)s), 0) AS amount
FROM public.receivables_entry e
WHERE e.organization_id = %(org)s AND e.account = 'receivable' AND e.effective_on <= %(last)s
GROUP BY 1
HAVING coalesce(sum(e.amount) FILTER (WHERE e.effective_on < %(first)s), 0) > 0 OR max(e.effective_on) >= %(first)s;

CREATE TEMPORARY TABLE simulated_posting ON COMMIT DROP AS
SELECT e.effective_on AS day, e.installment_id, sum(e.amount) AS amount
FROM public.receivables_entry e
WHERE e.organization_id = %(org)s AND e.account = 'receivable' AND e.effective_on BETWEEN %(first)s AND %(last)s
GROUP BY 1, 2;

CREATE TEMPORARY TABLE receivables_installment WITH (fillfactor = 70) ON COMMIT DROP AS
SELECT {
    _columns(
        Installment,
        "i",
        open_amount="coalesce(o.amount, 0)",
        settled_on="CASE WHEN o.installment_id IS NULL THEN i.settled_on END",
        expected_deduction="coalesce(d.amount, 0)",
    )
}
FROM public.receivables_installment i
LEFT JOIN simulated_opening o ON o.installment_id = i.id
LEFT JOIN (
    SELECT installment_id, sum(amount) AS amount FROM public.receivables_expecteddeduction
    WHERE organization_id = %(org)s AND (closed_on IS NULL OR closed_on >= %(first)s)
      AND (given_up_on IS NULL OR given_up_on >= %(first)s)
    GROUP BY 1
) d ON d.installment_id = i.id
WHERE i.organization_id = %(org)s AND i.customer_id IN (SELECT id FROM simulated_customer)
  AND (o.installment_id IS NOT NULL OR (%(settled)s AND i.settled_on < %(first)s))
ORDER BY i.customer_id;
CREATE INDEX ON simulated_posting (day);
CREATE INDEX ON receivables_installment (id);
CREATE INDEX ON receivables_installment (customer_id);

CREATE TEMPORARY TABLE simulated_spent ON COMMIT DROP AS
SELECT e.source_id, sum(e.amount) AS amount FROM public.receivables_entry e
WHERE e.organization_id = %(org)s AND e.source_id IS NOT NULL AND e.account = 'receivable' AND e.effective_on < %(first)s
GROUP BY 1;
CREATE TEMPORARY TABLE simulated_refunded ON COMMIT DROP AS
SELECT payment_id, sum(amount) AS amount FROM public.payments_refund
WHERE organization_id = %(org)s AND refunded_on < %(first)s GROUP BY 1;
CREATE TEMPORARY TABLE simulated_move ON COMMIT DROP AS
SELECT e.effective_on AS day, e.source_id, sum(e.amount) AS amount FROM public.receivables_entry e
WHERE e.organization_id = %(org)s AND e.source_id IS NOT NULL AND e.account = 'receivable'
  AND e.effective_on BETWEEN %(first)s AND %(last)s
GROUP BY 1, 2
UNION ALL
SELECT refunded_on, payment_id, -sum(amount) FROM public.payments_refund
WHERE organization_id = %(org)s AND refunded_on BETWEEN %(first)s AND %(last)s GROUP BY 1, 2;
CREATE INDEX ON simulated_move (day);
CREATE TEMPORARY TABLE simulated_reversed ON COMMIT DROP AS
SELECT id, reversed_on FROM public.payments_payment
WHERE organization_id = %(org)s AND reversed_on BETWEEN %(first)s AND %(last)s;

CREATE TEMPORARY TABLE receivables_creditnote ON COMMIT DROP AS
SELECT {_columns(CreditNote, "i", unapplied="i.amount + coalesce(s.amount, 0)")}
FROM public.receivables_creditnote i LEFT JOIN simulated_spent s ON s.source_id = i.id
WHERE i.organization_id = %(org)s AND i.customer_id IN (SELECT id FROM simulated_customer)
  AND i.issued_on <= %(last)s
  AND (i.issued_on >= %(first)s OR i.amount + coalesce(s.amount, 0) > 0);
CREATE TEMPORARY TABLE payments_payment ON COMMIT DROP AS
SELECT {
    _columns(
        Payment,
        "i",
        unapplied=_PAYMENT_LEFT,
        reversed_on="CASE WHEN i.reversed_on < %(first)s THEN i.reversed_on END",
    )
}
FROM public.payments_payment i
LEFT JOIN simulated_spent s ON s.source_id = i.id
LEFT JOIN simulated_refunded r ON r.payment_id = i.id
WHERE i.organization_id = %(org)s AND i.customer_id IN (SELECT id FROM simulated_customer)
  AND i.received_on <= %(last)s
  AND (i.received_on >= %(first)s::date - {LOOK_BACK} OR {_PAYMENT_LEFT} > 0);

CREATE INDEX ON payments_payment (customer_id);
CREATE INDEX ON payments_payment (id);
CREATE TEMPORARY TABLE parties_party ON COMMIT DROP AS
SELECT {_columns(Party, "p", status="CASE WHEN p.status_on >= %(first)s THEN 'active' ELSE p.status END")}
FROM public.parties_party p WHERE p.organization_id = %(org)s;
CREATE INDEX ON parties_party (id);
CREATE TEMPORARY TABLE parties_contactpoint ON COMMIT DROP AS
SELECT {
    _columns(
        ContactPoint,
        "i",
        retired_on="NULL::date",
        consent="CASE WHEN later.point_id IS NULL THEN i.consent ELSE coalesce(sooner.consent, 'unknown') END",
    )
}
FROM public.parties_contactpoint i
LEFT JOIN (
    SELECT DISTINCT point_id FROM public.parties_consent
    WHERE organization_id = %(org)s AND purpose = 'collections' AND given_on >= %(first)s
) later ON later.point_id = i.id
LEFT JOIN LATERAL (
    SELECT CASE WHEN c.granted THEN 'granted' ELSE 'withdrawn' END AS consent FROM public.parties_consent c
    WHERE c.organization_id = %(org)s AND c.point_id = i.id AND c.purpose = 'collections' AND c.given_on < %(first)s
    ORDER BY c.given_on DESC, c.id DESC LIMIT 1
) sooner ON later.point_id IS NOT NULL
WHERE i.organization_id = %(org)s AND i.customer_id IN (SELECT id FROM simulated_customer)
  AND (i.retired_on IS NULL OR i.retired_on >= %(first)s);
CREATE INDEX ON parties_contactpoint (customer_id);

CREATE TEMPORARY TABLE outreach_activity ON COMMIT DROP AS
SELECT {_columns(Activity, "a", subject="''::varchar", body="''::text")}
FROM public.outreach_activity a
WHERE a.organization_id = %(org)s AND a.customer_id IN (SELECT id FROM simulated_customer) AND (
    (a.direction = 'in' AND a.day >= %(first)s::date - {LOOK_BACK})
    OR (a.direction = 'out' AND a.day < %(first)s AND (
        a.state IN ('dropped', 'unknown')
        OR (a.day >= %(first)s::date - {LOOK_BACK} AND a.state IN ('sent', 'done', 'failed', 'lapsed'))
    ))
);
CREATE UNIQUE INDEX ON outreach_activity (organization_id, customer_id, lead_id, due_generation, step, attempt);
CREATE INDEX ON outreach_activity (day);
CREATE INDEX ON outreach_activity (customer_id);
CREATE TEMPORARY TABLE outreach_mark ON COMMIT DROP AS
SELECT {_columns(Mark, "m")}
FROM public.outreach_mark m
JOIN public.outreach_activity a ON a.organization_id = %(org)s AND a.id = m.activity_id AND a.day < %(first)s
JOIN receivables_installment i ON i.id = m.installment_id
WHERE m.organization_id = %(org)s;
CREATE INDEX ON outreach_mark (customer_id);
CREATE TEMPORARY TABLE audit_record ON COMMIT DROP AS SELECT {
    _columns(Record, "r")
} FROM public.audit_record r WITH NO DATA;

CREATE TEMPORARY VIEW receivables_entry AS
SELECT {_columns(Entry, "e")} FROM public.receivables_entry e WHERE e.effective_on <= {TODAY};
CREATE TEMPORARY VIEW receivables_invoice AS
SELECT {_columns(Invoice, "i")} FROM public.receivables_invoice i WHERE i.issued_on <= {TODAY};
CREATE TEMPORARY VIEW receivables_portfoliodelta AS
SELECT i.id, i.organization_id, i.creditor_id, i.currency, i.due_on, i.open_amount, 1 AS open_count
FROM receivables_installment i WHERE i.open_amount > 0;
"""

# The days on which something becomes different for a customer that no decision can foresee from the facts of an earlier day.
EVENTS = """
CREATE TEMPORARY TABLE simulated_event ON COMMIT DROP AS
SELECT found.day, found.customer_id, bool_or(found.moved) AS moved FROM (
    SELECT p.day, i.customer_id, true AS moved
    FROM simulated_posting p JOIN receivables_installment i ON i.id = p.installment_id
    UNION ALL SELECT expected_on + 1, customer_id, true FROM receivables_installment
    UNION ALL SELECT due_on - %(horizon)s, customer_id, false FROM receivables_installment
    UNION ALL SELECT m.day, c.customer_id, true FROM simulated_move m JOIN receivables_creditnote c ON c.id = m.source_id
    UNION ALL SELECT m.day, c.customer_id, true FROM simulated_move m JOIN payments_payment c ON c.id = m.source_id
    UNION ALL SELECT issued_on, customer_id, true FROM receivables_creditnote
    UNION ALL SELECT received_on, customer_id, true FROM payments_payment
    UNION ALL SELECT received_on + %(rest_days)s, customer_id, false FROM payments_payment
    UNION ALL SELECT reversed_on, customer_id, true FROM public.payments_payment WHERE organization_id = %(org)s
    UNION ALL SELECT unnest(ARRAY[from_on, until_on + 1, released_on]), customer_id, true FROM public.receivables_hold
              WHERE organization_id = %(org)s
    UNION ALL SELECT p.status_on, c.id, true FROM public.parties_party p
              JOIN public.parties_customer c ON c.organization_id = %(org)s AND c.party_id = p.id
              WHERE p.organization_id = %(org)s AND p.status <> 'active'
    UNION ALL SELECT retired_on, customer_id, true FROM public.parties_contactpoint WHERE organization_id = %(org)s
    UNION ALL SELECT k.given_on, t.customer_id, true FROM public.parties_consent k
              JOIN parties_contactpoint t ON t.id = k.point_id WHERE k.organization_id = %(org)s
    UNION ALL SELECT ends_on + 1, customer_id, true FROM public.parties_person WHERE organization_id = %(org)s
    UNION ALL SELECT unnest(ARRAY[d.closed_on, d.given_up_on]), i.customer_id, true
              FROM public.receivables_expecteddeduction d
              JOIN receivables_installment i ON i.id = d.installment_id WHERE d.organization_id = %(org)s
    UNION ALL SELECT claim_owner_since, customer_id, true FROM public.receivables_invoice
              WHERE organization_id = %(org)s AND claim_owner <> 'ours'
    UNION ALL SELECT day + %(rounds_days)s, customer_id, true FROM outreach_activity WHERE direction = 'out'
) found
WHERE found.day BETWEEN %(first)s AND %(last)s AND found.customer_id IN (SELECT id FROM simulated_customer)
GROUP BY 1, 2;
CREATE INDEX ON simulated_event (day);
"""

ADVANCE = """
UPDATE receivables_installment i
SET open_amount = i.open_amount + p.amount, settled_on = CASE WHEN i.open_amount + p.amount = 0 THEN p.day END
FROM simulated_posting p WHERE p.day = %(day)s AND i.id = p.installment_id;
UPDATE receivables_installment i SET expected_deduction = greatest(0, i.expected_deduction - d.amount)
FROM (
    SELECT installment_id, sum(amount) AS amount FROM public.receivables_expecteddeduction
    WHERE organization_id = %(org)s AND (closed_on = %(day)s OR given_up_on = %(day)s) GROUP BY 1
) d WHERE i.id = d.installment_id;
UPDATE receivables_creditnote c SET unapplied = c.unapplied + m.amount
FROM (SELECT source_id, sum(amount) AS amount FROM simulated_move WHERE day = %(day)s GROUP BY 1) m WHERE c.id = m.source_id;
UPDATE payments_payment c SET unapplied = c.unapplied + m.amount
FROM (SELECT source_id, sum(amount) AS amount FROM simulated_move WHERE day = %(day)s GROUP BY 1) m
WHERE c.id = m.source_id AND c.reversed_on IS NULL;
UPDATE payments_payment c SET unapplied = 0, reversed_on = %(day)s
FROM simulated_reversed p WHERE p.reversed_on = %(day)s AND c.id = p.id;
UPDATE parties_party t SET status = p.status
FROM public.parties_party p WHERE p.organization_id = %(org)s AND p.status_on = %(day)s AND t.id = p.id;
UPDATE parties_contactpoint t SET retired_on = %(day)s
FROM public.parties_contactpoint p WHERE p.organization_id = %(org)s AND p.retired_on = %(day)s AND t.id = p.id;
UPDATE parties_contactpoint t SET consent = CASE WHEN k.granted THEN 'granted' ELSE 'withdrawn' END
FROM (
    SELECT DISTINCT ON (point_id) point_id, granted FROM public.parties_consent
    WHERE organization_id = %(org)s AND purpose = 'collections' AND given_on = %(day)s ORDER BY point_id, id DESC
) k WHERE t.id = k.point_id;
"""

COPIED = (
    "simulated_customer",
    "receivables_installment",
    "receivables_creditnote",
    "payments_payment",
    "parties_party",
    "parties_contactpoint",
    "outreach_activity",
    "outreach_mark",
    "simulated_posting",
    "simulated_move",
    "simulated_event",
)
