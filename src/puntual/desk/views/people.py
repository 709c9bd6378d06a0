"""The people at a customer and where they are reached."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from puntual.desk.forms.customers import ConsentForm, LastDayForm, OptionalWhyForm, PersonForm, PointForm
from puntual.desk.pages import DeskRequest, address, needs
from puntual.desk.preferring import PreferenceForm
from puntual.desk.sheets import accepted, done, sheet
from puntual.desk.views.customer import find
from puntual.parties import actions
from puntual.parties.models import Consent, ContactPoint, Person
from puntual.parties.preferences.queries import preferences_of

GET_POST = ("GET", "POST")


def _back(request: DeskRequest, customer_id: UUID) -> str:
    return address(request, "customer_tab", customer_id, "people")


def _person(request: DeskRequest, person_id: UUID) -> Person:
    return get_object_or_404(Person, organization_id=request.organization.id, id=person_id)


def _point(request: DeskRequest, point_id: UUID) -> ContactPoint:
    return get_object_or_404(ContactPoint, organization_id=request.organization.id, id=point_id)


@require_http_methods(GET_POST)
@needs("edit_customers")
def add(request: DeskRequest, customer_id: UUID) -> HttpResponse:
    """Somebody new, with an e-mail address and a phone where they are known."""
    customer = find(request, customer_id)
    form = PersonForm(request.POST or None, initial={"roles": [Person.Role.BILLING.value]})

    def act(given: dict[str, Any]) -> None:
        person = actions.add_person(
            request.actor, customer.id, name=given["name"], title=given["title"], roles=given["roles"]
        )
        for kind in (ContactPoint.Kind.EMAIL, ContactPoint.Kind.PHONE):
            if given[kind.value]:
                actions.add_contact_point(
                    request.actor, customer.id, kind=kind, value=given[kind.value], person_id=person.id
                )

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("{name} is added.").format(name=form.cleaned_data["name"]))
        return done(request, _back(request, customer.id))
    title = _("New contact at {customer}").format(customer=customer.name)
    return sheet(request, form, title, _back(request, customer.id), verb=_("Add"))


@require_http_methods(GET_POST)
@needs("edit_customers")
def edit(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Correct somebody's name, position or roles."""
    person = _person(request, person_id)
    initial = {"name": person.name, "title": person.title, "roles": person.roles}
    form = PersonForm(request.POST or None, initial=initial, new=False)
    if request.method == "POST" and accepted(
        form, lambda given: actions.change_person(request.actor, person.id, **given)
    ):
        messages.success(request, _("Changed."))
        return done(request, _back(request, person.customer_id))
    return sheet(request, form, person.name, _back(request, person.customer_id))


@require_http_methods(GET_POST)
@needs("edit_customers")
def prefer(request: DeskRequest, customer_id: UUID) -> HttpResponse:
    """How everybody at a customer prefers to be reached."""
    customer = find(request, customer_id)
    return _prefer(request, customer.id, None, customer.name)


@require_http_methods(GET_POST)
@needs("edit_customers")
def person_prefers(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """How one person prefers to be reached."""
    person = _person(request, person_id)
    return _prefer(request, person.customer_id, person.id, person.name)


def _prefer(request: DeskRequest, customer_id: UUID, person_id: UUID | None, name: str) -> HttpResponse:
    kept = preferences_of(request.organization.id, customer_id).get(person_id)
    form = PreferenceForm(kept, request.POST or None)
    if request.method == "POST" and accepted(
        form,
        lambda given: actions.set_preference(
            request.actor, customer_id, person_id=person_id, channel=given["channel"], hours=given["hours"]
        ),
    ):
        messages.success(request, _("Changed."))
        return done(request, _back(request, customer_id))
    about = _(
        "Of the channels a step allows the preferred one goes first, and nothing leaves outside these hours. What conduct "
        "does not allow stays so."
    )
    title = _("How {name} prefers to be reached").format(name=name)
    return sheet(request, form, title, _back(request, customer_id), about=about)


@require_http_methods(GET_POST)
@needs("edit_customers")
def end(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Somebody is no longer there."""
    person = _person(request, person_id)
    form = LastDayForm(request.POST or None, initial={"last_day": request.actor.today - timedelta(days=1)})
    if request.method == "POST" and accepted(
        form, lambda given: actions.end_person(request.actor, person.id, last_day=given["last_day"])
    ):
        messages.success(request, _("{name} is no longer contacted.").format(name=person.name))
        return done(request, _back(request, person.customer_id))
    title = _("{name} is no longer there").format(name=person.name)
    return sheet(request, form, title, _back(request, person.customer_id))


@require_http_methods(GET_POST)
@needs("edit_customers")
def add_point(request: DeskRequest, customer_id: UUID) -> HttpResponse:
    """An address or a number, of a person or of nobody in particular."""
    customer = find(request, customer_id)
    people = Person.objects.filter(organization_id=request.organization.id, customer=customer).order_by("name")
    form = PointForm([(str(person.id), person.name) for person in people], request.POST or None)

    def act(given: dict[str, Any]) -> None:
        person = UUID(given["person"]) if given["person"] else None
        actions.add_contact_point(
            request.actor, customer.id, kind=given["kind"], value=given["value"], person_id=person
        )

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("{value} is added.").format(value=form.cleaned_data["value"]))
        return done(request, _back(request, customer.id))
    title = _("New address or number of {customer}").format(customer=customer.name)
    return sheet(request, form, title, _back(request, customer.id), verb=_("Add"))


@require_http_methods(GET_POST)
@needs("edit_customers")
def retire_point(request: DeskRequest, point_id: UUID) -> HttpResponse:
    """Nobody is reached there any more."""
    point = _point(request, point_id)
    form = OptionalWhyForm(request.POST or None)
    if request.method == "POST" and accepted(
        form, lambda given: actions.retire_contact_point(request.actor, point.id, why=given["why"])
    ):
        messages.success(request, _("{value} is no longer used.").format(value=point.value))
        return done(request, _back(request, point.customer_id))
    title = _("No longer use {value}").format(value=point.value)
    return sheet(request, form, title, _back(request, point.customer_id), verb=_("Do not use it any more"))


@require_http_methods(GET_POST)
@needs("edit_customers")
def consent(request: DeskRequest, point_id: UUID) -> HttpResponse:
    """What the customer said about being contacted there."""
    point = _point(request, point_id)
    initial = {"purpose": Consent.Purpose.COLLECTIONS, "given_on": request.actor.today}
    form = ConsentForm(request.POST or None, initial=initial)
    if request.method == "POST" and accepted(
        form,
        lambda given: actions.record_consent(
            request.actor,
            point.id,
            purpose=given["purpose"],
            granted=given["granted"] == "yes",
            given_on=given["given_on"],
            source=given["source"],
            evidence=given["evidence"],
        ),
    ):
        messages.success(request, _("The answer about {value} is kept.").format(value=point.value))
        return done(request, _back(request, point.customer_id))
    title = _("Consent for {value}").format(value=point.value)
    return sheet(request, form, title, _back(request, point.customer_id))
