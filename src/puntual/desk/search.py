"""Search anywhere: customers by name, code or tax id, invoices by number. A fixed number of queries, a few rows each."""

from dataclasses import dataclass
from uuid import UUID

from puntual.kernel.problems import Problem
from puntual.kernel.references import document_key
from puntual.kernel.text import fold, plain_signs
from puntual.parties.models import Creditor, Customer, Party
from puntual.receivables.models import Invoice

FEW = 8
SHORTEST = 2
LAST = "\U0010ffff"
"""Behind every other character: `key <= name < key + LAST` are the names that begin with the key."""


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
    # Codes and numbers are unique within a creditor: naming the creditors lets their indexes answer.
    creditors = list(Creditor.objects.filter(organization_id=organization_id).values_list("id", flat=True))
    return Found(_customers(organization_id, creditors, text), _invoices(organization_id, creditors, text))


def _customers(organization_id: UUID, creditors: list[UUID], text: str) -> list[Customer]:
    mine = Customer.objects.filter(organization_id=organization_id)
    parties = Party.objects.filter(organization_id=organization_id, tax_id="".join(plain_signs(text).split()).upper())
    queries = [
        mine.filter(creditor__in=creditors, code__in={text, text.upper()}),
        mine.filter(party__in=parties.values("id")),
    ]
    if folded := fold(text):
        by_name = mine.order_by("search_name", "id")
        queries.append(by_name.filter(search_name__gte=folded, search_name__lt=folded + LAST))
        # Reads the whole index of names, and only that; asked where the beginnings of names gave little.
        queries.append(by_name.filter(search_name__contains=folded))
    found: list[UUID] = []
    for query in queries:
        if len(found) < FEW:
            found += [each for each in query.values_list("id", flat=True)[:FEW] if each not in found]
    rows = Customer.objects.filter(organization_id=organization_id).select_related("creditor").in_bulk(found[:FEW])
    return [rows[each] for each in found[:FEW]]


def _invoices(organization_id: UUID, creditors: list[UUID], text: str) -> list[Invoice]:
    try:
        key = document_key(text)
    except Problem:
        return []
    found = Invoice.objects.filter(
        organization_id=organization_id,
        creditor__in=creditors,
        kind__in=Invoice.Kind.values,
        number_key__gte=key,
        number_key__lt=key + LAST,
        withdrawn_on__isnull=True,
    )
    return list(found.select_related("customer").order_by("number_key", "id")[:FEW])
