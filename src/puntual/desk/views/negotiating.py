"""The negotiation desk: on the call and on a page of its own; and what was found out about the customer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from puntual.agreements.actions import record_finding
from puntual.agreements.profiles.queries import current
from puntual.agreements.profiles.words import in_words
from puntual.desk import diagnosing, negotiating
from puntual.desk.customers import as_uuid
from puntual.desk.forms.negotiation import BY_PROCEDURE, FindingForm
from puntual.desk.pages import DeskRequest, address, fragment, needs, page
from puntual.desk.sheets import accepted, done, sheet
from puntual.desk.views.customer import find
from puntual.outreach.models import Activity
from puntual.parties.models import Customer


@require_GET
@needs("contact")
def negotiation(request: DeskRequest, customer_id: UUID) -> HttpResponse:
    """What to propose and to say, in the situation of `?situation=` or as it was last found; `?source=` is the call it is for."""
    customer = find(request, customer_id)
    source = _source(request, customer)
    known = current(request.organization.id, customer.id)
    situation = negotiating.chosen(request.GET.get("situation", ""), known)
    context: dict[str, Any] = {
        "customer": customer,
        "source": source,
        "situation": situation,
        "situations": negotiating.situations(),
        "known": known,
        "profile": in_words(known) if known else "",
        "diagnosis": diagnosing.shown(request, customer),
        "ways": negotiating.ways(request, customer, situation, source),
        "talk": negotiating.talk(request, customer, situation),
    }
    if request.htmx:
        return fragment(request, "desk/parts/negotiation.html", **context)
    return page(
        request, "desk/negotiation.html", _("Negotiate with {customer}").format(customer=customer.name), **context
    )


@require_http_methods(("GET", "POST"))
@needs("contact")
def finding(request: DeskRequest, customer_id: UUID) -> HttpResponse:
    """Record what was found out; `?situation=` fills in what it says, `?proposed=` what the record suggests, to be corrected."""
    customer = find(request, customer_id)
    source = _source(request, customer)
    back = address(request, "call", source) if source else address(request, "negotiation", customer.id)
    willing, able = BY_PROCEDURE.get(request.GET.get("situation", ""), ("", ""))  # type: ignore[call-overload]
    initial = {"willing": willing, "able": able, "found_on": request.actor.today}
    if request.GET.get("proposed") and request.method == "GET":
        initial |= diagnosing.proposed(request, customer)
    form = FindingForm(request.POST or None, initial=initial)
    if request.method == "POST" and accepted(
        form, lambda _given: record_finding(request.actor, customer.id, source_id=source, **form.finding())
    ):
        messages.success(request, _("Kept: {customer}").format(customer=customer.name))
        return done(request, back)
    return sheet(
        request,
        form,
        _("What was found out about {customer}").format(customer=customer.name),
        back,
        template="desk/parts/finding.html",
        why=negotiating.may_ask_why(customer),
    )


def _source(request: DeskRequest, customer: Customer) -> UUID | None:
    """The customer's activity that the address names, if it is one."""
    named = as_uuid(request.GET.get("source", ""))
    if named is None:
        return None
    mine = Activity.objects.filter(organization_id=request.organization.id, customer=customer, pk=named)
    return named if mine.exists() else None
