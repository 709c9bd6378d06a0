"""What each kind of file may say: the fields, how each is read, how long it may be."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from puntual.kernel.problems import N_


class Kind(StrEnum):
    """What a file is a list of."""

    INVOICES = "invoices"
    CUSTOMERS = "customers"
    PAYMENTS = "payments"
    BALANCES = "balances"


class Type(StrEnum):
    """How the cells of a field are read."""

    KEY = "key"  # codes, document numbers, tax ids: text whose every character counts
    TEXT = "text"
    EMAILS = "emails"
    PHONE = "phone"
    COUNTRY = "country"
    LANGUAGE = "language"
    LIST = "list"
    DATE = "date"
    DAYS = "days"
    AMOUNT = "amount"
    CURRENCY = "currency"
    FLAG = "flag"
    DOCUMENT = "document"  # what kind of document: only whether it is a credit note matters


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a row can say. `limit` is the most characters a text may have: what its table in the database takes."""

    name: str
    type: Type
    limit: int = 0


_CUSTOMER = (
    Field("creditor", Type.TEXT, 200),
    Field("customer_code", Type.KEY, 60),
    Field("customer_name", Type.TEXT, 200),
    Field("customer_tax_id", Type.KEY, 40),
    Field("customer_email", Type.EMAILS, 500),
    Field("customer_phone", Type.PHONE, 100),
    Field("customer_country", Type.COUNTRY, 100),
)

FIELDS: Final[Mapping[Kind, Mapping[str, Field]]] = {
    kind: {field.name: field for field in (*_CUSTOMER, *own)}
    for kind, own in {
        Kind.INVOICES: (
            Field("number", Type.KEY, 80),
            Field("document_type", Type.DOCUMENT, 100),
            Field("issue_date", Type.DATE),
            Field("due_date", Type.DATE),
            Field("terms_days", Type.DAYS),
            Field("currency", Type.CURRENCY),
            Field("amount", Type.AMOUNT),
            Field("open_amount", Type.AMOUNT),
            Field("paid_on", Type.DATE),
            Field("paid_amount", Type.AMOUNT),
            Field("disputed", Type.FLAG),
            Field("description", Type.TEXT, 300),
            Field("early_payment", Type.TEXT, 60),
        ),
        Kind.CUSTOMERS: (
            Field("language", Type.LANGUAGE, 100),
            Field("terms_days", Type.DAYS),
            Field("address", Type.TEXT, 300),
            Field("contact_name", Type.TEXT, 150),
            Field("contact_role", Type.TEXT, 100),
            Field("salesperson", Type.TEXT, 150),
            Field("tags", Type.LIST, 500),
        ),
        Kind.PAYMENTS: (
            Field("date", Type.DATE),
            Field("amount", Type.AMOUNT),
            Field("currency", Type.CURRENCY),
            Field("reference", Type.KEY, 100),
            Field("invoice_numbers", Type.LIST, 2000),
            Field("method", Type.TEXT, 100),
            Field("memo", Type.TEXT, 300),
        ),
        Kind.BALANCES: (
            Field("open_amount", Type.AMOUNT),
            Field("currency", Type.CURRENCY),
            Field("date", Type.DATE),
            Field("due_date", Type.DATE),
            Field("description", Type.TEXT, 300),
        ),
    }.items()
}

LABELS: Final[Mapping[str, str]] = {
    "creditor": N_("the creditor"),
    "customer_code": N_("the customer's code"),
    "customer_name": N_("the customer's name"),
    "customer_tax_id": N_("the customer's tax id"),
    "customer_email": N_("the customer's e-mail"),
    "customer_phone": N_("the customer's phone"),
    "customer_country": N_("the customer's country"),
    "number": N_("the invoice number"),
    "document_type": N_("the type of document"),
    "issue_date": N_("the issue date"),
    "due_date": N_("the due date"),
    "terms_days": N_("the payment terms in days"),
    "currency": N_("the currency"),
    "amount": N_("the amount"),
    "open_amount": N_("the open amount"),
    "paid_on": N_("the date of payment"),
    "paid_amount": N_("the paid amount"),
    "disputed": N_("the mark of a dispute"),
    "description": N_("the description"),
    "early_payment": N_("the discount for paying early"),
    "language": N_("the language"),
    "address": N_("the address"),
    "contact_name": N_("the contact person"),
    "contact_role": N_("the role of the contact person"),
    "salesperson": N_("the salesperson"),
    "tags": N_("the tags"),
    "date": N_("the date"),
    "reference": N_("the reference"),
    "invoice_numbers": N_("the numbers of the invoices paid"),
    "method": N_("the means of payment"),
    "memo": N_("the memo"),
}

# Each line: at least one of these groups must be mapped in full. The first field named stands for the question.
REQUIRED: Final[Mapping[Kind, tuple[tuple[tuple[str, ...], ...], ...]]] = {
    Kind.INVOICES: (
        (("customer_code",), ("customer_name",), ("customer_tax_id",)),
        (("number",),),
        (("due_date",), ("issue_date", "terms_days")),
        (("amount",), ("open_amount",)),
    ),
    Kind.CUSTOMERS: ((("customer_code",), ("customer_name",), ("customer_tax_id",)),),
    Kind.PAYMENTS: (
        (("customer_code",), ("customer_name",), ("customer_tax_id",), ("invoice_numbers",)),
        (("date",),),
        (("amount",),),
    ),
    Kind.BALANCES: ((("customer_code",), ("customer_name",), ("customer_tax_id",)), (("open_amount",),)),
}
