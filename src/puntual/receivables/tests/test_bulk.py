"""Whole batches: each row answered, the good ones landed, the same again changing nothing, and all of it taken back as one."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from puntual.audit.models import Record
from puntual.kernel.ids import uuid7
from puntual.kernel.references import document_key
from puntual.receivables import actions, bulk, queries
from puntual.receivables.bulk import NewCreditNote, NewInvoice, OpenBalance
from puntual.receivables.models import CreditNote, Entry, Hold, Invoice
from puntual.receivables.problems import BatchInUse, NotReversible


def row(books, customer, number="F-1", amount="100", late=10, **changes) -> NewInvoice:
    made = NewInvoice(
        creditor_id=books.creditor.id,
        customer_id=customer.id,
        number=number,
        number_key=document_key(number),
        issued_on=books.ago(late + 30),
        due_on=books.ago(late),
        currency="PEN",
        amount=Decimal(amount),
    )
    return made._replace(**changes)


def states(outcomes) -> list[str]:
    return [outcome.state if outcome.problem is None else type(outcome.problem).__name__ for outcome in outcomes]


def test_a_batch_lands_as_single_invoices_would(books) -> None:
    customer, other = books.customer(), books.customer("Otra")
    awkward = 'A\tB\\N "ñ" – línea\n2'
    rows = [row(books, customer, "F-2"), row(books, other, "F-1", "0.01", description=awkward)]
    created = bulk.issue_many(books.by, rows)
    assert states(created) == ["created", "created"]
    items = {item.number: item for item in queries.open_items(books.org)}
    assert (items["F-2"].customer_id, items["F-2"].open, items["F-2"].due_on) == (customer.id, 100, books.ago(10))
    assert [items["F-2"].invoice_id, items["F-2"].installment_id] == [created[0].document_id, created[0].installment_id]
    assert Invoice.objects.get(organization_id=books.org, number="F-1").description == awkward
    issued = Entry.objects.get(organization_id=books.org, installment_id=created[0].installment_id)
    assert (issued.amount, issued.effective_on, issued.recorded_at) == (100, books.ago(40), books.by.now)
    single = actions.issue_invoice(
        books.by,
        customer_id=customer.id,
        number="F-2",
        issued_on=books.ago(40),
        currency="PEN",
        parts=[actions.Part(books.ago(10), Decimal(100))],
    )
    assert single.id == created[0].document_id, "the same document by the other way"


def test_the_same_batch_again_changes_nothing(books) -> None:
    customer = books.customer()
    rows = [row(books, customer, f"F-{n}") for n in range(5)]
    first = bulk.issue_many(books.by, rows)
    again = bulk.issue_many(books.by, list(reversed(rows)))
    assert states(again) == ["unchanged"] * 5
    assert [outcome.document_id for outcome in again] == [outcome.document_id for outcome in reversed(first)]
    assert Entry.objects.filter(organization_id=books.org).count() == 5


def test_each_row_is_answered_in_its_place(books) -> None:
    customer, other = books.customer(), books.customer("Otra")
    bulk.issue_many(books.by, [row(books, customer, "F-1")])
    actions.close_period(books.by, books.creditor.id, books.ago(50))
    rows = [
        row(books, customer, "F-9"),
        row(books, customer, "F-1"),
        row(books, other, "F-1", "99", issued_on=books.ago(41), due_on=books.ago(9)),
        row(books, customer, "F-8", "0"),
        row(books, customer, "F-8", "1.001"),
        row(books, customer, "F-8", issued_on=books.ago(-1)),
        row(books, customer, "F-8", issued_on=books.ago(50)),
        row(books, customer, "F-9"),
        row(books, customer, "F-9", "5"),
        row(books, customer, "F-7"),
    ]
    outcomes = bulk.issue_many(books.by, rows)
    assert states(outcomes) == [
        "created",
        "unchanged",
        "DocumentDiffers",
        "NotPositive",
        "Problem",
        "FutureDate",
        "ClosedPeriod",
        "unchanged",
        "DocumentDiffers",
        "created",
    ]
    assert outcomes[2].problem.differs == ("customer", "issued_on", "due_on", "amount")
    assert outcomes[2].document_id is not None, "so that an update can find it"


def test_one_audit_entry_says_what_became_of_the_batch(books) -> None:
    bulk.issue_many(books.by, [row(books, books.customer()), row(books, books.customer(), "F-2", "0")])
    record = Record.objects.filter(organization_id=books.org, action="receivables.issue_many").get()
    assert {name: record.detail[name] for name in ("rows", "created", "unchanged", "refused")} == {
        "rows": 2,
        "created": 1,
        "unchanged": 0,
        "refused": 1,
    }


def test_many_invoices_are_held_each_for_its_own(books) -> None:
    created = bulk.issue_many(books.by, [row(books, books.customer(), f"F-{n}") for n in range(3)])
    sources = [uuid7() for _each in created]
    rows = [
        bulk.NewHold(outcome.document_id, source, books.ago(5))
        for outcome, source in zip(created, sources, strict=True)
    ]
    actions.close_outside(books.by, created[2].installment_id, why="Pagada")
    until = books.by.today + timedelta(days=9)
    assert bulk.hold_each(books.by, rows, reason="dispute", until_on=until) == 2, "what is closed is not held"
    held = [queries.why_held(books.org, one.installment_id, books.ago(3)) for one in created]
    assert [[(hold.source_id, hold.until_on) for hold in each] for each in held] == [
        [(sources[0], until)],
        [(sources[1], until)],
        [],
    ]


def test_an_empty_batch(books) -> None:
    assert bulk.issue_many(books.by, []) == []


def test_balances_of_a_file_settle_and_reopen_what_nobody_recorded(books) -> None:
    customer = books.customer()
    ids = [
        outcome.installment_id
        for outcome in bulk.issue_many(books.by, [row(books, customer, f"F-{n}") for n in range(4)])
    ]
    actions.write_off(books.by, ids[3], why="x")

    def update(*amounts, day=1):
        rows = [OpenBalance(id, Decimal(amount)) for id, amount in zip(ids, amounts, strict=True)]
        return states(bulk.update_open(books.by, rows, effective_on=books.ago(day)))

    assert update("100", "40", "0", "0") == ["unchanged", "updated", "updated", "unchanged"]
    assert [item.open for item in queries.open_items(books.org)] == [100, 40]
    assert update("100", "60", "25", "0", day=0) == ["unchanged", "updated", "updated", "unchanged"]
    assert [item.open for item in queries.open_items(books.org)] == [100, 60, 25]
    assert update("101", "60", "25", "1") == ["MoreOpenThanKnown", "unchanged", "unchanged", "MoreOpenThanKnown"]
    assert update("-1", "0.001", "25", "0") == ["NotPositive", "Problem", "unchanged", "unchanged"]


def test_items_gone_from_the_books_are_held_then_closed_outside(books) -> None:
    customer = books.customer()
    ids = [
        outcome.installment_id
        for outcome in bulk.issue_many(books.by, [row(books, customer, f"F-{n}") for n in range(3)])
    ]
    assert bulk.hold_many(books.by, ids[:2], reason="missing", from_on=books.ago(1)) == 2
    assert bulk.hold_many(books.by, ids[:2], reason="missing", from_on=books.by.today) == 0, "held already"
    assert bulk.release_many(books.by, [ids[1]], reason="missing", why="It is back") == 1
    assert [len(queries.why_held(books.org, id, books.by.today)) for id in ids] == [1, 0, 0]
    assert bulk.close_outside_many(books.by, ids[:1] * 2, effective_on=books.by.today, why="Gone") == 1
    assert bulk.close_outside_many(books.by, ids[:1], effective_on=books.by.today, why="Gone") == 0
    assert len(queries.open_items(books.org)) == 2


def credit(books, customer, number="NC-1", amount="30", **changes) -> NewCreditNote:
    made = NewCreditNote(
        books.creditor.id, customer.id, number, document_key(number), books.ago(3), "PEN", Decimal(amount)
    )
    return replace(made, **changes)


def test_credit_notes_in_a_batch(books) -> None:
    customer = books.customer()
    rows = [credit(books, customer), credit(books, customer, "NC-2", "0"), credit(books, customer, "NC-3")]
    assert states(bulk.issue_credit_notes_many(books.by, rows)) == ["created", "NotPositive", "created"]
    rows = [
        credit(books, customer),
        credit(books, customer, "NC-3", "31"),
        credit(books, customer, "NC-4", issued_on=books.ago(-1)),
    ]
    assert states(bulk.issue_credit_notes_many(books.by, rows)) == ["unchanged", "DocumentDiffers", "FutureDate"]
    assert CreditNote.objects.filter(organization_id=books.org, unapplied=30).count() == 2


def test_a_batch_undoes_as_one_as_if_it_had_never_been(books) -> None:
    customer, batch = books.customer(), uuid7()
    kept = bulk.issue_many(books.by, [row(books, customer, "F-0")])[0]
    before = queries.items(books.org, as_of=books.ago(1))
    rows = [row(books, customer, "F-1"), row(books, customer, "F-2")]
    created = bulk.issue_many(books.by, rows, batch_id=batch)
    bulk.issue_credit_notes_many(books.by, [credit(books, customer)], batch_id=batch)
    balances = [OpenBalance(kept.installment_id, Decimal(30)), OpenBalance(created[0].installment_id, Decimal(50))]
    bulk.update_open(books.by, balances, effective_on=books.ago(2), batch_id=batch)
    assert bulk.undo_batch(books.by, batch, why="The wrong file") == 3
    assert queries.items(books.org, as_of=books.ago(1)) == before, "as of any day it never was"
    assert [item.number for item in queries.items(books.org, settled_too=True)] == ["F-0"]
    assert not Hold.objects.filter(organization_id=books.org, released_on=None).exists()
    again = bulk.issue_many(books.by, [row(books, customer, "F-1", "77")], batch_id=uuid7())
    assert states(again) == ["created"], "its numbers are free again"
    assert bulk.undo_batch(books.by, batch, why="Twice") == 0


def test_what_an_undone_batch_had_reopened_is_closed_again(books) -> None:
    customer, first, second = books.customer(), uuid7(), uuid7()
    item = bulk.issue_many(books.by, [row(books, customer)])[0].installment_id

    def stated(amount, ago, batch):
        bulk.update_open(books.by, [OpenBalance(item, Decimal(amount))], effective_on=books.ago(ago), batch_id=batch)

    stated("40", 9, first)
    stated("30", 5, second)
    stated("90", 5, second)
    assert bulk.undo_batch(books.by, second, why="The wrong file") == 0
    found = {ago: [one.open for one in queries.items(books.org, as_of=books.ago(ago))] for ago in (10, 9, 5, 3, 0)}
    assert found == {10: [100], 9: [40], 5: [40], 3: [40], 0: [40]}
    stated("70", 0, uuid7())
    bulk.undo_batch(books.by, first, why="That one too")
    assert [one.open for one in queries.open_items(books.org)] == [70], "what a later file reopened stays open"


def test_a_batch_in_use_is_not_undone(books) -> None:
    customer, batch = books.customer(), uuid7()
    created = bulk.issue_many(books.by, [row(books, customer, "F-1"), row(books, customer, "F-2")], batch_id=batch)
    actions.write_off(books.by, created[1].installment_id, why="x", amount=Decimal(1))
    with pytest.raises(BatchInUse, match="F-2"):
        bulk.undo_batch(books.by, batch, why="The wrong file")
    assert len(queries.open_items(books.org)) == 2


def test_an_undone_batch_after_the_period_was_closed_counts_from_the_day_after(books) -> None:
    batch = uuid7()
    created = bulk.issue_many(books.by, [row(books, books.customer())], batch_id=batch)
    actions.close_period(books.by, books.creditor.id, books.ago(20))
    bulk.undo_batch(books.by, batch, why="The wrong file")
    last = Entry.objects.filter(organization_id=books.org, installment_id=created[0].installment_id).latest("id")
    assert last.effective_on == books.ago(19)
    with pytest.raises(NotReversible):
        actions.reverse_entry(books.by, last.id, why="Reopen it")


def test_the_planner_learns_of_a_new_organization(books) -> None:
    """Without statistics an organization counts as one row, and joins planned for one row take minutes over thousands."""
    bulk.issue_many(books.by, [row(books, books.customer(), f"F-{n}") for n in range(300)])
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN (FORMAT JSON) SELECT FROM receivables_installment WHERE organization_id = %s", [books.org]
        )
        assert cursor.fetchone()[0][0]["Plan"]["Plan Rows"] > 150
