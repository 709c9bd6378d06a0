"""Payment plans and settlements: the list, and a customer's."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET

from puntual.agreements.models import Plan
from puntual.agreements.plans import queries
from puntual.desk import agreeing, formats
from puntual.desk.keyset import paginate
from puntual.desk.pages import DeskRequest, needs
from puntual.parties.models import Customer

State = Plan.State
STATES = {
    "active": (State.ACTIVE,),
    "open": (State.AWAITING, State.OFFERED),
    "broken": (State.BROKEN,),
    "completed": (State.COMPLETED,),
    "all": (),
}
ON_A_TAB = 12
_COUNTED = 1000


@require_GET
@needs("view")
def plans(request: DeskRequest) -> HttpResponse:
    """The active ones, the latest first; or those in another state."""
    narrowed = agreeing.Narrowed.of(request, list(STATES))
    found = narrowed.within(queries.plans(request.organization.id, STATES[narrowed.state]), "agreed_on")
    rows = paginate(found, request, by=("agreed_on", "id"), descending=True)
    rows.items[:] = queries.with_next_parts(request.organization.id, rows.items)
    return agreeing.listing(
        request,
        "plans",
        _title(request) if narrowed.of_all(list(STATES)) else _("Payment plans and settlements"),
        states=[(one, _state(one)) for one in STATES],
        narrowed=narrowed,
        rows=rows,
        empty=(_("No plan here"), _("They are worked out on a customer's page, over what is open.")),
    )


def _title(request: DeskRequest) -> str:
    active = queries.plans(request.organization.id, (State.ACTIVE,))[: _COUNTED + 1].count()
    if not active:
        return _("Payment plans and settlements")
    return ngettext("{n} plan is active", "{n} plans are active", active).format(n=formats.number(active))


def _state(name: str) -> str:
    return {
        "active": pgettext("plans", "Active"),
        "open": pgettext("plans", "Not accepted yet"),
        "broken": pgettext("plans", "Broken"),
        "completed": pgettext("plans", "Completed"),
        "all": pgettext("plans", "All"),
    }[name]


def part(request: DeskRequest, customer: Customer) -> dict[str, Any]:
    """The customer's, the latest first."""
    found = list(queries.plans_of(request.organization.id, customer.id)[:ON_A_TAB])
    return {"rows": queries.with_next_parts(request.organization.id, found)}
