"""A customer's terms for good, how it pays by its own rules, and whether an invoice was received and approved."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from puntual.agreements.actions import change_terms, withdraw_terms
from puntual.agreements.models import Terms
from puntual.desk.forms.customers import WhyForm
from puntual.desk.forms.extensions import ReceptionForm, RulesForm, TermsForm
from puntual.desk.pages import DeskRequest, address, needs
from puntual.desk.sheets import accepted, done, sheet
from puntual.desk.views.customer import find
from puntual.outreach.actions import record_reception
from puntual.parties.models import Person
from puntual.parties.rules import payment_rules_of
from puntual.receivables.actions import keep_payment_rules
from puntual.receivables.models import Invoice

GET_POST = ("GET", "POST")


@require_http_methods(GET_POST)
@needs("edit_customers")
def change(request: DeskRequest, customer_id: UUID) -> HttpResponse:
    """New terms from a day on, with both sides' consent."""
    customer = find(request, customer_id)
    back = address(request, "customer_tab", customer.id, "agreements")
    form = TermsForm(request.POST or None, initial={"effective_on": request.actor.today})
    if request.method == "POST" and accepted(form, lambda given: change_terms(request.actor, customer.id, **given)):
        messages.success(request, _("The new terms are on record."))
        return done(request, back)
    about = _("What was invoiced keeps its due dates. What is left empty stays as it is.")
    return sheet(request, form, _("New terms for {customer}").format(customer=customer.name), back, about=about)


@require_http_methods(GET_POST)
@needs("edit_customers")
def withdraw(request: DeskRequest, terms_id: UUID) -> HttpResponse:
    """Take the latest change back."""
    found = get_object_or_404(Terms, organization_id=request.organization.id, id=terms_id)
    back = address(request, "customer_tab", found.customer_id, "agreements")
    form = WhyForm(request.POST or None)
    if request.method == "POST" and accepted(
        form, lambda given: withdraw_terms(request.actor, found.id, why=given["why"])
    ):
        messages.success(request, _("What held before holds again."))
        return done(request, back)
    return sheet(request, form, _("Take the change of terms back"), back, verb=_("Take it back"))


@require_http_methods(GET_POST)
@needs("edit_customers")
def rules(request: DeskRequest, customer_id: UUID) -> HttpResponse:
    """On which days a customer pays, and what it needs before."""
    customer = find(request, customer_id)
    org = request.organization.id
    back = address(request, "customer_tab", customer.id, "agreements")
    people = Person.objects.filter(organization_id=org, customer=customer, ends_on=None).order_by("name", "id")
    choices = [(str(id), name) for id, name in people.values_list("id", "name")]
    initial = RulesForm.of(payment_rules_of(org, customer.id))
    form = RulesForm(choices, request.POST or None, initial=initial)
    if request.method == "POST" and accepted(
        form, lambda given: keep_payment_rules(request.actor, customer.id, **form.rules())
    ):
        messages.success(request, _("What is open is expected on these days from now on; its age does not change."))
        return done(request, back)
    about = _(
        "A reminder waits for the first pay day on or after the due date, and two working days more for the money."
    )
    return sheet(request, form, _("How {customer} pays").format(customer=customer.name), back, about=about)


@require_http_methods(GET_POST)
@needs("contact")
def reception(request: DeskRequest, invoice_id: UUID) -> HttpResponse:
    """What the customer said: received and approved, or what is missing."""
    rows = Invoice.objects.select_related("customer")
    found = get_object_or_404(rows, organization_id=request.organization.id, id=invoice_id)
    back = address(request, "invoice", found.id)
    form = ReceptionForm(request.POST or None, initial={"said_on": request.actor.today})

    def act(given: dict[str, Any]) -> None:
        approved = given["approved"] == "yes"
        missing = () if approved else given["missing"]
        record_reception(
            request.actor,
            found.id,
            approved=approved,
            missing=missing,
            said_by=given["said_by"],
            said_on=given["said_on"],
            note=given["note"],
        )

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("It is on record; what is missing is on the list of tasks."))
        return done(request, back)
    about = _("What is missing becomes a task of the customer's owner.")
    return sheet(request, form, _("Was {number} received and approved?").format(number=found.number), back, about=about)
