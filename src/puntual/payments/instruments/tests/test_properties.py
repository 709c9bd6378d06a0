"""Whatever happens to instruments, in whatever order: the books stay sound, and items are held while one is under way only."""

from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from puntual.kernel.problems import Problem
from puntual.payments import verify as payments
from puntual.payments.instruments.models import Instrument, InstrumentItem
from puntual.payments.instruments.states import UNDER_WAY, Verb
from puntual.payments.instruments.tests.test_instruments import do, taken_in
from puntual.payments.models import Payment
from puntual.receivables import verify as receivables
from puntual.receivables.models import Hold
from puntual.receivables.tests.build import Books

STEPS = st.lists(st.tuples(st.sampled_from([*Verb, "receive", "next day"]), st.integers(0, 3)), min_size=3, max_size=10)


class _Back(Exception):
    """The example is over: nothing of it stays."""


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, amount=st.integers(20, 90))
def test_any_order_of_events(books: Books, steps: list[tuple[str, int]], amount: int) -> None:
    try:
        with transaction.atomic():
            _live(books, steps, amount)
            raise _Back
    except _Back:
        pass


def _live(books: Books, steps: list[tuple[str, int]], amount: int) -> None:
    customer = books.customer()
    items = [books.item(customer, "100", late=days) for days in (40, 10)]
    here = books
    for verb, which in [("receive", 0), *steps]:
        if verb == "next day":
            here = Books(here.on(here.by.today + timedelta(days=1)), books.creditor, books.numbers)
            continue
        known = list(Instrument.objects.filter(organization_id=books.org).order_by("id"))
        try:
            with transaction.atomic():
                if verb == "receive":
                    taken_in(here, customer, str(amount))
                elif known:
                    do(here, Verb(verb), known[which % len(known)])
        except Problem:
            pass  # said no: nothing changed
        _sound(books, items)


def _sound(books: Books, items: list) -> None:
    assert receivables.verify(books.org) + payments.verify(books.org) == []
    under_way = Instrument.objects.filter(organization_id=books.org, state__in=UNDER_WAY)
    held = Hold.objects.filter(organization_id=books.org, released_on=None)
    assert {hold.source_id for hold in held} == {one.id for one in under_way}
    assert all(hold.until_on for hold in held)
    for item in items:
        promised = InstrumentItem.objects.filter(instrument__in=under_way, installment=item)
        assert sum(one.amount for one in promised) <= 100
    standing = Payment.objects.filter(organization_id=books.org, reversed_on=None)
    paid = sum((one.amount - one.unapplied for one in standing), Decimal(0))
    assert sum(books.open(*items)) == 200 - paid
