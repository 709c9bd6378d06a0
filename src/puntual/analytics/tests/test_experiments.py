"""What an experiment shows: the right items of the right customers, and no verdict before its time."""

from datetime import timedelta
from decimal import Decimal

import pytest

from puntual.analytics.evidence import Sums
from puntual.analytics.experiments import result
from puntual.parties.bulk import Incoming, upsert_customers
from puntual.payments.bulk import NewPayment, record_many
from puntual.receivables import actions as ledger
from puntual.receivables.bulk import NewInvoice, issue_many
from puntual.receivables.settling import Designation
from puntual.receivables.tests.build import books_for
from puntual.strategies.actions import install_builtin
from puntual.strategies.models import Enrollment, Experiment, Strategy


@pytest.fixture
def books(acting):
    install_builtin(acting.actor(), "en")
    return books_for(acting.actor())


def experiment(books, *, began: int = 120, lasted: int = 60, **fields) -> Experiment:
    """One that began so many days ago, ten days for paying in time."""
    champion = Strategy.objects.get(organization_id=books.org)
    starts_on = books.ago(began)
    return Experiment.objects.create(
        organization_id=books.org,
        name="Later",
        champion=champion,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=lasted),
        within_days=10,
        created_at=books.by.now,
        **{"holdback_share": 20, "holdback_days": 3, **fields},
    )


def enroll(one: Experiment, arms: dict) -> None:
    Enrollment.objects.bulk_create(
        Enrollment(organization_id=one.organization_id, experiment=one, customer_id=customer, arm=arm)
        for customer, arm in arms.items()
    )


def pay(books, customer, item, after: int) -> None:
    """The whole item, so many days after its due date."""
    paid_on = item.due_on + timedelta(days=after)
    row = NewPayment(
        books.creditor.id, customer.id, f"P{item.id}", paid_on, "PEN", item.amount, (Designation(item.id),), False
    )
    assert record_many(books.by, [row])[0].problem is None


def test_items_that_were_due_in_time_and_paid_in_time(books) -> None:
    one = experiment(books)
    punctual, late, canceled, outsider = (books.customer(name) for name in ("Punctual", "Late", "Canceled", "Outsider"))
    enroll(one, {punctual.id: "champion", late.id: "champion", canceled.id: "champion"})
    for customer, due_ago, after in (
        (punctual, 110, 0),
        (punctual, 100, 10),  # the last day that counts
        (punctual, 130, 0),  # due before it began
        (punctual, 40, 0),  # due after it ended
        (late, 100, 11),
        (late, 90, None),
        (outsider, 100, 0),
    ):
        item = books.item(customer, late=due_ago)
        if after is not None:
            pay(books, customer, item, after)
    ledger.cancel_invoice(books.by, books.item(canceled, late=100).invoice_id, why="Never delivered")
    books.item(canceled, late=95)
    champion, holdback = result(one, books.by.today).arms
    assert (champion.enrolled, champion.contacts) == (3, 0)
    assert champion.sums == Sums(customers=3, items=5, hits=2, items_squared=9, hits_squared=4, items_by_hits=4)
    assert (holdback.enrolled, holdback.sums.items) == (0, 0)


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"began": -5}, "to_begin"),
        ({"began": 60}, "too_early"),
        ({"began": 74}, "too_early"),  # 60 days, 10 for paying, 5 for the bank
        ({"began": 75}, "too_few"),
    ],
)
def test_nothing_is_said_before_its_time(books, changes, verdict) -> None:
    found = result(experiment(books, **changes), books.by.today)
    assert (found.verdict, found.differences) == (verdict, {})


def test_whoever_stops_early_gets_no_verdict(books) -> None:
    one = experiment(books, stopped_on=books.ago(100))
    assert result(one, books.by.today).verdict == "stopped"


@pytest.mark.parametrize(
    ("pays", "verdict"),
    [({"champion": 50, "holdback": 50}, "no_difference"), ({"champion": 90, "holdback": 45}, "difference")],
)
def test_a_difference_is_told_where_there_is_one(books, pays, verdict) -> None:
    one = experiment(books)
    names = [f"C{number}" for number in range(240)]
    answers = upsert_customers(books.by, [Incoming(books.creditor.id, name, name, "", (), "", "PE") for name in names])
    arms = {answer.customer_id: "champion" if n % 2 else "holdback" for n, answer in enumerate(answers)}
    enroll(one, arms)
    due_on = books.ago(100)
    invoices = [
        NewInvoice(books.creditor.id, id, name, name, due_on, due_on, "PEN", Decimal(100))
        for name, id in zip(names, arms, strict=True)
    ]
    items = issue_many(books.by, invoices)
    record_many(
        books.by,
        [
            NewPayment(books.creditor.id, id, name, due_on, "PEN", Decimal(100), (Designation(item.installment_id),))
            for number, (name, (id, arm), item) in enumerate(zip(names, arms.items(), items, strict=True))
            if number // 2 % 100 < pays[arm]
        ],
    )
    found = result(one, books.by.today)
    assert (found.verdict, set(found.differences)) == (verdict, {"holdback"})
    champion = found.arms[0]
    assert champion.low < champion.sums.share < champion.high
