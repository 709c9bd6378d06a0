"""The list of payments: money in, what is on account of it, what did not stay."""

from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from puntual.audit.actions import Actor
from puntual.desk import formats, labels, portfolio
from puntual.desk.lists import common
from puntual.desk.lists.describing import Asked, Choices, Column, Empty, Filter, List, Reader, Sort
from puntual.desk.standing import coded
from puntual.desk.templatetags import desk as tags
from puntual.payments.models import Payment


def _views(by: Actor) -> Choices:
    return (
        ("all", pgettext_lazy("payments", "All")),
        ("on_account", gettext_lazy("With money on account")),
        ("reversed", pgettext_lazy("payments", "Reversed")),
    )


def _rows(by: Actor, asked: Asked) -> QuerySet[Payment]:
    found = Payment.objects.filter(organization_id=by.organization_id, withdrawn_on=None)
    if asked["view"] == "on_account":
        found = found.filter(unapplied__gt=0)
    if asked["view"] == "reversed":
        found = found.filter(reversed_on__isnull=False)
    return found.select_related("customer", "creditor")


def _method(by: Actor) -> Choices:
    return labels.choices("method")


def _when(row: Payment, reader: Reader) -> SafeString | str:
    return tags.day({"today": reader.today}, row.received_on)


def _operation(row: Payment, reader: Reader) -> SafeString | str:
    """The number somebody gave; what only names the bank's line to the machine is for the files."""
    return "" if row.reference.startswith("bank:") else row.reference


def _how(row: Payment, reader: Reader) -> SafeString | str:
    if row.reversed_on:
        return common.light("arrow-back-up", _("reversed"))
    return labels.label("method", row.method)


def _how_said(row: Payment) -> str:
    return _("reversed") if row.reversed_on else labels.label("method", row.method)


def _amount(row: Payment, reader: Reader) -> SafeString | str:
    amount = formats.money(row.amount, row.currency)
    return format_html("<s>{}</s>", amount) if row.reversed_on else amount


def _on_account(row: Payment, reader: Reader) -> str:
    return formats.money(row.unapplied, row.currency) if row.unapplied else ""


def _title(by: Actor, asked: Asked, count: int | None) -> str:
    if asked.narrowed:
        return _("Payments")
    came_in = portfolio.received(by, by.today.replace(day=1))
    if not came_in:
        return _("Nothing came in this month")
    amounts = [coded(amount, currency) for currency, amount in came_in]
    return _("{amounts} came in this month").format(amounts=formats.listed(amounts))


PAYMENTS = List(
    "payments",
    "payments",
    gettext_lazy("Payments"),
    _rows,
    columns=(
        Column(
            "received",
            gettext_lazy("Received"),
            lambda row: row.received_on,
            "day",
            show=_when,
            page=lambda row: ("payment", row.id),
            sort="received",
            place="d",
        ),
        common.CUSTOMER,
        Column("code", gettext_lazy("Code"), lambda row: row.customer.code, first=False, quiet=True),
        Column("creditor", gettext_lazy("Creditor"), lambda row: row.creditor.name, first=False, quiet=True),
        Column("reference", gettext_lazy("Operation"), lambda row: row.reference, show=_operation, quiet=True),
        Column("method", gettext_lazy("How"), _how_said, show=_how, place="e", quiet=True),
        common.currency_column(lambda row: row.currency),
        Column(
            "on_account",
            gettext_lazy("On account"),
            lambda row: row.unapplied,
            "money",
            show=_on_account,
            quiet=True,
            sort="on_account",
        ),
        Column(
            "amount", gettext_lazy("Amount"), lambda row: row.amount, "money", show=_amount, place="c", sort="amount"
        ),
        Column("memo", gettext_lazy("Note"), lambda row: row.memo, first=False, quiet=True, clip=True),
    ),
    sorts=(
        Sort("received", gettext_lazy("Received"), ("received_on", "id"), True, indexed=True),
        Sort("customer", gettext_lazy("Customer"), ("customer__search_name", "id")),
        Sort("amount", gettext_lazy("Amount"), ("currency", "amount", "id"), True),
        Sort("on_account", gettext_lazy("On account"), ("currency", "unapplied", "id"), True),
    ),
    filters=(
        Filter("view", gettext_lazy("Which payments"), "view", choices=_views),
        Filter("q", gettext_lazy("Operation number"), "text", narrow=common.equal("reference")),
        common.CREDITOR,
        common.CURRENCY,
        Filter("method", gettext_lazy("How"), choices=_method, narrow=common.equal("method")),
        *common.period("received_on"),
    ),
    empty=Empty(
        gettext_lazy("No payment here"),
        gettext_lazy("Payments are recorded on a customer's page, or come with an import."),
        "customers",
        gettext_lazy("Go to the customers"),
    ),
    none_here=Empty(
        gettext_lazy("No payment here"),
        gettext_lazy("None matches what you chose. Loosen the filters or look for another number."),
    ),
    title=_title,
    name_of=lambda row: row.reference,
    tabs="portfolio",
    here="payments",
)
