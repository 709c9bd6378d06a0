"""Promises: made, replaced, withdrawn, judged by the money that came; what they hold meanwhile."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from puntual.agreements.last_time import LastTime
from puntual.agreements.models import Promise
from puntual.agreements.promises import actions
from puntual.agreements.promises.problems import DayOutside, MoreThanOwed, NothingToPromise, NotOpen
from puntual.agreements.promises.valuing import value
from puntual.agreements.tests.promises import Promised
from puntual.audit.actions import Actor
from puntual.kernel.problems import Problem
from puntual.parties.actions import add_person
from puntual.payments.actions import Designation, apply_on_account, refund, reverse_payment
from puntual.payments.receipts import RECEIPTS
from puntual.receivables.actions import (
    apply_credit_note,
    cancel_invoice,
    close_outside,
    hold,
    issue_credit_note,
    write_off,
)
from puntual.receivables.tests.build import Books

D = Decimal


@pytest.fixture
def said(books: Books) -> Iterator[Promised]:
    said = Promised(books)
    yield said
    said.check()


class TestMade:
    def test_it_covers_the_oldest_first_and_holds_that_much_through_the_banks_days(self, said: Promised) -> None:
        customer = said.books.customer()
        newer, older = said.books.item(customer, late=5), said.books.item(customer, late=40)
        made = said.promise(customer, "130", 4, made_by="Ana Ruiz", note="Al cobrar la quincena")
        assert said.covers(made) == {older.id: D(100), newer.id: D(30)}
        assert said.held(older, newer) == [None, D(30)]
        assert (made.state, made.named, made.made_by) == ("open", False, "Ana Ruiz")
        said.to(8)
        assert said.held(older, newer) == [None, D(30)], "Friday and the two working days after it"
        said.to(9)
        assert said.held(older, newer) == [False, False]

    def test_named_items_without_an_amount_are_promised_whole(self, said: Promised) -> None:
        customer = said.books.customer()
        one, other = said.books.item(customer, "70"), said.books.item(customer, "80")
        made = said.promise(customer, None, 3, other)
        assert (made.amount, made.named) == (D(80), True)
        assert said.held(one, other) == [False, None]

    def test_who_promised(self, said: Promised) -> None:
        customer = said.books.customer()
        said.books.item(customer)
        person = add_person(said.by, customer.id, name="Luis Rojas", title="Tesorero", roles=["billing"])
        assert said.promise(customer, "50", 3, person_id=person.id).made_by == "Luis Rojas"
        other = add_person(said.by, said.books.customer("Otra").id, name="Eva", title="", roles=[])
        with pytest.raises(Problem, match="not among"):
            said.promise(customer, "50", 3, person_id=other.id)

    @pytest.mark.parametrize(("day", "refused"), [(-1, DayOutside), (0, None), (60, None), (61, DayOutside)])
    def test_the_day(self, said: Promised, day: int, refused: type[Problem] | None) -> None:
        customer = said.books.customer()
        said.books.item(customer)
        if refused is None:
            assert said.promise(customer, "10", day)
        else:
            with pytest.raises(refused):
                said.promise(customer, "10", day)

    def test_not_more_than_is_open_and_not_what_is_agreed_or_disputed(self, said: Promised) -> None:
        customer = said.books.customer()
        one, other = said.books.item(customer), said.books.item(customer)
        hold(said.by, reason="dispute", installment_id=one.id, amount=D(40), until_on=said.day(20))
        hold(said.by, reason="plan", installment_id=other.id, until_on=said.day(20))
        with pytest.raises(MoreThanOwed, match="60"):
            said.promise(customer, "61", 3)
        with pytest.raises(Problem, match="can no longer"):
            said.promise(customer, "10", 3, other)
        made = said.promise(customer, "60", 3)
        assert said.covers(made) == {one.id: D(60)}
        with pytest.raises(NothingToPromise):
            said.promise(said.books.customer("Nadie"), "1", 3)
        with pytest.raises(Problem, match="how much"):
            said.promise(customer, None, 3)

    def test_never_anothers_items(self, said: Promised) -> None:
        theirs = said.books.item(said.books.customer("Otra"))
        mine = said.books.customer()
        said.books.item(mine)
        with pytest.raises(Problem, match="can no longer"):
            said.promise(mine, "10", 3, theirs)


class TestGivesWay:
    def test_a_new_promise_for_the_same_items_takes_its_place(self, said: Promised) -> None:
        customer = said.books.customer()
        item = said.books.item(customer)
        first = said.promise(customer, "60", 4)
        second = said.promise(customer, "80", 8)
        assert (said.state(first), said.state(second)) == ("replaced", "open")
        assert said.held(item) == [D(80)]

    def test_for_other_items_both_stand(self, said: Promised) -> None:
        customer = said.books.customer()
        older, newer = said.books.item(customer, late=30), said.books.item(customer, late=5)
        first, second = said.promise(customer, "100", 4), said.promise(customer, "100", 8)
        assert [said.state(first), said.state(second)] == ["open", "open"]
        assert said.held(older, newer) == [None, None]

    def test_before_its_day_it_is_replaced_and_from_then_on_it_is_judged_all_the_same(self, said: Promised) -> None:
        customer = said.books.customer()
        item = said.books.item(customer)
        first = said.promise(customer, "100", 2)
        said.to(2)
        second = actions.replace(said.by, first.id, promised_for=said.day(4))
        assert (said.state(first), second.amount) == ("open", D(100))
        assert said.held(item) == [None], "held once, by the new one"
        said.to(7)
        said.pay(customer, "100")
        said.value()
        assert [said.state(first), said.state(second)] == ["broken", "kept"]

    def test_replace_keeps_what_is_left_of_it(self, said: Promised) -> None:
        customer = said.books.customer()
        item = said.books.item(customer)
        first = said.promise(customer, "60", 4, item)
        said.pay(customer, "70", item)
        second = actions.replace(said.by, first.id, promised_for=said.day(5))
        assert (second.amount, second.named) == (D(30), True)
        assert said.state(first) == "replaced"

    def test_another_agreement_takes_the_items_over(self, said: Promised) -> None:
        customer = said.books.customer()
        item, other = said.books.item(customer), said.books.item(customer, late=2)
        first = said.promise(customer, None, 4, item)
        second = said.promise(customer, None, 4, other)
        assert actions.give_way(said.by, [item.id], why="Plan PP-1") == 1
        assert [said.state(first), said.state(second)] == ["replaced", "open"]
        assert said.held(item, other) == [False, None]
        assert actions.give_way(said.by, [item.id]) == 0


class TestWithdrawn:
    def test_by_a_person_with_a_reason(self, said: Promised) -> None:
        customer = said.books.customer()
        item = said.books.item(customer)
        made = said.promise(customer, "100", 4)
        with pytest.raises(Problem, match="why"):
            actions.withdraw(said.by, made.id, why=" ")
        actions.withdraw(said.by, made.id, why="Era de otro cliente")
        assert said.state(made) == "withdrawn"
        assert said.held(item) == [False]

    def test_by_the_clock_where_nothing_of_it_is_owed_any_more(self, said: Promised) -> None:
        customer = said.books.customer()
        credited, gone = said.books.item(customer, "40"), said.books.item(customer, "60")
        made = said.promise(customer, "100", 4)
        cancel_invoice(said.by, credited.invoice_id, why="Anulada")
        said.value()
        assert said.state(made) == "open"
        close_outside(said.by, gone.id, why="Ya no está")
        said.value()
        assert said.state(made) == "withdrawn", "closed outside is no kept promise, and not a broken one"


class TestJudged:
    def test_kept_as_soon_as_the_money_is_there(self, said: Promised) -> None:
        customer = said.books.customer()
        item = said.books.item(customer)
        made = said.promise(customer, "60", 10)
        said.pay(customer, "60")
        assert said.value().by_state == {"kept": 1}
        assert said.state(made) == "kept"
        assert said.held(item) == [False], "the rest is chased again"
        assert said.again(made).paid == D(60)

    @pytest.mark.parametrize(
        ("amount", "on", "state"),
        [
            ("99", 4, "kept"),
            ("100", 8, "kept"),  # promised for Friday, booked on Tuesday
            ("100", 9, "broken"),
            ("98.99", 4, "partly_kept"),
            ("1", 4, "broken"),
        ],
    )
    def test_once_the_bank_is_known(self, said: Promised, amount: str, on: int, state: str) -> None:
        customer = said.books.customer()
        said.books.item(customer)
        made = said.promise(customer, "100", 4)
        said.to(9)
        said.pay(customer, amount, on=on)
        said.value()
        assert said.state(made) == state

    def test_until_then_it_waits_and_holds(self, said: Promised) -> None:
        customer = said.books.customer()
        item = said.books.item(customer)
        made = said.promise(customer, "100", 4)
        for day in range(5, 16):
            said.to(day, bank=7)  # nobody uploads a statement
            said.value()
            assert said.state(made) == "open"
            assert said.held(item) == [None], f"day {day}"
        said.to(16, bank=8)
        said.value()
        assert said.state(made) == "broken"
        assert said.held(item) == [False]

    def test_a_creditor_whose_bank_nobody_dated_is_never_known(self, said: Promised) -> None:
        customer = said.books.customer()
        said.books.item(customer)
        made = said.promise(customer, "100", 4)
        said.to(30)
        said.bank(None)
        said.value()
        assert said.state(made) == "open"

    def test_what_was_credited_is_not_expected(self, said: Promised) -> None:
        customer = said.books.customer()
        item = said.books.item(customer)
        made = said.promise(customer, "100", 4)
        note = issue_credit_note(
            said.by,
            customer_id=customer.id,
            number="NC-1",
            issued_on=said.by.today,
            currency="PEN",
            amount=D(30),
            invoice_id=item.invoice_id,
        )
        apply_credit_note(said.by, note.id)
        said.pay(customer, "70")
        said.value()
        assert said.state(made) == "kept"

    def test_a_write_off_does_not_keep_it(self, said: Promised) -> None:
        customer = said.books.customer()
        item = said.books.item(customer)
        made = said.promise(customer, "100", 4)
        write_off(said.by, item.id, why="Castigo")
        said.to(9)
        said.value()
        assert said.state(made) == "broken"

    def test_twice_changes_nothing(self, said: Promised) -> None:
        customer = said.books.customer()
        said.books.item(customer)
        made = said.promise(customer, "100", 4)
        said.to(9)
        assert said.value().by_state == {"broken": 1}
        assert said.value().by_state == {}
        assert said.history(made) == ["broken"]


def last_time(by: Actor) -> LastTime:
    return LastTime(by.now, by.today)


class TestJudgedAnew:
    def test_a_payment_that_is_taken_back(self, said: Promised) -> None:
        customer = said.books.customer()
        said.books.item(customer)
        made = said.promise(customer, "100", 4)
        said.to(4)
        payment = said.pay(customer, "100")
        said.value()
        said.to(30)
        reverse_payment(said.by, payment.id, reason="Contracargo")
        valued = said.value()
        assert (valued.by_state, valued.again) == ({"broken": 1}, 1)
        assert said.state(made) == "broken"
        assert said.history(made) == ["kept", "broken"]

    def test_a_statement_that_comes_late(self, said: Promised) -> None:
        customer = said.books.customer()
        said.books.item(customer)
        made = said.promise(customer, "100", 4)
        said.to(9)
        said.value()
        said.to(20)
        said.pay(customer, "100", on=4)
        said.value()
        assert said.history(made) == ["broken", "kept"]

    def test_a_payment_taken_back_before_the_day_opens_it_again(self, said: Promised) -> None:
        customer = said.books.customer()
        said.books.item(customer)
        made = said.promise(customer, "100", 10)
        payment = said.pay(customer, "100")
        said.value()
        said.to(2)
        reverse_payment(said.by, payment.id, reason="Cheque sin fondos")
        said.value()
        assert said.history(made) == ["kept", "open"]
        said.to(20)
        said.value()
        assert said.state(made) == "broken"

    def test_only_what_was_recorded_since_the_last_time_is_looked_at(self, said: Promised) -> None:
        customer = said.books.customer()
        said.books.item(customer)
        made = said.promise(customer, "100", 4)
        payment = said.pay(customer, "100")
        said.value()
        reverse_payment(said.by, payment.id, reason="Contracargo")
        said.to(30)
        assert value(said.by, RECEIPTS, since=last_time(said.books.on(said.day(28)))).by_state == {}
        assert value(said.by, RECEIPTS, since=last_time(said.books.on(said.day(0)))).by_state == {"broken": 1}
        assert said.state(made) == "broken"

    def test_what_lies_on_account_keeps_a_promise_whenever_it_is_applied(self, said: Promised) -> None:
        customer = said.books.customer()
        item = said.books.item(customer)
        made = said.promise(customer, "100", 4, item)
        said.to(3)
        paid = said.pay(customer, "100", on_account=True)
        said.to(9)
        said.value()
        assert said.state(made) == "kept" and said.held(item) == [False]
        said.to(20)
        apply_on_account(said.by, paid.id, designations=[Designation(item.id)])
        assert value(said.by, RECEIPTS, since=last_time(said.by)).by_state == {}
        assert said.history(made) == ["kept"]

    def test_what_lies_on_account_keeps_one_promise_only(self, said: Promised) -> None:
        customer = said.books.customer()
        first, second = said.books.item(customer, late=5), said.books.item(customer, late=3)
        one, two = said.promise(customer, "100", 4, first), said.promise(customer, "100", 5, second)
        said.pay(customer, "100", on=0, on_account=True)
        said.to(9)
        said.value()
        assert (said.state(one), said.state(two)) == ("kept", "broken")

    def test_what_came_to_be_known_late_or_was_given_back_is_judged_anew(self, said: Promised) -> None:
        customer = said.books.customer()
        said.books.item(customer)
        made = said.promise(customer, "100", 4)
        said.to(9)
        said.value()
        paid = said.pay(customer, "100", on=4, on_account=True)
        assert value(said.by, RECEIPTS, since=last_time(said.by)).again == 1 and said.state(made) == "kept"
        said.to(12)
        refund(said.by, paid.id, amount=D(40), refunded_on=said.by.today, reference="R-1")
        assert value(said.by, RECEIPTS, since=last_time(said.by)).again == 1 and said.state(made) == "partly_kept"
        other = said.pay(customer, "40", on=4, on_account=True)
        value(said.by, RECEIPTS, since=last_time(said.by))
        said.to(15)
        reverse_payment(said.by, other.id, reason="Contracargo", reversed_on=said.day(4))
        value(said.by, RECEIPTS, since=last_time(said.by))
        assert said.history(made) == ["broken", "kept", "partly_kept", "kept", "partly_kept"]


ENDED = ("kept", "partly_kept", "broken", "replaced", "withdrawn")


@pytest.mark.parametrize("state", ENDED)
def test_what_has_ended_is_neither_replaced_nor_withdrawn(said: Promised, state: str) -> None:
    customer = said.books.customer()
    said.books.item(customer, "1000")
    made = said.promise(customer, "100", 4)
    if state == "replaced":
        actions.replace(said.by, made.id, promised_for=said.day(5))
    elif state == "withdrawn":
        actions.withdraw(said.by, made.id, why="Error")
    else:
        said.to(9)
        if amount := {"kept": "100", "partly_kept": "50", "broken": ""}[state]:
            said.pay(customer, amount, on=4)
        said.value()
    assert said.state(made) == state
    with pytest.raises(NotOpen):
        actions.withdraw(said.by, made.id, why="Error")
    with pytest.raises(NotOpen):
        actions.replace(said.by, made.id, promised_for=said.day(15))
    assert Promise.objects.get(id=made.id).state == state
