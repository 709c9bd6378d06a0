"""A creditor's portfolio as the matching wants it, read at once."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import connection

from puntual.kernel.money import minor_units
from puntual.parties.models import Customer
from puntual.parties.references import payment_reference
from puntual.payments.matching.portfolio import OpenItem, Payer, Portfolio
from puntual.payments.reconciling.models import PayerTrait
from puntual.receivables.staging import Parameters

_SETTLED_DAYS = 365
"""How long a settled item is kept in mind, to know an invoice that is paid twice."""

_ITEMS = """
    SELECT i.id, i.customer_id, v.number_key, i.due_on, i.currency, i.open_amount, i.expected_deduction, d.amount, d.until_on
    FROM receivables_installment i
    JOIN receivables_invoice v ON v.organization_id = %(organization)s AND v.id = i.invoice_id
    LEFT JOIN receivables_earlydiscount d ON d.organization_id = %(organization)s AND d.installment_id = i.id
        AND d.state = 'open'
    WHERE i.organization_id = %(organization)s AND i.creditor_id = %(creditor)s AND v.claim_owner = 'ours'
      AND (i.open_amount > 0 OR i.settled_on >= %(settled_from)s)
    ORDER BY i.due_on, i.id
"""
_CHUNK = 10_000


def portfolio_of(organization_id: UUID, creditor_id: UUID, day: date) -> Portfolio:
    """What is open of a creditor's customers, what was settled within a year before `day`, and how they pay.

    To be called inside `acting_for`.
    """
    return Portfolio.of(_payers(organization_id, creditor_id), _items(organization_id, creditor_id, day))


def _payers(organization_id: UUID, creditor_id: UUID) -> Iterator[Payer]:
    traits: defaultdict[tuple[UUID, str], list[str]] = defaultdict(list)
    known = PayerTrait.objects.filter(
        organization_id=organization_id, customer__creditor_id=creditor_id, forgotten_at=None
    )
    for customer_id, kind, shown in known.order_by("id").values_list("customer_id", "kind", "shown"):
        traits[customer_id, kind].append(shown)
    customers = Customer.objects.filter(organization_id=organization_id, creditor_id=creditor_id).order_by("id")
    for customer_id, name, paid_by in customers.values_list("id", "name", "paid_by_id").iterator(_CHUNK):
        yield Payer(
            customer_id,
            name,
            payment_reference(customer_id),
            tuple(traits.get((customer_id, PayerTrait.Kind.ACCOUNT), ())),
            tuple(traits.get((customer_id, PayerTrait.Kind.NAME), ())),
            paid_by,
        )


def _items(organization_id: UUID, creditor_id: UUID, day: date) -> Iterator[OpenItem]:
    values: Parameters = {
        "organization": organization_id,
        "creditor": creditor_id,
        "settled_from": day - timedelta(days=_SETTLED_DAYS),
    }
    with connection.chunked_cursor() as cursor:
        cursor.execute(_ITEMS, values)
        while rows := cursor.fetchmany(_CHUNK):
            for item_id, customer_id, number, due_on, currency, open_amount, expected, discount, until_on in rows:
                yield OpenItem(
                    item_id,
                    customer_id,
                    number,
                    due_on,
                    currency,
                    minor(open_amount, currency),
                    minor(expected, currency),
                    minor(discount, currency) if discount else 0,
                    until_on,
                )


def minor(amount: Decimal, currency: str) -> int:
    """An amount that is stored, in minor units; what is finer than them is nobody's to pay and left out."""
    return int(amount.scaleb(minor_units(currency)))
