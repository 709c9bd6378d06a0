"""Money received, whether or not an item has taken it yet: what promises are judged by (`agreements.promises.receipts`).

The names are `payments`' own; rooms beside it are handed them by whoever stands above both.
"""

from puntual.kernel.receipts import Receipts

RECEIPTS = Receipts(
    standing="""
        SELECT id, customer_id, currency, received_on, recorded_at, unapplied FROM payments_payment
        WHERE organization_id = %(org)s
    """,
    # What was applied and taken back has entries, which tell of it themselves; when what never was is taken back is not recorded.
    moved="""
        SELECT p.customer_id, p.currency FROM payments_payment p
        WHERE p.organization_id = %(org)s AND p.received_on >= %(recent)s AND p.unapplied > 0
          AND (%(since)s::timestamptz IS NULL OR p.recorded_at >= %(since)s)
        UNION
        SELECT p.customer_id, p.currency FROM payments_payment p
        WHERE p.organization_id = %(org)s AND p.received_on >= %(recent)s AND p.reversed_on >= %(recent)s
          AND NOT EXISTS (
              SELECT FROM payments_allocation a WHERE a.organization_id = p.organization_id AND a.payment_id = p.id)
        UNION
        SELECT p.customer_id, p.currency FROM payments_refund r
        JOIN payments_payment p ON p.organization_id = %(org)s AND p.id = r.payment_id
        WHERE r.organization_id = %(org)s AND r.refunded_on >= %(recent)s
          AND (%(since)s::timestamptz IS NULL OR r.recorded_at >= %(since)s)
    """,
)
