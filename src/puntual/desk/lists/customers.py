"""The list of customers: what each owes, since when, whose it is and what comes next."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, Exists, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from puntual.audit.actions import Actor
from puntual.desk import customers, formats, labels
from puntual.desk.customers import Row
from puntual.desk.lists import common
from puntual.desk.lists.customer_actions import BULK
from puntual.desk.lists.describing import FEW_ROWS, Asked, Choices, Column, Empty, Filter, List, Reader, Sort
from puntual.desk.standing import Amount, Standing
from puntual.desk.templatetags import desk as tags
from puntual.parties.models import Customer
from puntual.receivables.models import Installment
from puntual.receivables.queries import active_holds

OVERDUE, OLDEST = "overdue", "oldest"
EVERYBODY = 100_000_000
"""A limit that is never reached: it keeps the database from taking two questions for one."""


def _views(by: Actor) -> Choices:
    return (
        ("all", pgettext_lazy("customers", "All")),
        (OVERDUE, pgettext_lazy("customers", "Overdue")),
        ("held", pgettext_lazy("customers", "Paused")),
        ("unreachable", pgettext_lazy("customers", "Without contact")),
    )


def _by_lead(asked: Asked) -> bool:
    return asked[("view")] == OVERDUE and asked.sort == OLDEST


def _rows(by: Actor, asked: Asked) -> QuerySet[Any]:
    """Customers; or, what is overdue by its age, each one's oldest overdue item, which an index gives in order."""
    mine = _narrowed(by, asked)
    if not _by_lead(asked):
        return mine.select_related("creditor", "owner", "party")
    found = customers.leads(by, asked["currency"])
    if _about_customers(asked):
        found = found.filter(customer__in=mine.values("id"))
    elif asked["creditor"]:
        found = found.filter(creditor=asked["creditor"])
    return found.select_related("customer__creditor", "customer__owner", "customer__party")


def _about_customers(asked: Asked) -> bool:
    return any(asked[key] for key in ("q", "owner", "handling", "tag"))


def _narrowed(by: Actor, asked: Asked) -> QuerySet[Customer]:
    found = Customer.objects.filter(organization_id=by.organization_id)
    if asked["creditor"]:
        found = found.filter(creditor=asked["creditor"])
    if asked["q"]:
        found = found.filter(customers.matching(by.organization_id, asked["q"]))
    if asked["owner"]:
        found = common.of_owner("owner")(found, asked["owner"], by)
    if asked["handling"]:
        found = found.filter(handling=asked["handling"])
    if asked["tag"]:
        found = found.filter(tags__contains=[asked["tag"]])
    return _in_view(found, by, asked)


def _in_view(found: QuerySet[Customer], by: Actor, asked: Asked) -> QuerySet[Customer]:
    view, of_it = asked["view"], OuterRef("pk")
    open_ones = customers.open_of(by, asked["currency"]).filter(customer=of_it)
    if view == "held":
        found = found.filter(Exists(active_holds(by.organization_id, by.today).order_by().filter(customer=of_it)))
    if view == "unreachable":
        out_of_reach = found.exclude(Exists(customers.usable_points(by))).filter(Exists(open_ones))
        # They are few: found first and then put in order. Walking the names until a page is full reads everybody.
        return found.filter(id__in=out_of_reach.order_by().values("id")[:EVERYBODY])
    if view == OVERDUE and not _by_lead(asked):
        return found.filter(Exists(open_ones.filter(due_on__lt=by.today)))
    if asked["currency"]:
        return found.filter(Exists(open_ones))
    return found


def _owed(key: str) -> Any:
    """The amount in the one currency that was asked for, for an order by it."""

    def add(rows: QuerySet[Any], by: Actor, asked: Asked) -> QuerySet[Any]:
        items = Installment.objects.filter(
            organization_id=by.organization_id,
            customer=OuterRef("pk"),
            currency=asked.sole("currency"),
            open_amount__gt=0,
        )
        if key == OVERDUE:
            items = items.filter(due_on__lt=by.today)
        total = items.order_by().values("customer").annotate(total=Sum("open_amount")).values("total")
        nothing: DecimalField[Decimal, Decimal] = DecimalField(max_digits=20, decimal_places=4)
        found: QuerySet[Any] = rows.annotate(
            **{f"sum_{key}": Coalesce(Subquery(total), Decimal(0), output_field=nothing)}
        )
        return found

    return add


def _one_currency(asked: Asked) -> bool:
    return bool(asked.sole("currency"))


def _handling(by: Actor) -> Choices:
    return labels.choices("handling")


def _amount(name: str) -> Any:
    def show(line: Standing, reader: Reader) -> SafeString | str:
        amount: Amount = getattr(line, name)
        if not amount.value:
            return format_html('<span class="mute">{}</span>', formats.money(amount.value, line.currency))
        href = reader.to("customer_tab", amount.items[0].customer_id, "invoices")
        made = tags.amount(
            amount.value, line.currency, href=href, parts=amount.parts, total=amount.total, name=amount.key
        )
        return render_to_string("desk/parts/amount.html", made)

    return show


def _name(row: Row, reader: Reader) -> SafeString:
    return format_html("<b>{}</b>", row.customer.name)


def _next(row: Row, reader: Reader) -> SafeString | str:
    if row.next is None:
        return ""
    said = tags.tone(row.next.tone, row.next.text) if row.next.tone else row.next.text
    return format_html('<span class="{}" title="{}">{}</span>', "" if row.next.tone else "mute", row.next.why, said)


def _oldest(row: Row, reader: Reader) -> SafeString | str:
    return tags.due({"today": reader.today}, row.oldest) if row.oldest else ""


def _dress(by: Actor, rows: Sequence[Any], columns: frozenset[str]) -> Sequence[Row]:
    mine = [row.customer if isinstance(row, Installment) else row for row in rows]
    return customers.rows(by, mine, steps="next" in columns)


def _title(by: Actor, asked: Asked, count: int | None) -> str:
    n = count or 0
    if asked["view"] == OVERDUE:
        text = ngettext("{n} customer owes something overdue", "{n} customers owe something overdue", n)
    elif asked["view"] == "held":
        text = ngettext("{n} customer is paused", "{n} customers are paused", n)
    elif asked["view"] == "unreachable":
        text = ngettext("{n} customer cannot be reached", "{n} customers cannot be reached", n)
    else:
        text = ngettext("{n} customer", "{n} customers", n)
    if n > FEW_ROWS:
        return text.format(n=_("More than {n}").format(n=formats.number(FEW_ROWS)))
    return text.format(n=formats.number(n))


CUSTOMERS = List(
    "customers",
    "customers",
    gettext_lazy("Customers"),
    _rows,
    columns=(
        Column(
            "name",
            gettext_lazy("Customer"),
            lambda row: row.customer.name,
            show=_name,
            page=lambda row: ("customer", row.customer.id),
            sort="name",
            place="a",
            clip=True,
        ),
        Column("code", gettext_lazy("Code"), lambda row: row.customer.code, sort="code", quiet=True),
        Column("tax_id", gettext_lazy("Tax ID"), lambda row: row.customer.party.tax_id, first=False, quiet=True),
        Column(
            "creditor",
            gettext_lazy("Creditor"),
            lambda row: row.customer.creditor.name,
            quiet=True,
            roomy=True,
            first=False,
        ),
        common.currency_column(lambda line: line.currency, each=True),
        Column(
            "open",
            gettext_lazy("Open"),
            lambda line: line.open.value,
            "money",
            show=_amount("open"),
            sort="open",
            each=True,
            roomy=True,
        ),
        Column(
            "overdue",
            gettext_lazy("Overdue"),
            lambda line: line.overdue.value,
            "money",
            show=_amount("overdue"),
            sort="overdue",
            place="c",
            each=True,
        ),
        Column(
            "oldest",
            gettext_lazy("Oldest"),
            lambda row: row.oldest,
            "day",
            show=_oldest,
            sort=OLDEST,
            place="d",
            quiet=True,
        ),
        Column("next", gettext_lazy("Next"), lambda row: row.next.text if row.next else "", show=_next, place="e"),
        Column(
            "owner",
            gettext_lazy("Owner"),
            lambda row: str(row.customer.owner or ""),
            quiet=True,
            first=False,
        ),
        Column(
            "handling",
            gettext_lazy("Handling"),
            lambda row: labels.label("handling", row.customer.handling),
            quiet=True,
            first=False,
        ),
        Column("tags", gettext_lazy("Tags"), lambda row: ", ".join(row.customer.tags), quiet=True, first=False),
        Column(
            "terms", gettext_lazy("Days to pay"), lambda row: row.customer.terms_days, "count", quiet=True, first=False
        ),
        Column(
            "since", gettext_lazy("Customer since"), lambda row: row.customer.created_on, "day", quiet=True, first=False
        ),
    ),
    sorts=(
        Sort("name", gettext_lazy("Customer"), ("search_name", "id"), indexed=True),
        Sort(
            OLDEST,
            gettext_lazy("Oldest"),
            ("due_on", "id"),
            indexed=True,
            both=False,
            where=lambda asked: bool(asked["view"] == OVERDUE),
        ),
        Sort("code", gettext_lazy("Code"), ("code", "id")),
        Sort("open", gettext_lazy("Open"), ("sum_open", "id"), True, with_=_owed("open"), where=_one_currency),
        Sort(
            "overdue", gettext_lazy("Overdue"), ("sum_overdue", "id"), True, with_=_owed(OVERDUE), where=_one_currency
        ),
    ),
    filters=(
        Filter("view", gettext_lazy("Which customers"), "view", choices=_views),
        Filter("q", gettext_lazy("Name, code or tax ID"), "text"),
        Filter("creditor", gettext_lazy("Creditor"), choices=common.creditors),
        replace(common.CURRENCY, narrow=None),
        Filter("owner", gettext_lazy("Owner"), choices=common.whose),
        Filter("handling", gettext_lazy("Handling"), choices=_handling),
        Filter("tag", gettext_lazy("Tag"), "text"),
    ),
    empty=Empty(
        gettext_lazy("No customers yet"),
        gettext_lazy(
            "They come with your invoices: import a spreadsheet, and each customer appears with what it owes."
        ),
        "imports",
        gettext_lazy("Import invoices"),
        "import",
    ),
    none_here=Empty(
        gettext_lazy("Nobody here"),
        gettext_lazy("No customer matches what you chose. Loosen the filters or search for something else."),
    ),
    title=_title,
    dress=_dress,
    lines=lambda row: row.standings,
    id_of=lambda row: row.customer.id,
    target=lambda asked: "customer_id" if _by_lead(asked) else "id",
    name_of=lambda row: row.customer.name,
    sort_first=lambda values: OLDEST if values.get("view") == OVERDUE else "name",
    bulk=BULK,
)
