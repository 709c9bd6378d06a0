"""Instruments: what may be done with them in which state, what they hold, and what their payment and return do to the items."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from puntual.kernel.problems import Problem
from puntual.parties.models import Customer
from puntual.payments import verify
from puntual.payments.actions import record_payment, reverse_payment
from puntual.payments.instruments import actions
from puntual.payments.instruments.actions import Designation, InstrumentDiffers
from puntual.payments.instruments.models import Instrument, InstrumentItem
from puntual.payments.instruments.states import ALLOWED, LEADS_TO, NotNow, State, Verb
from puntual.payments.models import Payment
from puntual.receivables.models import Hold, Invoice
from puntual.receivables.problems import FutureDate, MoreThanOpen, NotOfThisCustomer
from puntual.receivables.queries import active_holds
from puntual.receivables.tests.build import Books


def taken_in(books: Books, customer: Customer, amount: str = "100", *, days: int = 20, **more) -> Instrument:
    values = {"kind": "check", "number": f"CH-{next(books.numbers)}", "currency": "PEN", "bank": "BCP", **more}
    return actions.receive(
        books.by,
        customer_id=customer.id,
        amount=Decimal(amount),
        matures_on=books.by.today + timedelta(days=days),
        **values,
    )


def again(instrument: Instrument) -> Instrument:
    return Instrument.objects.get(organization_id=instrument.organization_id, id=instrument.id)


def in_state(books: Books, customer: Customer, state: str) -> Instrument:
    made = taken_in(books, customer)
    if state in ("deposited", "paid", "returned"):
        actions.deposit(books.by, made.id)
    if state == "paid":
        actions.pay(books.by, made.id)
    if state == "returned":
        actions.return_it(books.by, made.id, why="no funds")
    if state == "given_back":
        actions.give_back(books.by, made.id, why="paid in cash")
    if state == "renewed":
        actions.renew(
            books.by, made.id, number="CH-new", amount=Decimal(100), matures_on=books.by.today + timedelta(days=60)
        )
    return again(made)


def do(books: Books, verb: Verb, one: Instrument) -> None:
    acts: dict[Verb, Callable[[], object]] = {
        Verb.DEPOSIT: lambda: actions.deposit(books.by, one.id),
        Verb.PAY: lambda: actions.pay(books.by, one.id),
        Verb.RETURN: lambda: actions.return_it(books.by, one.id, why="no funds"),
        Verb.GIVE_BACK: lambda: actions.give_back(books.by, one.id, why="replaced"),
        Verb.RENEW: lambda: actions.renew(
            books.by, one.id, number="CH-next", amount=Decimal(100), matures_on=books.by.today + timedelta(days=90)
        ),
    }
    acts[verb]()


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("verb", list(Verb))
def test_every_state_and_what_may_be_done(books: Books, state: State, verb: Verb) -> None:
    customer = books.customer()
    books.item(customer, "100")
    one = in_state(books, customer, state)
    assert one.state == state
    if verb in ALLOWED[state]:
        do(books, verb, one)
        assert again(one).state == LEADS_TO[verb]
    else:
        with pytest.raises(NotNow):
            do(books, verb, one)
        assert again(one).state == state


def held(books: Books, customer: Customer, days: int = 0) -> list[tuple[str, object]]:
    """What holds the customer's items in so many days."""
    holds = active_holds(books.org, books.by.today + timedelta(days=days), [customer.id])
    return sorted(((hold.reason, hold.amount) for hold in holds), key=str)


def test_it_holds_its_items_through_maturity_and_its_days(books: Books) -> None:
    customer = books.customer()
    books.item(customer, "100")
    other = books.item(customer, "50", late=5)
    one = taken_in(books, customer, "130", days=20)
    assert one.held_until == books.by.today + timedelta(days=23)
    parts = InstrumentItem.objects.order_by("-amount").values_list("amount", flat=True)
    assert list(parts) == [100, 30], "the oldest first"
    assert held(books, customer) == [("instrument", 30), ("instrument", None)]
    assert Hold.objects.get(installment=other).amount == 30
    assert len(held(books, customer, 23)) == 2
    assert held(books, customer, 24) == []


def test_paid_settles_its_items_and_holds_no_more(books: Books) -> None:
    customer = books.customer()
    first, second = books.item(customer, "100"), books.item(customer, "50", late=5)
    one = taken_in(books, customer, "120", kind="bill")
    payment = actions.pay(books.by, one.id)
    assert books.open(first, second) == [0, 30]
    assert (payment.amount, payment.unapplied, payment.memo) == (120, 0, one.number)
    assert held(books, customer) == []
    assert again(one).payment_id == payment.id


def test_what_its_items_no_longer_need_stays_on_account(books: Books) -> None:
    customer = books.customer()
    item = books.item(customer, "100")
    one = taken_in(books, customer, "100", items=[Designation(item.id)])
    record_payment(
        books.by,
        customer_id=customer.id,
        reference="cash",
        received_on=books.by.today,
        currency="PEN",
        amount=Decimal(60),
    )
    payment = actions.pay(books.by, one.id)
    assert (payment.unapplied, books.open(item)) == (60, [0])


def test_a_return_brings_the_age_back_and_bills_the_fee(books: Books) -> None:
    customer = books.customer()
    item = books.item(customer, "100", late=40)
    one = taken_in(books, customer, days=0)
    later = books.on(books.by.today + timedelta(days=4))
    actions.deposit(later, one.id)
    actions.pay(later, one.id)
    assert books.open(item) == [0]
    actions.return_it(books.on(books.by.today + timedelta(days=6)), one.id, why="no funds", fee=Decimal("25.50"))
    back = books.again(item)
    assert (back.open_amount, back.due_on) == (100, books.ago(40))
    fee = Invoice.objects.get(organization_id=books.org, kind="charge")
    assert (fee.amount, fee.charge_for_id) == (Decimal("25.50"), item.invoice_id)
    assert again(one).fee_id == fee.id
    assert held(books, customer, 6) == []


def test_a_bounced_check_is_presented_again_and_paid(books: Books) -> None:
    customer = books.customer()
    item = books.item(customer, "100")
    one = in_state(books, customer, "paid")
    actions.return_it(books.by, one.id, why="no funds")
    presented = actions.deposit(books.by, one.id, expected_on=books.by.today + timedelta(days=30))
    assert presented.expected_on == books.by.today + timedelta(days=30)
    assert len(held(books, customer, 33)) == 1
    actions.pay(books.by, one.id)
    assert books.open(item) == [0]
    assert Payment.objects.filter(reversed_on=None).count() == 1


def test_reversing_its_payment_as_a_mistake_leaves_it_unpaid(books: Books) -> None:
    customer = books.customer()
    books.item(customer, "100")
    one = in_state(books, customer, "paid")
    reverse_payment(books.by, again(one).payment_id, reason="typed twice", reversed_on=books.by.today)
    assert again(one).state == "deposited"
    assert len(held(books, customer)) == 1


def test_the_bank_taking_its_money_back_later_is_its_return(books: Books) -> None:
    customer = books.customer()
    books.item(customer, "100")
    one = in_state(books, customer, "paid")
    later = books.on(books.by.today + timedelta(days=3))
    reverse_payment(later, again(one).payment_id, reason="R01")
    assert (again(one).state, again(one).why) == ("returned", "R01")


def test_renewing_covers_what_is_still_open(books: Books) -> None:
    customer = books.customer()
    item = books.item(customer, "100")
    one = taken_in(books, customer, kind="bill", number="L-1")
    new = actions.renew(
        books.by, one.id, number="L-2", amount=Decimal(60), matures_on=books.by.today + timedelta(days=90)
    )
    assert new.renews_id == one.id
    assert [(part.installment_id, part.amount) for part in InstrumentItem.objects.filter(instrument=new)] == [
        (item.id, 60)
    ]
    assert held(books, customer, 98) == [("instrument", 60)]
    assert held(books, customer, 99) == []


def test_two_instruments_do_not_promise_the_same_money(books: Books) -> None:
    customer = books.customer()
    item = books.item(customer, "100")
    taken_in(books, customer, "70", items=[Designation(item.id, Decimal(70))])
    with pytest.raises(MoreThanOpen):
        taken_in(books, customer, "40", items=[Designation(item.id, Decimal(40))])
    taken_in(books, customer, "30")
    with pytest.raises(Problem):
        taken_in(books, customer, "10")


def test_the_same_number_twice_is_one(books: Books) -> None:
    customer = books.customer()
    books.item(customer, "100")
    one = taken_in(books, customer, number="0001")
    assert taken_in(books, customer, number=" 0001").id == one.id
    with pytest.raises(InstrumentDiffers):
        taken_in(books, customer, "90", number="0001")
    assert Hold.objects.count() == 1


def test_what_is_refused(books: Books) -> None:
    customer, stranger = books.customer(), books.customer("Otro")
    books.item(customer, "100")
    theirs = books.item(stranger, "100")
    dollars = books.item(customer, "100", currency="USD")
    with pytest.raises(NotOfThisCustomer):
        taken_in(books, customer, items=[Designation(theirs.id)])
    with pytest.raises(NotOfThisCustomer):
        taken_in(books, customer, items=[Designation(dollars.id)])
    with pytest.raises(Problem):
        taken_in(books, customer, days=-1)
    with pytest.raises(FutureDate):
        taken_in(books, customer, received_on=books.by.today + timedelta(days=1))
    one = taken_in(books, customer)
    with pytest.raises(FutureDate):
        actions.pay(books.by, one.id, paid_on=books.by.today + timedelta(days=1))
    with pytest.raises(Problem):
        actions.give_back(books.by, one.id, why=" ")
    assert again(one).state == "received"


def test_it_covers_the_items_of_whom_its_customer_pays_for(books: Books) -> None:
    payer = books.customer("Holding")
    branch = books.customer("Sucursal", paid_by=payer)
    item = books.item(branch, "100")
    one = taken_in(books, payer, items=[Designation(item.id)])
    assert held(books, branch) == [("instrument", None)]
    actions.pay(books.by, one.id)
    assert books.open(item) == [0]


def test_silence_is_found_once_after_the_last_day(books: Books) -> None:
    customer = books.customer()
    books.item(customer, "100")
    one = taken_in(books, customer, days=10)
    for days, found in ((13, []), (14, [one.id]), (15, [])):
        by = books.on(books.by.today + timedelta(days=days))
        assert [each.id for each in actions.mature(by)] == found
    asked = again(one)
    assert (asked.state, asked.asked_on) == ("received", books.by.today + timedelta(days=14))
    assert held(books, customer, 14) == []
    actions.pay(books.on(books.by.today + timedelta(days=20)), one.id)
    assert actions.mature(books.on(books.by.today + timedelta(days=40))) == []


def test_verify_names_what_does_not_agree(books: Books) -> None:
    customer = books.customer()
    books.item(customer, "100")
    one = in_state(books, customer, "paid")
    Payment.objects.filter(id=again(one).payment_id).update(amount=101, unapplied=1)
    assert {one.kind for one in verify.verify(books.org)} == {"instrument_payment"}
    Payment.objects.filter(id=again(one).payment_id).update(amount=100, unapplied=0)
