"""Disputes: the list, and a customer's."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET

from puntual.desk import agreeing, formats
from puntual.desk.keyset import paginate
from puntual.desk.pages import DeskRequest, needs
from puntual.disputes import queries
from puntual.parties.models import Customer

STATES = ("live", "overdue", "untold", "settled", "all")
ON_A_TAB = 12
_COUNTED = 1000


@require_GET
@needs("view")
def disputes(request: DeskRequest) -> HttpResponse:
    """Those that wait for an answer, the most urgent first; those overdue, decided and not told, settled, or all."""
    narrowed = agreeing.Narrowed.of(request, STATES)
    organization_id, today = request.organization.id, request.actor.today
    rows, day = {
        "live": (queries.live(organization_id), "deadline"),
        "overdue": (queries.overdue(organization_id, today), "deadline"),
        "untold": (queries.untold(organization_id), "resolved_on"),
        "settled": (queries.settled(organization_id), "resolved_on"),
        "all": (queries.disputes(organization_id), "opened_on"),
    }[narrowed.state]
    found = narrowed.within(rows, "opened_on")
    return agreeing.listing(
        request,
        "disputes",
        _title(request),
        states=[(one, _state(one)) for one in STATES],
        narrowed=narrowed,
        rows=paginate(found, request, by=(day, "id"), descending=day != "deadline"),
        empty=(_("No dispute here"), _("They are opened on an invoice, in a call or in an answer.")),
    )


def _title(request: DeskRequest) -> str:
    late = queries.overdue(request.organization.id, request.actor.today)[: _COUNTED + 1].count()
    if late:
        return ngettext("{n} dispute is overdue", "{n} disputes are overdue", late).format(n=formats.number(late))
    live = queries.live(request.organization.id)[: _COUNTED + 1].count()
    if not live:
        return _("Nothing is in dispute")
    return ngettext("{n} dispute to answer", "{n} disputes to answer", live).format(n=formats.number(live))


def _state(name: str) -> str:
    return {
        "live": pgettext("disputes", "To answer"),
        "overdue": pgettext("disputes", "Overdue"),
        "untold": pgettext("disputes", "Customer not told"),
        "settled": pgettext("disputes", "Settled"),
        "all": pgettext("disputes", "All"),
    }[name]


def part(request: DeskRequest, customer: Customer) -> dict[str, Any]:
    """What the customer objects to, or did, the latest first."""
    found = queries.of_customer(request.organization.id, customer.id)
    return {"rows": list(found[:ON_A_TAB])}
