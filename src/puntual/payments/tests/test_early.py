"""Less to pay for paying early: taken when the money comes in time, missed with the days it was late, and given back with it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puntual.kernel.ids import uuid7
from puntual.kernel.problems import Problem
from puntual.payments.actions import record_payment, reverse_payment, unallocate
from puntual.payments.bulk import NewPayment, record_many, undo_batch
from puntual.payments.matching.adjusting import days_too_late
from puntual.payments.matching.portfolio import OpenItem
from puntual.payments.models import Allocation
from puntual.payments.reconciling.loading import portfolio_of
from puntual.receivables import actions
from puntual.receivables.actions import Designation
from puntual.receivables.early import early_of
from puntual.receivables.early_terms import EarlyPayment, kept, parse
from puntual.receivables.models import EarlyDiscount, Entry, Installment
from puntual.receivables.tests.build import Books


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2/10 net 30", (2, 10, 30)),
        ("2/10, n/30", (2, 10, 30)),
        ("2%/10 NET30", (2, 10, 30)),
        ("1.5/8", (Decimal("1.5"), 8, None)),
        ("2,5 % 10 días, neto 60", (Decimal("2.5"), 10, 60)),
        ("3% em 10 dias", (3, 10, None)),
        ("2 % a 10 días", (2, 10, None)),
        ("net 30", None),
        ("30 días", None),
        ("2/10 net 5", None),
        ("60/10", None),
        ("0/10", None),
        ("2/0", None),
        ("2/10 net 30 or so 12", None),
        ("", None),
    ],
)
def test_terms_as_people_write_them(text: str, expected: tuple[object, ...] | None) -> None:
    found = parse(text)
    assert found == (EarlyPayment(*expected) if expected else None)  # type: ignore[arg-type]


@given(st.decimals("0.01", "100000", places=2), st.decimals("0.1", "50", places=1))
def test_what_is_kept_is_never_more_than_half_and_exact_to_the_cent(amount: Decimal, percent: Decimal) -> None:
    found = kept(amount, percent, "PEN")
    assert found == found.quantize(Decimal("0.01"))
    assert abs(found - amount * percent / 100) <= Decimal("0.005")


def pay(books: Books, item: Installment, amount: str, on: date) -> object:
    return record_payment(
        books.by, customer_id=item.customer_id, reference=f"T-{amount}-{on}", received_on=on, currency="PEN",
        amount=Decimal(amount), designations=[Designation(item.id)],
    )  # fmt: skip


def offered(books: Books, *, until: int = -7, amount: str = "1000") -> tuple[Installment, EarlyDiscount]:
    item = books.item(books.customer(), amount, late=-20, issued=3)
    return item, actions.agree_early_discount(books.by, item.id, percent=Decimal(2), until_on=books.ago(until))


def test_in_time_it_is_taken(books: Books) -> None:
    item, discount = offered(books)
    assert early_of(books.org, [item.id], books.by.today)[str(item.id)].pay == 980
    payment = pay(books, item, "980", books.by.today)
    discount.refresh_from_db()
    assert (discount.state, discount.payment_id, books.open(item)) == ("taken", payment.id, [0])
    assert [entry.amount for entry in books.entries(item, Entry.Kind.DISCOUNT)] == [-20]
    assert early_of(books.org, [item.id], books.by.today) == {}


def test_late_it_is_missed_and_the_rest_stays_owed(books: Books) -> None:
    item, discount = offered(books, until=0)
    later = Books(books.on(books.ago(-3)), books.creditor, books.numbers)
    pay(later, item, "980", later.by.today)
    discount.refresh_from_db()
    assert (discount.state, discount.days_late, books.open(item)) == ("missed", 3, [20])


@pytest.mark.parametrize("amount", ["970", "985", "1000"])
def test_another_amount_takes_no_discount(books: Books, amount: str) -> None:
    item, discount = offered(books)
    pay(books, item, amount, books.by.today)
    discount.refresh_from_db()
    assert (discount.state, books.open(item)) == ("open", [1000 - Decimal(amount)])


def test_in_two_parts_the_second_takes_it(books: Books) -> None:
    item, discount = offered(books)
    pay(books, item, "500", books.ago(1))
    pay(books, item, "480", books.by.today)
    discount.refresh_from_db()
    assert (discount.state, books.open(item)) == ("taken", [0])


@pytest.mark.parametrize("how", ["reversed", "taken off"])
def test_with_the_money_the_discount_goes_back(books: Books, how: str) -> None:
    item, discount = offered(books)
    payment = pay(books, item, "980", books.by.today)
    if how == "reversed":
        reverse_payment(books.by, payment.id, reason="Bounced")
    else:
        unallocate(books.by, Allocation.objects.get().id, why="Another invoice was meant")
    discount.refresh_from_db()
    assert (discount.state, discount.payment_id, books.open(item)) == ("open", None, [1000])
    pay(books, item, "980.00", books.by.today)
    discount.refresh_from_db()
    assert (discount.state, books.open(item)) == ("taken", [0])


def test_a_file_of_payments_takes_it_and_its_undoing_gives_it_back(books: Books) -> None:
    item, discount = offered(books)
    row = NewPayment(
        books.creditor.id, item.customer_id, "F-1", books.by.today, "PEN", Decimal(980), (Designation(item.id),)
    )
    batch = discount.id  # any id
    record_many(books.by, [row], batch_id=batch)
    discount.refresh_from_db()
    assert (discount.state, books.open(item)) == ("taken", [0])
    undo_batch(books.by, batch, why="The wrong file")
    discount.refresh_from_db()
    assert (discount.state, books.open(item)) == ("open", [1000])


def test_the_customers_terms_make_one_for_each_new_invoice(books: Books) -> None:
    customer = books.customer()
    before = books.item(customer, late=-20, issued=2)
    terms = actions.set_early_terms(books.by, customer.id, percent=Decimal(2), days=10)
    item = books.item(customer, "250.30", late=-30, issued=0)
    found = EarlyDiscount.objects.get()
    assert (found.installment_id, found.amount, found.until_on) == (item.id, Decimal("5.01"), books.ago(-10))
    actions.set_early_terms(books.by, customer.id, percent=Decimal(3), days=5)
    terms.refresh_from_db()
    assert terms.ended_on == books.by.today
    actions.end_early_terms(books.by, customer.id)
    books.item(customer, late=-30, issued=0)
    assert EarlyDiscount.objects.count() == 1
    assert not EarlyDiscount.objects.filter(installment=before).exists()


def test_a_bank_line_is_told_what_may_be_kept(books: Books) -> None:
    item, discount = offered(books)
    known = portfolio_of(books.org, books.creditor.id, books.by.today).open_of(item.customer_id, "PEN")
    assert [(one.discount, one.discount_until) for one in known] == [(2000, discount.until_on)]


def test_what_is_replaced_withdrawn_or_refused(books: Books) -> None:
    item, first = offered(books)
    second = actions.agree_early_discount(books.by, item.id, percent=Decimal(3), until_on=books.ago(-7))
    first.refresh_from_db()
    assert (first.state, second.state, second.amount) == ("withdrawn", "open", 30)
    actions.withdraw_early_discount(books.by, second.id, why="Mistake")
    pay(books, item, "970", books.by.today)
    assert books.open(item) == [30]
    for wrong in ({"percent": Decimal(51)}, {"percent": Decimal(0)}, {"until_on": books.ago(1)}):
        with pytest.raises(Problem):
            actions.agree_early_discount(
                books.by, item.id, **{"percent": Decimal(2), "until_on": books.ago(-7), **wrong}
            )
    taken = {"closed": books.item(item.customer, late=-3)}
    actions.close_outside(books.by, taken["closed"].id, why="Settled")
    with pytest.raises(Problem):
        actions.agree_early_discount(books.by, taken["closed"].id, percent=Decimal(2), until_on=books.ago(-7))


@pytest.mark.parametrize(
    ("amount", "booked_on", "late"), [(98000, 4, 3), (98000, 1, 0), (98000, 0, 0), (97000, 4, 0), (100000, 4, 0)]
)
def test_a_line_that_comes_late_says_so(amount: int, booked_on: int, late: int) -> None:
    until = date(2026, 11, 10)
    item = OpenItem(uuid7(), uuid7(), "F-1", date(2026, 12, 1), "PEN", 100000, 0, 2000, until)
    assert days_too_late([item], amount, until + timedelta(days=booked_on - 1)) == late
