"""A customer's own page by its link: what is open, and what can be said or done about it."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from puntual.disputes.actions import add_evidence, record_objection
from puntual.disputes.evidence import MOST_BYTES, document_of
from puntual.disputes.models import Dispute
from puntual.kernel.problems import N_, Problem
from puntual.outreach.actions import ask_for_time
from puntual.outreach.formats import day_and_month, long_date, money, sentence, short_date
from puntual.outreach.portal_link import read_portal_token
from puntual.outreach.statement import statement
from puntual.parties.actions import set_preference
from puntual.parties.models import Preference
from puntual.parties.preferences.queries import preferences_of
from puntual.payments.claims.actions import Receipt, claim_payment
from puntual.payments.claims.queries import claims_of
from puntual.payments.models import PaymentClaim
from puntual.portal.account import Line, parts_of, reference_of
from puntual.portal.entering import Visitor, address_of, by_link, frame
from puntual.portal.forms import ObjectForm, PaidForm, ReachForm, TimeForm
from puntual.portal.learning import spoken
from puntual.portal.paying import offered
from puntual.strategies.words import CHANNELS

GET_POST = ("GET", "POST")
_SHOWN_CLAIMS = 5
TIMES = ((8, 12), (12, 16), (16, 20))
"""Whole hours that the customer's page offers to choose from."""
_RECEIPTS = ("application/pdf", "image/")


@require_GET
@by_link
def account(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """What is open now, the creditor's accounts, and the ways to answer."""
    key = read_portal_token(visitor.token)
    parts = parts_of(visitor.customer, visitor.by.today, visitor.locale)
    values = {
        **frame(visitor),
        "parts": parts,
        "objecting": any(part.asked for part in parts),
        "today": day_and_month(visitor.by.today, visitor.locale),
        "reference": reference_of(visitor.customer),
        "claims": _claims(visitor),
        "pay": offered(visitor),
        "learn": spoken(visitor.language),
        "last_day": long_date(key.last_day, visitor.locale) if key else "",
    }
    return render(request, "portal/account.html", values)


def _claims(visitor: Visitor) -> list[dict[str, str]]:
    states = {
        PaymentClaim.State.WAITING: _("We are looking for it"),
        PaymentClaim.State.CONFIRMED: _("Received. Thank you"),
        PaymentClaim.State.NOT_FOUND: _("We did not find it"),
    }
    found = claims_of(visitor.organization.id, visitor.customer.id)[:_SHOWN_CLAIMS]
    return [
        {
            "state": states[PaymentClaim.State(one.state)],
            "said": " · ".join(part for part in (short_date(one.paid_on, visitor.locale), one.bank, one.why) if part),
            "amount": money(one.amount, one.currency, visitor.locale),
        }
        for one in found
    ]


@require_GET
@by_link
def statement_file(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The account statement as of now."""
    document = statement(visitor.customer, visitor.by.today, visitor.by.now, visitor.language)
    return HttpResponse(
        document.content,
        content_type=document.content_type,
        headers={"Content-Disposition": f'attachment; filename="{document.name}"'},
    )


@require_http_methods(GET_POST)
@by_link
def paid(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """“I have paid”."""
    parts = parts_of(visitor.customer, visitor.by.today, visitor.locale)
    form = PaidForm(
        request.POST or None,
        request.FILES or None,
        items=[(line.id, _choice(line)) for part in parts for line in part.asked],
        currencies=[part.currency for part in parts] or [visitor.customer.creditor.currency],
        today=visitor.by.today,
        locale=visitor.locale,
    )

    def act(given: Mapping[str, Any]) -> None:
        claim_payment(
            visitor.by,
            visitor.customer.id,
            currency=given["currency"],
            amount=given["amount"],
            paid_on=given["paid_on"],
            bank=given["bank"],
            said_by=given["said_by"],
            item_ids=[UUID(key) for key in given.get("items", ())],
            receipt=_receipt(given["receipt"]),
            address=address_of(request),
        )

    told = _("Thank you. We are looking for the payment, and meanwhile we do not ask for it.")
    return _form(request, visitor, form, act, _("I have paid"), _("Send"), told)


def _receipt(uploaded: Any) -> Receipt | None:
    if not uploaded:
        return None
    found = document_of(uploaded.name, uploaded.read(MOST_BYTES + 1))
    if not found.kind.startswith(_RECEIPTS):
        raise Problem(N_("The receipt is no PDF and no picture. Take a photograph of it, or save it as a PDF."))
    return Receipt(found.name, found.kind, found.digest, found.content)


@require_http_methods(GET_POST)
@by_link
def time(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """More time: somebody answers."""
    form = TimeForm(request.POST or None)

    def act(given: Mapping[str, Any]) -> None:
        ask_for_time(visitor.by, visitor.customer, said=f"{given['said_by']}: {given['said']}")

    about = _("A person reads it and answers you. Nothing is agreed until you hear from us.")
    told = _("Thank you. A person will answer you within some days.")
    return _form(request, visitor, form, act, _("I need more time"), _("Send"), told, about)


@require_http_methods(GET_POST)
@by_link
def objection(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Something is wrong with a document: a dispute, with its evidence. Where nothing is asked for, back to the account."""
    parts = parts_of(visitor.customer, visitor.by.today, visitor.locale)
    invoices = {line.invoice_id: _choice(line) for part in parts for line in part.asked}
    if not invoices:
        return redirect("portal_account", visitor.token)
    form = ObjectForm(
        request.POST or None, request.FILES or None, invoices=list(invoices.items()), locale=visitor.locale
    )

    def act(given: Mapping[str, Any]) -> None:
        made = record_objection(
            visitor.by,
            UUID(given["invoice"]),
            reason=given["reason"],
            said=given["said"],
            amount=given["amount"],
            said_by=given["said_by"],
            source=Dispute.Source.PORTAL,
        )
        if given["evidence"]:
            file = given["evidence"]
            add_evidence(visitor.by, made.id, file.name, file.read(MOST_BYTES + 1), theirs=True)

    about = _("What you object to is not asked for while it is looked at.")
    told = _("Thank you. We are looking at it and will answer you.")
    return _form(request, visitor, form, act, _("There is a problem"), _("Send"), told, about)


@require_http_methods(GET_POST)
@by_link
def reach(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """By which channel and when the customer prefers to be reached."""
    kept = preferences_of(visitor.organization.id, visitor.customer.id).get(None)
    times = {*TIMES, (kept.hours_from, kept.hours_until)} if kept and kept.hours_from is not None else set(TIMES)
    form = ReachForm(
        request.POST or None,
        initial={"channel": kept.channel, "hours": f"{kept.hours_from}-{kept.hours_until}"} if kept else {},
        channels=[(way, _(CHANNELS[way])) for way in Preference.Channel.values],
        hours=[(f"{first}-{last}", f"{first}:00–{last}:00") for first, last in sorted(times)],
    )

    def act(given: Mapping[str, Any]) -> None:
        first, _to, last = given["hours"].partition("-")
        set_preference(
            visitor.by,
            visitor.customer.id,
            channel=given["channel"],
            hours=(int(first), int(last)) if last else None,
            source=Preference.Source.PORTAL,
        )

    about = _("Where we have a choice, we follow it. What the law has us send still comes as the law says.")
    return _form(
        request, visitor, form, act, _("How to reach you"), _("Save"), _("Thank you. We will keep to it."), about
    )


def _choice(line: Line) -> str:
    return f"{line.number} · {line.amount}"


def _form(
    request: HttpRequest,
    visitor: Visitor,
    form: forms.Form,
    act: Callable[[Mapping[str, Any]], None],
    title: str,
    verb: str,
    told: str,
    about: str = "",
) -> HttpResponse:
    """A form of the customer's; once it is done, back to the account with what was told."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except Problem as problem:
            beside = problem.about(form.cleaned_data)
            form.add_error(None if beside and form[beside].is_hidden else beside, sentence(problem, visitor.locale))
        else:
            messages.success(request, told)
            return redirect("portal_account", visitor.token)
    if wrong := next((bound for bound in form if bound.errors), None):
        wrong.field.widget.attrs["autofocus"] = True
    values = {
        **frame(visitor),
        "form": form,
        "title": title,
        "verb": verb,
        "about": about,
        "back": f"/c/a/{visitor.token}",
    }
    return render(request, "portal/form.html", values, status=422 if form.is_bound else 200)
