"""What late interest is worked out from: late items of creditors that charge it, with what changed and paused their principal."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from puntual.kernel.interest import Change, Pause, Rate
from puntual.receivables.interest.laws import series
from puntual.receivables.interest.models import OwnRate
from puntual.receivables.interest.working import LateItem, Terms
from puntual.tenancy.scope import acting_for

CHUNK = 1_000
_DAY = timedelta(days=1)

# The customer's own terms, else its creditor's. What closed otherwise than by money bears no interest at all, so an item
# without anything open counts only where it was settled after its terms began and after what was charged.
_ITEMS = """
    SELECT i.id, i.invoice_id, i.creditor_id, i.customer_id, v.number, i.position, i.due_on, i.currency, c.country, k.consumer,
           t.basis, t.from_on, t.percent, t.clause, t.fixed, t.pay_within, x.last_day, coalesce(x.fixed, false)
    FROM receivables_installment i
    JOIN receivables_invoice v ON v.organization_id = i.organization_id AND v.id = i.invoice_id
    JOIN parties_creditor c ON c.organization_id = i.organization_id AND c.id = i.creditor_id
    JOIN parties_customer k ON k.organization_id = i.organization_id AND k.id = i.customer_id
    CROSS JOIN LATERAL (
        SELECT * FROM receivables_interestterms t
        WHERE t.organization_id = %(organization)s AND t.creditor_id = i.creditor_id AND t.ended_at IS NULL
          AND (t.customer_id = i.customer_id OR t.customer_id IS NULL)
        ORDER BY t.customer_id NULLS LAST LIMIT 1
    ) t
    LEFT JOIN LATERAL (
        SELECT max(x.last_day) FILTER (WHERE x.kind = 'interest') AS last_day, bool_or(x.kind = 'fixed') AS fixed
        FROM receivables_interestcharge x
        WHERE x.organization_id = %(organization)s AND x.installment_id = i.id
    ) x ON true
    WHERE i.organization_id = %(organization)s AND i.due_on < %(as_of)s AND v.kind = 'invoice' AND v.withdrawn_on IS NULL
      AND v.claim_owner = 'ours' AND i.id > %(after)s
      AND i.creditor_id IN (SELECT s.creditor_id FROM receivables_interestterms s
                            WHERE s.organization_id = %(organization)s AND s.ended_at IS NULL)
      AND (i.open_amount > 0 OR i.settled_on > greatest(i.due_on, t.from_on - 1, coalesce(x.last_day, i.due_on)))
      AND (coalesce(x.last_day, i.due_on) < %(as_of)s OR (t.fixed AND NOT coalesce(x.fixed, false)))
      {which}
    ORDER BY i.id
    LIMIT %(most)s
"""
_NEVER_OWED = "e.kind IN ('cancellation', 'credit_note', 'discount', 'deduction', 'closed_outside')"
_CHANGES = f"""
    SELECT e.installment_id, e.effective_on, e.amount, {_NEVER_OWED}
    FROM receivables_entry e
    WHERE e.organization_id = %(organization)s AND e.installment_id = ANY(%(items)s) AND e.account = 'receivable'
      AND (e.effective_on <= %(as_of)s OR {_NEVER_OWED})
    ORDER BY e.installment_id, e.effective_on, e.id
"""
# What will be withheld, and a credit note that waits to be set against its invoice, are not late money.
_PAUSES = """
    SELECT i.id, h.from_on, least(h.until_on, h.released_on - 1), h.amount
    FROM receivables_installment i
    JOIN receivables_hold h ON h.organization_id = i.organization_id AND h.customer_id = i.customer_id
     AND (h.invoice_id IS NULL OR h.invoice_id = i.invoice_id) AND (h.installment_id IS NULL OR h.installment_id = i.id)
    WHERE i.organization_id = %(organization)s AND i.id = ANY(%(items)s) AND h.stops_interest
      AND (h.released_on IS NULL OR h.released_on > h.from_on)
    UNION ALL
    SELECT x.installment_id, x.expected_from, coalesce(x.closed_on, x.given_up_on) - 1, x.amount
    FROM receivables_expecteddeduction x
    WHERE x.organization_id = %(organization)s AND x.installment_id = ANY(%(items)s) AND x.closed_on IS NULL
      AND (x.given_up_on IS NULL OR x.given_up_on > x.expected_from)
    UNION ALL
    SELECT i.id, i.due_on, NULL, n.unapplied
    FROM receivables_installment i
    JOIN receivables_creditnote n ON n.organization_id = i.organization_id AND n.invoice_id = i.invoice_id
    WHERE i.organization_id = %(organization)s AND i.id = ANY(%(items)s) AND n.customer_id = i.customer_id
      AND n.unapplied > 0 AND n.withdrawn_on IS NULL
"""


def late_items(
    organization_id: UUID,
    as_of: date,
    *,
    creditor_id: UUID | None = None,
    customer_id: UUID | None = None,
    invoice_id: UUID | None = None,
) -> Iterator[list[LateItem]]:
    """Late items of creditors that charge, some at a time whatever the size of the portfolio."""
    after = UUID(int=0)
    while True:
        with acting_for(organization_id):
            found = _read(organization_id, as_of, after, creditor_id, customer_id, invoice_id)
        if found:
            yield found
        if len(found) < CHUNK:
            return
        after = found[-1].installment_id


def these_items(organization_id: UUID, as_of: date, installment_ids: Collection[UUID]) -> list[LateItem]:
    """The same items once more, as they are now: what was charged meanwhile is seen."""
    parameters: dict[str, Any] = {"organization": organization_id, "as_of": as_of, "items": list(installment_ids)}
    with connection.cursor() as cursor:
        cursor.execute(
            _ITEMS.format(which="AND i.id = ANY(%(items)s)"),
            {**parameters, "after": UUID(int=0), "most": len(installment_ids)},
        )
        return _filled(organization_id, as_of, cursor.fetchall())


def rates_of(organization_id: UUID) -> dict[str, Sequence[Rate]]:
    """The rows of every published rate, the organization's own before the shipped ones of the same day."""
    found = {name: {rate.valid_from: rate for rate in one.rates} for name, one in series().items()}
    for own in OwnRate.objects.filter(organization_id=organization_id, withdrawn_at=None):
        known = series().get(own.series)
        if known:
            rate = Rate(known.place, known.name, own.valid_from, own.percent, own.source, own.valid_to)
            found[own.series][own.valid_from] = rate
    return {name: tuple(rows.values()) for name, rows in found.items()}


def _read(
    organization_id: UUID, as_of: date, after: UUID, creditor: UUID | None, customer: UUID | None, invoice: UUID | None
) -> list[LateItem]:
    named = {"creditor": creditor, "customer": customer, "invoice": invoice}
    which = " ".join(f"AND i.{name}_id = %({name})s" for name, value in named.items() if value)
    parameters = {"organization": organization_id, "as_of": as_of, "after": after, "most": CHUNK, **named}
    with connection.cursor() as cursor:
        cursor.execute(_ITEMS.format(which=which), parameters)
        return _filled(organization_id, as_of, cursor.fetchall())


def _filled(organization_id: UUID, as_of: date, rows: list[tuple[Any, ...]]) -> list[LateItem]:
    if not rows:
        return []
    parameters: dict[str, Any] = {"organization": organization_id, "as_of": as_of, "items": [row[0] for row in rows]}
    changes: dict[UUID, list[Change]] = defaultdict(list)
    pauses: dict[UUID, list[Pause]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES, parameters)
        for item, on, amount, never_owed in cursor.fetchall():
            changes[item].append(Change(date.min if never_owed else on, amount))
        cursor.execute(_PAUSES, parameters)
        for item, first, last, amount in cursor.fetchall():
            pauses[item].append(Pause(first, last, amount))
    return [replace(_item(row), changes=tuple(changes[row[0]]), pauses=tuple(pauses[row[0]])) for row in rows]


def _item(row: tuple[Any, ...]) -> LateItem:
    *which, basis, from_on, percent, clause, fixed, pay_within, charged_through, fixed_charged = row
    installment, invoice, creditor, customer, number, position, due_on, currency, country, consumer = which
    return LateItem(
        installment_id=installment,
        invoice_id=invoice,
        creditor_id=creditor,
        customer_id=customer,
        number=number,
        position=position,
        due_on=due_on,
        currency=currency,
        country=country,
        consumer=consumer,
        terms=Terms(basis, from_on, percent, clause, fixed, pay_within),
        charged_through=charged_through,
        fixed_charged=fixed_charged,
    )
