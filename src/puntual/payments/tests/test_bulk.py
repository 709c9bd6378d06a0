"""Payments of a file: as if each had been recorded by hand, in the order in which the money came."""

from dataclasses import replace
from decimal import Decimal

import pytest

from puntual.kernel.ids import uuid7
from puntual.payments import bulk, queries
from puntual.payments.actions import record_payment, refund
from puntual.payments.allocate import Designation
from puntual.payments.bulk import NewPayment
from puntual.payments.models import Allocation, Payment
from puntual.payments.problems import PartlyRefunded
from puntual.receivables import actions as ledger
from puntual.receivables import bulk as receivables_bulk
from puntual.receivables import queries as ledger_queries


def row(books, customer, reference="OP-1", amount="100", ago=5, **changes) -> NewPayment:
    made = NewPayment(books.creditor.id, customer.id, reference, books.ago(ago), "PEN", Decimal(amount))
    return replace(made, **changes)


def states(outcomes) -> list[str]:
    return [outcome.state if outcome.problem is None else type(outcome.problem).__name__ for outcome in outcomes]


def test_a_paid_on_column_settles_its_own_invoice(books) -> None:
    customer = books.customer()
    old, paid, part = (books.item(customer, "100", late=late) for late in (60, 20, 20))
    rows = [
        row(books, customer, "F-2", ago=15, designations=(Designation(paid.id, Decimal(100)),)),
        row(books, customer, "F-3", "40", ago=18, designations=(Designation(part.id, Decimal(40)),)),
    ]
    assert states(bulk.record_many(books.by, rows)) == ["created", "created"]
    assert books.open(old, paid, part) == [100, 0, 60]
    assert books.again(paid).settled_on == books.ago(15)
    assert states(bulk.record_many(books.by, rows)) == ["unchanged", "unchanged"]
    assert Allocation.objects.filter(organization_id=books.org).count() == 2


def test_without_designation_the_money_settles_in_the_order_it_came(books) -> None:
    customer = books.customer()
    first, second = books.item(customer, "100", late=40), books.item(customer, "100", late=10)
    rows = [row(books, customer, "later", "80", ago=3), row(books, customer, "earlier", "60", ago=9)]
    bulk.record_many(books.by, rows)
    assert books.open(first, second) == [0, 60]
    assert [(entry.effective_on, entry.amount) for entry in books.entries(first, "payment")] == [
        (books.ago(9), -60),
        (books.ago(3), -40),
    ]
    assert bulk.record_many(books.by, [row(books, customer, "last", "100")])[0].state == "created"
    assert [one.amount for one in queries.on_account(books.org)] == [40]


@pytest.mark.parametrize(
    ("paid", "named", "oldest_first", "open_after"),
    [
        # what the named item cannot take (it has 30 open) goes to the oldest, or stays on account
        ("50", [("30", "named")], True, [80, 0]),
        ("50", [("50", "named")], True, [80, 0]),
        ("50", [("160", "named"), ("5", "named")], True, [80, 0]),
        ("50", [(None, "named")], True, [80, 0]),
        ("50", [("160", "named")], False, [100, 0]),
        ("50", [("20", "named")], True, [70, 10]),
        ("50", [("160", "settled")], True, [50, 30]),
        ("50", [("160", "settled")], False, [100, 30]),
    ],
)
def test_what_a_designated_item_cannot_take_goes_on(books, paid, named, oldest_first, open_after) -> None:
    customer = books.customer()
    items = {
        "oldest": books.item(customer, "100", late=40),
        "named": books.item(customer, "30", late=-5),
        "settled": books.item(customer, "20", late=50, issued=60),
    }
    ledger.close_outside(books.by, items["settled"].id, why="x")
    wishes = tuple(Designation(items[name].id, amount and Decimal(amount)) for amount, name in named)
    bulk.record_many(books.by, [row(books, customer, amount=paid, designations=wishes, oldest_first=oldest_first)])
    assert books.open(items["oldest"], items["named"]) == open_after


def test_by_file_or_by_hand_the_ledger_is_the_same(books) -> None:
    """The same payments through both ways leave the same balances and the same money on account."""

    def portfolio(name):
        payer = books.customer(name)
        sister = books.customer(f"{name} 2", paid_by=payer)
        made = [
            books.item(payer, "100", late=30),
            books.item(sister, "70", late=50, issued=60),
            books.item(payer, "30", late=-5),
        ]
        ledger.write_off(books.by, books.item(payer, "25", late=300).id, why="Gone")
        ledger.expect_deduction(books.by, made[0].id, kind="withholding", amount=Decimal(12))
        return payer, made

    by_hand, hand_items = portfolio("A")
    by_file, file_items = portfolio("B")

    def rows(payer, made, prefix):
        return [
            row(books, payer, f"{prefix}1", "90", ago=20, designations=(Designation(made[2].id),)),
            row(books, payer, f"{prefix}2", "150", ago=25),
            row(books, payer, f"{prefix}3", "10", ago=1, oldest_first=False),
        ]

    for one in sorted(rows(by_hand, hand_items, "H"), key=lambda one: one.received_on):
        record_payment(
            books.by,
            customer_id=one.customer_id,
            reference=one.reference,
            received_on=one.received_on,
            currency=one.currency,
            amount=one.amount,
            designations=one.designations,
            oldest_first=one.oldest_first,
        )
    assert states(bulk.record_many(books.by, rows(by_file, file_items, "F"))) == ["created"] * 3
    assert books.open(*hand_items) == books.open(*file_items)
    for hand, file in zip(hand_items, file_items, strict=True):
        dated = [
            [(entry.effective_on, entry.amount) for entry in books.entries(item, "payment")] for item in (hand, file)
        ]
        assert sorted(dated[0]) == sorted(dated[1])
    assert {one.customer_id: one.amount for one in queries.on_account(books.org)} == {by_hand.id: 62, by_file.id: 62}


def test_recoveries_and_each_refusal_in_its_place(books) -> None:
    customer, other = books.customer(), books.customer("Otra")
    gone, foreign = books.item(customer, "100", late=200), books.item(other)
    ledger.write_off(books.by, gone.id, why="Gone")
    ledger.close_period(books.by, books.creditor.id, books.ago(100))
    bulk.record_many(books.by, [row(books, customer, "taken", "1")])
    rows = [
        row(books, customer, "a", "30", designations=(Designation(gone.id),)),
        row(books, customer, "b", "0"),
        row(books, customer, "c", ago=-1),
        row(books, customer, "d", ago=100),
        row(books, customer, "e", designations=(Designation(foreign.id),)),
        row(books, customer, "taken", "2"),
        row(books, customer, "a", "30"),
        row(books, customer, "taken", "1"),
    ]
    assert states(bulk.record_many(books.by, rows)) == [
        "created",
        "NotPositive",
        "FutureDate",
        "ClosedPeriod",
        "NotOfThisCustomer",
        "ReferenceTaken",
        "unchanged",
        "unchanged",
    ]
    assert books.again(gone).written_off == 70


def test_a_batch_undoes_as_one(books) -> None:
    customer, batch = books.customer(), uuid7()
    before = ledger_queries.items(books.org, as_of=books.ago(1))
    document = receivables_bulk.NewInvoice(
        books.creditor.id, customer.id, "F-1", "F-1", books.ago(40), books.ago(10), "PEN", Decimal(100)
    )
    invoice = receivables_bulk.issue_many(books.by, [document], batch_id=batch)[0]
    paid = row(books, customer, "F-1", "130", designations=(Designation(invoice.installment_id),))
    bulk.record_many(books.by, [paid], batch_id=batch)
    assert bulk.undo_batch(books.by, batch, why="The wrong file") == 1
    assert receivables_bulk.undo_batch(books.by, batch, why="The wrong file") == 1
    assert ledger_queries.items(books.org, as_of=books.ago(1)) == before
    assert queries.on_account(books.org) == queries.on_account(books.org, as_of=books.ago(2)) == []
    assert list(queries.payments_of(books.org, customer.id)) == []
    assert states(bulk.record_many(books.by, [row(books, customer, "F-1", "7")])) == ["created"], (
        "its reference is free again"
    )


def test_a_batch_with_money_given_back_is_not_undone(books) -> None:
    batch = uuid7()
    payment = bulk.record_many(books.by, [row(books, books.customer())], batch_id=batch)[0].document_id
    refund(books.by, payment, amount=Decimal(1), refunded_on=books.by.today, reference="R")
    with pytest.raises(PartlyRefunded):
        bulk.undo_batch(books.by, batch, why="x")
    assert Payment.objects.get(organization_id=books.org).withdrawn_on is None
