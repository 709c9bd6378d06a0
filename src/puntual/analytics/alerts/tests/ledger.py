"""A past written straight into the ledger: what is told of each invoice is when it was issued, due and paid."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import NamedTuple

from puntual.kernel.ids import uuid7
from puntual.parties.models import Customer
from puntual.receivables.models import Entry, Installment, Invoice


class Line(NamedTuple):
    """One invoice; `part` of it was paid on `part_on`, the rest on `paid_on`."""

    customer: Customer
    number: str
    issued_on: date
    due_on: date
    amount: Decimal
    paid_on: date | None = None
    part_on: date | None = None
    part: Decimal = Decimal(0)


def write(lines: Iterable[Line], day: date, currency: str = "PEN") -> dict[str, Installment]:
    """Write invoices as they stand at the end of `day`, with their entries; installments by the number of the invoice."""
    invoices, items, entries = [], [], []
    for line in lines:
        paid = line.paid_on is not None and line.paid_on <= day
        parted = line.part_on is not None and line.part_on <= day
        whose = {"organization_id": line.customer.organization_id, "currency": currency}
        owned = {**whose, "customer_id": line.customer.id, "creditor_id": line.customer.creditor_id}
        invoice = Invoice(
            id=uuid7(),
            number=line.number,
            number_key=line.number,
            issued_on=line.issued_on,
            amount=line.amount,
            **owned,
        )
        item = Installment(
            id=uuid7(),
            invoice=invoice,
            due_on=line.due_on,
            amount=line.amount,
            open_amount=line.amount,  # the entries of payments take from it
            **owned,
        )
        invoices.append(invoice)
        items.append(item)
        happened = [(line.issued_on, Entry.Kind.ISSUED, line.amount)]
        if parted:
            happened.append((line.part_on, Entry.Kind.PAYMENT, -line.part))
        if paid:
            happened.append((line.paid_on, Entry.Kind.PAYMENT, -(line.amount - (line.part if parted else 0))))
        entries += [
            Entry(
                installment=item,
                kind=kind,
                amount=amount,
                effective_on=on,
                recorded_at=datetime.combine(on, time(15), UTC),
                **whose,
            )
            for on, kind, amount in happened
        ]
    Invoice.objects.bulk_create(invoices, batch_size=5_000)
    Installment.objects.bulk_create(items, batch_size=5_000)
    Entry.objects.bulk_create(entries, batch_size=5_000)
    return {invoice.number: item for invoice, item in zip(invoices, items, strict=True)}
