"""Many allocators at once, on real transactions.

Shown by hand that they can fail: without `select_for_update` in `payments.actions._locked` the first story gives out more than
the payment was worth (a lost update that `verify` names); without it in `receivables.postings.lock` entries run into the
constraint that keeps an item from going below zero.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import OperationalError, connection

from puntual.kernel.problems import Problem
from puntual.payments import verify as payments_verify
from puntual.payments.actions import Designation, apply_on_account, record_payment, refund, reverse_payment
from puntual.payments.models import Allocation, Payment
from puntual.payments.problems import MoreThanOnAccount, ReferenceTaken
from puntual.receivables import actions as ledger
from puntual.receivables import verify as ledger_verify
from puntual.receivables.models import Installment
from puntual.receivables.problems import ClosedPeriod
from puntual.receivables.tests.build import Books, books_for
from puntual.tenancy.scope import acting_for

ALLOCATORS = 50


@pytest.fixture
def books(transactional_db, cast) -> Iterator[Books]:
    """Books whose rows are committed, so that other connections see them; verified when the test is over."""
    with acting_for(cast.id):
        books = books_for(cast.actor())
    yield books
    with acting_for(books.org):
        assert ledger_verify.verify(books.org) + payments_verify.verify(books.org) == []


def all_at_once(jobs: Sequence[Callable[[], object]]) -> list[object]:
    """Run the jobs in threads that start together, each on its own connection; what each gave, or raised."""
    start = Barrier(len(jobs))

    def run(job: Callable[[], object]) -> object:
        start.wait()
        try:
            return job()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def pay(books: Books, customer, reference: str, amount: str, **more) -> Payment:
    return record_payment(
        books.by,
        customer_id=customer.id,
        reference=reference,
        received_on=books.by.today,
        currency="PEN",
        amount=Decimal(amount),
        **more,
    )


def stored(books: Books) -> tuple[list[Decimal], list[Decimal]]:
    """What is open of the items, and what the payments have on account."""
    with acting_for(books.org):
        items = (
            Installment.objects.filter(organization_id=books.org).order_by("id").values_list("open_amount", flat=True)
        )
        rests = Payment.objects.filter(organization_id=books.org).order_by("id").values_list("unapplied", flat=True)
        return list(items), list(rests)


def test_fifty_allocators_of_one_payment(books) -> None:
    """Fifty people give parts of 1,000 to fifty invoices of 30: together more than there is."""
    with acting_for(books.org):
        customer = books.customer()
        items = [books.item(customer, "30", late=n) for n in range(ALLOCATORS)]
        payment = pay(books, customer, "P", "1000", oldest_first=False)
    wishes = [
        [Designation(items[(n + step) % ALLOCATORS].id, Decimal(15)) for step in (0, 1)] for n in range(ALLOCATORS)
    ]
    outcomes = all_at_once(
        [lambda wish=wish: apply_on_account(books.by, payment.id, designations=wish) for wish in wishes]
    )
    errors = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert errors == []
    open_amounts, rests = stored(books)
    assert rests == [0]
    assert sum(open_amounts) == 30 * ALLOCATORS - 1000


def test_fifty_payments_over_the_same_invoices(books) -> None:
    """Fifty payments of 60 settle the same twenty invoices of 100: none takes more than is open, nothing is lost."""
    with acting_for(books.org):
        customer = books.customer()
        items = [books.item(customer, "100", late=n) for n in range(20)]
    named = [[Designation(items[(7 * n) % 20].id), Designation(items[(3 * n) % 20].id)] for n in range(ALLOCATORS)]
    outcomes = all_at_once(
        [lambda n=n: pay(books, customer, f"P-{n}", "60", designations=named[n][: n % 3]) for n in range(ALLOCATORS)]
    )
    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    open_amounts, rests = stored(books)
    assert sum(open_amounts) == 0
    assert sum(rests) == 60 * ALLOCATORS - 2000


def test_everything_at_once(books) -> None:
    """Allocating, reversing, refunding, crediting and writing off the same few items: refusals are Problems, never a deadlock."""
    with acting_for(books.org):
        customer = books.customer()
        items = [books.item(customer, "100", late=n) for n in range(5)]
        payments = [pay(books, customer, f"P-{n}", "90", oldest_first=False) for n in range(5)]
        notes = [
            ledger.issue_credit_note(
                books.by,
                customer_id=customer.id,
                number=f"NC-{n}",
                issued_on=books.by.today,
                currency="PEN",
                amount=Decimal(40),
            )
            for n in range(5)
        ]
    jobs: list[Callable[[], object]] = []
    for n in range(5):
        jobs += [
            lambda n=n: apply_on_account(books.by, payments[n].id),
            lambda n=n: reverse_payment(books.by, payments[n].id, reason="x"),
            lambda n=n: refund(
                books.by, payments[n].id, amount=Decimal(50), refunded_on=books.by.today, reference=f"R-{n}"
            ),
            lambda n=n: ledger.apply_credit_note(books.by, notes[n].id),
            lambda n=n: ledger.write_off(books.by, items[n].id, why="x", amount=Decimal(30)),
        ]
    errors = [outcome for outcome in all_at_once(jobs) if isinstance(outcome, Exception)]
    assert [error for error in errors if not isinstance(error, Problem)] == []


def test_one_reference_from_many_hands_is_one_payment(books) -> None:
    with acting_for(books.org):
        customer = books.customer()
        books.item(customer, "100")
    outcomes = all_at_once([lambda n=n: pay(books, customer, "P", "60" if n % 2 else "70") for n in range(10)])
    assert {type(outcome) for outcome in outcomes} == {Payment, ReferenceTaken}
    assert len({outcome.pk for outcome in outcomes if isinstance(outcome, Payment)}) == 1
    with acting_for(books.org):
        assert Allocation.objects.filter(organization_id=books.org).count() == 1


def test_one_invoice_from_many_hands(books) -> None:
    with acting_for(books.org):
        customer = books.customer()

    def issue():
        return ledger.issue_invoice(
            books.by,
            customer_id=customer.id,
            number="F-1",
            issued_on=books.ago(9),
            currency="PEN",
            parts=[ledger.Part(books.by.today, Decimal(50))],
        )

    assert len({invoice.pk for invoice in all_at_once([issue] * 10)}) == 1


def test_two_refunds_of_the_same_money(books) -> None:
    with acting_for(books.org):
        payment = pay(books, books.customer(), "P", "100")

    def give(n):
        return refund(books.by, payment.id, amount=Decimal(60), refunded_on=books.by.today, reference=f"R-{n}")

    outcomes = all_at_once([lambda n=n: give(n) for n in range(6)])
    assert sum(isinstance(outcome, MoreThanOnAccount) for outcome in outcomes) == 5


def test_a_period_is_not_closed_over_a_posting_under_way(books) -> None:
    """Closing waits for whoever posts into the period; whoever comes after it is refused."""
    with acting_for(books.org):
        customer = books.customer()
        books.item(customer, "100", late=60)

    def close():
        with acting_for(books.org), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '200ms'")
            return ledger.close_period(books.by, books.creditor.id, books.ago(20))

    with acting_for(books.org):
        received = {"customer_id": customer.id, "currency": "PEN", "amount": Decimal(10), "received_on": books.ago(30)}
        record_payment(books.by, reference="P-1", **received)
        blocked = all_at_once([close])[0]
    assert isinstance(blocked, OperationalError)
    assert "lock timeout" in str(blocked)
    assert all_at_once([close])[0].books_closed_through == books.ago(20)
    late = all_at_once([lambda: record_payment(books.by, reference="P-2", **received)])[0]
    assert isinstance(late, ClosedPeriod)
