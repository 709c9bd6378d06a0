"""Charging late interest: off unless turned on, a day at most once, waivable, for a whole portfolio."""

from datetime import date
from decimal import Decimal

import pytest

from puntual.kernel.problems import Problem
from puntual.payments.actions import record_payment
from puntual.receivables import actions
from puntual.receivables.interest.models import InterestCharge
from puntual.receivables.interest.queries import accruals, charges_of
from puntual.receivables.models import Invoice
from puntual.receivables.problems import FutureDate

TODAY = date(2025, 9, 30)


def late(books, amount="10000", due_on=date(2025, 5, 31), customer=None, **more):
    late_by = (books.by.today - due_on).days
    return books.item(customer or books.customer(), amount, late=late_by, currency="EUR", **more)


def turn_on(books, **more):
    return actions.set_interest_terms(
        books.by, books.creditor.id, more.pop("basis", "law"), from_on=date(2025, 1, 1), **more
    )


def charges(books):
    return list(Invoice.objects.filter(organization_id=books.org, kind="charge").order_by("number"))


def test_off_until_it_is_turned_on(spain) -> None:
    late(spain)
    assert list(accruals(spain.org, TODAY)) == []
    assert actions.charge_interest(spain.by, TODAY).charges == 0
    turn_on(spain)
    assert actions.charge_interest(spain.by, TODAY).charges == 1
    actions.end_interest_terms(spain.by, spain.creditor.id)
    assert list(accruals(spain.org, TODAY)) == []


def test_a_charge_is_a_document_of_its_own_with_its_lines(spain) -> None:
    item = late(spain)
    turn_on(spain, fixed=True)
    made = actions.charge_interest(spain.by, TODAY)
    fixed, interest = charges(spain)
    assert (fixed.number, fixed.amount) == (f"FIX-{item.invoice.number}", 40)
    assert (interest.number, interest.amount) == (f"INT-{item.invoice.number}-20250930", Decimal("347.48"))
    assert interest.charge_for_id == item.invoice_id and interest.issued_on == TODAY
    assert spain.item_of(interest).due_on == date(2025, 10, 30)
    assert (made.charges, dict(made.totals)) == (2, {"EUR": Decimal("387.48")})
    kept = charges_of(spain.org, [item.invoice_id]).get(kind="interest")
    assert [(line["days"], line["percent"], line["amount"]) for line in kept.lines] == [
        (30, "11.15", "91.64"),
        (92, "10.15", "255.84"),
    ]


def test_no_day_twice_and_on_from_where_it_ended(spain) -> None:
    late(spain)
    turn_on(spain, fixed=True)
    actions.charge_interest(spain.by, date(2025, 6, 30))
    assert actions.charge_interest(spain.by, date(2025, 6, 30)).charges == 0
    actions.charge_interest(spain.by, TODAY)
    kept = list(InterestCharge.objects.filter(organization_id=spain.org, kind="interest").order_by("first_day"))
    assert [(one.first_day, one.last_day, one.amount) for one in kept] == [
        (date(2025, 6, 1), date(2025, 6, 30), Decimal("91.64")),
        (date(2025, 7, 1), TODAY, Decimal("255.84")),
    ]
    assert len(charges(spain)) == 3


def test_the_principal_paid_still_owes_what_had_accrued(spain) -> None:
    item = late(spain)
    turn_on(spain)
    record_payment(
        spain.by,
        customer_id=item.customer_id,
        reference="P-1",
        received_on=date(2025, 6, 10),
        currency="EUR",
        amount=Decimal(10000),
    )
    assert actions.charge_interest(spain.by, TODAY).totals == {"EUR": Decimal("30.55")}
    assert actions.charge_interest(spain.by, TODAY).charges == 0


def test_interest_bears_no_interest(spain) -> None:
    late(spain)
    turn_on(spain)
    actions.charge_interest(spain.by, date(2025, 6, 30))
    later = spain.on(date(2025, 12, 31))
    actions.charge_interest(later, date(2025, 12, 31))
    kept = InterestCharge.objects.filter(organization_id=spain.org).order_by("-last_day").first()
    assert {line["principal"] for line in kept.lines} == {"10000.00"}
    assert InterestCharge.objects.filter(organization_id=spain.org).count() == 2


def test_what_is_waived_is_not_charged_again(spain) -> None:
    late(spain)
    turn_on(spain)
    actions.charge_interest(spain.by, TODAY)
    (charge,) = charges(spain)
    actions.waive_charge(spain.by, charge.id, why="Long-standing customer")
    assert spain.item_of(charge).open_amount == 0
    assert actions.charge_interest(spain.by, TODAY).charges == 0


def test_a_credit_note_after_the_due_date_was_never_owed(spain) -> None:
    item = late(spain)
    turn_on(spain)
    note = actions.issue_credit_note(
        spain.by,
        customer_id=item.customer_id,
        number="NC-1",
        issued_on=date(2025, 8, 1),
        currency="EUR",
        amount=Decimal(4000),
        invoice_id=item.invoice_id,
    )
    for _apply in range(2):  # while it waits, and once it is set against the invoice
        (found,) = accruals(spain.org, date(2025, 6, 30))
        assert [line.principal for line in found.lines] == [6000]
        actions.apply_credit_note(spain.by, note.id)


def test_a_hold_that_stops_interest_and_one_that_does_not(spain) -> None:
    item = late(spain)
    turn_on(spain)
    for stops in (False, True):
        actions.hold(
            spain.by,
            reason="dispute",
            installment_id=item.id,
            from_on=date(2025, 6, 11),
            until_on=date(2025, 6, 20),
            stops_interest=stops,
        )
        (found,) = accruals(spain.org, date(2025, 6, 30))
        assert sum(line.days for line in found.lines) == (20 if stops else 30)


def test_a_customer_of_its_own_terms(spain) -> None:
    spared, agreed = spain.customer("Spared"), spain.customer("Agreed")
    late(spain, customer=spared)
    late(spain, customer=agreed)
    turn_on(spain)
    turn_on(spain, basis="never", customer_id=spared.id)
    turn_on(spain, basis="agreed", customer_id=agreed.id, percent=Decimal(6), clause="Contract 7, clause 9")
    assert actions.charge_interest(spain.by, date(2025, 6, 30)).totals == {"EUR": Decimal("49.32")}


def test_a_rate_that_is_not_known_yet_is_entered_with_its_source(spain) -> None:
    late(spain, due_on=date(2025, 5, 31))
    turn_on(spain)
    later = spain.on(date(2026, 1, 31))
    (found,) = accruals(spain.org, later.today)
    assert found.through == date(2025, 12, 31) and found.why_not
    with pytest.raises(Problem, match="without a source"):
        actions.add_rate(later, "ecb-mro-half-year", date(2026, 1, 1), Decimal("2.15"), source=" ")
    actions.add_rate(
        later, "ecb-mro-half-year", date(2026, 1, 1), Decimal("2.15"), source="OJ C", valid_to=date(2026, 6, 30)
    )
    (found,) = accruals(spain.org, later.today)
    assert (found.through, found.why_not, found.lines[-1].days) == (date(2026, 1, 31), None, 31)


@pytest.mark.parametrize(
    ("country", "basis", "more", "why"),
    [
        ("AR", "law", {}, "No late-payment law"),
        ("PE", "law", {}, "only where a rate was agreed"),
        ("ES", "agreed", {}, "percent a year"),
    ],
)
def test_terms_that_cannot_be(spain, country, basis, more, why) -> None:
    spain.creditor.country = country
    spain.creditor.save(update_fields=["country"])
    with pytest.raises(Problem, match=why):
        turn_on(spain, basis=basis, **more)


def test_not_for_days_to_come(spain) -> None:
    with pytest.raises(FutureDate):
        actions.charge_interest(spain.by, date(2025, 10, 1))
