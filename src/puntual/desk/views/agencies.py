"""How it stands with an agency or a law firm: what came in on what it has, its commission, and what was settled."""

from decimal import Decimal
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from puntual.desk import agreeing, formats
from puntual.desk.deciding import WhyForm
from puntual.desk.forms.agencies import KINDS, CommissionForm, EntryForm
from puntual.desk.keyset import paginate
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.desk.sheets import accepted, done, sheet
from puntual.desk.standing import coded
from puntual.desk.views.placements import KINDS as PLACED_WITH
from puntual.desk.views.placements import handed
from puntual.placements import actions
from puntual.placements.agencies.accounting import Collected, Line
from puntual.placements.agencies.queries import collected, standing
from puntual.placements.models import Agency, AgencyEntry, Placement

_SHOWN = 50


@require_GET
@needs("view")
def agency(request: DeskRequest, agency_id: UUID) -> HttpResponse:
    """What it collected, what it is due, what was settled, and all that is or was with it."""
    found, org = _find(request, agency_id), request.organization.id
    came = collected(org, found.id, request.actor.today)
    placed = Placement.objects.filter(organization_id=org, agency=found).select_related("customer")
    lines = standing(org, found.id, came)
    rows = paginate(placed, request, by=("placed_on", "id"), descending=True)
    entries = AgencyEntry.objects.filter(organization_id=org, agency=found).order_by("-on", "-id")
    return page(
        request,
        "desk/agency.html",
        found.name,
        tabs=agreeing.tabs(),
        here="placements",
        agency=found,
        kind=PLACED_WITH[found.kind],
        percent=_percent(found.percent),
        lines=_facts(lines),
        currencies=[one.currency for one in lines],
        rows=rows,
        placements=[(one, handed(one), _came(came.get(one.id, [])), _percent(one.percent)) for one in rows],
        entries=[(one, KINDS[AgencyEntry.Kind(one.kind)], coded(one.amount, one.currency)) for one in entries[:_SHOWN]],
    )


@require_http_methods(("GET", "POST"))
@needs("settings")
def commission(request: DeskRequest, agency_id: UUID) -> HttpResponse:
    """Agree on what it gets."""
    found = _find(request, agency_id)
    back = address(request, "agency", found.id)
    form = CommissionForm(request.POST or None, initial={"percent": _percent(found.percent)})
    if request.method == "POST" and accepted(
        form, lambda given: actions.agree_commission(request.actor, found.id, given["percent"])
    ):
        messages.success(request, _("The commission of {name} is kept.").format(name=found.name))
        return done(request, back)
    about = _("It counts for what is placed from now on, and for what was placed without one. Nothing else changes.")
    return sheet(request, form, _("Commission of {name}").format(name=found.name), back, about=about)


@require_http_methods(("GET", "POST"))
@needs("adjust")
def entry(request: DeskRequest, agency_id: UUID) -> HttpResponse:
    """Write down what it remitted or kept, or what it was paid."""
    found, by = _find(request, agency_id), request.actor
    back = address(request, "agency", found.id)
    form = EntryForm(by, request.POST or None, by.today, own=request.organization.currency)
    if request.method == "POST" and accepted(form, lambda given: actions.record_agency_entry(by, found.id, **given)):
        messages.success(request, _("It is written down."))
        return done(request, back)
    about = _("Customers' payments are recorded as always: this says what passed between {name} and you.")
    title = _("Remittance or commission of {name}").format(name=found.name)
    return sheet(request, form, title, back, about=about.format(name=found.name))


@require_http_methods(("GET", "POST"))
@needs("adjust")
def withdraw(request: DeskRequest, entry_id: UUID) -> HttpResponse:
    """Take back an entry that was wrong."""
    rows = AgencyEntry.objects.select_related("agency")
    found = get_object_or_404(rows, organization_id=request.organization.id, id=entry_id)
    back = address(request, "agency", found.agency_id)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and accepted(
        form, lambda given: actions.withdraw_agency_entry(request.actor, found.id, why=given["why"])
    ):
        messages.success(request, _("It counts no more, and stays on record."))
        return done(request, back)
    title = _("Take back {amount} of {name}").format(amount=coded(found.amount, found.currency), name=found.agency.name)
    return sheet(request, form, title, back, verb=_("Take back"))


def _find(request: DeskRequest, agency_id: UUID) -> Agency:
    return get_object_or_404(Agency, organization_id=request.organization.id, id=agency_id)


def _facts(lines: list[Line]) -> list[tuple[str, str, list[str]]]:
    """How it stands: what it is, what about it, and how much in each currency."""
    found = [
        (_("Collected"), "", [one.collected for one in lines]),
        (_("Of it without a commission"), "", [one.unpriced for one in lines]),
        (_("Commission due"), "", [one.due for one in lines]),
        (_("Kept by it"), "", [one.kept for one in lines]),
        (_("Paid to it"), "", [one.paid for one in lines]),
        (_("Commission to be settled"), "", [one.owed for one in lines]),
        (_("Remitted to you"), "", [one.remitted for one in lines]),
        (_("Not remitted"), _("paid straight to you, or still with it"), [one.elsewhere for one in lines]),
    ]
    if not any(one.unpriced for one in lines):
        del found[1]
    codes = [one.currency for one in lines]
    return [
        (label, hint, [formats.money(amount, code) for amount, code in zip(amounts, codes, strict=True)])
        for label, hint, amounts in found
    ]


def _came(parts: list[Collected]) -> str:
    return ", ".join(coded(one.amount, one.currency) for one in sorted(parts, key=lambda one: one.currency))


def _percent(percent: Decimal | None) -> str:
    return "" if percent is None else formats.written(percent.normalize())
