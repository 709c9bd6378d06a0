"""How a dispute ends: what it takes off the balance, and that nothing is held any more."""

from datetime import timedelta
from decimal import Decimal

import pytest

from puntual.disputes import actions
from puntual.disputes.problems import AlreadyDisputed, NoCorrectedInvoice, ReasonMissing
from puntual.disputes.tests.build import again, disputed, holds
from puntual.kernel.problems import Problem
from puntual.receivables import actions as ledger
from puntual.receivables.models import CreditNote, Entry
from puntual.receivables.problems import DocumentDiffers, MoreThanOpen
from puntual.receivables.tests.build import Books

WHY = {"cause": "pricing", "why": "La orden decía otro precio"}


def test_won_in_part(books: Books) -> None:
    item = books.item(books.customer(), "1000")
    made = disputed(books, item, "300")
    actions.accept(books.by, made.id, amount=Decimal(200), **WHY)
    assert [hold.amount for hold in holds(books, made.id)] == [200], "the other hundred is asked for again"
    assert books.open(item) == [1000], "no document, no posting"
    later = books.on(books.by.today + timedelta(days=3))
    done = actions.credit(later, made.id, number="NC01-7")
    assert books.open(item) == [800] and holds(books, made.id, later.today) == []
    assert (done.state, done.granted, done.cause, done.why) == ("credited", 200, "pricing", WHY["why"])
    assert (done.resolved_by, done.resolved_on) == (books.by.name, later.today)
    (entry,) = books.entries(item, Entry.Kind.CREDIT_NOTE)
    note = CreditNote.objects.get()
    assert (entry.amount, entry.source_id, note.unapplied) == (-200, note.id, 0)
    assert (note.number, note.invoice_id, done.credit_note_id) == ("NC01-7", item.invoice_id, note.id)


def test_won_whole_at_once(books: Books) -> None:
    item = books.item(books.customer(), "1000")
    made = disputed(books, item)
    actions.credit(books.by, made.id, number="NC01-8", **WHY)
    assert books.open(item) == [0] and holds(books, made.id) == []


def test_a_credit_note_that_came_in_meanwhile_is_found(books: Books) -> None:
    item = books.item(books.customer(), "1000")
    made = disputed(books, item, "300")
    ledger.issue_credit_note(
        books.by,
        customer_id=item.customer_id,
        number="NC01-9",
        issued_on=books.by.today,
        currency="PEN",
        amount=Decimal(300),
    )
    actions.credit(books.by, made.id, number="nc01-9", **WHY)
    assert CreditNote.objects.get().unapplied == 0 and books.open(item) == [700]


def test_a_credit_note_of_somebody_else_is_refused(books: Books) -> None:
    item = books.item(books.customer(), "1000")
    made = disputed(books, item, "300")
    other = books.item(books.customer("Otra"), "50")
    ledger.issue_credit_note(
        books.by,
        customer_id=other.customer_id,
        number="NC-1",
        issued_on=books.by.today,
        currency="PEN",
        amount=Decimal(5),
    )
    with pytest.raises(DocumentDiffers):
        actions.credit(books.by, made.id, number="NC-1", **WHY)
    with pytest.raises(Problem):
        actions.credit(books.by, made.id, number=" ", **WHY)
    with pytest.raises(MoreThanOpen):
        actions.credit(books.by, made.id, number="NC-2", amount=Decimal(1001), **WHY)
    assert again(books, made).state == "open" and holds(books, made.id)


def test_more_than_is_open_waits_in_their_favor(books: Books) -> None:
    item = books.item(books.customer(), "1000")
    made = disputed(books, item, "300")
    ledger.close_outside(books.by, item.id, why="Pagaron el resto", amount=Decimal(900))
    actions.credit(books.by, made.id, number="NC-1", **WHY)
    assert books.open(item) == [0] and CreditNote.objects.get().unapplied == 200


def test_corrected(books: Books) -> None:
    customer = books.customer()
    item, new = books.item(customer, "1000"), books.item(customer, "800", number="F001-900")
    foreign = books.item(books.customer("Otra"), "800", number="F001-901")
    made = disputed(books, item)
    for number in ("F001-404", item.invoice.number, foreign.invoice.number):
        with pytest.raises(NoCorrectedInvoice):
            actions.correct(books.by, made.id, number=number, **WHY)
    done = actions.correct(books.by, made.id, number="F001-900", **WHY)
    assert books.open(item, new) == [0, 800] and holds(books, made.id) == []
    assert (done.state, done.corrected_id, done.granted) == ("corrected", new.invoice_id, 1000)
    assert books.entries(item, Entry.Kind.CANCELLATION)


def test_rejected_and_once_more(books: Books) -> None:
    item = books.item(books.customer(), "1000")
    made = disputed(books, item, "300")
    with pytest.raises(ReasonMissing):
        actions.reject(books.by, made.id, cause="customer", why="  ")
    actions.reject(books.by, made.id, cause="customer", why="El contrato dice ese precio")
    assert holds(books, made.id) == [] and books.open(item) == [1000]
    later = books.on(books.by.today + timedelta(days=2))
    opened = actions.reopen(later, made.id, why="Mandaron la adenda")
    assert (opened.state, opened.cause, opened.why, opened.resolved_on) == ("open", "", "", None)
    assert [hold.amount for hold in holds(books, made.id, later.today)] == [300]
    assert opened.deadline > later.today


def test_it_is_not_reopened_beside_another(books: Books) -> None:
    item = books.item(books.customer(), "1000")
    first = disputed(books, item, "300")
    actions.withdraw(books.by, first.id, why="Se aclaró")
    disputed(books, item, "100")
    with pytest.raises(AlreadyDisputed):
        actions.reopen(books.by, first.id, why="Otra vez")
    assert holds(books, first.id) == []


def test_an_acceptance_taken_back_holds_all_of_it_again(books: Books) -> None:
    item = books.item(books.customer(), "1000")
    made = disputed(books, item, "300")
    with pytest.raises(MoreThanOpen):
        actions.accept(books.by, made.id, amount=Decimal(301), **WHY)
    actions.accept(books.by, made.id, amount=Decimal(100), **WHY)
    actions.reopen(books.by, made.id, why="Era otra orden")
    assert [hold.amount for hold in holds(books, made.id)] == [300]
    assert again(books, made).granted is None
