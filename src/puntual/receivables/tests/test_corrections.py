"""Write-off and recovery, closing outside, deductions, reversals: the claim, the balance and the age after each."""

from decimal import Decimal

import pytest

from puntual.kernel.problems import Problem
from puntual.receivables import actions, queries
from puntual.receivables.actions import Deduction, Designation
from puntual.receivables.deductions import DeductionEnded
from puntual.receivables.models import Entry, ExpectedDeduction
from puntual.receivables.problems import ClosedPeriod, FutureDate, MoreThanOpen, NothingOpen, NotReversible


def state(books, item):
    """Open, written off, settled on, still expected to be deducted."""
    item = books.again(item)
    return item.open_amount, item.written_off, item.settled_on, item.expected_deduction


def credited(books, item, amount="30") -> Entry:
    note = actions.issue_credit_note(
        books.by,
        customer_id=item.customer_id,
        number=f"NC-{next(books.numbers)}",
        issued_on=books.ago(5),
        currency=item.currency,
        amount=Decimal(amount),
    )
    actions.apply_credit_note(books.by, note.id, designations=[Designation(item.id)])
    return books.entries(item, "credit_note")[-1]


def test_what_is_written_off_stays_a_claim_and_may_be_recovered(books) -> None:
    item = books.item(books.customer())
    actions.write_off(books.by, item.id, why="Out of business", effective_on=books.ago(3))
    assert state(books, item) == (0, 100, books.ago(3), 0)
    actions.record_recovery(books.by, item.id, amount=Decimal(40), memo="From the administrator")
    assert state(books, item) == (0, 60, books.ago(3), 0), (
        "a recovery neither reopens the item nor changes when it ended"
    )
    with pytest.raises(MoreThanOpen):
        actions.record_recovery(books.by, item.id, amount=Decimal(61))


def test_a_part_is_written_off(books) -> None:
    item = books.item(books.customer())
    actions.write_off(books.by, item.id, why="Rounding", amount=Decimal("0.40"))
    assert state(books, item)[:2] == (Decimal("99.60"), Decimal("0.40"))
    with pytest.raises(MoreThanOpen):
        actions.write_off(books.by, item.id, why="More", amount=Decimal(100))


def test_both_sides_of_a_write_off_are_reversed_together(books) -> None:
    item = books.item(books.customer())
    actions.write_off(books.by, item.id, why="Mistake", amount=Decimal(70), effective_on=books.ago(4))
    for_write_off = books.entries(item, "write_off")
    made = actions.reverse_entry(books.by, for_write_off[1].id, why="They live")
    assert len(made) == 2
    assert state(books, item) == (100, 0, None, 0)
    with pytest.raises(NotReversible):
        actions.reverse_entry(books.by, for_write_off[0].id, why="Again")


def test_a_write_off_partly_recovered_is_not_reversed(books) -> None:
    item = books.item(books.customer())
    actions.write_off(books.by, item.id, why="Gone")
    actions.record_recovery(books.by, item.id, amount=Decimal(10))
    with pytest.raises(MoreThanOpen):
        actions.reverse_entry(books.by, books.entries(item, "write_off")[0].id, why="Back")


def test_a_reversed_recovery_moves_the_reversal_of_the_write_off_behind_it(books) -> None:
    """No day may show less than nothing on the written-off account."""
    item = books.item(books.customer())
    actions.write_off(books.by, item.id, why="Gone", effective_on=books.ago(9))
    recovery = actions.record_recovery(books.by, item.id, amount=Decimal(10), effective_on=books.ago(8))
    actions.reverse_entry(books.by, recovery.id, why="Bounced", effective_on=books.ago(2))
    made = actions.reverse_entry(
        books.by, books.entries(item, "write_off")[0].id, why="Back", effective_on=books.ago(9)
    )
    assert {entry.effective_on for entry in made} == {books.ago(2)}


def test_closed_outside_is_no_payment(books) -> None:
    item = books.item(books.customer())
    actions.close_outside(books.by, item.id, why="Missing from the snapshot", amount=Decimal(60))
    assert state(books, item)[0] == 40
    assert [entry.kind for entry in Entry.objects.filter(installment=item).order_by("id")] == [
        "issued",
        "closed_outside",
    ]
    actions.close_outside(books.by, item.id, why="Missing from the snapshot")
    with pytest.raises(NothingOpen):
        actions.close_outside(books.by, item.id, why="Again")
    actions.reverse_entry(books.by, books.entries(item, "closed_outside")[0].id, why="It came back")
    assert state(books, item)[0] == 60


def test_a_reversed_credit_is_unapplied_again(books) -> None:
    item = books.item(books.customer())
    entry = credited(books, item)
    actions.reverse_entry(books.by, entry.id, why="Wrong invoice")
    assert state(books, item)[0] == 100
    with pytest.raises(NotReversible):
        actions.reverse_entry(books.by, entry.id, why="Twice")


def test_a_reversal_is_not_reversed_nor_an_issue(books) -> None:
    item = books.item(books.customer())
    reversal = actions.reverse_entry(books.by, credited(books, item).id, why="Wrong")[0]
    for entry in (reversal, books.entries(item, "issued")[0]):
        with pytest.raises(NotReversible):
            actions.reverse_entry(books.by, entry.id, why="No")


def test_a_reversal_counts_from_its_own_day_and_never_before_the_posting(books) -> None:
    item = books.item(books.customer())
    first, second = credited(books, item), credited(books, item)
    assert (
        actions.reverse_entry(books.by, first.id, why="x", effective_on=books.ago(9))[0].effective_on
        == first.effective_on
    )
    assert actions.reverse_entry(books.by, second.id, why="x")[0].effective_on == books.by.today


def test_the_day_it_was_settled_follows_the_entries(books) -> None:
    item = books.item(books.customer(), late=20)
    actions.close_outside(books.by, item.id, why="a", effective_on=books.ago(10), amount=Decimal(60))
    actions.close_outside(books.by, item.id, why="b", effective_on=books.ago(15))
    assert state(books, item)[2] == books.ago(10), "the day the sum reached zero, though that posting was made first"
    actions.reverse_entry(books.by, books.entries(item, "closed_outside")[0].id, why="c")
    assert state(books, item)[2] is None


def test_dates_are_checked(books) -> None:
    item = books.item(books.customer())
    with pytest.raises(FutureDate):
        actions.write_off(books.by, item.id, why="x", effective_on=books.ago(-1))
    entry = credited(books, item)
    actions.close_period(books.by, books.creditor.id, books.ago(2))
    with pytest.raises(ClosedPeriod):
        actions.reverse_entry(books.by, entry.id, why="x", effective_on=books.ago(2))


# What the law has withheld or deposited elsewhere


def with_deduction(books, amount="12", of="100"):
    item = books.item(books.customer(), of, deductions=(Deduction("detraction", Decimal(amount)),))
    return item, ExpectedDeduction.objects.get(organization_id=books.org, installment=item)


def test_the_deposit_settles_its_part(books) -> None:
    item, deduction = with_deduction(books)
    assert state(books, item) == (100, 0, None, 12)
    entry = actions.close_deduction(books.by, deduction.id, certificate="BN 0042", closed_on=books.ago(1))
    assert state(books, item) == (88, 0, None, 0)
    assert (entry.kind, entry.amount, entry.source_id, entry.memo) == ("deduction", -12, deduction.id, "BN 0042")
    with pytest.raises(DeductionEnded):
        actions.close_deduction(books.by, deduction.id, certificate="BN 0043")


def test_a_deposit_that_fell_short_is_asked_for_again(books) -> None:
    item, deduction = with_deduction(books)
    actions.close_deduction(books.by, deduction.id, certificate="BN 0042", amount=Decimal(10))
    assert state(books, item) == (90, 0, None, 0)


def test_a_deduction_given_up_is_asked_for_again(books) -> None:
    item, deduction = with_deduction(books)
    actions.give_up_deduction(books.by, deduction.id, why="No certificate in 30 days")
    assert state(books, item) == (100, 0, None, 0)
    with pytest.raises(DeductionEnded):
        actions.give_up_deduction(books.by, deduction.id, why="Again")


def test_a_reversed_deduction_is_expected_again(books) -> None:
    item, deduction = with_deduction(books)
    entry = actions.close_deduction(books.by, deduction.id, certificate="Someone else's")
    actions.reverse_entry(books.by, entry.id, why="Not theirs")
    assert state(books, item) == (100, 0, None, 12)
    actions.close_deduction(books.by, deduction.id, certificate="The right one")
    assert state(books, item) == (88, 0, None, 0)


def test_no_more_is_expected_than_is_open(books) -> None:
    item, _deduction = with_deduction(books)
    with pytest.raises(MoreThanOpen):
        actions.expect_deduction(books.by, item.id, kind="withholding", amount=Decimal(89))
    actions.expect_deduction(books.by, item.id, kind="withholding", amount=Decimal(3))
    assert state(books, item)[3] == 15
    with pytest.raises(Problem):
        with_deduction(books, "101")


# Pauses


@pytest.mark.parametrize("scope", ["customer", "invoice", "installment"])
def test_a_hold_covers_what_it_names(books, scope) -> None:
    customer = books.customer()
    item, other = books.item(customer), books.item(customer)
    names = {"customer_id": customer.id, "invoice_id": item.invoice_id, "installment_id": item.id}
    held = actions.hold(books.by, reason="person", **{f"{scope}_id": names[f"{scope}_id"]}, note="Asked to wait")
    assert held.customer_id == customer.id
    assert queries.why_held(books.org, item.id, books.by.today) == [held]
    assert queries.why_held(books.org, other.id, books.by.today) == ([held] if scope == "customer" else [])


def test_a_hold_lasts_from_its_first_through_its_last_day(books) -> None:
    item = books.item(books.customer())
    actions.hold(books.by, reason="promise", installment_id=item.id, from_on=books.ago(3), until_on=books.ago(1))
    days = {days: len(queries.why_held(books.org, item.id, books.ago(days))) for days in (4, 3, 1, 0)}
    assert days == {4: 0, 3: 1, 1: 1, 0: 0}


def test_a_released_hold_holds_no_more_from_that_day(books) -> None:
    item = books.item(books.customer())
    held = actions.hold(books.by, reason="person", installment_id=item.id, from_on=books.ago(3))
    actions.release_hold(books.by, held.id, why="They paid", released_on=books.ago(1))
    assert [len(queries.why_held(books.org, item.id, books.ago(days))) for days in (2, 1)] == [1, 0]
    assert actions.release_hold(books.by, held.id).released_on == books.ago(1), "released once"


def test_a_hold_on_a_part_needs_a_document(books) -> None:
    customer = books.customer()
    item = books.item(customer)
    actions.hold(books.by, reason="dispute", invoice_id=item.invoice_id, amount=Decimal(30))
    with pytest.raises(Problem):
        actions.hold(books.by, reason="promise", customer_id=customer.id, amount=Decimal(30))
    with pytest.raises(Problem):
        actions.hold(books.by, reason="person", customer_id=customer.id, from_on=books.ago(1), until_on=books.ago(2))
    with pytest.raises(Problem):
        actions.hold(books.by, reason="person", customer_id=books.customer("Otra").id, invoice_id=item.invoice_id)
