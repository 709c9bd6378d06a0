"""From the bank's line to the settled invoice: by itself where that is safe, else by a person, who teaches it."""

from decimal import Decimal

import pytest

from puntual.kernel.problems import Problem
from puntual.parties.references import payment_reference
from puntual.payments.models import BankLine, LineProposal, LineSettlement, PayerTrait, Payment
from puntual.payments.reconciling.actions import (
    LineDone,
    Share,
    SharesDiffer,
    accept,
    forget_trait,
    ignore_line,
    set_bar,
    settle_line,
    undo_line,
)
from puntual.payments.reconciling.running import match_lines
from puntual.payments.reconciling.tests.conftest import Bank
from puntual.payments.reconciling.trust import trust_of
from puntual.receivables.models import Entry
from puntual.receivables.settling import Designation
from puntual.receivables.tests.build import Books

State = BankLine.State


def run(books: Books) -> dict[str, int]:
    return dict(match_lines(books.by, books.creditor.id))


def test_what_names_its_invoice_is_posted_by_itself(books: Books, bank: Bank) -> None:
    customer = books.customer()
    item = books.item(customer, "1180", number="F001-00012345")
    other = books.item(customer, "250", late=60)
    line = bank.line("1180", "PAGO FACT F001 12345", ago=2)
    assert run(books) == {"matched": 1}
    assert bank.again(line).state == State.MATCHED
    assert books.open(item, other) == [0, 250]
    payment = Payment.objects.get()
    assert (payment.received_on, payment.unapplied, payment.customer_id) == (books.ago(2), 0, customer.id)
    assert LineSettlement.objects.get().automatic
    assert run(books) == {}  # once is enough
    assert Payment.objects.count() == 1


def test_what_is_not_sure_waits_with_its_proposals(books: Books, bank: Bank) -> None:
    customer = books.customer()
    books.item(customer, "100", number="F-1001")
    books.item(customer, "100", number="F-1002")
    line = bank.line("100", payment_reference(customer.id))
    assert run(books) == {"unmatched": 1}
    found = list(LineProposal.objects.filter(line=line).order_by("rank"))
    assert {one.rule for one in found} == {"reference_exact"}
    assert not any(one.sure for one in found)
    assert len(found) == 2
    assert Payment.objects.count() == 0


def test_a_person_accepts_and_the_account_is_known_from_then_on(books: Books, bank: Bank) -> None:
    customer = books.customer("Textiles Quenara")
    first, second = books.item(customer, "431.17"), books.item(customer, "512.09")
    line = bank.line("431.17", "TRANSF", payer_name="Holding Austral", payer_account="PE 77 0001")
    assert run(books) == {"unmatched": 1}
    assert LineProposal.objects.get(line=line).rule == "amount_exact"
    accept(books.by, line.id)
    assert books.open(first, second) == [0, Decimal("512.09")]
    traits = PayerTrait.objects.order_by("kind")
    assert [(one.kind, one.shown, one.customer_id) for one in traits] == [
        ("account", "PE 77 0001", customer.id),
        ("name", "Holding Austral", customer.id),
    ]
    again = bank.line("512.09", "TRANSF", payer_account="PE770001")
    assert run(books) == {"matched": 1}
    assert bank.again(again).state == State.MATCHED
    with pytest.raises(LineDone):
        accept(books.by, line.id)


def test_what_was_learned_can_be_unlearned(books: Books, bank: Bank) -> None:
    customer = books.customer()
    books.item(customer, "431.17")
    books.item(customer, "512.09")
    line = bank.line("431.17", payer_account="PE770001")
    run(books)
    accept(books.by, line.id)
    forget_trait(books.by, PayerTrait.objects.get().id, why="they sold the company")
    bank.line("512.09", payer_account="PE770001")
    assert run(books) == {"unmatched": 1}


def test_a_line_is_split_over_customers(books: Books, bank: Bank) -> None:
    one, other = books.customer("Uno"), books.customer("Otro")
    items = books.item(one, "100"), books.item(other, "200")
    line = bank.line("330", "PAGO VARIOS")
    run(books)
    with pytest.raises(SharesDiffer):
        settle_line(books.by, line.id, [Share(one.id, Decimal(100)), Share(other.id, Decimal(200))])
    made = settle_line(
        books.by,
        line.id,
        [
            Share(one.id, Decimal(100), (Designation(items[0].id, Decimal(100)),)),
            Share(other.id, Decimal(230), (Designation(items[1].id, Decimal(200)),)),
        ],
    )
    assert [payment.unapplied for payment in made] == [0, 30]
    assert books.open(*items) == [0, 0]
    assert PayerTrait.objects.count() == 0  # who pays for two is not known by it


def test_undoing_brings_everything_back(books: Books, bank: Bank) -> None:
    customer = books.customer()
    item = books.item(customer, "1180", number="F001-00012345", late=20)
    line = bank.line("1179.98", "F001-00012345", payer_account="PE1", ago=5)
    assert run(books) == {"matched": 1}  # two hundredths are a rounding
    assert books.open(item) == [0]
    assert [entry.amount for entry in books.entries(item, Entry.Kind.ADJUSTMENT)] == [Decimal("-0.02")]
    undo_line(books.by, line.id, why="it was another invoice")
    assert books.open(item) == [1180]
    assert bank.again(line).state == State.UNMATCHED
    assert run(books) == {"unmatched": 1}, "what a person has undone no rule posts again"
    accept(books.by, line.id)
    assert books.open(item) == [0]
    undo_line(books.by, line.id, why="and again")
    assert PayerTrait.objects.get().forgotten_at
    assert LineProposal.objects.filter(line=line).exists(), "what was proposed is there still"
    accept(books.by, line.id)
    assert PayerTrait.objects.filter(forgotten_at=None).count() == 1


def test_a_rule_that_was_wrong_here_has_it_on_its_record(books: Books, bank: Bank) -> None:
    customer = books.customer()
    books.item(customer, "1180", number="F001-00012345")
    line = bank.line("1180", "F001-00012345")
    run(books)
    undo_line(books.by, line.id, why="it was a deposit of ours")
    assert [(one.rule, one.agreed) for one in LineSettlement.objects.all()] == [("number_exact", False)]
    ignore_line(books.by, line.id, reason="own money")
    assert run(books) == {}


def test_the_bar_can_be_raised_and_not_lowered(books: Books, bank: Bank) -> None:
    trust = trust_of(books.org)
    assert trust.automatic("number_exact")
    assert not trust.automatic("number_over")
    wrong = next(
        rule for rule, one in sorted(trust.records.items()) if one.right < one.answers and trust.automatic(rule)
    )
    set_bar(books.by, Decimal(1))
    assert not trust_of(books.org).automatic(wrong)
    with pytest.raises(Problem):
        set_bar(books.by, Decimal("0.99"))


def test_no_line_of_another_currency_or_creditor_is_touched(books: Books, bank: Bank) -> None:
    customer = books.customer()
    books.item(customer, "100", number="F-10001", currency="USD")
    line = bank.line("100", "F-10001")
    assert run(books) == {"unmatched": 1}
    assert not LineProposal.objects.filter(line=line).exists()


def test_what_is_not_a_credit_is_left_alone(books: Books, bank: Bank) -> None:
    bank.line("-25", "COMISION")
    bank.line("100", "052", **{})
    BankLine.objects.filter(text="052").update(kind="provisional")
    assert run(books) == {}


def test_ignoring_needs_a_reason(books: Books, bank: Bank) -> None:
    line = bank.line("5")
    with pytest.raises(Problem):
        ignore_line(books.by, line.id, reason=" ")
    assert ignore_line(books.by, line.id, reason="interest").state == State.IGNORED
    assert undo_line(books.by, line.id, why="it was not").state == State.UNMATCHED


def test_a_credit_over_two_customers_of_one_payer_is_proposed_as_one(books: Books, bank: Bank) -> None:
    payer = books.customer("Holding Austral")
    first, second = books.customer("Norte", paid_by=payer), books.customer("Sur", paid_by=payer)
    items = books.item(first, "700", number="F001-00000007"), books.item(second, "300", number="F001-00000008")
    line = bank.line("1000", "PAGO F001-00000007 Y F001-00000008")
    assert run(books) == {"matched": 1}
    assert books.open(*items) == [0, 0]
    payment = Payment.objects.get()
    assert (payment.customer_id, payment.unapplied) == (payer.id, 0)
    assert bank.again(line).state == State.MATCHED


def test_a_credit_over_two_payers_is_given_by_hand_only(books: Books, bank: Bank) -> None:
    one, other = books.customer("Norte"), books.customer("Sur")
    items = books.item(one, "700", number="F001-00000007"), books.item(other, "300", number="F001-00000008")
    line = bank.line("1000", "PAGO F001-00000007 Y F001-00000008")
    assert run(books) == {"unmatched": 1}
    assert not any(each.sure for each in LineProposal.objects.filter(line=line))
    shares = [
        Share(customer.id, item.amount, (Designation(item.id, item.amount),))
        for customer, item in zip((one, other), items, strict=True)
    ]
    settle_line(books.by, line.id, shares)
    assert books.open(*items) == [0, 0]
    assert Payment.objects.count() == 2


def test_what_was_withheld_is_proposed_and_waits_for_its_certificate(books: Books, bank: Bank) -> None:
    item = books.item(books.customer(), "1180", number="F001-00000009")
    line = bank.line("1144.60", "PAGO F001-00000009")  # 3 % withheld
    assert run(books) == {"unmatched": 1}, "a withholding is never posted by itself"
    proposal = LineProposal.objects.get(line=line, rank=1)
    assert proposal.adjustments == [["withholding", str(item.id), "35.40", "3", "retencion_igv"]]
    accept(books.by, line.id)
    again = books.again(item)
    assert (again.open_amount, again.expected_deduction) == (Decimal("35.40"), Decimal("35.40"))
    undo_line(books.by, line.id, why="of another invoice")
    again = books.again(item)
    assert (again.open_amount, again.expected_deduction) == (1180, 0)
