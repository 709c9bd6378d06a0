"""The list of invoices: what is open or overdue, item by item, or every invoice."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from puntual.audit.actions import Actor
from puntual.desk import formats, portfolio
from puntual.desk.lists import common
from puntual.desk.lists.describing import Asked, Choices, Column, Empty, Filter, List, Reader, Sort
from puntual.desk.portfolio import InvoiceRow
from puntual.desk.templatetags import desk as tags
from puntual.receivables.models import Installment, Invoice

ALL = "all"


def _views(by: Actor) -> Choices:
    return (
        ("open", pgettext_lazy("invoices", "Open")),
        ("overdue", pgettext_lazy("invoices", "Overdue")),
        (ALL, pgettext_lazy("invoices", "All")),
    )


def _rows(by: Actor, asked: Asked) -> QuerySet[Any]:
    if asked["view"] == ALL:
        invoices = Invoice.objects.filter(organization_id=by.organization_id, withdrawn_on=None)
        if asked["q"]:
            invoices = invoices.filter(id__in=portfolio.numbered(by, asked["q"]))
        return invoices.select_related("customer", "creditor")
    items = Installment.objects.filter(organization_id=by.organization_id, open_amount__gt=0)
    if asked["q"]:
        items = items.filter(invoice__in=portfolio.numbered(by, asked["q"]))
    if asked["view"] == "overdue":
        items = items.filter(due_on__lt=by.today)
    return items.select_related("invoice", "customer", "creditor")


def _dress(by: Actor, rows: Sequence[Any], columns: frozenset[str]) -> Sequence[InvoiceRow]:
    if rows and isinstance(rows[0], Invoice):
        return portfolio.of_invoices(by, rows)
    return portfolio.of_items(by, rows)


def _number(row: InvoiceRow, reader: Reader) -> SafeString:
    more = ""
    if row.invoice.kind == Invoice.Kind.CHARGE:
        more += _("charge")
    if row.position > 1:
        more += " " + _("installment {n}").format(n=formats.number(row.position))
    return format_html('<b>{}</b> <span class="mute">{}</span>', row.invoice.number, more.strip())


def _due(row: InvoiceRow, reader: Reader) -> SafeString:
    if not row.open:
        return format_html('<span class="mute">{}</span>', _("closed"))
    due = tags.due({"today": reader.today}, row.due_on)
    return format_html("{} {}", due, common.light("player-pause", _("paused"))) if row.held else due


def _open_ones(asked: Asked) -> bool:
    return bool(asked["view"] != ALL)


def _all(asked: Asked) -> bool:
    return not _open_ones(asked)


def _title(by: Actor, asked: Asked, count: int | None) -> str:
    if asked["view"] == ALL or asked["q"] or asked["from"] or asked["to"]:
        return _("Invoices")
    overdue = asked["view"] == "overdue"
    n = portfolio.open_count(
        by.organization_id,
        creditor=asked["creditor"],
        currency=asked["currency"],
        before=by.today if overdue else None,
    )
    if overdue:
        text = ngettext("{n} overdue invoice", "{n} overdue invoices", n)
    else:
        text = ngettext("{n} open invoice", "{n} open invoices", n)
    return text.format(n=formats.number(n))


def _within(day: str) -> Any:
    """From or through a day: of what is open its due date, of all its issue."""

    def narrow(rows: QuerySet[Any], value: Any, by: Actor) -> QuerySet[Any]:
        column = "due_on" if rows.model is Installment else "issued_on"
        return rows.filter(**{f"{column}__{day}": value})

    return narrow


INVOICES = List(
    "invoices",
    "invoices",
    gettext_lazy("Invoices"),
    _rows,
    columns=(
        Column(
            "number",
            gettext_lazy("Invoice"),
            lambda row: row.invoice.number,
            show=_number,
            page=lambda row: ("invoice", row.invoice.id),
            place="a",
        ),
        Column(
            "customer",
            gettext_lazy("Customer"),
            lambda row: row.customer.name,
            place="d",
            clip=True,
            sort="customer",
        ),
        Column("code", gettext_lazy("Code"), lambda row: row.customer.code, first=False, quiet=True),
        Column("creditor", gettext_lazy("Creditor"), lambda row: row.invoice.creditor.name, first=False, quiet=True),
        Column("issued", gettext_lazy("Issued"), lambda row: row.invoice.issued_on, "day", quiet=True, sort="issued"),
        Column("due", gettext_lazy("Due"), lambda row: row.due_on, "day", show=_due, place="e", sort="due"),
        common.currency_column(lambda row: row.invoice.currency),
        Column("amount", gettext_lazy("Amount"), lambda row: row.amount, "money", quiet=True, sort="amount"),
        Column("open", gettext_lazy("Open"), lambda row: row.open, "money", place="c", sort="open"),
        Column(
            "description",
            gettext_lazy("Description"),
            lambda row: row.invoice.description,
            first=False,
            quiet=True,
            clip=True,
        ),
    ),
    sorts=(
        Sort("due", gettext_lazy("Due"), ("due_on", "id"), indexed=True, where=_open_ones),
        Sort("issued", gettext_lazy("Issued"), ("issued_on", "id"), True, indexed=True, where=_all),
        Sort("customer", gettext_lazy("Customer"), ("customer__search_name", "id")),
        Sort("amount", gettext_lazy("Amount"), ("currency", "amount", "id"), True),
        Sort("open", gettext_lazy("Open"), ("currency", "open_amount", "id"), True, where=_open_ones),
    ),
    filters=(
        Filter("view", gettext_lazy("Which invoices"), "view", choices=_views),
        Filter("q", gettext_lazy("Number of the invoice"), "text"),
        common.CREDITOR,
        common.CURRENCY,
        Filter("from", pgettext_lazy("period", "From"), "day", narrow=_within("gte")),
        Filter("to", pgettext_lazy("period", "to"), "day", narrow=_within("lte")),
    ),
    empty=Empty(
        gettext_lazy("No invoice here"),
        gettext_lazy("Invoices come with an import, and each shows here what is still open of it."),
        "imports",
        gettext_lazy("Import invoices"),
        "import",
    ),
    none_here=Empty(
        gettext_lazy("No invoice here"),
        gettext_lazy("None matches what you chose. Loosen the filters or look for another number."),
    ),
    title=_title,
    dress=_dress,
    id_of=lambda row: row.invoice.id,
    target=lambda asked: "id" if asked["view"] == ALL else "invoice_id",
    name_of=lambda row: row.invoice.number,
    sort_first=lambda values: "-issued" if values.get("view") == ALL else "due",
    tabs="portfolio",
    here="invoices",
)
