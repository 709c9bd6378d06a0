"""What counts as settled by money."""

from datetime import timedelta
from decimal import Decimal

import pytest

from conftest import TODAY, Cast
from puntual.analytics.habits import behavior_of
from puntual.desk.tests.book import Book, open_book
from puntual.payments.actions import reverse_payment
from puntual.receivables.actions import apply_credit_note, close_outside, issue_credit_note, write_off
from puntual.receivables.settling import Designation


@pytest.fixture
def book(cast: Cast) -> Book:
    return open_book(cast)


def test_only_what_money_settled_counts(book: Book) -> None:
    customer, other = book.customer("Viñas"), book.customer("Olivos")
    paid = [book.invoice(customer, f"P-{number}", due=-100 + 10 * number) for number in range(3)]
    for number, item in enumerate(paid):
        book.payment(customer, "100.00", day=-95 + 10 * number, to=item)
    credited, written_off, outside, bounced = (book.invoice(customer, number, due=-60) for number in "CWOB")
    back = book.payment(customer, "100.00", day=-50, to=bounced)
    book.payment(other, "100.00", day=-50, to=book.invoice(other, "X", due=-60))
    half = book.invoice(customer, "H", due=-40)
    book.payment(customer, "50.00", day=-30, to=half)
    with book.inside():
        by = book.by()
        note = issue_credit_note(
            by, customer_id=customer.id, number="N", issued_on=TODAY, currency="PEN", amount=Decimal(100)
        )
        apply_credit_note(by, note.id, designations=[Designation(credited.id)])
        write_off(by, written_off.id, why="old")
        close_outside(by, outside.id, why="gone")
        reverse_payment(by, back.id, reason="bounced")
        found = behavior_of(book.cast.id, customer.id)
    assert [item.number for item in found.settled] == ["P-0", "P-1", "P-2"]
    assert found.days == [5, 5, 5]
    assert found.settled[0].settled_on == TODAY - timedelta(days=95)
