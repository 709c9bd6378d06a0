"""Money in: by hand, back-dated, in part, over several invoices and customers, on account, reversed, given back."""

from decimal import Decimal

import pytest

from puntual.audit.models import Record
from puntual.kernel.problems import Problem
from puntual.payments import queries
from puntual.payments.actions import Designation, apply_on_account, record_payment, refund, reverse_payment, unallocate
from puntual.payments.models import Allocation, Payment
from puntual.payments.problems import (
    AllocationEnded,
    AlreadyReversed,
    MoreThanOnAccount,
    PartlyRefunded,
    ReferenceTaken,
)
from puntual.receivables import actions as ledger
from puntual.receivables.problems import ClosedPeriod, FutureDate, NotOfThisCustomer, NotPositive
from puntual.receivables.queries import balances, items


def pay(books, customer, amount="100", *, ago=0, reference=None, **more) -> Payment:
    return record_payment(
        more.pop("by", books.by),
        customer_id=customer.id,
        reference=reference or f"OP-{next(books.numbers)}",
        received_on=books.ago(ago),
        currency=more.pop("currency", "PEN"),
        amount=Decimal(amount),
        **more,
    )


def on_account(books, *days: int) -> list[Decimal]:
    """Everybody's money on account as of so many days ago."""
    return [sum(one.amount for one in queries.on_account(books.org, as_of=books.ago(ago))) for ago in days]


def test_the_oldest_first_and_the_rest_on_account(books) -> None:
    customer = books.customer()
    new, old = books.item(customer, "100", late=5), books.item(customer, "100", late=40)
    assert pay(books, customer, "150").unapplied == 0
    assert books.open(old, new) == [0, 50]
    assert pay(books, customer, "80").unapplied == 30
    assert books.open(old, new) == [0, 0]
    assert [(one.currency, one.amount) for one in queries.on_account(books.org)] == [("PEN", 30)]


def test_what_the_payer_designates_binds(books) -> None:
    customer = books.customer()
    old, new = books.item(customer, "100", late=40), books.item(customer, "100", late=5)
    pay(books, customer, "120", designations=[Designation(new.id)])
    assert books.open(old, new) == [80, 0]
    held_back = pay(books, customer, "50", designations=[Designation(old.id, Decimal(10))], oldest_first=False)
    assert (held_back.unapplied, books.open(old)) == (40, [70])


def test_whoever_withholds_pays_the_net_of_each(books) -> None:
    customer = books.customer()
    deduction = (ledger.Deduction("detraction", Decimal(120)),)
    first = books.item(customer, "1000", late=40, deductions=deduction)
    second = books.item(customer, "1000", late=10, deductions=deduction)
    assert pay(books, customer, "1760").unapplied == 0
    assert books.open(first, second) == [120, 120]


def test_a_payment_counts_from_the_day_it_came(books) -> None:
    customer = books.customer()
    item = books.item(customer, "100", late=20)
    pay(books, customer, "60", ago=12)
    assert books.entries(item, "payment")[0].effective_on == books.ago(12)
    assert [one.open for one in items(books.org, as_of=books.ago(13))] == [100]
    assert [one.open for one in items(books.org, as_of=books.ago(12))] == [40]
    pay(books, customer, "40", ago=15)
    assert books.again(item).settled_on == books.ago(12), "the later of the two, though recorded first"


def test_money_before_the_invoice_is_on_account_until_its_issue(books) -> None:
    customer = books.customer()
    item = books.item(customer, "100", late=-20, issued=10)
    pay(books, customer, "100", ago=15)
    assert books.again(item).settled_on == books.ago(10)
    on_account = {
        days: sum(one.amount for one in queries.on_account(books.org, as_of=books.ago(days)))
        for days in (16, 15, 11, 10)
    }
    assert on_account == {16: 0, 15: 100, 11: 100, 10: 0}


def test_over_the_customers_of_one_payer(books) -> None:
    payer = books.customer("Grupo")
    one, two = books.customer("Planta 1", paid_by=payer), books.customer("Planta 2", paid_by=payer)
    stranger = books.customer("Otra")
    items = [books.item(two, "50", late=9), books.item(one, "50", late=30), books.item(payer, "50", late=20)]
    foreign = books.item(stranger, "50", late=90)
    pay(books, payer, "120")
    assert books.open(*items, foreign) == [30, 0, 0, 50]
    pay(books, one, "10")
    assert books.open(items[0]) == [30], "whoever is paid for does not pay for its sister"
    with pytest.raises(NotOfThisCustomer):
        pay(books, payer, "50", designations=[Designation(foreign.id)])


def test_another_currency_is_never_touched(books) -> None:
    customer = books.customer()
    dollars = books.item(customer, "100", currency="USD")
    assert pay(books, customer, "100").unapplied == 100
    assert books.open(dollars) == [100]
    with pytest.raises(NotOfThisCustomer):
        pay(books, customer, designations=[Designation(dollars.id)])


def test_sold_claims_are_settled_only_by_name(books) -> None:
    customer = books.customer()
    sold, ours = books.item(customer, "100", late=40), books.item(customer, "100", late=5)
    ledger.set_claim_owner(books.by, sold.invoice_id, "sold", books.ago(30))
    pay(books, customer, "150")
    assert books.open(sold, ours) == [100, 0]


def test_the_same_reference_is_the_same_payment(books) -> None:
    customer, other = books.customer(), books.customer("Otra")
    books.item(customer, "100")
    first = pay(books, customer, reference="OP-1")
    assert pay(books, customer, reference="OP-1") == first
    assert Allocation.objects.filter(organization_id=books.org).count() == 1
    for change in ({"amount": "99"}, {"ago": 1}, {"customer": other}, {"currency": "USD"}):
        with pytest.raises(ReferenceTaken) as refused:
            pay(books, change.pop("customer", customer), reference="OP-1", **change)
        assert len(refused.value.differs) == 1


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"amount": "0"}, NotPositive),
        ({"amount": "0.001"}, Problem),
        ({"ago": -1}, FutureDate),
        ({"ago": 30}, ClosedPeriod),
    ],
)
def test_refused_in_words(books, change, refusal) -> None:
    ledger.close_period(books.by, books.creditor.id, books.ago(30))
    with pytest.raises(refusal):
        pay(books, books.customer(), **change)
    assert not Payment.objects.filter(organization_id=books.org).exists()


def test_money_on_account_is_applied_later(books) -> None:
    customer = books.customer()
    payment = pay(books, customer, "100", ago=50)
    item, named = books.item(customer, "70", late=5), books.item(customer, "70", late=1)
    made = apply_on_account(books.by, payment.id, designations=[Designation(named.id, Decimal(20))])
    assert [(one.installment_id, one.amount, one.entry.effective_on) for one in made] == [
        (named.id, 20, books.by.today)
    ]
    apply_on_account(books.by, payment.id, effective_on=books.ago(2))
    assert books.open(item, named) == [0, 40]
    assert apply_on_account(books.by, payment.id) == [], "nothing is left"


def test_taken_off_an_item_it_is_on_account_again(books) -> None:
    customer = books.customer()
    item = books.item(customer, "100")
    payment = pay(books, customer, "100", ago=5)
    allocation = Allocation.objects.get(organization_id=books.org, payment=payment)
    assert unallocate(books.by, allocation.id, why="It was for another one").unapplied == 100
    assert books.open(item) == [100]
    assert books.again(item).settled_on is None
    with pytest.raises(AllocationEnded):
        unallocate(books.by, allocation.id, why="Again")
    assert on_account(books, 1, 0) == [
        0,
        100,
    ]


def test_a_reversed_payment_brings_everything_back(books) -> None:
    customer = books.customer()
    due, later = books.item(customer, "100", late=20), books.item(customer, "100", late=3)
    payment = pay(books, customer, "250", ago=10)
    assert payment.unapplied == 50
    reversed_payment = reverse_payment(books.by, payment.id, reason="Bounced check", reversed_on=books.ago(4))
    assert (reversed_payment.unapplied, reversed_payment.reversed_on) == (0, books.ago(4))
    assert books.open(due, later) == [100, 100]
    assert [one.due_on for one in items(books.org)] == [books.ago(20), books.ago(3)], "with the age they have"
    assert [len(items(books.org, as_of=books.ago(days))) for days in (11, 10, 5, 4)] == [2, 0, 0, 2]
    assert on_account(books, 5, 4) == [
        50,
        0,
    ]
    for attempt in (
        lambda: reverse_payment(books.by, payment.id, reason="x"),
        lambda: apply_on_account(books.by, payment.id),
    ):
        with pytest.raises(AlreadyReversed):
            attempt()
    assert pay(books, customer, "250", ago=10, reference=payment.reference).id == payment.id, (
        "a retry does not pay it again"
    )


def test_a_mistake_is_undone_as_of_the_day_it_was_made(books) -> None:
    customer = books.customer()
    books.item(customer, "100", late=20)
    payment = pay(books, customer, "100", ago=10)
    reverse_payment(books.by, payment.id, reason="Another customer's", reversed_on=books.ago(10))
    assert {len(items(books.org, as_of=books.ago(days))) for days in range(12)} == {1}, "it never counted"
    assert pay(books, customer, "100", ago=10).unapplied == 0


def test_payments_of_a_closed_period_are_reversed_after_it(books) -> None:
    customer = books.customer()
    books.item(customer, "100", late=60)
    payment = pay(books, customer, "100", ago=40)
    ledger.close_period(books.by, books.creditor.id, books.ago(30))
    with pytest.raises(ClosedPeriod):
        reverse_payment(books.by, payment.id, reason="Bounced", reversed_on=books.ago(35))
    reverse_payment(books.by, payment.id, reason="Bounced")
    assert [len(items(books.org, as_of=books.ago(days))) for days in (35, 0)] == [0, 1]


def test_money_on_account_is_given_back(books) -> None:
    customer = books.customer()
    payment = pay(books, customer, "100", ago=5)
    given = refund(books.by, payment.id, amount=Decimal(30), refunded_on=books.ago(2), reference="R-1")
    assert refund(books.by, payment.id, amount=Decimal(30), refunded_on=books.ago(2), reference="R-1") == given
    assert on_account(books, 3, 2) == [
        100,
        70,
    ]
    with pytest.raises(ReferenceTaken):
        refund(books.by, payment.id, amount=Decimal(31), refunded_on=books.ago(2), reference="R-1")
    with pytest.raises(MoreThanOnAccount):
        refund(books.by, payment.id, amount=Decimal(71), refunded_on=books.by.today, reference="R-2")
    with pytest.raises(PartlyRefunded):
        reverse_payment(books.by, payment.id, reason="Bounced")


def test_money_for_a_written_off_item_is_a_recovery(books) -> None:
    customer = books.customer()
    item = books.item(customer, "100", late=200)
    ledger.write_off(books.by, item.id, why="Gone", effective_on=books.ago(20))
    payment = pay(books, customer, "150", ago=3, designations=[Designation(item.id)])
    assert (payment.unapplied, books.again(item).written_off) == (50, 0)
    assert books.entries(item, "recovery")[0].effective_on == books.ago(3)
    assert books.again(item).settled_on == books.ago(20)
    reverse_payment(books.by, payment.id, reason="Bounced")
    assert (books.open(item), books.again(item).written_off) == ([0], 100)
    assert balances(books.org, books.by.today)[0].written_off == 100


def test_one_audit_entry_for_each_verb(books) -> None:
    customer = books.customer()
    books.item(customer)
    before = Record.objects.filter(organization_id=books.org).count()
    payment = pay(books, customer)
    reverse_payment(books.by, payment.id, reason="Bounced")
    records = Record.objects.filter(organization_id=books.org).order_by("-id")
    assert records.count() == before + 2
    assert [record.action for record in records[:2]] == ["payments.reverse_payment", "payments.record_payment"]
    assert records[0].why == "Bounced"


def test_received_since_leaves_reversed_money_out(books) -> None:
    customer = books.customer()
    pay(books, customer, "10", ago=9)
    pay(books, customer, "20", ago=3)
    reverse_payment(books.by, pay(books, customer, "40", ago=2).id, reason="x")
    assert queries.received_since(books.org, books.ago(5)) == {(customer.id, "PEN"): 20}
    assert [one.amount for one in queries.payments_of(books.org, customer.id)] == [40, 20, 10]


def test_reads_are_one_query_for_any_number_of_customers(books, django_assert_num_queries) -> None:
    ids = [books.customer(str(n)).id for n in range(3)]
    for as_of in (None, books.ago(1)):
        with django_assert_num_queries(1):
            queries.on_account(books.org, ids, as_of)
