"""What customers will not pay: what the law has them withhold or deposit elsewhere, discounts whose credit note is to come."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods

from puntual.desk import formats, portfolio
from puntual.desk.agreeing import Narrowed
from puntual.desk.forms.customers import WhyForm
from puntual.desk.forms.portfolio import CertificateForm, CloseDeductionForm, DiscountForm
from puntual.desk.kept_files import handed_out
from puntual.desk.keyset import paginate
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.desk.sheets import accepted, done, sheet
from puntual.desk.standing import coded
from puntual.parties.models import Creditor
from puntual.receivables import actions
from puntual.receivables.certificates import TYPES, certificates_of
from puntual.receivables.models import DeductionFile, ExpectedDeduction, Installment, Invoice

GET_POST = ("GET", "POST")
Kind = ExpectedDeduction.Kind
VIEWS = ("by_law", "credit_notes", "came", "given_up")


@require_GET
@needs("view")
def deductions(request: DeskRequest) -> HttpResponse:
    """What is expected by law, the credit notes still to come (for whoever makes them), what came, and what was given up."""
    narrowed = Narrowed.of(request, VIEWS)
    rows = _in(request, narrowed.state).select_related("installment__invoice", "installment__customer", "credit_note")
    if narrowed.text:
        rows = rows.filter(installment__customer__search_name__contains=narrowed.text.casefold())
    if narrowed.creditor:
        rows = rows.filter(installment__creditor=narrowed.creditor)
    if narrowed.currency:
        rows = rows.filter(installment__currency=narrowed.currency)
    waiting = narrowed.state in ("by_law", "credit_notes")
    found = paginate(rows, request, by=("expected_from", "id"), descending=not waiting)
    return page(
        request,
        "desk/deductions.html",
        _title(request, narrowed),
        narrowed=narrowed,
        views=[
            ("by_law", pgettext("deductions", "Expected by law")),
            ("credit_notes", pgettext("deductions", "Credit notes to come")),
            ("came", pgettext("deductions", "They came")),
            ("given_up", pgettext("deductions", "Given up")),
        ],
        rows=found,
        files=certificates_of(request.organization.id, [one.id for one in found.items]),
        waiting=waiting,
        creditors=list(Creditor.objects.filter(organization_id=request.organization.id).order_by("name")),
        currencies=portfolio.currencies(request.organization.id),
    )


def _in(request: DeskRequest, view: str) -> QuerySet[ExpectedDeduction]:
    rows = ExpectedDeduction.objects.filter(organization_id=request.organization.id)
    if view == "came":
        return rows.filter(closed_on__isnull=False)
    if view == "given_up":
        return rows.filter(given_up_on__isnull=False)
    rows = rows.filter(closed_on=None, given_up_on=None)
    return rows.filter(kind=Kind.CREDIT_NOTE) if view == "credit_notes" else rows.exclude(kind=Kind.CREDIT_NOTE)


def _title(request: DeskRequest, narrowed: Narrowed) -> str:
    if not narrowed.of_all(VIEWS):
        return _("Deductions")
    count = _in(request, "by_law").count()
    if not count:
        return _("No certificate or deposit is awaited")
    text = ngettext("{n} certificate or deposit is awaited", "{n} certificates or deposits are awaited", count)
    return text.format(n=formats.number(count))


def _find(request: DeskRequest, deduction_id: UUID) -> ExpectedDeduction:
    rows = ExpectedDeduction.objects.select_related("installment__invoice")
    return get_object_or_404(rows, organization_id=request.organization.id, id=deduction_id)


@require_http_methods(GET_POST)
@needs("adjust")
def close(request: DeskRequest, deduction_id: UUID) -> HttpResponse:
    """The certificate or the deposit came; its file may come with it."""
    found = _find(request, deduction_id)
    invoice = found.installment.invoice
    back = address(request, "invoice", invoice.id)
    form = CloseDeductionForm(request.POST or None, request.FILES or None, initial={"closed_on": request.actor.today})

    def act(given: dict[str, Any]) -> None:
        if given["file"]:
            actions.attach_certificate(request.actor, found.id, given["file"].name, given["file"].read())
        actions.close_deduction(
            request.actor,
            found.id,
            certificate=given["certificate"],
            amount=given["amount"],
            closed_on=given["closed_on"],
        )

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Settled with the certificate."))
        return done(request, back)
    amount = coded(found.amount, invoice.currency)
    about = _("{amount} were expected. Where it is less, the difference is asked for again.").format(amount=amount)
    return sheet(
        request, form, _("Certificate or deposit for {number}").format(number=invoice.number), back, about=about
    )


@require_http_methods(GET_POST)
@needs("adjust")
def give_up(request: DeskRequest, deduction_id: UUID) -> HttpResponse:
    """The certificate, the deposit or the credit note did not come: the amount is asked for again."""
    found = _find(request, deduction_id)
    invoice = found.installment.invoice
    back = address(request, "invoice", invoice.id)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and accepted(
        form, lambda given: actions.give_up_deduction(request.actor, found.id, why=given["why"])
    ):
        messages.success(request, _("From today the whole amount is asked for again."))
        return done(request, back)
    title = _("Ask for the whole of {number} again").format(number=invoice.number)
    return sheet(request, form, title, back, verb=_("Ask for it again"))


@require_http_methods(GET_POST)
@needs("adjust")
def attach(request: DeskRequest, deduction_id: UUID) -> HttpResponse:
    """Keep the file that proves it, also where it came later than the number."""
    found = _find(request, deduction_id)
    invoice = found.installment.invoice
    back = address(request, "invoice", invoice.id)
    form = CertificateForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and accepted(
        form,
        lambda given: actions.attach_certificate(request.actor, found.id, given["file"].name, given["file"].read()),
    ):
        messages.success(request, _("The file is kept."))
        return done(request, back)
    title = _("The file that proves it, for {number}").format(number=invoice.number)
    return sheet(request, form, title, back, verb=_("Attach"))


@require_GET
@needs("view")
def file(request: DeskRequest, file_id: UUID) -> HttpResponse:
    """A certificate, to be kept: no browser opens it in our name."""
    found = get_object_or_404(DeductionFile, organization_id=request.organization.id, id=file_id)
    return handed_out(found.name, bytes(found.content), TYPES[found.type])


@require_http_methods(GET_POST)
@needs("adjust")
def grant(request: DeskRequest, invoice_id: UUID) -> HttpResponse:
    """A discount after the invoice was issued: not asked for from today, its credit note expected."""
    rows = Invoice.objects.filter(organization_id=request.organization.id, withdrawn_on=None)
    invoice = get_object_or_404(rows, id=invoice_id)
    items = Installment.objects.filter(organization_id=request.organization.id, invoice=invoice, open_amount__gt=0)
    open_items = list(items.order_by("due_on", "position"))
    choices = [
        (str(item.id), f"{formats.long_date(item.due_on)} · {coded(item.open_amount, invoice.currency)}")
        for item in open_items
    ]
    back = address(request, "invoice", invoice.id)
    form = DiscountForm(choices, request.POST or None)
    if request.method == "POST" and accepted(
        form,
        lambda given: actions.grant_discount(
            request.actor, UUID(given["item"]), amount=given["amount"], why=given["why"]
        ),
    ):
        messages.success(request, _("It is not asked for any more. The credit note is on the accountant's list."))
        return done(request, back)
    total = sum((item.open_amount for item in open_items), Decimal(0))
    about = _(
        "{amount} are open. From today the discount is not asked for; the books know of it once its credit note exists."
    ).format(amount=coded(total, invoice.currency))
    return sheet(request, form, _("Discount on {number}").format(number=invoice.number), back, about=about)
