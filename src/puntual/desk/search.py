"""Search anywhere: one short query per kind of thing, a few rows each, the nearest first.

Names are found by their beginning, then by any part of them; numbers, references and addresses by their beginning.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from puntual.agreements.models import Promise
from puntual.desk import formats
from puntual.desk.standing import coded
from puntual.disputes import words as dispute_words
from puntual.disputes.models import Dispute
from puntual.disputes.states import LIVE
from puntual.kernel.problems import Problem
from puntual.kernel.references import document_key
from puntual.kernel.text import fold, plain_signs
from puntual.parties.matching import phone_number
from puntual.parties.models import ContactPoint, Creditor, Customer, Party, Person
from puntual.payments.models import Payment
from puntual.receivables.models import Invoice

FEW = 6
SHORTEST = 2
LAST = "\U0010ffff"
"""Behind every other character: `key <= name < key + LAST` are the names that begin with the key."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that matches: what it is called, more about it, its page with what its address needs, and an amount."""

    name: str
    detail: str
    page: str
    key: UUID | str | None = None
    tab: str = ""
    amount: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of one kind."""

    kind: str
    label: str
    hits: Sequence[Hit]


def find(organization_id: UUID, text: str, country: str = "") -> list[Group]:
    """What matches what a person typed, by kind, kinds without a hit left out; nothing for less than two characters.

    `country` says how a phone number without its country is meant.
    """
    text = text.strip()
    if len(text) < SHORTEST:
        return []
    # Codes and numbers are unique within a creditor: naming the creditors lets their indexes answer.
    creditors = list(Creditor.objects.filter(organization_id=organization_id).values_list("id", flat=True))
    matching = _customers(organization_id, creditors, text)
    ids = [customer.id for customer in matching]
    groups = (
        Group("customers", _("Customers"), [_customer(one) for one in matching]),
        Group("invoices", _("Invoices"), _invoices(organization_id, creditors, text)),
        Group("payments", _("Payments"), _payments(organization_id, text)),
        Group("promises", _("Promises"), _promises(organization_id, ids)),
        Group("disputes", _("Disputes"), _disputes(organization_id, ids)),
        Group("people", _("People"), _people(organization_id, text)),
        Group("addresses", _("Addresses and phones"), _points(organization_id, text, country)),
    )
    return [group for group in groups if group.hits]


def customers(organization_id: UUID, text: str) -> list[Customer]:
    """The customers alone that match what a person typed; none for less than two characters."""
    text = text.strip()
    if len(text) < SHORTEST:
        return []
    creditors = list(Creditor.objects.filter(organization_id=organization_id).values_list("id", flat=True))
    return _customers(organization_id, creditors, text)


def whose(organization_id: UUID, text: str) -> list[Customer]:
    """The customers that match what a person typed, and those with an invoice whose number begins so, each once."""
    text = text.strip()
    if len(text) < SHORTEST:
        return []
    creditors = list(Creditor.objects.filter(organization_id=organization_id).values_list("id", flat=True))
    found = {one.id: one for one in _customers(organization_id, creditors, text)}
    for invoice in _numbered(organization_id, creditors, text):
        found.setdefault(invoice.customer_id, invoice.customer)
    return list(found.values())


def _customer(customer: Customer) -> Hit:
    return Hit(customer.name, f"{customer.code} · {customer.creditor.name}", "customer", customer.id)


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


def _beginning(rows: QuerySet[Any], column: str, key: str) -> QuerySet[Any]:
    return rows.filter(**{f"{column}__gte": key, f"{column}__lt": key + LAST}).order_by(column)


def _invoices(organization_id: UUID, creditors: list[UUID], text: str) -> list[Hit]:
    return [
        Hit(one.number, one.customer.name, "invoice", one.id, amount=coded(one.amount, one.currency))
        for one in _numbered(organization_id, creditors, text)
    ]


def _numbered(organization_id: UUID, creditors: list[UUID], text: str) -> list[Invoice]:
    """A few invoices whose number begins with the text."""
    try:
        key = document_key(text)
    except Problem:
        return []
    mine = Invoice.objects.filter(
        organization_id=organization_id, creditor__in=creditors, kind__in=Invoice.Kind.values, withdrawn_on__isnull=True
    )
    found = _beginning(mine, "number_key", key).select_related("customer").order_by("number_key", "id")
    return list(found[:FEW])


def _payments(organization_id: UUID, text: str) -> list[Hit]:
    mine = Payment.objects.filter(organization_id=organization_id, withdrawn_on__isnull=True)
    found = _beginning(mine, "reference", text).select_related("customer")
    return [
        Hit(one.reference, one.customer.name, "payment", one.id, amount=coded(one.amount, one.currency))
        for one in found[:FEW]
    ]


def _promises(organization_id: UUID, customers: Sequence[UUID]) -> list[Hit]:
    mine = Promise.objects.filter(organization_id=organization_id, customer__in=customers, state=Promise.State.OPEN)
    found = mine.select_related("customer").order_by("promised_for", "id") if customers else ()
    return [
        Hit(
            one.customer.name,
            formats.short_date(one.promised_for),
            "promise",
            one.id,
            amount=coded(one.amount, one.currency),
        )
        for one in found[:FEW]
    ]


def _disputes(organization_id: UUID, customers: Sequence[UUID]) -> list[Hit]:
    mine = Dispute.objects.filter(organization_id=organization_id, customer__in=customers, state__in=LIVE)
    found = mine.select_related("customer", "invoice").order_by("deadline", "id") if customers else ()
    return [
        Hit(
            one.customer.name,
            f"{one.invoice.number} · {dispute_words.reason(one.reason)}",
            "dispute",
            one.id,
            amount=coded(one.amount, one.currency),
        )
        for one in found[:FEW]
    ]


def _people(organization_id: UUID, text: str) -> list[Hit]:
    folded = fold(text)
    if not folded:
        return []
    mine = Person.objects.filter(organization_id=organization_id)
    found = list(
        _beginning(mine, "search_name", folded).order_by("search_name", "id").values_list("id", flat=True)[:FEW]
    )
    if len(found) < FEW:
        # Reads the whole index of names, and only that.
        anywhere = mine.filter(search_name__contains=folded).exclude(id__in=found).order_by("search_name", "id")
        found += anywhere.values_list("id", flat=True)[: FEW - len(found)]
    rows = Person.objects.filter(organization_id=organization_id).select_related("customer").in_bulk(found)
    return [_person(rows[key]) for key in found]


def _person(one: Person) -> Hit:
    detail = f"{one.title} · {one.customer.name}" if one.title else one.customer.name
    return Hit(one.name, detail, "customer_tab", one.customer_id, "people")


def _points(organization_id: UUID, text: str, country: str) -> list[Hit]:
    """Addresses are kept mostly in small letters, phones as +51987654321."""
    mine = ContactPoint.objects.filter(organization_id=organization_id).exclude(kind=ContactPoint.Kind.POST)
    phone = phone_number(text, country) if country and sum(each.isdigit() for each in text) > 5 else None
    found = _beginning(mine, "value", phone or text.lower())
    return [
        Hit(one.value, one.customer.name, "customer_tab", one.customer_id, "people")
        for one in found.select_related("customer")[:FEW]
    ]


def pages_among(places: Sequence[tuple[str, str]], text: str) -> Group | None:
    """The pages, each with its words, whose words have all of what was typed, word by word."""
    wanted = fold(text).split()
    if not wanted or len(text.strip()) < SHORTEST:
        return None
    hits = [Hit(words, "", page) for page, words in places if all(each in fold(words) for each in wanted)]
    return Group("pages", _("Pages"), hits[:FEW]) if hits else None
