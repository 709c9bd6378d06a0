"""The list of promises to pay."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from puntual.agreements.models import Promise
from puntual.agreements.promises import queries, words
from puntual.audit.actions import Actor
from puntual.desk import formats
from puntual.desk.lists import common
from puntual.desk.lists.customer_actions import ASSIGN
from puntual.desk.lists.describing import Asked, Bulk, Choices, Column, Empty, Filter, List, Reader, Sort
from puntual.desk.templatetags import desk as tags
from puntual.desk.templatetags.agreements import promise_state
from puntual.kernel.bulk import Outcome

STATES = ("open", "broken", "partly_kept", "kept")
ALL = "all"


def _states(by: Actor) -> Choices:
    return [*((state, words.state(state)) for state in STATES), (ALL, pgettext_lazy("promises", "All"))]


def _rows(by: Actor, asked: Asked) -> QuerySet[Promise]:
    state = "" if asked["state"] == ALL else asked["state"]
    return queries.promises(by.organization_id, state).select_related("customer__owner", "creditor")


def _dress(by: Actor, rows: Sequence[Promise], columns: frozenset[str]) -> Sequence[Promise]:
    for row in rows:
        row.said_state = promise_state(row, by.today)  # type: ignore[attr-defined]
    return rows


def _paid(row: Promise, reader: Reader) -> str:
    return formats.money(row.paid, row.currency) if row.paid else ""


def _day(row: Promise, reader: Reader) -> SafeString | str:
    return tags.day({"today": reader.today}, row.promised_for)


def _assign(by: Actor, ids: Sequence[UUID], given: Mapping[str, Any]) -> Outcome:
    """Of a promise there is no owner: whoever the customer is, sees to it."""
    mine = Promise.objects.filter(organization_id=by.organization_id, id__in=list(ids))
    return ASSIGN.act(by, list(mine.order_by().values_list("customer_id", flat=True).distinct()), given)


PROMISES = List(
    "promises",
    "agreements",
    gettext_lazy("Promises"),
    _rows,
    columns=(
        Column(
            "for",
            pgettext_lazy("promise", "For"),
            lambda row: row.promised_for,
            "day",
            show=_day,
            page=lambda row: ("promise", row.id),
            sort="for",
            place="d",
        ),
        common.CUSTOMER,
        Column("state", gettext_lazy("State"), lambda row: row.said_state, place="e"),
        Column("made", gettext_lazy("Made on"), lambda row: row.made_on, "day", quiet=True, sort="made"),
        Column("by", gettext_lazy("By whom"), lambda row: row.made_by, quiet=True),
        Column("owner", gettext_lazy("Owner"), lambda row: str(row.customer.owner or ""), quiet=True, first=False),
        Column("creditor", gettext_lazy("Creditor"), lambda row: row.creditor.name, quiet=True, first=False),
        Column("note", gettext_lazy("What was said"), lambda row: row.note, quiet=True, first=False, clip=True),
        common.currency_column(lambda row: row.currency),
        Column("amount", gettext_lazy("Amount"), lambda row: row.amount, "money", place="c", sort="amount"),
        Column("paid", gettext_lazy("Paid"), lambda row: row.paid, "money", show=_paid, quiet=True),
    ),
    sorts=(
        Sort("for", pgettext_lazy("promise", "For"), ("promised_for", "id"), True, indexed=True),
        Sort("customer", gettext_lazy("Customer"), ("customer__search_name", "id")),
        Sort("made", gettext_lazy("Made on"), ("made_on", "id"), True),
        Sort("amount", gettext_lazy("Amount"), ("currency", "amount", "id"), True),
    ),
    filters=(
        Filter("state", gettext_lazy("In which state"), "view", choices=_states),
        common.BY_CUSTOMER,
        common.CREDITOR,
        common.CURRENCY,
        Filter("owner", gettext_lazy("Owner"), choices=common.whose, narrow=common.of_owner("customer__owner")),
        *common.period("promised_for"),
    ),
    empty=Empty(
        gettext_lazy("No promise here"),
        gettext_lazy("They are recorded on a call, in an answer or on a customer's page."),
        "customers",
        gettext_lazy("Go to the customers"),
    ),
    none_here=Empty(gettext_lazy("No promise here"), gettext_lazy("None matches what you chose. Loosen the filters.")),
    title=lambda by, asked, count: _("Payment promises"),
    dress=_dress,
    name_of=lambda row: row.customer.name,
    sort_first=lambda values: "for" if values.get("state") == Promise.State.OPEN else "-for",
    bulk=(
        Bulk(
            ASSIGN.name,
            gettext_lazy("Assign their customers"),
            ASSIGN.permission,
            _assign,
            ASSIGN.form,
            ASSIGN.would,
            ASSIGN.said,
            gettext_lazy("A promise is seen to by whoever its customer belongs to: their customers change hands."),
        ),
    ),
    tabs="agreements",
    here="promises",
)
