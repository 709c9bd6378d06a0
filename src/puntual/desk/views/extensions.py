"""Granting more time, on a customer's page and on an invoice's, and taking it back."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from puntual.agreements.actions import extend_many, withdraw_extension
from puntual.agreements.approvals import ReasonMissing
from puntual.agreements.beyond import role as role_name
from puntual.agreements.extensions.chain import longest, most_asked
from puntual.agreements.extensions.queries import chains
from puntual.agreements.guardrails import Within, excess, who_decides
from puntual.agreements.models import Extension
from puntual.desk import formats
from puntual.desk.forms.customers import WhyForm
from puntual.desk.forms.extensions import ExtensionForm
from puntual.desk.pages import DeskRequest, address, needs
from puntual.desk.refusing import refuse
from puntual.desk.sheets import accepted, done, sheet
from puntual.desk.standing import coded
from puntual.desk.views.customer import find
from puntual.parties.models import Customer
from puntual.receivables.grouping import OURS
from puntual.receivables.models import Installment, Invoice
from puntual.receivables.queries import ItemBalance, open_items
from puntual.strategies.allowances import offered, within_for

GET_POST = ("GET", "POST")
MOST_ITEMS = 60


@require_http_methods(GET_POST)
@needs("hold")
def grant(request: DeskRequest, customer_id: UUID) -> HttpResponse:
    """More time for what a customer owes; `?currency=` and `?source=` come from whoever speaks with them."""
    customer = find(request, customer_id)
    currency = request.GET.get("currency", "")
    items = [item for item in _extendable(request, customer) if currency in ("", item.currency)]
    return _form(request, customer, items, address(request, "customer_tab", customer.id, "agreements"))


@require_http_methods(GET_POST)
@needs("hold")
def grant_invoice(request: DeskRequest, invoice_id: UUID) -> HttpResponse:
    """More time for one invoice."""
    found = get_object_or_404(Invoice, organization_id=request.organization.id, id=invoice_id)
    customer = find(request, found.customer_id)
    items = [item for item in _extendable(request, customer) if item.invoice_id == found.id]
    return _form(request, customer, items, address(request, "invoice", found.id))


@require_http_methods(GET_POST)
@needs("hold")
def withdraw(request: DeskRequest, extension_id: UUID) -> HttpResponse:
    """Take the last of a chain back, or what waits for its approval."""
    found = get_object_or_404(
        Extension.objects.select_related("installment__invoice"),
        organization_id=request.organization.id,
        id=extension_id,
    )
    number = found.installment.invoice.number
    back = address(request, "customer_tab", found.customer_id, "agreements")
    form = WhyForm(request.POST or None)
    if request.method == "POST" and accepted(
        form, lambda given: withdraw_extension(request.actor, found.id, why=given["why"])
    ):
        messages.success(request, _("{number} is expected when it was before.").format(number=number))
        return done(request, back)
    title = _("Take the extension of {number} back").format(number=number)
    return sheet(request, form, title, back, verb=_("Take it back"))


def _extendable(request: DeskRequest, customer: Customer) -> list[ItemBalance]:
    items = open_items(request.organization.id, [customer.id])
    return [item for item in items if item.claim_owner == OURS][:MOST_ITEMS]


def _form(request: DeskRequest, customer: Customer, items: Sequence[ItemBalance], back: str) -> HttpResponse:
    if not items:
        raise Http404
    choices = [
        (
            str(item.installment_id),
            f"{item.number} · {formats.long_date(item.expected_on)} · {coded(item.open, item.currency)}",
        )
        for item in items
    ]
    within, latest = _longest(request, customer, items)
    named = latest is not None and within.allowance.offer == request.GET.get("offer")
    form = ExtensionForm(choices, request.POST or None, initial={"to_due": latest} if named else None)
    made: list[Extension] = []
    if request.method == "POST" and accepted(form, lambda given: _grant(request, customer, form, made)) and made:
        messages.success(request, _what_became_of(made))
        return done(request, back)
    title = _("More time for {customer}").format(customer=customer.name)
    if len(items) == 1:
        title = _("More time for {number}").format(number=items[0].number)
    about = " ".join(
        [
            _("The manual goes on from the new day; the age stays that of the due date."),
            *_allowed(within, latest),
        ]
    )
    return sheet(request, form, title, back, verb=_("Grant"), about=about)


def _grant(request: DeskRequest, customer: Customer, form: ExtensionForm, made: list[Extension]) -> None:
    given = form.cleaned_data
    chosen = form.chosen()
    source = request.GET.get("source", "")
    try:
        made += extend_many(
            request.actor,
            customer.id,
            chosen,
            given["to_due"],
            withins=_withins(request, customer, chosen, given["to_due"]),
            reason=given["reason"],
            asked_by=given["asked_by"],
            renegotiated=given["renegotiated"],
            stops_interest=given["stops_interest"],
            source_id=_uuid(source),
        )
    except ReasonMissing as problem:
        refuse(form, problem, "reason")


def _withins(request: DeskRequest, customer: Customer, chosen: Sequence[UUID], to_due: object) -> Mapping[str, Within]:
    """What the member may grant, by currency, of the offers that what is asked goes by."""
    org = request.organization.id
    rows = Installment.objects.filter(organization_id=org, customer=customer, id__in=list(chosen))
    by_currency: dict[str, list[UUID]] = {}
    for id, currency in rows.values_list("id", "currency"):
        by_currency.setdefault(currency, []).append(id)
    known = chains(org, chosen)
    return {
        currency: within_for(
            org,
            customer.id,
            request.membership.role,
            request.actor.today,
            "extension",
            currency,
            most_asked([known[id] for id in ids], to_due),  # type: ignore[arg-type]
        )
        for currency, ids in by_currency.items()
    }


def _longest(request: DeskRequest, customer: Customer, items: Sequence[ItemBalance]) -> tuple[Within, date | None]:
    """What holds, of the offer in the address where it applies; and until when every one of the items may be extended by it."""
    org, role, today = request.organization.id, request.membership.role, request.actor.today
    known = chains(org, [item.installment_id for item in items])
    within = offered(org, customer.id, role, today, "extension", items[0].currency, request.GET.get("offer", ""))
    allowance = within.allowance
    latest = [longest(known[item.installment_id], allowance.days, allowance.times) for item in items]
    days = [day for day in latest if day is not None and day > today]
    return within, min(days) if allowance.days and len(days) == len(items) else None


def _allowed(within: Within, latest: date | None) -> list[str]:
    """What the manual allows, of the item that may be extended least; and who decides beyond it."""
    if latest:
        said = [_("It allows until {day} here.").format(day=formats.long_date(latest))]
    else:
        said = [_("It allows no more time here.")]
    beyond = who_decides(within, excess(within, {"days": within.allowance.days + 1}))
    if beyond:
        said.append(_("Beyond that it waits for a yes, of this role or above: {role}.").format(role=role_name(beyond)))
    return said


def _what_became_of(made: Sequence[Extension]) -> str:
    waiting = [one for one in made if one.state == Extension.State.AWAITING]
    if not waiting:
        day = formats.long_date(made[0].to_due)
        text = ngettext("{n} document is expected on {day} now.", "{n} documents are expected on {day} now.", len(made))
        return text.format(n=formats.number(len(made)), day=day)
    text = ngettext(
        "It goes beyond the limits, so it waits for an approval; meanwhile {n} document is not chased.",
        "It goes beyond the limits, so it waits for an approval; meanwhile {n} documents are not chased.",
        len(waiting),
    )
    return text.format(n=formats.number(len(waiting)))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
