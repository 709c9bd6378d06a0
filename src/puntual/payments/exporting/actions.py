"""Exporting payments and allocations: what was not exported before is written down once and never changes after that."""

from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Max

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.payments.exporting.models import PaymentExport
from puntual.payments.exporting.queries import came_in, lines_count

# A payment of an import that was undone came in and was reversed: both are movements.
_WRITE_DOWN = """
    WITH movement AS (
        SELECT p.id AS payment_id, 'received' AS kind, p.id AS source_id, p.received_on AS day, p.amount AS amount,
               NULL::uuid AS installment_id, p.memo AS memo
        FROM payments_payment p WHERE p.organization_id = %(organization)s
        UNION ALL
        SELECT p.id, 'reversed', p.id, p.reversed_on, -p.amount, NULL, p.reversal_reason
        FROM payments_payment p WHERE p.organization_id = %(organization)s AND p.reversed_on IS NOT NULL
        UNION ALL
        SELECT r.payment_id, 'refunded', r.id, r.refunded_on, -r.amount, NULL, r.reason
        FROM payments_refund r WHERE r.organization_id = %(organization)s
        UNION ALL
        SELECT a.payment_id, CASE WHEN e.amount < 0 THEN 'applied' ELSE 'taken_off' END, e.id, e.effective_on, -e.amount,
               e.installment_id, e.memo
        FROM payments_allocation a
        JOIN receivables_entry e ON e.organization_id = a.organization_id AND (e.id = a.entry_id OR e.reverses_id = a.entry_id)
        WHERE a.organization_id = %(organization)s
    )
    INSERT INTO payments_exportedmovement (
        id, organization_id, payment_id, creditor_id, kind, source_id, number, "on", currency, amount, content)
    SELECT puntual_uuid7(), %(organization)s, m.payment_id, p.creditor_id, m.kind, m.source_id, %(number)s, m.day, p.currency,
           m.amount, jsonb_build_array(c.code, k.code, k.name, y.tax_id, p.reference, p.method, coalesce(v.number, ''),
           coalesce(i.position::text, ''), m.memo)
    FROM movement m
    JOIN payments_payment p ON p.organization_id = %(organization)s AND p.id = m.payment_id
    JOIN parties_creditor c ON c.organization_id = %(organization)s AND c.id = p.creditor_id
    JOIN parties_customer k ON k.organization_id = %(organization)s AND k.id = p.customer_id
    JOIN parties_party y ON y.organization_id = %(organization)s AND y.id = k.party_id
    LEFT JOIN receivables_installment i ON i.organization_id = %(organization)s AND i.id = m.installment_id
    LEFT JOIN receivables_invoice v ON v.organization_id = %(organization)s AND v.id = i.invoice_id
    WHERE NOT EXISTS (
        SELECT FROM payments_exportedmovement x
        WHERE x.organization_id = %(organization)s AND x.kind = m.kind AND x.source_id = m.source_id
    ) {which}
"""


def export_payments(
    by: Actor,
    *,
    only_new: bool = False,
    from_on: date | None = None,
    to_on: date | None = None,
    creditor_id: UUID | None = None,
) -> PaymentExport:
    """Export what was received, applied, taken off, reversed and given back: what no export had before (`only_new`), or what
    counts from `from_on` through `to_on`, of one creditor or all.

    What an export had never changes, so the same period again gives the same lines, and what happened in it since as well.
    Raises Problem for a period that ends before it begins, and where there is nothing new.
    """
    if from_on and to_on and to_on < from_on:
        raise Problem(N_("The period ends before it begins. Give a first day that is not after the last."))
    if only_new and (from_on or to_on):
        raise ValueError("What is new is no period.")
    with action(by, "payments.export", only_new=only_new, from_on=from_on, to_on=to_on) as log:
        with connection.cursor() as cursor:
            # One at a time, so that numbers follow each other and no movement is written down twice.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"export {by.organization_id}"])
            last = PaymentExport.objects.filter(organization_id=by.organization_id).aggregate(Max("number"))
            number = (last["number__max"] or 0) + 1
            wanted = {
                "m.day >= %(from)s": from_on,
                "m.day <= %(to)s": to_on,
                "p.creditor_id = %(creditor)s": creditor_id,
            }
            which = "".join(f" AND {condition}" for condition, value in wanted.items() if value)
            cursor.execute(
                _WRITE_DOWN.format(which=which),
                {
                    "organization": by.organization_id,
                    "number": number,
                    "from": from_on,
                    "to": to_on,
                    "creditor": creditor_id,
                },
            )
            if only_new and not cursor.rowcount:
                raise Problem(
                    N_("Nothing came in, was applied or taken back since the last export: there is no new file.")
                )
        made = PaymentExport(
            organization_id=by.organization_id,
            number=number,
            creditor_id=creditor_id,
            only_new=only_new,
            from_on=from_on,
            to_on=to_on,
            made_at=by.now,
            made_by=by.name,
        )
        made.lines = lines_count(made)
        made.save(force_insert=True)
        log.about(made)
        log.say(number=number, lines=made.lines, came_in=came_in(made))
        return made
