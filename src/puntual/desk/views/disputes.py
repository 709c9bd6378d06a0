"""A dispute's page: what was said and shown, and what is done with it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from puntual.desk import formats
from puntual.desk.disputing import shown
from puntual.desk.forms.disputes import (
    AcceptForm,
    AssignForm,
    CorrectForm,
    CreditForm,
    DecisionForm,
    EvidenceForm,
    ExtendForm,
    NoteForm,
    OpenForm,
    ReopenForm,
    RestateForm,
)
from puntual.desk.kept_files import handed_out
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.desk.sheets import accepted, done, sheet
from puntual.desk.standing import coded
from puntual.disputes import actions
from puntual.disputes.evidence import MOST_BYTES
from puntual.disputes.models import Dispute, DisputeNote, Evidence
from puntual.disputes.words import LIKELY
from puntual.disputes.words import reason as reason_words
from puntual.organizations.queries import members_of
from puntual.organizations.roles import may
from puntual.receivables.models import Installment, Invoice
from puntual.receivables.queries import active_holds

GET_POST = ("GET", "POST")


def _find(request: DeskRequest, dispute_id: UUID) -> Dispute:
    rows = Dispute.objects.select_related("customer", "creditor", "invoice", "owner", "credit_note", "corrected")
    return get_object_or_404(rows, organization_id=request.organization.id, id=dispute_id)


@require_GET
@needs("view")
def dispute(request: DeskRequest, dispute_id: UUID) -> HttpResponse:
    """One dispute."""
    return _page(request, _find(request, dispute_id))


def _page(request: DeskRequest, found: Dispute, note_form: NoteForm | None = None) -> HttpResponse:
    org, today = request.organization.id, request.actor.today
    role_may = {name: may(request.membership.role, name) for name in ("hold", "adjust")}
    looks = shown(found, role_may)
    kind = DisputeNote.Kind.OURS if looks.untold else DisputeNote.Kind.INNER
    items = Installment.objects.filter(organization_id=org, invoice_id=found.invoice_id)
    holds = active_holds(org, today, [found.customer_id]).filter(source_id=found.id)
    return page(
        request,
        "desk/dispute.html",
        _title(found),
        422 if note_form and note_form.errors else 200,
        dispute=found,
        looks=looks,
        open=items.aggregate(sum=Sum("open_amount"))["sum"],
        held_until=holds.values_list("until_on", flat=True).first(),
        note_form=note_form or NoteForm(initial={"kind": kind}),
    )


def _title(found: Dispute) -> str:
    """PEN 300.00 de F001-254 en disputa: precio equivocado."""
    amount, number = coded(found.amount, found.currency), found.invoice.number
    text = _("{amount} of {number}: {reason}")
    return text.format(amount=amount, number=number, reason=reason_words(found.reason).lower())


@require_POST
@needs("hold")
def note(request: DeskRequest, dispute_id: UUID) -> HttpResponse:
    """Add a line to the talk."""
    found = _find(request, dispute_id)
    form = NoteForm(request.POST)
    if not accepted(form, lambda given: actions.add_note(request.actor, found.id, given["text"], kind=given["kind"])):
        return _page(request, found, form)
    messages.success(request, _("Kept."))
    return redirect(address(request, "dispute", found.id))


@require_http_methods(GET_POST)
@needs("hold")
def open_one(request: DeskRequest, invoice_id: UUID) -> HttpResponse:
    """Record that the customer objects to an invoice."""
    rows = Invoice.objects.select_related("customer").filter(withdrawn_on=None)
    invoice = get_object_or_404(rows, organization_id=request.organization.id, id=invoice_id)
    form = OpenForm(_members(request), request.POST or None, request.FILES or None)
    made: list[Dispute] = []

    def act(given: dict[str, Any]) -> None:
        made.append(
            actions.open_dispute(
                request.actor,
                invoice.id,
                reason=given["reason"],
                amount=given["amount"],
                said=given["said"],
                said_by=given["said_by"],
                owner_id=UUID(given["owner"]) if given["owner"] else None,
            )
        )
        if given["file"]:
            content = given["file"].read(MOST_BYTES + 1)
            actions.add_evidence(request.actor, made[0].id, given["file"].name, content, theirs=True)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("It is in dispute: what is disputed is not asked for meanwhile."))
        return done(request, address(request, "dispute", made[0].id))
    about = _("It is answered within {days} working days. Meanwhile the rest of what is owed is asked for as before.")
    title = _("{number} in dispute").format(number=invoice.number)
    back = address(request, "invoice", invoice.id)
    days = request.organization.dispute_days
    return sheet(request, form, title, back, verb=_("Open the dispute"), about=about.format(days=days))


def _members(request: DeskRequest) -> list[tuple[str, str]]:
    members = members_of(request.organization.id, request.actor.today)
    return sorted(((str(each.user_id), str(each.user)) for each in members), key=lambda each: each[1])


def _do(
    request: DeskRequest,
    found: Dispute,
    form: forms.Form,
    act: Callable[[dict[str, Any]], object],
    *,
    title: str,
    verb: str,
    said: str,
    about: str = "",
) -> HttpResponse:
    """The form in its sheet; once it is carried out, the dispute's page with what was said."""
    back = address(request, "dispute", found.id)
    if request.method == "POST" and accepted(form, act):
        messages.success(request, said)
        return done(request, back)
    return sheet(request, form, title, back, verb=verb, about=about)


@require_http_methods(GET_POST)
@needs("hold")
def attach(request: DeskRequest, dispute_id: UUID) -> HttpResponse:
    """Keep a file that shows something."""
    found = _find(request, dispute_id)
    form = EvidenceForm(request.POST or None, request.FILES or None)

    def act(given: dict[str, Any]) -> object:
        content = given["file"].read(MOST_BYTES + 1)
        return actions.add_evidence(request.actor, found.id, given["file"].name, content, theirs=given["theirs"])

    about = _("It is kept as it is, with its hash, and never changed.")
    title = _("Evidence for {number}").format(number=found.invoice.number)
    return _do(request, found, form, act, title=title, verb=_("Attach"), said=_("The file is kept."), about=about)


@require_http_methods(GET_POST)
@needs("hold")
def restate(request: DeskRequest, dispute_id: UUID) -> HttpResponse:
    """Say anew how much is disputed, and why."""
    found = _find(request, dispute_id)
    form = RestateForm(request.POST or None, initial={"reason": found.reason})
    return _do(
        request,
        found,
        form,
        lambda given: actions.restate(
            request.actor, found.id, why=given["why"], amount=given["amount"], reason=given["reason"]
        ),
        title=_("What is disputed of {number}").format(number=found.invoice.number),
        verb=_("Save"),
        said=_("From now on that much is held."),
        about=_("{amount} until now.").format(amount=coded(found.amount, found.currency)),
    )


@require_http_methods(GET_POST)
@needs("hold")
def assign(request: DeskRequest, dispute_id: UUID) -> HttpResponse:
    """Give it to a member."""
    found = _find(request, dispute_id)
    form = AssignForm(_members(request), request.POST or None, initial={"owner": str(found.owner_id or "")})
    return _do(
        request,
        found,
        form,
        lambda given: actions.assign(request.actor, found.id, UUID(given["owner"])),
        title=_("Who sees to the dispute of {number}").format(number=found.invoice.number),
        verb=_("Give it to them"),
        said=_("It is theirs now."),
    )


@require_http_methods(GET_POST)
@needs("hold")
def extend(request: DeskRequest, dispute_id: UUID) -> HttpResponse:
    """Put the day of the answer off."""
    found = _find(request, dispute_id)
    form = ExtendForm(request.POST or None)
    return _do(
        request,
        found,
        form,
        lambda given: actions.extend_deadline(request.actor, found.id, given["deadline"], why=given["why"]),
        title=_("A later answer for {number}").format(number=found.invoice.number),
        verb=_("Put it off"),
        said=_("What is disputed waits for as long."),
        about=_("Tell the customer too: an answer within {days} working days is what they were promised.").format(
            days=request.organization.dispute_days
        ),
    )


def _decision(request: DeskRequest, found: Dispute, kind: type[DecisionForm], **initial: object) -> DecisionForm:
    proposed = {"cause": found.cause or LIKELY[found.reason], **initial}
    accepted_before = found.state == Dispute.State.ACCEPTED and kind in (CreditForm, CorrectForm)
    return kind(request.POST or None, initial=proposed, accepted=accepted_before)


@require_http_methods(GET_POST)
@needs("adjust")
def accept(request: DeskRequest, dispute_id: UUID) -> HttpResponse:
    """The customer is right; the document is still to come."""
    found = _find(request, dispute_id)
    amount = coded(found.amount, found.currency)
    return _do(
        request,
        found,
        _decision(request, found, AcceptForm),
        lambda given: actions.accept(
            request.actor, found.id, cause=given["cause"], why=given["why"], amount=given["amount"]
        ),
        title=_("The customer is right about {number}").format(number=found.invoice.number),
        verb=_("They are right"),
        said=_("Accepted. That much is held until the credit note or the corrected invoice is there."),
        about=_("{amount} are disputed. What is not granted is asked for again.").format(amount=amount),
    )


@require_http_methods(GET_POST)
@needs("adjust")
def credit(request: DeskRequest, dispute_id: UUID) -> HttpResponse:
    """Settle it by a credit note."""
    found = _find(request, dispute_id)
    granted = found.granted or found.amount
    amount = formats.money(granted, found.currency)
    form = _decision(request, found, CreditForm, amount=amount, issued_on=request.actor.today)
    return _do(
        request,
        found,
        form,
        lambda given: actions.credit(
            request.actor,
            found.id,
            number=given["number"],
            cause=given.get("cause", ""),
            why=given.get("why", ""),
            amount=given["amount"],
            issued_on=given["issued_on"],
        ),
        title=_("Credit note for {number}").format(number=found.invoice.number),
        verb=_("Settle it"),
        said=_("Settled: the credit note is set against the invoice, and nothing is held any more."),
        about=_("{amount} are disputed. What the credit note leaves open is asked for again.").format(
            amount=coded(found.amount, found.currency)
        ),
    )


@require_http_methods(GET_POST)
@needs("adjust")
def correct(request: DeskRequest, dispute_id: UUID) -> HttpResponse:
    """Settle it by a corrected invoice."""
    found = _find(request, dispute_id)
    return _do(
        request,
        found,
        _decision(request, found, CorrectForm),
        lambda given: actions.correct(
            request.actor,
            found.id,
            number=given["number"],
            cause=given.get("cause", ""),
            why=given.get("why", ""),
        ),
        title=_("Corrected invoice instead of {number}").format(number=found.invoice.number),
        verb=_("Settle it"),
        said=_("Settled: what was open of the disputed invoice is annulled."),
        about=_("The corrected invoice has to be here already. What is open of {number} is annulled.").format(
            number=found.invoice.number
        ),
    )


@require_http_methods(GET_POST)
@needs("hold")
def reject(request: DeskRequest, dispute_id: UUID) -> HttpResponse:
    """It is owed after all."""
    found = _find(request, dispute_id)
    return _do(
        request,
        found,
        _decision(request, found, DecisionForm, cause=Dispute.Cause.CUSTOMER),
        lambda given: actions.reject(request.actor, found.id, cause=given["cause"], why=given["why"]),
        title=_("{number} is owed after all").format(number=found.invoice.number),
        verb=_("Reject"),
        said=_("Rejected: it is asked for again. Tell the customer why, in writing."),
        about=_("From the next day run on it is asked for again, at the age it has."),
    )


@require_http_methods(GET_POST)
@needs("hold")
def withdraw(request: DeskRequest, dispute_id: UUID) -> HttpResponse:
    """The customer no longer objects."""
    found = _find(request, dispute_id)
    return _do(
        request,
        found,
        _decision(request, found, DecisionForm),
        lambda given: actions.withdraw(request.actor, found.id, why=given["why"], cause=given["cause"]),
        title=_("The customer no longer objects to {number}").format(number=found.invoice.number),
        verb=_("They let it go"),
        said=_("Withdrawn: it is asked for again."),
        about=_(
            "What was missing was given, or it was recorded by mistake. From the next day run on it is asked for again."
        ),
    )


@require_http_methods(GET_POST)
@needs("hold")
def reopen(request: DeskRequest, dispute_id: UUID) -> HttpResponse:
    """Look at it once more."""
    found = _find(request, dispute_id)
    return _do(
        request,
        found,
        ReopenForm(request.POST or None),
        lambda given: actions.reopen(request.actor, found.id, why=given["why"]),
        title=_("The dispute of {number} once more").format(number=found.invoice.number),
        verb=_("Open it again"),
        said=_("It is open again, and what is disputed is held."),
        about=_("What is still open of it is held again, and a new day of answer begins."),
    )


@require_GET
@needs("view")
def file(request: DeskRequest, evidence_id: UUID) -> HttpResponse:
    """A file as it was supplied, to be kept: no browser opens it in our name."""
    found = get_object_or_404(Evidence, organization_id=request.organization.id, id=evidence_id)
    return handed_out(found.name, bytes(found.content), found.kind)
