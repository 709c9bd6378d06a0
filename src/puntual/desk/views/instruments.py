"""Instruments: the list, one with what it is for, and what a person records about it."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods

from puntual.desk import formats, labels, portfolio
from puntual.desk.agreeing import Narrowed
from puntual.desk.forms.instruments import DepositForm, GiveBackForm, PaidForm, ReceiveForm, RenewForm, ReturnForm
from puntual.desk.keyset import paginate
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.desk.sheets import accepted, done, sheet
from puntual.desk.standing import coded
from puntual.parties.models import Creditor, Customer
from puntual.payments.instruments import actions
from puntual.payments.instruments.models import Instrument, InstrumentItem
from puntual.payments.instruments.states import ALLOWED, UNDER_WAY, State
from puntual.receivables.queries import open_items

GET_POST = ("GET", "POST")
STATES = ("under_way", "silent", "returned", "paid", "all")
MOST_ITEMS = 200
ON_A_TAB = 12


@require_GET
@needs("view")
def instruments(request: DeskRequest) -> HttpResponse:
    """Those that promise money, the soonest first; without a word, returned, paid, or all of them."""
    narrowed = Narrowed.of(request, STATES)
    found = narrowed.within(_in(request, narrowed.state), "expected_on").select_related("customer")
    soonest = narrowed.state in ("under_way", "silent")
    return page(
        request,
        "desk/instruments.html",
        _title(request, narrowed),
        narrowed=narrowed,
        states=[
            ("under_way", pgettext("instruments", "Running")),
            ("silent", pgettext("instruments", "Without a word")),
            ("returned", pgettext("instruments", "Returned")),
            ("paid", pgettext("instruments", "Paid")),
            ("all", pgettext("instruments", "All")),
        ],
        rows=paginate(found, request, by=("expected_on", "id"), descending=not soonest),
        creditors=list(Creditor.objects.filter(organization_id=request.organization.id).order_by("name")),
        currencies=portfolio.currencies(request.organization.id),
    )


def _in(request: DeskRequest, state: str) -> QuerySet[Instrument]:
    rows = Instrument.objects.filter(organization_id=request.organization.id)
    if state == "under_way":
        return rows.filter(state__in=UNDER_WAY)
    if state == "silent":
        return rows.filter(state__in=UNDER_WAY, asked_on__isnull=False)
    return rows if state == "all" else rows.filter(state=state)


def _title(request: DeskRequest, narrowed: Narrowed) -> str:
    if not narrowed.of_all(STATES):
        return _("Letras, checks and debits")
    running = _in(request, "under_way").count()
    if not running:
        return _("No letra, check or debit is running")
    text = ngettext("{n} letra, check or debit is running", "{n} letras, checks and debits are running", running)
    return text.format(n=formats.number(running))


def part(request: DeskRequest, customer: Customer) -> dict[str, Any]:
    """A customer's instruments, the latest first."""
    rows = Instrument.objects.filter(organization_id=request.organization.id, customer=customer)
    return {"rows": list(rows.order_by("-matures_on", "-id")[:ON_A_TAB])}


def _find(request: DeskRequest, instrument_id: UUID) -> Instrument:
    rows = Instrument.objects.select_related("customer", "creditor", "payment", "fee", "renews")
    return get_object_or_404(rows, organization_id=request.organization.id, id=instrument_id)


@require_GET
@needs("view")
def instrument(request: DeskRequest, instrument_id: UUID) -> HttpResponse:
    """One of them: what it is for, where it is, and what can happen next."""
    found = _find(request, instrument_id)
    mine = {"organization_id": request.organization.id}
    items = InstrumentItem.objects.filter(**mine, instrument=found).select_related(
        "installment__invoice", "installment__customer"
    )
    return page(
        request,
        "desk/instrument.html",
        _("{kind} {number}").format(kind=labels.label("instrument", found.kind), number=found.number),
        instrument=found,
        items=list(items.order_by("installment__due_on", "id")),
        allowed={str(verb) for verb in ALLOWED[State(found.state)]},
        running=found.state in UNDER_WAY,
        renewed_by=Instrument.objects.filter(**mine, renews=found).first(),
    )


@require_http_methods(GET_POST)
@needs("payments")
def receive(request: DeskRequest, customer_id: UUID) -> HttpResponse:
    """Take one in for a customer, over the chosen invoices or the oldest."""
    known = Customer.objects.filter(organization_id=request.organization.id).select_related("creditor")
    customer = get_object_or_404(known, id=customer_id)
    paid_for = Customer.objects.filter(organization_id=request.organization.id, paid_by=customer)
    items = open_items(request.organization.id, [customer.id, *paid_for.values_list("id", flat=True)])[:MOST_ITEMS]
    currencies = list(dict.fromkeys([item.currency for item in items] + [customer.creditor.currency]))
    form = ReceiveForm(items, currencies, request.POST or None, initial={"received_on": request.actor.today})
    made: list[Instrument] = []

    def act(given: dict[str, Any]) -> None:
        values = {name: value for name, value in given.items() if name != "pay"}
        made.append(actions.receive(request.actor, customer_id=customer.id, items=form.designations(), **values))

    if request.method == "POST" and accepted(form, act):
        said = _("Taken in. Its invoices are not asked for through {day}.")
        messages.success(request, said.format(day=formats.long_date(made[0].held_until)))
        return done(request, address(request, "instrument", made[0].id))
    return sheet(
        request,
        form,
        _("A letra, a check or a debit of {customer}").format(customer=customer.name),
        address(request, "customer", customer.id),
        verb=_("Take it in"),
        template="desk/parts/instrument_form.html",
        several=len(currencies) > 1,
    )


def _happens(
    request: DeskRequest, instrument_id: UUID, form: forms.Form, verb: Any, words: tuple[str, str, str, str]
) -> HttpResponse:
    """A sheet for what happened: `words` are its title, the button, what it does, and what is said once it is done."""
    found = _find(request, instrument_id)
    title, button, about, said = words
    back = address(request, "instrument", found.id)
    if request.method == "POST" and accepted(form, lambda given: verb(request.actor, found.id, **given)):
        messages.success(request, said)
        return done(request, back)
    amount = coded(found.amount, found.currency)
    return sheet(
        request,
        form,
        title.format(number=found.number),
        back,
        verb=button,
        about=about.format(amount=amount, number=found.number),
    )


@require_http_methods(GET_POST)
@needs("payments")
def deposit(request: DeskRequest, instrument_id: UUID) -> HttpResponse:
    """It went to the bank, or goes there again."""
    form = DepositForm(request.POST or None, initial={"deposited_on": request.actor.today})
    words = (
        _("{number} went to the bank"),
        _("Record"),
        _("Deposited, or handed in for collection. Its invoices go on waiting."),
        _("It is with the bank."),
    )
    return _happens(request, instrument_id, form, actions.deposit, words)


@require_http_methods(GET_POST)
@needs("payments")
def pay(request: DeskRequest, instrument_id: UUID) -> HttpResponse:
    """The money is there."""
    form = PaidForm(request.POST or None, initial={"paid_on": request.actor.today})
    words = (
        _("{number} was paid"),
        _("Record the payment"),
        _("{amount} settle its invoices. If the bank's statement brings the credit, accept it there instead."),
        _("Paid: its invoices are settled."),
    )
    return _happens(request, instrument_id, form, actions.pay, words)


@require_http_methods(GET_POST)
@needs("payments")
def return_it(request: DeskRequest, instrument_id: UUID) -> HttpResponse:
    """The bank sent it back."""
    form = ReturnForm(request.POST or None, initial={"returned_on": request.actor.today})
    words = (
        _("{number} came back"),
        _("Record the return"),
        _("Its invoices are open again with the age they have, and are asked for."),
        _("Returned: its invoices are asked for again."),
    )
    return _happens(request, instrument_id, form, actions.return_it, words)


@require_http_methods(GET_POST)
@needs("payments")
def give_back(request: DeskRequest, instrument_id: UUID) -> HttpResponse:
    """The customer has it again."""
    form = GiveBackForm(request.POST or None, initial={"given_on": request.actor.today})
    words = (
        _("Give {number} back"),
        _("Give it back"),
        _("Its invoices are asked for as before."),
        _("Given back: its invoices are asked for as before."),
    )
    return _happens(request, instrument_id, form, actions.give_back, words)


@require_http_methods(GET_POST)
@needs("payments")
def renew(request: DeskRequest, instrument_id: UUID) -> HttpResponse:
    """Another one takes its place."""
    form = RenewForm(request.POST or None, initial={"renewed_on": request.actor.today})
    words = (
        _("Renew {number}"),
        _("Renew"),
        _("The new one is for what is still open of the same invoices."),
        _("Renewed."),
    )
    return _happens(request, instrument_id, form, actions.renew, words)
