"""What several lists have in common: filters, choices, and cells."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, pgettext, pgettext_lazy

from puntual.audit.actions import Actor
from puntual.desk import portfolio
from puntual.desk.lists.describing import Choices, Column, Filter, Narrow, Reader
from puntual.desk.templatetags.desk import icon
from puntual.kernel.money import is_currency
from puntual.kernel.text import fold
from puntual.organizations.queries import members_of
from puntual.outreach.approving import whose_work
from puntual.parties.models import Creditor, Customer

NOBODY, MINE = "none", "mine"


def creditors(by: Actor) -> Choices:
    """The creditors by name; a list of one is no choice."""
    found = Creditor.objects.filter(organization_id=by.organization_id).order_by("name")
    return [(str(key), name) for key, name in found.values_list("id", "name")]


def currencies(by: Actor) -> Choices:
    """The currencies in which something is or was open."""
    return [(code, code) for code in portfolio.currencies(by.organization_id)]


def members(by: Actor) -> Choices:
    """Who signs in here today, and nobody."""
    found = [(str(each.user_id), str(each.user)) for each in members_of(by.organization_id, by.today)]
    return [*found, (NOBODY, gettext("Nobody"))]


def whose(by: Actor) -> Choices:
    """Members to narrow a list by; the first is whoever reads, with those they stand in for today."""
    mine = [(MINE, pgettext("whose", "Me"))] if by.user_id else []
    return [*mine, *members(by)]


def equal(column: str) -> Narrow:
    """Rows with that value."""

    def narrow(rows: QuerySet[Any], value: Any, by: Actor) -> QuerySet[Any]:
        return rows.filter(**{column: value})

    return narrow


def of_owner(column: str) -> Narrow:
    """Rows of that member, of nobody, or of whoever reads and those they stand in for."""

    def narrow(rows: QuerySet[Any], value: str, by: Actor) -> QuerySet[Any]:
        if value == MINE:
            return rows.filter(**{f"{column}__in": whose_work(by)})
        return rows.filter(**{column: None if value == NOBODY else UUID(value)})

    return narrow


def of_customers(rows: QuerySet[Any], value: str, by: Actor) -> QuerySet[Any]:
    """Rows of customers with this in their name."""
    name = fold(value)
    mine = Customer.objects.filter(organization_id=by.organization_id, search_name__contains=name)
    return rows.filter(customer__in=mine.values("id")) if name else rows


CREDITOR = Filter("creditor", gettext_lazy("Creditor"), choices=creditors, narrow=equal("creditor"))
CURRENCY = Filter("currency", gettext_lazy("Currency"), choices=currencies, knows=is_currency, narrow=equal("currency"))
BY_CUSTOMER = Filter("q", gettext_lazy("Customer"), "text", narrow=of_customers)


def period(column: str) -> tuple[Filter, Filter]:
    """From a day, and through a day."""
    return (
        Filter("from", pgettext_lazy("period", "From"), "day", narrow=equal(f"{column}__gte")),
        Filter("to", pgettext_lazy("period", "to"), "day", narrow=equal(f"{column}__lte")),
    )


def customer(row: Any, reader: Reader) -> SafeString:
    """The name, in the weight of what a row is called."""
    return format_html("<b>{}</b>", row.customer.name)


CUSTOMER = Column(
    "customer",
    gettext_lazy("Customer"),
    lambda row: row.customer.name,
    show=customer,
    place="a",
    clip=True,
    sort="customer",
)


def currency_column(of: Callable[[Any], str], **options: Any) -> Column:
    """The currency, which stands beside its amounts without a heading."""
    return Column("currency", gettext_lazy("Currency"), of, "currency", place="b", **options)


def light(name: str, text: str, kind: str = "") -> SafeString:
    """A shape and a word."""
    return format_html('<span class="light {}">{}{}</span>', kind, icon(name, "xs"), text)
