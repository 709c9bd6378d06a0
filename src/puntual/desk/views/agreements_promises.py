"""Promises to pay: the list, and a customer's."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from puntual.agreements.models import Promise
from puntual.agreements.promises import queries, words
from puntual.agreements.promises.standing import Standing, standings
from puntual.desk import agreeing
from puntual.desk.keyset import paginate
from puntual.desk.pages import DeskRequest, needs
from puntual.desk.promising import Row
from puntual.parties.models import Customer

STATES = ("open", "broken", "partly_kept", "kept", "all")
ON_A_TAB = 12


@require_GET
@needs("view")
def promises(request: DeskRequest) -> HttpResponse:
    """The open ones, the soonest first; or those in another state, the latest first."""
    narrowed = agreeing.Narrowed.of(request, STATES)
    state = "" if narrowed.state == "all" else narrowed.state
    found = narrowed.within(queries.promises(request.organization.id, state), "promised_for")
    return agreeing.listing(
        request,
        "promises",
        _("Payment promises"),
        states=[(one, pgettext("promises", "All") if one == "all" else words.state(one)) for one in STATES],
        narrowed=narrowed,
        rows=paginate(found, request, by=("promised_for", "id"), descending=narrowed.state != "open"),
        empty=(_("No promise here"), _("They are recorded on a call, in an answer or on a customer's page.")),
    )


def part(request: DeskRequest, customer: Customer) -> dict[str, Any]:
    """What the customer promised, the latest first."""
    org = request.organization.id
    found = list(queries.promises_of(org, customer.id)[:ON_A_TAB])
    now: dict[UUID, Standing] = {}
    for currency in {promise.currency for promise in found if promise.state == Promise.State.OPEN}:
        now |= standings(org, customer.id, currency, request.actor.today)
    kept, judged = queries.kept_of(org, customer.id)
    return {"rows": [Row.of(promise, now.get(promise.id)) for promise in found], "kept": kept, "judged": judged}
