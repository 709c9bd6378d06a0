"""Invoices, charges and credit notes: recorded once, corrected by postings, never edited."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from puntual.audit.models import Record
from puntual.kernel.problems import Problem
from puntual.receivables import actions
from puntual.receivables.actions import Designation, Part
from puntual.receivables.models import CreditNote, Entry, Installment, Invoice
from puntual.receivables.problems import (
    ClosedPeriod,
    DocumentDiffers,
    FutureDate,
    MoreThanOpen,
    NotACharge,
    NothingOpen,
    NotOfThisCustomer,
    NotPositive,
)


def issue(books, customer, number="F001-1", amount="100", **changes):
    day = changes.pop("issued_on", books.ago(40))
    parts = changes.pop("parts", [Part(day + timedelta(days=30), Decimal(amount))])
    currency = changes.pop("currency", "PEN")
    return actions.issue_invoice(
        books.by, customer_id=customer.id, number=number, issued_on=day, currency=currency, parts=parts, **changes
    )


def test_an_invoice_with_installments_is_owed_from_its_issue(books) -> None:
    parts = [Part(books.ago(10), Decimal("60.00")), Part(books.ago(-20), Decimal("40.00"))]
    invoice = issue(books, books.customer(), parts=parts)
    items = list(Installment.objects.filter(organization_id=books.org, invoice=invoice).order_by("position"))
    assert [(item.position, item.open_amount, item.due_on) for item in items] == [
        (1, 60, books.ago(10)),
        (2, 40, books.ago(-20)),
    ]
    assert invoice.amount == 100
    assert [books.entries(item, "issued")[0].effective_on for item in items] == [invoice.issued_on] * 2


def test_the_same_number_with_the_same_content_is_the_first_invoice(books) -> None:
    customer = books.customer()
    first = issue(books, customer, " f001-1 ")
    assert issue(books, customer, "F001-1") == first
    assert Invoice.objects.filter(organization_id=books.org).count() == 1


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        ({"amount": "101"}, ("amount", "installments")),
        ({"currency": "USD"}, ("currency",)),
        ({"parts": [Part(date(2026, 12, 31), Decimal(100))]}, ("installments",)),
    ],
)
def test_the_same_number_with_other_content_is_named(books, change, differs) -> None:
    customer = books.customer()
    issue(books, customer)
    with pytest.raises(DocumentDiffers) as refused:
        issue(books, customer, **change)
    assert refused.value.differs == differs


def test_one_number_may_be_an_invoice_and_a_charge(books) -> None:
    customer = books.customer()
    invoice = issue(books, customer)
    charge = issue(books, customer, amount="5", kind="charge", charge_for_id=invoice.id)
    assert charge != invoice


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"amount": "0"}, NotPositive),
        ({"amount": "-5"}, NotPositive),
        ({"amount": "1.005"}, Problem),
        ({"currency": "XYZ"}, Problem),
        ({"parts": []}, Problem),
        ({"number": "1.930438e+09"}, Problem),
        ({"issued_on": date(2026, 11, 24)}, FutureDate),
    ],
)
def test_refused_in_words(books, change, refusal) -> None:
    with pytest.raises(refusal) as refused:
        issue(books, books.customer(), **change)
    assert str(refused.value)
    assert not Invoice.objects.filter(organization_id=books.org).exists()


def test_canceling_takes_off_what_is_open_and_keeps_the_number(books) -> None:
    customer = books.customer()
    item = books.item(customer, "100", number="F001-7")
    actions.cancel_invoice(books.by, item.invoice_id, why="Issued twice")
    assert books.open(item) == [0]
    assert books.entries(item, "cancellation")[0].memo == "Issued twice"
    assert issue(books, customer, "F001-7", issued_on=item.invoice.issued_on).id == item.invoice_id
    with pytest.raises(NothingOpen):
        actions.cancel_invoice(books.by, item.invoice_id, why="Again")


def test_a_charge_is_waived_in_part_and_who_and_why_is_on_record(books) -> None:
    charge = issue(books, books.customer(), "ND-1", "30", kind="charge")
    item = books.item_of(charge)
    actions.waive_charge(books.by, charge.id, why="Good customer", amount=Decimal(10))
    assert books.open(item) == [20]
    record = Record.objects.filter(organization_id=books.org, action="receivables.waive_charge").latest("id")
    assert (record.actor_name, record.why) == ("Owner", "Good customer")
    with pytest.raises(MoreThanOpen):
        actions.waive_charge(books.by, charge.id, why="All of it", amount=Decimal(21))
    actions.waive_charge(books.by, charge.id, why="All of it")
    assert books.open(item) == [0]


def test_an_invoice_is_not_waived(books) -> None:
    with pytest.raises(NotACharge):
        actions.waive_charge(books.by, books.item(books.customer()).invoice_id, why="Please")


def note(books, customer, amount="50", number="NC-1", **more) -> CreditNote:
    day = more.pop("issued_on", books.ago(5))
    currency = more.pop("currency", "PEN")
    return actions.issue_credit_note(
        books.by,
        customer_id=customer.id,
        number=number,
        issued_on=day,
        currency=currency,
        amount=Decimal(amount),
        **more,
    )


def test_a_credit_note_waits_and_settles_the_oldest(books) -> None:
    customer = books.customer()
    new, old = books.item(customer, "40", late=1), books.item(customer, "40", late=50)
    credit = note(books, customer, "50")
    assert credit.unapplied == 50
    assert actions.apply_credit_note(books.by, credit.id).unapplied == 0
    assert books.open(old, new) == [0, 30]


def test_a_credit_note_settles_what_is_designated_and_keeps_the_rest(books) -> None:
    customer = books.customer()
    new, old = books.item(customer, "40", late=1), books.item(customer, "40", late=50)
    credit = actions.apply_credit_note(books.by, note(books, customer, "50").id, designations=[Designation(new.id)])
    assert (credit.unapplied, books.open(old, new)) == (10, [40, 0])
    credit = actions.apply_credit_note(books.by, credit.id, designations=[Designation(old.id, Decimal(4))])
    assert (credit.unapplied, books.open(old, new)) == (6, [36, 0])


def test_a_credit_note_never_leaves_its_customer_or_currency(books) -> None:
    customer, other = books.customer(), books.customer("Otra")
    foreign, dollars = books.item(other), books.item(customer, currency="USD")
    credit = note(books, customer)
    for item in (foreign, dollars):
        with pytest.raises(NotOfThisCustomer):
            actions.apply_credit_note(books.by, credit.id, designations=[Designation(item.id)])
    assert actions.apply_credit_note(books.by, credit.id).unapplied == 50
    with pytest.raises(NotOfThisCustomer):
        note(books, customer, number="NC-2", invoice_id=foreign.invoice_id)


def test_the_same_credit_note_twice(books) -> None:
    customer = books.customer()
    assert note(books, customer) == note(books, customer)
    with pytest.raises(DocumentDiffers):
        note(books, customer, "51")


def test_a_new_due_date_starts_the_manual_afresh(books) -> None:
    item = books.item(books.customer())
    moved = actions.change_due_date(books.by, item.id, books.ago(-15), why="Agreed with purchasing")
    assert (moved.due_on, moved.due_generation) == (books.ago(-15), 2)
    assert actions.change_due_date(books.by, item.id, books.ago(-15), why="Twice").due_generation == 2


def test_the_claim_owner_is_dated(books) -> None:
    item = books.item(books.customer())
    invoice = actions.set_claim_owner(books.by, item.invoice_id, "factored", books.ago(3))
    assert (invoice.claim_owner, invoice.claim_owner_since) == ("factored", books.ago(3))
    with pytest.raises(FutureDate):
        actions.set_claim_owner(books.by, item.invoice_id, "sold", books.ago(-1))


def test_nothing_is_dated_in_a_closed_period(books) -> None:
    customer = books.customer()
    item = books.item(customer, late=60)
    credit = note(books, customer, issued_on=books.ago(50))
    actions.close_period(books.by, books.creditor.id, books.ago(30))
    for attempt in (
        lambda: issue(books, customer, issued_on=books.ago(30)),
        lambda: note(books, customer, number="NC-9", issued_on=books.ago(31)),
        lambda: actions.apply_credit_note(books.by, credit.id, effective_on=books.ago(40)),
        lambda: actions.write_off(books.by, item.id, why="Old", effective_on=books.ago(30)),
        lambda: actions.close_outside(books.by, item.id, why="Gone", effective_on=books.ago(45)),
        lambda: actions.cancel_invoice(books.by, item.invoice_id, why="Twice", effective_on=books.ago(33)),
    ):
        with pytest.raises(ClosedPeriod):
            attempt()
    assert issue(books, customer, issued_on=books.ago(29)).amount == 100
    assert actions.apply_credit_note(books.by, credit.id).unapplied == 0, "an old note may be used today"


def test_a_retry_is_answered_though_the_period_was_closed_meanwhile(books) -> None:
    customer = books.customer()
    first = issue(books, customer)
    actions.close_period(books.by, books.creditor.id, books.ago(1))
    assert issue(books, customer) == first


def test_periods_close_forwards_and_only_past_days(books) -> None:
    actions.close_period(books.by, books.creditor.id, books.ago(1))
    for through in (books.ago(2), books.by.today):
        with pytest.raises(Problem):
            actions.close_period(books.by, books.creditor.id, through)


def test_every_action_leaves_one_audit_entry(books) -> None:
    customer = books.customer()
    before = Record.objects.filter(organization_id=books.org).count()
    item = books.item(customer)
    actions.apply_credit_note(books.by, note(books, customer).id, designations=[Designation(item.id)])
    assert Record.objects.filter(organization_id=books.org).count() == before + 3


def test_an_effect_is_never_before_the_item_was_there(books) -> None:
    """A credit note older than the invoice counts against it from the invoice's issue."""
    customer = books.customer()
    credit = note(books, customer, issued_on=books.ago(90))
    item = books.item(customer, "100", late=10, issued=40)
    actions.apply_credit_note(books.by, credit.id, effective_on=books.ago(80))
    entry = Entry.objects.get(organization_id=books.org, installment=item, kind="credit_note")
    assert entry.effective_on == books.ago(40)
