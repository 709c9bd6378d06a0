"""A promise's page, with what it covers and what became of it; made, made anew, taken back."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from puntual.agreements.models import Promise
from puntual.agreements.promises import actions, queries, words
from puntual.agreements.promises.standing import standings
from puntual.desk import formats
from puntual.desk.customers import as_uuid
from puntual.desk.forms.customers import WhyForm
from puntual.desk.forms.promises import AnewForm, PromiseForm
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.desk.promising import Row, people
from puntual.desk.sheets import accepted, done, sheet
from puntual.desk.standing import coded
from puntual.desk.views.customer import find
from puntual.outreach.models import Activity
from puntual.parties.models import Customer, Person
from puntual.payments.receipts import RECEIPTS
from puntual.receivables.queries import open_items

MOST_ITEMS = 200
GET_POST = ("GET", "POST")


@require_GET
@needs("view")
def promise(request: DeskRequest, promise_id: UUID) -> HttpResponse:
    """One promise: what it covers, what was paid for it, and how it was judged."""
    found = _find(request, promise_id)
    org = request.organization.id
    now = standings(org, found.customer_id, found.currency, request.actor.today, RECEIPTS).get(found.id)
    source = Activity.objects.filter(organization_id=org, id=found.source_id).first() if found.source_id else None
    return page(
        request,
        "desk/promise.html",
        _("{amount} promised for {day}").format(
            amount=coded(found.amount, found.currency), day=formats.long_date(found.promised_for)
        ),
        promise=found,
        row=Row.of(found, now),
        items=queries.items_of(org, [found.id]).get(found.id, []),
        judgments=_judgments(found),
        source=source,
    )


def _judgments(found: Promise) -> list[tuple[date | None, str, Decimal]]:
    """On which day it was judged to be what, with what was paid by then; the first first."""
    before = queries.judgments_of(found.organization_id, found.id)
    told: list[tuple[date | None, str, Decimal]] = [(one.on, words.state(one.state), one.paid) for one in before]
    if found.state in queries.JUDGED:
        told.append((found.valued_on, words.state(found.state), found.paid))
    return told


@require_http_methods(GET_POST)
@needs("hold")
def record(request: DeskRequest, customer_id: UUID) -> HttpResponse:
    """Write down what the customer promised, on their page; `?currency=` and `?source=` come from whoever speaks with them."""
    customer = find(request, customer_id)
    back = address(request, "customer_tab", customer.id, "agreements")
    items = open_items(request.organization.id, [customer.id])[:MOST_ITEMS]
    currencies = list(dict.fromkeys([item.currency for item in items])) or [customer.creditor.currency]
    names = people(request.actor, customer.id)
    asked = request.GET.get("currency", "")
    initial = {"currency": asked if asked in currencies else currencies[0]}
    form = PromiseForm(items, currencies, names, request.POST or None, initial=initial)
    if request.method == "POST" and accepted(form, lambda given: _record(request, customer, given)):
        messages.success(request, _("Promise recorded. What it covers is not chased until it is judged."))
        return done(request, back)
    return sheet(
        request,
        form,
        _("A promise of {customer}").format(customer=customer.name),
        back,
        verb=_("Record"),
        template="desk/parts/promise_form.html",
        several=len(currencies) > 1,
    )


def _record(request: DeskRequest, customer: Customer, given: dict[str, Any]) -> Promise:
    return actions.promise(
        request.actor,
        customer.id,
        currency=given["currency"],
        promised_for=given["day"],
        amount=given["amount"],
        item_ids=given["items"],
        note=given["note"],
        source_id=as_uuid(request.GET.get("source", "")),
        **_who(request, customer.id, given["made_by"]),
    )


@require_http_methods(GET_POST)
@needs("hold")
def anew(request: DeskRequest, promise_id: UUID) -> HttpResponse:
    """Another day or amount in its place."""
    found = _find(request, promise_id)
    back = address(request, "promise", found.id)
    initial = {"amount": formats.money(found.amount, found.currency), "made_by": found.made_by}
    form = AnewForm(request.POST or None, initial=initial)
    made: list[Promise] = []

    def act(given: dict[str, Any]) -> None:
        made.append(
            actions.replace(
                request.actor,
                found.id,
                promised_for=given["day"],
                amount=given["amount"],
                note=given["note"],
                **_who(request, found.customer_id, given["made_by"]),
            )
        )

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("The new promise stands in its place."))
        return done(request, address(request, "promise", made[0].id))
    about = _("From its day on a promise is judged all the same; before it, the new one simply takes its place.")
    return sheet(request, form, _("Promised anew"), back, verb=_("Record"), about=about)


@require_http_methods(GET_POST)
@needs("hold")
def withdraw(request: DeskRequest, promise_id: UUID) -> HttpResponse:
    """It was recorded by mistake."""
    found = _find(request, promise_id)
    back = address(request, "promise", found.id)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and accepted(
        form, lambda given: actions.withdraw(request.actor, found.id, why=given["why"])
    ):
        messages.success(request, _("Taken back. What it covered is chased again as the manual says."))
        return done(request, back)
    about = _("For what was recorded by mistake. It counts neither as kept nor as broken.")
    return sheet(request, form, _("Take the promise back"), back, verb=pgettext("promise", "Take it back"), about=about)


def _find(request: DeskRequest, promise_id: UUID) -> Promise:
    rows = Promise.objects.select_related("customer", "creditor", "person")
    return get_object_or_404(rows, organization_id=request.organization.id, id=promise_id)


def _who(request: DeskRequest, customer_id: UUID, name: str) -> dict[str, Any]:
    """One of the customer's people by that name, else only the name."""
    mine = Person.objects.filter(organization_id=request.organization.id, customer=customer_id, name=name.strip())
    person = mine.order_by("id").first() if name.strip() else None
    return {"person_id": person.id if person else None, "made_by": name}
