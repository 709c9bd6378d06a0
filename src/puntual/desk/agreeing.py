"""The frame of what was agreed: the tabs of /agreements/ with their filters, and the parts of a customer's tab.

A tab shows once its page exists: its view ends in `listing`, its table is desk/agreements/<tab>.html. A customer's tab is made of
parts (`customer_agreements.PARTS`): what each gathers is `given` in desk/parts/agreements_<subject>.html.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from puntual.desk import portfolio
from puntual.desk.customers import as_uuid
from puntual.desk.keyset import Page
from puntual.desk.navigation import pages
from puntual.desk.pages import DeskRequest, page
from puntual.kernel.days import as_day
from puntual.kernel.money import is_currency
from puntual.kernel.problems import N_
from puntual.kernel.text import fold
from puntual.parties.models import Creditor

TABS: Mapping[str, tuple[str, str]] = {
    "promises": ("agreements", N_("Promises")),
    "extensions": ("extensions", N_("Extensions")),
    "plans": ("plans", N_("Plans")),
    "disputes": ("disputes", N_("Disputes")),
    "approvals": ("approvals", N_("Approvals")),
    "placements": ("placements", N_("Placements")),
}
"""Each tab's page, and what it is called."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a list is narrowed to, from the address; what is asked wrongly is not asked. `first` and `last` are included."""

    state: str
    text: str = ""
    creditor: UUID | None = None
    currency: str = ""
    first: date | None = None
    last: date | None = None

    @classmethod
    def of(cls, request: HttpRequest, states: Sequence[str]) -> "Narrowed":
        given = request.GET
        state, currency = given.get("state", ""), given.get("currency", "")
        return cls(
            state if state in states else states[0],
            given.get("q", "").strip()[:100],
            as_uuid(given.get("creditor", "")),
            currency if is_currency(currency) else "",
            as_day(given.get("from", "")),
            as_day(given.get("to", "")),
        )

    def of_all(self, states: Sequence[str]) -> bool:
        """Whether nothing but the list itself was asked for."""
        return self == Narrowed(states[0])

    @property
    def further(self) -> int:
        """By how many things besides the state and the customer it is narrowed."""
        return sum(map(bool, (self.creditor, self.currency, self.first or self.last)))

    def within(
        self, rows: QuerySet[Any], day: str, *, creditor: str = "creditor", currency: str = "currency"
    ) -> QuerySet[Any]:
        """The rows of those days (of the column `day`), that creditor, currency and customer; the state is the caller's."""
        wanted: dict[str, object] = {}
        if self.first:
            wanted[f"{day}__gte"] = self.first
        if self.last:
            wanted[f"{day}__lte"] = self.last
        if self.creditor:
            wanted[creditor] = self.creditor
        if self.currency:
            wanted[currency] = self.currency
        if name := fold(self.text):
            wanted["customer__search_name__contains"] = name
        return rows.filter(**wanted)


def tabs() -> list[tuple[str, str, str]]:
    """Each tab with its page and its words."""
    return [(name, where, _(words)) for name, (where, words) in TABS.items() if pages[where]]


def listing(
    request: DeskRequest,
    tab: str,
    title: str,
    *,
    states: Sequence[tuple[str, str]],
    narrowed: Narrowed,
    rows: Page,
    empty: tuple[str, str],
    **context: Any,
) -> TemplateResponse:
    """A tab with its list: `states` are what it can be narrowed to, in words; `empty` is the heading and sentence of no rows."""
    return page(
        request,
        "desk/agreements.html",
        title,
        here=tab,
        tabs=tabs(),
        where=TABS[tab][0],
        table=f"desk/agreements/{tab}.html",
        states=states,
        narrowed=narrowed,
        rows=rows,
        empty=empty,
        creditors=list(Creditor.objects.filter(organization_id=request.organization.id).order_by("name")),
        currencies=portfolio.currencies(request.organization.id),
        **context,
    )
