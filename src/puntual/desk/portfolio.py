"""The portfolio's lists: aging by customer, invoices, payments; each a page found by key, with what stands beside its rows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Sum
from django.http import HttpRequest

from puntual.analytics.aging import Aging
from puntual.analytics.queries import aging, portfolio_aging
from puntual.audit.actions import Actor
from puntual.desk.customers import as_uuid
from puntual.desk.keyset import Page, paginate
from puntual.desk.standing import Standing, standings
from puntual.kernel.aging import Buckets
from puntual.kernel.days import as_day
from puntual.kernel.money import is_currency
from puntual.kernel.problems import Problem
from puntual.kernel.references import document_key
from puntual.parties.models import Creditor, Customer
from puntual.payments.models import Payment
from puntual.receivables.models import Entry, Installment, Invoice, PortfolioDelta
from puntual.receivables.queries import Movement, active_holds, end_of_day, items

LAST = "\U0010ffff"
MOST = 500
"""So many documents a search by number looks at."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a list of the portfolio is narrowed to, from the address; what is asked wrongly is not asked."""

    creditor: UUID | None
    currency: str
    as_of: date

    @classmethod
    def of(cls, request: HttpRequest, today: date) -> "Narrowed":
        given = request.GET
        currency = given.get("currency", "")
        return cls(
            as_uuid(given.get("creditor", "")),
            currency if is_currency(currency) else "",
            as_day(given.get("as_of", "")) or today,
        )


def aging_of(by: Actor, narrowed: Narrowed) -> Aging:
    """The totals: of today's whole portfolio from what is kept for it, else from the ledger."""
    if narrowed.as_of == by.today and narrowed.creditor is None:
        return portfolio_aging(by.organization_id, by.today)
    return aging(by.organization_id, narrowed.as_of, creditor=narrowed.creditor)


@dataclass(frozen=True, slots=True)
class Aged:
    """A customer of the aging table, in the table's currency."""

    customer: Customer
    standing: Standing

    @property
    def by_bucket(self) -> dict[str, Decimal]:
        amounts = [amount.value for amount in self.standing.buckets]
        return dict(zip(Buckets().names, amounts, strict=True))


def aged(by: Actor, narrowed: Narrowed, currency: str, request: HttpRequest) -> Page:
    """A page of `Aged` by name. As of a past day a page may be shorter: who then owed nothing is left out."""
    found = Customer.objects.filter(organization_id=by.organization_id)
    if narrowed.creditor:
        found = found.filter(creditor=narrowed.creditor)
    past = narrowed.as_of != by.today
    was_open = Q(open_amount__gt=0) | Q(settled_on__gt=narrowed.as_of) if past else Q(open_amount__gt=0)
    owed = Installment.objects.filter(was_open, organization_id=by.organization_id, currency=currency)
    found = found.filter(Exists(owed.filter(customer=OuterRef("pk"))))
    rows = paginate(found, request, by=("search_name", "id"))
    ids = [customer.id for customer in rows]
    then = items(by.organization_id, customer_ids=ids, as_of=narrowed.as_of if past else None)
    by_customer = standings([item for item in then if item.currency == currency], narrowed.as_of)
    shown = [Aged(customer, by_customer[customer.id][0]) for customer in rows if customer.id in by_customer]
    return Page(shown, rows.previous, rows.next)


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """An open installment of a list, or an invoice of the list of all with its last due date."""

    invoice: Invoice
    customer: Customer
    due_on: date
    amount: Decimal
    open: Decimal
    held: bool
    position: int = 1


def of_items(by: Actor, items: Sequence[Installment]) -> list[InvoiceRow]:
    """Open items with their invoices and customers as rows; whether each is paused, in one query."""
    held = _held(by, [item.customer_id for item in items])
    return [
        InvoiceRow(
            item.invoice,
            item.customer,
            item.due_on,
            item.amount,
            item.open_amount,
            bool(held & {item.id, item.invoice_id, item.customer_id}),
            item.position,
        )
        for item in items
    ]


def of_invoices(by: Actor, invoices: Sequence[Invoice]) -> list[InvoiceRow]:
    """Invoices with their customers as rows, with what is left of their installments, in one query."""
    parts = _installments(by.organization_id, [invoice.id for invoice in invoices])
    return [_of_invoice(invoice, parts.get(invoice.id, [])) for invoice in invoices]


def open_count(organization_id: UUID, *, creditor: str = "", currency: str = "", before: date | None = None) -> int:
    """How many items are open, or (due before a day) overdue; in milliseconds at any size."""
    found = PortfolioDelta.objects.filter(organization_id=organization_id)
    if creditor:
        found = found.filter(creditor_id=creditor)
    if currency:
        found = found.filter(currency=currency)
    if before:
        found = found.filter(due_on__lt=before)
    return found.aggregate(count=Sum("open_count"))["count"] or 0


def numbered(by: Actor, text: str) -> list[UUID]:
    """The documents whose number begins so, at most `MOST` of them; none for what cannot be a number.

    They are looked up by number first: together with the list's own order the database would walk the list.
    """
    try:
        key = document_key(text)
    except Problem:
        return []
    creditors = Creditor.objects.filter(organization_id=by.organization_id).values_list("id", flat=True)
    found = Invoice.objects.filter(
        organization_id=by.organization_id,
        creditor__in=list(creditors),
        kind__in=Invoice.Kind.values,
        number_key__gte=key,
        number_key__lt=key + LAST,
        withdrawn_on=None,
    )
    return list(found.order_by("number_key").values_list("id", flat=True)[:MOST])


def _installments(organization_id: UUID, invoice_ids: Collection[UUID]) -> dict[UUID, list[Installment]]:
    found: dict[UUID, list[Installment]] = {}
    rows = Installment.objects.filter(organization_id=organization_id, invoice__in=invoice_ids)
    for item in rows.order_by("position"):
        found.setdefault(item.invoice_id, []).append(item)
    return found


def _of_invoice(invoice: Invoice, parts: Sequence[Installment]) -> InvoiceRow:
    still = [part for part in parts if part.open_amount] or list(parts)
    due = min((part.due_on for part in still), default=invoice.issued_on)
    left = sum((part.open_amount for part in parts), Decimal(0))
    return InvoiceRow(invoice, invoice.customer, due, invoice.amount, left, False)


def _held(by: Actor, customer_ids: Collection[UUID]) -> set[UUID]:
    """The installments, invoices and customers of these customers that are paused whole."""
    holds = active_holds(by.organization_id, by.today, customer_ids).filter(amount__isnull=True, stops_chasing=True)
    return {hold.installment_id or hold.invoice_id or hold.customer_id for hold in holds}


def received(by: Actor, since: date) -> list[tuple[str, Decimal]]:
    """What came in on or after a day and stayed, by currency."""
    found = Payment.objects.filter(
        organization_id=by.organization_id, received_on__gte=since, reversed_on=None, withdrawn_on=None
    )
    return list(found.values_list("currency").annotate(total=Sum("amount")).order_by("currency"))


def ledger(
    organization_id: UUID, installment_ids: Collection[UUID], as_of: date | None, known_on: date | None
) -> dict[UUID, list[Movement]]:
    """The entries of some installments with the balance each left, in one query; up to a day and as known on a day."""
    entries = Entry.objects.filter(organization_id=organization_id, installment__in=installment_ids)
    if as_of:
        entries = entries.filter(effective_on__lte=as_of)
    if known_on:
        entries = entries.filter(recorded_at__lt=end_of_day(organization_id, known_on))
    found: dict[UUID, list[Movement]] = {}
    for entry in entries.order_by("effective_on", "recorded_at", "id"):
        of_item = found.setdefault(entry.installment_id, [])
        balance = of_item[-1].balance if of_item else Decimal(0)
        if entry.account == Entry.Account.RECEIVABLE:
            balance += entry.amount
        of_item.append(Movement(entry, balance))
    return found


def currencies(organization_id: UUID) -> list[str]:
    """The currencies in which something is or was open."""
    rows = PortfolioDelta.objects.filter(organization_id=organization_id).values_list("currency", flat=True)
    return sorted(rows.distinct())
