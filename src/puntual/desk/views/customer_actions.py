"""What a person does on a customer's page. Each form is one action of the room it belongs to."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from puntual.desk.coming import under_way
from puntual.desk.formats import sentence
from puntual.desk.forms.customers import (
    HandlingForm,
    NoteForm,
    OptionalWhyForm,
    PauseForm,
    PaymentForm,
    StatusForm,
)
from puntual.desk.lifting import LIST, page_of
from puntual.desk.pages import DeskRequest, address, needs
from puntual.desk.sheets import accepted, done, sheet
from puntual.desk.standing import coded
from puntual.desk.views.customer import find
from puntual.kernel.ids import uuid7
from puntual.organizations.models import Membership
from puntual.outreach import actions as outreach
from puntual.outreach.models import Activity
from puntual.parties import actions as parties
from puntual.parties.models import Customer
from puntual.payments.actions import record_payment
from puntual.payments.models import Payment
from puntual.receivables import actions as receivables
from puntual.receivables.models import Hold
from puntual.receivables.problems import EndsWithItsSource
from puntual.receivables.queries import open_items

MOST_ITEMS = 200
GET_POST = ("GET", "POST")


@require_POST
@needs("approve")
def approve(request: DeskRequest, customer_id: UUID, activity_id: UUID) -> HttpResponse:
    """Let what waits happen, and stay on the page."""
    customer = find(request, customer_id)
    activity = get_object_or_404(Activity, organization_id=request.organization.id, customer=customer, id=activity_id)
    outreach.approve(request.actor, activity)
    messages.success(request, _("Approved."))
    return done(request, address(request, "customer", customer.id))


@require_http_methods(GET_POST)
@needs("payments")
def payment(request: DeskRequest, customer_id: UUID) -> HttpResponse:
    """Record money that came in: for the chosen invoices, the rest for the oldest or on account."""
    customer = find(request, customer_id)
    back = address(request, "customer", customer.id)
    items = open_items(request.organization.id, _family(customer))[:MOST_ITEMS]
    currencies = dict.fromkeys([item.currency for item in items] + [customer.creditor.currency])
    initial = {
        "token": f"D-{uuid7().hex[-12:]}",
        "received_on": request.actor.today,
        "currency": next(iter(currencies)),
        "method": Payment.Method.TRANSFER,
    }
    form = PaymentForm(items, list(currencies), request.POST or None, initial=initial)
    made: list[Payment] = []
    if request.method == "POST" and accepted(form, lambda given: made.append(_record(request, customer, form))):
        messages.success(request, _what_became_of(made[0]))
        return done(request, back)
    return sheet(
        request,
        form,
        _("Record a payment of {customer}").format(customer=customer.name),
        back,
        verb=_("Record"),
        template="desk/parts/payment_form.html",
        customer=customer,
        several=len(currencies) > 1,
    )


def _family(customer: Customer) -> list[UUID]:
    """The customer and those it pays for."""
    paid_for = Customer.objects.filter(
        organization_id=customer.organization_id, creditor_id=customer.creditor_id, paid_by=customer
    )
    return [customer.id, *paid_for.values_list("id", flat=True)]


def _record(request: DeskRequest, customer: Customer, form: PaymentForm) -> Payment:
    given = form.cleaned_data
    return record_payment(
        request.actor,
        customer_id=customer.id,
        reference=given["reference"] or given["token"],
        received_on=given["received_on"],
        currency=given["currency"],
        amount=given["amount"],
        designations=form.designations(),
        oldest_first=given["rest"] == "oldest",
        method=given["method"],
        memo=given["memo"],
    )


def _what_became_of(payment: Payment) -> str:
    text = _("Payment of {amount} recorded.").format(amount=coded(payment.amount, payment.currency))
    if payment.unapplied:
        left = _("{amount} stays on account.").format(amount=coded(payment.unapplied, payment.currency))
        text = f"{text} {left}"
    return text


@require_http_methods(GET_POST)
@needs("hold")
def pause(request: DeskRequest, customer_id: UUID) -> HttpResponse:
    """Pause the whole customer through a day; what waits for approval is given up."""
    customer = find(request, customer_id)
    back = address(request, "customer", customer.id)
    form = PauseForm(request.POST or None)
    activity = under_way(request.organization.id, customer.id)

    def act(given: dict[str, Any]) -> None:
        if activity and activity.state in (Activity.State.PROPOSED, Activity.State.QUEUED, Activity.State.TO_DO):
            outreach.pause(
                request.actor, activity, given["until"], given["note"], whole_customer=True, reason=given["reason"]
            )
        else:
            receivables.hold(
                request.actor,
                customer_id=customer.id,
                reason=given["reason"],
                until_on=given["until"],
                note=given["note"],
            )

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("{customer} is paused.").format(customer=customer.name))
        return done(request, back)
    about = _("Until then nothing is asked for and no reminder goes out, whatever falls due.")
    return sheet(
        request, form, _("Pause {customer}").format(customer=customer.name), back, verb=_("Pause"), about=about
    )


@require_http_methods(GET_POST)
@needs("hold")
def release(request: DeskRequest, hold_id: UUID) -> HttpResponse:
    """Lift a pause; one that stands for an agreement or a dispute leads to where that is ended."""
    holds = Hold.objects.select_related("customer", "invoice", "installment__invoice")
    hold = get_object_or_404(holds, organization_id=request.organization.id, id=hold_id)
    if (ends := page_of(hold)) and hold.source_id:
        messages.warning(request, sentence(EndsWithItsSource()))
        return done(request, address(request, ends, *([] if ends == LIST else [hold.source_id])))
    back = address(request, "customer", hold.customer_id)
    form = OptionalWhyForm(request.POST or None)
    if request.method == "POST" and accepted(
        form, lambda given: receivables.release_hold(request.actor, hold.id, why=given["why"])
    ):
        messages.success(request, _("The pause is lifted. The next day run decides anew."))
        return done(request, back)
    title = _("Lift the pause of {customer}").format(customer=hold.customer.name)
    return sheet(request, form, title, back, verb=_("Lift the pause"), about=hold.note)


@require_http_methods(GET_POST)
@needs("contact")
def note(request: DeskRequest, customer_id: UUID) -> HttpResponse:
    """Write down a contact that no plan made, or a note for the team."""
    customer = find(request, customer_id)
    back = address(request, "customer", customer.id)
    form = NoteForm(request.POST or None)

    def act(given: dict[str, Any]) -> None:
        channel, direction = given["kind"].split()
        outreach.record_contact(
            request.actor,
            customer,
            channel=channel,
            direction=direction,
            note=given["note"],
            at=given["at"],
            spoke=given["spoke"],
        )

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Noted."))
        return done(request, back)
    names = [name for key, name in _members(request) if key != str(request.actor.user_id)]
    return sheet(
        request,
        form,
        _("Note about {customer}").format(customer=customer.name),
        back,
        verb=_("Keep it"),
        template="desk/parts/note_form.html",
        names=names,
    )


@require_http_methods(GET_POST)
@needs("edit_customers")
def handling(request: DeskRequest, customer_id: UUID) -> HttpResponse:
    """Say how the customer is handled from now on, and by whom."""
    customer = find(request, customer_id)
    back = address(request, "customer", customer.id)
    initial = {"handling": customer.handling, "owner": str(customer.owner_id or "")}
    form = HandlingForm(_members(request), request.POST or None, initial=initial)

    def act(given: dict[str, Any]) -> None:
        owner = UUID(given["owner"]) if given["owner"] else None
        parties.set_handling(request.actor, customer.id, given["handling"], why=given["why"], owner_id=owner)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("From now on {customer} is handled that way.").format(customer=customer.name))
        return done(request, back)
    return sheet(request, form, _("How {customer} is handled").format(customer=customer.name), back)


def _members(request: DeskRequest) -> list[tuple[str, str]]:
    today = request.actor.today
    members = Membership.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today), organization=request.organization
    ).select_related("user")
    return sorted(((str(each.user_id), str(each.user)) for each in members), key=lambda each: each[1])


@require_http_methods(GET_POST)
@needs("edit_customers")
def status(request: DeskRequest, customer_id: UUID) -> HttpResponse:
    """Say that the party has died, is insolvent, is represented or disputes who owes; or that this is over."""
    customer = find(request, customer_id)
    back = address(request, "customer", customer.id)
    form = StatusForm(request.POST or None, initial={"status": customer.party.status, "on": request.actor.today})
    if request.method == "POST" and accepted(
        form,
        lambda given: parties.set_party_status(
            request.actor, customer.party_id, given["status"], on=given["on"], evidence=given["evidence"]
        ),
    ):
        messages.success(request, _("The status of {party} is changed.").format(party=customer.party.name))
        return done(request, back)
    accounts = Customer.objects.filter(organization_id=request.organization.id, party_id=customer.party_id).count()
    about = ngettext(
        "Anything but “nothing special” stops every contact with {party} at once.",
        "Anything but “nothing special” stops every contact with {party} at once, in all of its {n} accounts.",
        accounts,
    ).format(party=customer.party.name, n=accounts)
    return sheet(request, form, _("Status of {party}").format(party=customer.party.name), back, about=about)
