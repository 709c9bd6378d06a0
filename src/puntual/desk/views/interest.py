"""Late interest of an invoice or a customer: what it amounts to line by line, charging it, and letting it go."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from puntual.desk import formats
from puntual.desk.formats import sentence
from puntual.desk.forms.interest import WaiveForm
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.desk.sheets import accepted, done, sheet
from puntual.desk.standing import coded
from puntual.kernel.days import as_day
from puntual.kernel.problems import Problem
from puntual.parties.models import Customer
from puntual.receivables import actions
from puntual.receivables.interest.laws import series
from puntual.receivables.interest.queries import accruals, charges_of, charges_to, standing_terms
from puntual.receivables.models import Invoice

MOST = 100
"""So many items and charges are shown; the sums are of all."""


@require_GET
@needs("view")
def of_invoice(request: DeskRequest, invoice_id: UUID) -> HttpResponse:
    """What being late with one invoice amounts to as of a day, and what was charged."""
    found = _invoice(request, invoice_id)
    charges = charges_of(request.organization.id, [found.id])
    return _page(request, found.customer, charges, found)


@require_GET
@needs("view")
def of_customer(request: DeskRequest, customer_id: UUID) -> HttpResponse:
    """The same of everything a customer pays late."""
    found = _customer(request, customer_id)
    return _page(request, found, charges_to(request.organization.id, found.id))


def _page(request: DeskRequest, customer: Customer, charges: Any, invoice: Invoice | None = None) -> HttpResponse:
    org, today = request.organization.id, request.actor.today
    as_of = min(as_day(request.GET.get("as_of", "")) or today, today)
    named = {"invoice_id": invoice.id} if invoice else {"customer_id": customer.id}
    found = [one for one in accruals(org, as_of, **named) if one.total or one.why_not]
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for one in found:
        totals[one.item.currency] += one.total
    amounts = [coded(amount, currency) for currency, amount in sorted(totals.items()) if amount]
    title = _("{amounts} of late interest to charge").format(amounts=formats.listed(amounts))
    own = standing_terms(org, customer.creditor_id, customer.id)
    return page(
        request,
        "desk/interest.html",
        title if amounts else _("No late interest to charge"),
        customer=customer,
        invoice=invoice,
        as_of=as_of,
        more=max(0, len(found) - MOST),
        rows=[(one, _why(one)) for one in found[:MOST]],
        series=series(),
        charges=list(islice(charges, MOST)),
        own=own,
        on=bool(own or standing_terms(org, customer.creditor_id)),
        chargeable=bool(amounts),
    )


def _why(one: Any) -> str:
    return _(one.why_not.message).format(**one.why_not.details) if one.why_not else ""


@require_POST
@needs("adjust")
def charge_invoice(request: DeskRequest, invoice_id: UUID) -> HttpResponse:
    """Charge what the page shows for one invoice."""
    found = _invoice(request, invoice_id)
    return _charge(request, address(request, "invoice_interest", found.id), invoice_id=found.id)


@require_POST
@needs("adjust")
def charge_customer(request: DeskRequest, customer_id: UUID) -> HttpResponse:
    """Charge what the page shows for one customer."""
    found = _customer(request, customer_id)
    return _charge(request, address(request, "customer_interest", found.id), customer_id=found.id)


def _charge(request: DeskRequest, back: str, **named: UUID) -> HttpResponse:
    as_of: date = as_day(request.POST.get("as_of", "")) or request.actor.today
    try:
        made = actions.charge_interest(request.actor, as_of, **named)
    except Problem as problem:
        messages.error(request, sentence(problem))
        return redirect(back)
    text = ngettext("{n} charge was made.", "{n} charges were made.", made.charges)
    messages.success(request, text.format(n=formats.number(made.charges)))
    return redirect(back)


@require_http_methods(["GET", "POST"])
@needs("adjust")
def waive(request: DeskRequest, invoice_id: UUID) -> HttpResponse:
    """Let a charge go, or a part of it; its days are not charged again."""
    found = _invoice(request, invoice_id)
    back = address(request, "invoice", found.id)
    form = WaiveForm(request.POST or None)
    if request.method == "POST" and accepted(
        form, lambda given: actions.waive_charge(request.actor, found.id, why=given["why"], amount=given["amount"])
    ):
        messages.success(request, _("It was let go. Who did it and why is on record."))
        return done(request, back)
    about = _("It is not asked for any more, and its days are not charged again.")
    return sheet(request, form, _("Waive {number}").format(number=found.number), back, verb=_("Waive"), about=about)


def _invoice(request: DeskRequest, invoice_id: UUID) -> Invoice:
    rows = Invoice.objects.select_related("customer__creditor")
    return get_object_or_404(rows, organization_id=request.organization.id, id=invoice_id)


def _customer(request: DeskRequest, customer_id: UUID) -> Customer:
    rows = Customer.objects.select_related("creditor")
    return get_object_or_404(rows, organization_id=request.organization.id, id=customer_id)
