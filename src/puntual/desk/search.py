"""Search anywhere: customers by name, code or tax id, invoices by number. A fixed number of queries, a few rows each."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from puntual.kernel.problems import Problem
from puntual.kernel.references import document_key
from puntual.kernel.text import fold, plain_signs
from puntual.parties.models import Creditor, Customer, Party
from puntual.receivables.models import Invoice

FEW = 8
SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Found:
    """What matches, the nearest first; at most `FEW` customers and `FEW` invoices."""

    customers: list[Customer]
    invoices: list[Invoice]

    def __bool__(self) -> bool:
        return bool(self.customers or self.invoices)


def find(organization_id: UUID, text: str) -> Found:
    """Customers and invoices for what a person typed; nothing for less than two characters."""
    text = text.strip()
    if len(text) < SHORTEST:
        return Found([], [])
    return Found(_customers(organization_id, text), _invoices(organization_id, text))


def _customers(organization_id: UUID, text: str) -> list[Customer]:
    mine = Customer.objects.filter(organization_id=organization_id).select_related("creditor")
    folded, compact = fold(text), "".join(plain_signs(text).split()).upper()
    found: dict[UUID, Customer] = {}
    parties = Party.objects.filter(organization_id=organization_id, tax_id=compact).values("id")
    exact = Q(code__iexact=text) | Q(party__in=parties)
    queries = [mine.filter(exact).order_by("search_name", "id")]
    if folded:
        # The first uses the index on (organization, search_name); the second reads it whole, where the first found little.
        queries.append(
            mine.filter(search_name__gte=folded, search_name__lt=folded + "\U0010ffff").order_by("search_name", "id")
        )
        queries.append(mine.filter(search_name__contains=folded).order_by("search_name", "id"))
    for query in queries:
        if len(found) < FEW:
            found.update({customer.id: customer for customer in query[:FEW] if customer.id not in found})
    return list(found.values())[:FEW]


def _invoices(organization_id: UUID, text: str) -> list[Invoice]:
    try:
        key = document_key(text)
    except Problem:
        return []
    # The unique index starts with creditor and kind: naming them lets it find the number instead of reading every invoice.
    creditors = Creditor.objects.filter(organization_id=organization_id).values("id")
    found = Invoice.objects.filter(
        organization_id=organization_id,
        creditor__in=creditors,
        kind__in=Invoice.Kind.values,
        number_key__gte=key,
        number_key__lt=key + "\U0010ffff",
    )
    return list(found.select_related("customer").order_by("number_key", "id")[:FEW])
