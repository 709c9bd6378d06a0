"""As of a day, as known on a day; and what the database itself keeps, whoever writes."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from puntual.receivables import actions, queries
from puntual.receivables.models import Entry, Installment
from puntual.receivables.portfolio import compact_portfolio, portfolio
from puntual.receivables.tests.build import books_for
from puntual.receivables.verify import verify


def opens(books, **when):
    return {item.number: item.open for item in queries.items(books.org, **when)}


def test_as_of_counts_what_took_effect_as_known_on_what_was_recorded(books) -> None:
    """Recorded today, effective ten days ago: as of nine days ago it counts, as known nine days ago it did not."""
    item = books.item(books.customer(), "100", late=5, number="F-1")
    # The invoice was recorded when it was issued, 35 days ago; the posting today, dated ten days ago.
    with_owner("UPDATE receivables_entry SET recorded_at = recorded_at - interval '35 days'")
    actions.close_outside(books.by, item.id, why="x", amount=Decimal(60), effective_on=books.ago(10))
    assert opens(books) == {"F-1": 40}
    assert opens(books, as_of=books.ago(11)) == {"F-1": 100}
    assert opens(books, as_of=books.ago(10)) == {"F-1": 40}
    assert opens(books, as_of=books.ago(9), known_on=books.ago(9)) == {"F-1": 100}
    assert opens(books, as_of=books.ago(9), known_on=books.by.today) == {"F-1": 40}
    assert opens(books, known_on=books.ago(36)) == {}
    assert opens(books, as_of=books.ago(36)) == {}


def test_a_day_ends_at_midnight_in_lima(books) -> None:
    item = books.item(books.customer(), "100", number="F-1")
    just_before_midnight = replace(books.by, now=books.by.now.replace(hour=4, minute=59) + timedelta(days=1))
    actions.close_outside(just_before_midnight, item.id, why="x")
    assert opens(books, known_on=books.ago(1)) == {}, "issued today"
    assert opens(books, known_on=books.by.today) == {}
    with_owner("UPDATE receivables_entry SET recorded_at = recorded_at + interval '2 minutes' WHERE kind <> 'issued'")
    assert opens(books, known_on=books.by.today) == {"F-1": 100}


def with_owner(statement: str) -> None:
    """What the app role may not do, inside this test's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute(statement)
        cursor.execute("SET ROLE puntual_app")


def test_balances_per_customer_and_currency(books) -> None:
    customer, other = books.customer(), books.customer("Otra")
    books.item(customer, "100", late=3)
    books.item(customer, "50", late=-3)
    books.item(customer, "70", late=3, currency="USD")
    gone = books.item(other, "20", late=90)
    actions.write_off(books.by, gone.id, why="x")
    actions.issue_credit_note(
        books.by, customer_id=customer.id, number="NC", issued_on=books.ago(2), currency="USD", amount=Decimal(5)
    )
    found = {(one.customer_id, one.currency): one for one in queries.balances(books.org, books.by.today)}
    pen, usd, off = found[customer.id, "PEN"], found[customer.id, "USD"], found[other.id, "PEN"]
    assert (pen.open, pen.overdue, pen.credits) == (150, 100, 0)
    assert (usd.open, usd.overdue, usd.credits) == (70, 70, 5)
    assert (off.open, off.written_off) == (0, 20)
    then = queries.balances(books.org, books.ago(5), as_of=books.ago(5), customer_ids=[customer.id])
    assert {(one.currency, one.open, one.overdue, one.credits) for one in then} == {
        ("PEN", 150, 0, 0),
        ("USD", 70, 0, 0),
    }


def test_reads_of_many_customers_are_one_query(books, django_assert_num_queries) -> None:
    customers = [books.customer(str(n)) for n in range(3)]
    for customer in customers:
        books.item(customer)
    ids = [customer.id for customer in customers]
    with django_assert_num_queries(1):
        assert len(queries.open_items(books.org, ids)) == 3
    with django_assert_num_queries(1):
        assert len(queries.balances(books.org, books.by.today, customer_ids=ids)) == 3


def test_the_history_of_an_item(books) -> None:
    item = books.item(books.customer(), "100")
    actions.close_outside(books.by, item.id, why="x", amount=Decimal(60))
    actions.write_off(books.by, item.id, why="y")
    movements = queries.history(books.org, item.id)
    assert [(move.entry.kind, move.balance) for move in movements] == [
        ("issued", 100),
        ("closed_outside", 40),
        ("write_off", 0),
        ("write_off", 0),
    ]


def test_documents_are_found_by_number(books) -> None:
    customer = books.customer()
    item = books.item(customer, "100", number="f001-9")
    found = queries.find_invoices(books.org, books.creditor.id, ["F001-9", "F001-10"])
    assert list(found) == ["F001-9"]
    assert (found["F001-9"].installment_ids, found["F001-9"].open) == ((item.id,), 100)


def test_the_portfolio_is_the_open_items_and_compacting_changes_nothing(books) -> None:
    customer = books.customer()
    first, second = books.item(customer, "100", late=3), books.item(customer, "40", late=3)
    books.item(customer, "70", late=3, currency="USD")
    actions.close_outside(books.by, first.id, why="x", amount=Decimal(60))
    actions.close_outside(books.by, second.id, why="x")
    actions.change_due_date(books.by, first.id, books.ago(-9), why="x")
    expected = [("PEN", books.ago(-9), 40, 1), ("USD", books.ago(3), 70, 1)]

    def totals(as_of=None):
        return [(one.currency, one.due_on, one.open, one.items) for one in portfolio(books.org, as_of)]

    assert totals() == totals(books.by.today) == expected
    assert compact_portfolio(books.by) > 0
    assert totals() == expected
    assert compact_portfolio(books.by) == 0
    assert sum(open for _currency, _due, open, _items in totals(books.ago(1))) == 100 + 40 + 70


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE receivables_installment SET open_amount = 0",
        "UPDATE receivables_installment SET written_off = 1",
        "UPDATE receivables_installment SET amount = 1",
        "UPDATE receivables_invoice SET amount = 1",
        "UPDATE receivables_entry SET amount = 1",
        "DELETE FROM receivables_entry",
        "DELETE FROM receivables_installment",
        "DELETE FROM receivables_invoice",
        "DELETE FROM receivables_creditnote",
        "TRUNCATE receivables_entry",
    ],
)
def test_the_application_may_not(books, statement) -> None:
    books.item(books.customer())
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def entry(books, item, **fields):
    values = {"kind": "adjustment", "amount": Decimal(-1), "currency": "PEN", "effective_on": books.by.today}
    return Entry(organization_id=books.org, installment=item, recorded_at=books.by.now, **{**values, **fields})


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"amount": Decimal(-101)}, "installment_open_within_amount"),
        ({"amount": Decimal(1)}, "installment_open_within_amount"),
        ({"amount": Decimal(0)}, "entry_amount_not_zero"),
        ({"currency": "USD"}, "entry_in_currency_of_item"),
        ({"days": 31}, "entry_not_in_closed_period"),
        ({"account": "written_off"}, "installment_written_off_within"),
    ],
)
def test_the_database_refuses_an_entry_whoever_writes_it(books, fields, constraint) -> None:
    item = books.item(books.customer(), "100", late=10)
    actions.close_period(books.by, books.creditor.id, books.ago(30))
    if "days" in fields:
        fields = {"effective_on": books.ago(fields["days"])}
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        entry(books, item, **fields).save()
    assert refused.value.__cause__.diag.constraint_name == constraint


def test_an_installment_is_its_invoices_customer_and_currency(books) -> None:
    item = books.item(books.customer(), "100")
    for wrong in ({"currency": "USD"}, {"customer_id": books.customer("Otra").id}):
        values = {"currency": "PEN", "customer_id": item.customer_id, **wrong}
        with pytest.raises(IntegrityError), transaction.atomic():
            Installment.objects.create(
                organization_id=books.org,
                invoice_id=item.invoice_id,
                creditor=books.creditor,
                position=2,
                due_on=item.due_on,
                amount=1,
                open_amount=1,
                **values,
            )


@pytest.mark.parametrize(
    ("tamper", "kinds"),
    [
        ("UPDATE receivables_installment SET open_amount = open_amount - 1 WHERE open_amount > 0", {"open_amount"}),
        ("UPDATE receivables_installment SET written_off = 1", {"written_off"}),
        ("UPDATE receivables_installment SET settled_on = NULL WHERE open_amount = 0", {"settled_on"}),
        ("UPDATE receivables_installment SET expected_deduction = 1", {"expected_deduction"}),
        ("UPDATE receivables_creditnote SET unapplied = 1", {"unapplied_credit"}),
        ("UPDATE receivables_invoice SET amount = amount + 1", {"invoice_amount"}),
        ("DELETE FROM receivables_portfoliodelta", {"portfolio"}),
        (
            "UPDATE receivables_entry SET effective_on = effective_on - 400 WHERE kind = 'credit_note'",
            {"balance", "settled_on"},
        ),
        (
            "UPDATE receivables_entry SET amount = amount - 1 WHERE kind = 'issued'",
            {"open_amount", "issued", "balance"},
        ),
    ],
)
def test_verify_sees_what_was_tampered_with(acting, tamper, kinds) -> None:
    books = books_for(acting.actor())
    item = books.item(books.customer(), "100")
    books.item(books.customer("Otra"), "100")
    note = actions.issue_credit_note(
        books.by, customer_id=item.customer_id, number="NC", issued_on=books.ago(2), currency="PEN", amount=Decimal(100)
    )
    actions.apply_credit_note(books.by, note.id)
    assert verify(books.org) == []
    with_owner(tamper)
    found = {difference.kind.partition("_on_2")[0] for difference in verify(books.org)}
    assert found == kinds
