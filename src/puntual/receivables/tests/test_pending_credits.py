"""Discounts granted after invoicing: not asked for, closed by their credit note, asked for again when it does not come; and the
files that prove a deduction.
"""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from puntual.kernel.problems import Problem
from puntual.kernel.references import document_key
from puntual.receivables import actions, bulk
from puntual.receivables.certificates import certificates_of
from puntual.receivables.deductions import DeductionEnded, pending_credits
from puntual.receivables.models import CreditNote, DeductionFile, Entry, ExpectedDeduction, Installment
from puntual.receivables.problems import MoreThanOpen
from puntual.receivables.tests.build import Books


def granted(books: Books, item: Installment, amount: str = "100") -> ExpectedDeduction:
    return actions.grant_discount(books.by, item.id, amount=Decimal(amount), why="late delivery")


def noted(books: Books, item: Installment, amount: str, number: str = "NC-1", **more) -> CreditNote:
    return actions.issue_credit_note(
        books.by,
        customer_id=item.customer_id,
        number=number,
        issued_on=books.by.today,
        currency=item.currency,
        amount=Decimal(amount),
        **more,
    )


def again(one: ExpectedDeduction) -> ExpectedDeduction:
    return ExpectedDeduction.objects.get(id=one.id)


def test_a_granted_discount_is_not_asked_for_and_posts_nothing(books: Books) -> None:
    item = books.item(books.customer(), "1000")
    one = granted(books, item)
    now = books.again(item)
    assert (now.open_amount, now.expected_deduction) == (1000, 100)
    assert list(Entry.objects.values_list("kind", flat=True)) == ["issued"]
    assert [each.id for each in pending_credits(books.org)] == [one.id]
    assert one.reason == "late delivery"


def test_its_credit_note_closes_it(books: Books) -> None:
    item = books.item(books.customer(), "1000")
    one = granted(books, item)
    note = noted(books, item, "100", invoice_id=item.invoice_id)
    now = books.again(item)
    assert (now.open_amount, now.expected_deduction) == (900, 0)
    closed = again(one)
    assert (closed.credit_note_id, closed.certificate, closed.closed_on) == (note.id, "NC-1", books.by.today)
    assert not pending_credits(books.org).exists()


def test_an_imported_credit_note_closes_it_too(books: Books) -> None:
    customer = books.customer()
    item = books.item(customer, "1000")
    one = granted(books, item)
    other = books.customer("Otra")
    rows = [
        bulk.NewCreditNote(
            books.creditor.id, who.id, f"NC-{n}", document_key(f"NC-{n}"), books.by.today, "PEN", Decimal(100)
        )
        for n, who in enumerate((customer, other))
    ]
    assert [outcome.state for outcome in bulk.issue_credit_notes_many(books.by, rows)] == ["created", "created"]
    assert again(one).closed_on == books.by.today
    assert sorted(CreditNote.objects.values_list("unapplied", flat=True)) == [0, 100]


def test_which_of_two_is_meant_only_the_invoice_tells(books: Books) -> None:
    customer = books.customer()
    first, second = books.item(customer, "1000"), books.item(customer, "1000")
    granted(books, first)
    granted(books, second)
    noted(books, first, "100", "NC-1")
    assert pending_credits(books.org).count() == 2, "either could be meant"
    noted(books, second, "100", "NC-2", invoice_id=second.invoice_id)
    assert [each.installment_id for each in pending_credits(books.org)] == [first.id]


def test_a_credit_note_for_less_leaves_it_expected(books: Books) -> None:
    item = books.item(books.customer(), "1000")
    granted(books, item)
    note = noted(books, item, "60")
    actions.apply_credit_note(books.by, note.id)
    now = books.again(item)
    assert (now.open_amount, now.expected_deduction) == (940, 100)


def test_a_credit_note_taken_off_expects_it_again(books: Books) -> None:
    item = books.item(books.customer(), "1000")
    one = granted(books, item)
    noted(books, item, "100")
    (entry,) = books.entries(item, Entry.Kind.CREDIT_NOTE)
    actions.reverse_entry(books.by, entry.id, why="of another invoice")
    assert books.again(item).expected_deduction == 100
    assert again(one).credit_note_id is None


def test_given_up_it_is_asked_for_again(books: Books) -> None:
    item = books.item(books.customer(), "1000")
    one = granted(books, item)
    later = books.on(books.by.today + timedelta(days=30))
    actions.give_up_deduction(later, one.id, why="the sales team took it back")
    assert books.again(item).expected_deduction == 0
    assert again(one).given_up_on == later.today
    with pytest.raises(DeductionEnded):
        actions.give_up_deduction(later, one.id, why="again")


def test_what_is_refused(books: Books) -> None:
    item = books.item(books.customer(), "1000")
    with pytest.raises(Problem):
        actions.grant_discount(books.by, item.id, amount=Decimal(100), why=" ")
    with pytest.raises(MoreThanOpen):
        granted(books, item, "1000.01")
    one = granted(books, item)
    with pytest.raises(Problem):
        actions.close_deduction(books.by, one.id, certificate="none")
    assert books.again(item).expected_deduction == 100


@pytest.mark.parametrize(
    ("content", "type"),
    [
        (b"%PDF-1.7 x", "pdf"),
        (b"\x89PNG\r\n\x1a\nx", "png"),
        (b"\xff\xd8\xff\xe0x", "jpeg"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Retention/>", "xml"),
        (b"<script>alert(1)</script>", None),
        (b"MZ\x90", None),
        (b"", None),
    ],
)
def test_a_certificate_is_kept_for_what_it_is(books: Books, content: bytes, type: str | None) -> None:
    item = books.item(books.customer(), "1000")
    one = actions.expect_deduction(books.by, item.id, kind="withholding", amount=Decimal(30))
    if type is None:
        with pytest.raises(Problem):
            actions.attach_certificate(books.by, one.id, "R001.pdf", content)
        assert not DeductionFile.objects.exists()
        return
    kept = actions.attach_certificate(books.by, one.id, '../R001"1.exe', content)
    assert (kept.name, kept.type) == (f"R0011.{type}", type)
    assert actions.attach_certificate(books.by, one.id, "again", content).id == kept.id
    assert [each.id for each in certificates_of(books.org, [one.id])[one.id]] == [kept.id]
    with pytest.raises(DatabaseError), transaction.atomic():
        DeductionFile.objects.filter(id=kept.id).update(name="x")
