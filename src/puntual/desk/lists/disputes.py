"""The list of disputes."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from puntual.audit.actions import Actor
from puntual.desk import formats
from puntual.desk.lists import common
from puntual.desk.lists.describing import Asked, Bulk, Choices, Column, Empty, Filter, List, Reader, Sort
from puntual.desk.lists.forms import OwnerForm
from puntual.desk.templatetags import desk as tags
from puntual.disputes import actions, queries, words
from puntual.disputes.models import Dispute
from puntual.kernel.bulk import Outcome
from puntual.outreach.approving import whose_work
from puntual.outreach.notices.objections import without_answered

_COUNTED = 1000
DECIDED = ("settled", "untold")


def _views(by: Actor) -> Choices:
    return (
        ("live", pgettext_lazy("disputes", "To answer")),
        ("mine", pgettext_lazy("disputes", "Mine")),
        ("overdue", pgettext_lazy("disputes", "Overdue")),
        ("untold", pgettext_lazy("disputes", "Customer not told")),
        ("settled", pgettext_lazy("disputes", "Settled")),
        ("all", pgettext_lazy("disputes", "All")),
    )


def _rows(by: Actor, asked: Asked) -> QuerySet[Dispute]:
    org = by.organization_id
    match asked["state"]:
        case "live":
            found = queries.live(org)
        case "mine":
            found = queries.live_of(org, whose_work(by))
        case "overdue":
            found = queries.overdue(org, by.today)
        case "untold":
            found = without_answered(queries.untold(org))
        case "settled":
            found = queries.settled(org)
        case _:
            found = queries.disputes(org)
    return found.select_related("customer", "invoice", "owner", "creditor")


def _deadline(row: Dispute, reader: Reader) -> SafeString | str:
    context = {"today": reader.today}
    if row.resolved_on:
        return format_html('<span class="mute">{}</span>', tags.day(context, row.resolved_on))
    if row.deadline < reader.today:
        return common.light("alert-circle", str(tags.ago(context, row.deadline)), "wait")
    return tags.day(context, row.deadline)


def _named(row: Dispute, reader: Reader) -> SafeString:
    return format_html("<b>{}</b>", row.customer.name)


def _title(by: Actor, asked: Asked, count: int | None) -> str:
    late = queries.overdue(by.organization_id, by.today)[: _COUNTED + 1].count()
    if late:
        return ngettext("{n} dispute is overdue", "{n} disputes are overdue", late).format(n=formats.number(late))
    live = queries.live(by.organization_id)[: _COUNTED + 1].count()
    if not live:
        return _("Nothing is in dispute")
    return ngettext("{n} dispute to answer", "{n} disputes to answer", live).format(n=formats.number(live))


def _assign(by: Actor, ids: Sequence[UUID], given: Mapping[str, Any]) -> Outcome:
    return actions.assign_many(by, ids, UUID(given["owner"]))


def _would(n: int) -> str:
    text = ngettext("{n} dispute would change hands", "{n} disputes would change hands", n)
    return text.format(n=formats.number(n))


def _said(n: int) -> str:
    return ngettext("{n} dispute assigned.", "{n} disputes assigned.", n).format(n=formats.number(n))


def _reasons(by: Actor) -> Choices:
    return [(reason.value, words.reason(reason)) for reason in Dispute.Reason]


def _decided(asked: Asked) -> bool:
    return asked["state"] in DECIDED


def _undecided(asked: Asked) -> bool:
    return asked["state"] in ("live", "mine", "overdue")


DISPUTES = List(
    "disputes",
    "disputes",
    gettext_lazy("Disputes"),
    _rows,
    columns=(
        Column(
            "by",
            gettext_lazy("Answer by"),
            lambda row: row.resolved_on or row.deadline,
            "day",
            show=_deadline,
            sort="deadline",
            place="d",
        ),
        Column(
            "customer",
            gettext_lazy("Customer"),
            lambda row: row.customer.name,
            show=_named,
            page=lambda row: ("dispute", row.id),
            place="a",
            clip=True,
            sort="customer",
        ),
        Column("invoice", gettext_lazy("Invoice"), lambda row: row.invoice.number, quiet=True),
        Column("reason", gettext_lazy("What is wrong"), lambda row: words.reason(row.reason), place="e"),
        Column("state", gettext_lazy("State"), lambda row: words.state(row.state), quiet=True),
        Column("owner", gettext_lazy("Who sees to it"), lambda row: str(row.owner or ""), quiet=True),
        Column(
            "opened", gettext_lazy("Opened"), lambda row: row.opened_on, "day", quiet=True, first=False, sort="opened"
        ),
        Column("creditor", gettext_lazy("Creditor"), lambda row: row.creditor.name, quiet=True, first=False),
        common.currency_column(lambda row: row.currency),
        Column("amount", gettext_lazy("Disputed amount"), lambda row: row.amount, "money", place="c", sort="amount"),
        Column("granted", gettext_lazy("Granted"), lambda row: row.granted, "money", quiet=True, first=False),
    ),
    sorts=(
        Sort("deadline", gettext_lazy("Answer by"), ("deadline", "id"), indexed=True, where=_undecided),
        Sort("resolved", gettext_lazy("Settled"), ("resolved_on", "id"), True, indexed=True, where=_decided),
        Sort("opened", gettext_lazy("Opened"), ("opened_on", "id"), True, indexed=True),
        Sort("customer", gettext_lazy("Customer"), ("customer__search_name", "id")),
        Sort("amount", gettext_lazy("Disputed amount"), ("currency", "amount", "id"), True),
    ),
    filters=(
        Filter("state", gettext_lazy("In which state"), "view", choices=_views),
        common.BY_CUSTOMER,
        common.CREDITOR,
        common.CURRENCY,
        Filter("reason", gettext_lazy("What is wrong"), choices=_reasons, narrow=common.equal("reason")),
        Filter("owner", gettext_lazy("Who sees to it"), choices=common.whose, narrow=common.of_owner("owner")),
        *common.period("opened_on"),
    ),
    empty=Empty(
        gettext_lazy("No dispute here"),
        gettext_lazy("They are opened on an invoice, in a call or in an answer."),
        "invoices",
        gettext_lazy("Go to the invoices"),
    ),
    none_here=Empty(gettext_lazy("No dispute here"), gettext_lazy("None matches what you chose. Loosen the filters.")),
    title=_title,
    name_of=lambda row: row.customer.name,
    sort_first=lambda values: (
        "-resolved" if values.get("state") in DECIDED else "-opened" if values.get("state") == "all" else "deadline"
    ),
    bulk=(
        Bulk(
            "assign",
            gettext_lazy("Assign"),
            "hold",
            _assign,
            lambda by, data: OwnerForm(by, data, nobody=False),
            _would,
            _said,
        ),
    ),
    tabs="agreements",
    here="disputes",
)
