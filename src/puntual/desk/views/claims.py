"""What customers say they have paid: looked for in the bank, confirmed, or not found."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods

from puntual.desk import formats
from puntual.desk.keyset import paginate
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.desk.sheets import accepted, done, sheet
from puntual.desk.standing import coded
from puntual.desk.views.documents import as_file
from puntual.outreach.channels import Document
from puntual.payments.claims import actions
from puntual.payments.claims.queries import claims as found_claims
from puntual.payments.claims.queries import items_of, likely_payments
from puntual.payments.models import PaymentClaim

GET_POST = ("GET", "POST")
State = PaymentClaim.State
_STATES = {"waiting": (State.WAITING,), "decided": (State.CONFIRMED, State.NOT_FOUND)}
_LIKELY = 8
NEW = "new"


class ConfirmForm(forms.Form):
    """Which money it is: a payment that is recorded already, or one to record now."""

    payment = forms.ChoiceField(label=gettext_lazy("Which money it is"), widget=forms.RadioSelect)


class NotFoundForm(forms.Form):
    """What the customer reads."""

    why = forms.CharField(
        label=gettext_lazy("What the customer reads on its page"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@require_GET
@needs("view")
def claims(request: DeskRequest) -> HttpResponse:
    """Those that wait, the oldest first; or those that were decided, the latest first."""
    state = request.GET.get("state", "waiting")
    if state not in _STATES:
        raise Http404
    rows = paginate(
        found_claims(request.organization.id, _STATES[state]),
        request,
        by=("recorded_at", "id"),
        descending=state != "waiting",
    )
    waiting = found_claims(request.organization.id, _STATES["waiting"]).count()
    title = (
        ngettext("{n} customer says it has paid", "{n} customers say they have paid", waiting).format(
            n=formats.number(waiting)
        )
        if waiting
        else _("Nobody says to have paid what is not found")
    )
    return page(
        request,
        "desk/claims.html",
        title,
        rows=rows,
        state=state,
        states=[("waiting", pgettext("claims", "To look for")), ("decided", pgettext("claims", "Decided"))],
    )


@require_GET
@needs("view")
def receipt(request: DeskRequest, claim_id: UUID) -> HttpResponse:
    """The receipt as it came, to be saved."""
    found = _claim(request, claim_id, with_receipt=True)
    if found.receipt is None:
        raise Http404
    return as_file(Document(found.receipt_name, found.receipt_kind, bytes(found.receipt)))


@require_http_methods(GET_POST)
@needs("payments")
def confirm(request: DeskRequest, claim_id: UUID) -> HttpResponse:
    """The money is there."""
    found, form = _claim(request, claim_id), ConfirmForm(request.POST or None)
    likely = list(likely_payments(found)[:_LIKELY])
    choices = [
        (
            str(one.id),
            f"{formats.short_date(one.received_on)} · {coded(one.amount, one.currency)} · {one.memo or one.reference}",
        )
        for one in likely
    ]
    choices.append((NEW, _("None of these: record it now, received on the day the customer names")))
    form.fields["payment"].choices = choices  # type: ignore[attr-defined]
    form.fields["payment"].initial = choices[0][0]
    back = address(request, "claims")

    def act(given: dict[str, Any]) -> None:
        chosen = given["payment"]
        actions.confirm_claim(request.actor, found.id, payment_id=None if chosen == NEW else UUID(chosen))

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Confirmed. The pause has ended."))
        return done(request, back)
    about = _("If the bank's statement will bring this money, wait for it: recorded now, it would be there twice.")
    return sheet(request, form, _title(found), back, verb=_("Confirm"), about=about)


@require_http_methods(GET_POST)
@needs("payments")
def reject(request: DeskRequest, claim_id: UUID) -> HttpResponse:
    """The money was not found."""
    found, form = _claim(request, claim_id), NotFoundForm(request.POST or None)
    back = address(request, "claims")
    if request.method == "POST" and accepted(
        form, lambda given: actions.reject_claim(request.actor, found.id, why=given["why"])
    ):
        messages.success(request, _("Noted. What is open is asked for again from today."))
        return done(request, back)
    numbers = formats.listed([item.installment.invoice.number for item in items_of(found)])
    about = _("It paused {numbers}.").format(numbers=numbers) if numbers else ""
    return sheet(request, form, _title(found), back, verb=_("Not found"), about=about)


def _title(found: PaymentClaim) -> str:
    return _("{customer}: {amount} on {day}").format(
        customer=found.customer.name,
        amount=coded(found.amount, found.currency),
        day=formats.short_date(found.paid_on),
    )


def _claim(request: DeskRequest, claim_id: UUID, *, with_receipt: bool = False) -> PaymentClaim:
    rows = found_claims(request.organization.id)
    return get_object_or_404(rows.defer(None) if with_receipt else rows, id=claim_id)
