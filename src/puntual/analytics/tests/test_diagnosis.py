"""What the record suggests of a customer: by rules, and from a ledger."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puntual.agreements.models import Promise
from puntual.agreements.profiles.actions import record_finding
from puntual.analytics.diagnosis.proposing import HALF_LIFE, WEIGHTS, Known, Record, Signal, propose
from puntual.analytics.diagnosis.queries import diagnose
from puntual.payments.actions import record_payment
from puntual.receivables.tests.build import Books, books_for

DAY = date(2026, 11, 23)


def ago(days: int) -> date:
    return DAY - timedelta(days=days)


def record(*signals: tuple[str, int] | tuple[str, int, int], overdue: int = 40) -> Record:
    return Record(tuple(Signal(code, ago(days), *times) for code, days, *times in signals), overdue)


@pytest.mark.parametrize(
    ("known", "willing", "able", "reason"),
    [
        (record(("promise_kept", 5), ("promise_kept", 3)), True, True, ""),
        (record(("part_payment", 4, 3), ("answered", 2)), True, False, "short_of_cash"),
        (record(("promise_broken", 5, 2), ("newer_paid_first", 9)), False, True, "priorities"),
        (
            record(("promise_broken", 5, 2), ("instrument_returned", 9), ("silence", 2, 5)),
            False,
            False,
            "short_of_cash",
        ),
        (record(("used_to_pay_in_time", 60), overdue=6), True, True, "forgotten"),
        (replace(record(), disputed_on=ago(3)), None, None, "disagrees"),
        (replace(record(), lacking_on=ago(3)), None, None, "paperwork"),
        (replace(record(("insolvent", 30)), insolvent=True), None, False, "closing"),
    ],
)
def test_what_is_suggested(known: Record, willing: bool | None, able: bool | None, reason: str) -> None:
    found = propose(known, DAY)
    assert found and (found.willing, found.able, found.reason) == (willing, able, reason)


@pytest.mark.parametrize(
    "known",
    [
        record(),
        record(("answered", 200)),
        record(("promise_kept", 5), overdue=0),
        record(("promise_kept", 2), ("promise_broken", 2), ("silence", 400)),
    ],
)
def test_where_the_record_does_not_say_nothing_is_suggested(known: Record) -> None:
    found = propose(known, DAY)
    assert found is None or (found.willing is None and not found.reason)


def test_what_a_person_found_out_stands_until_something_newer_says_otherwise() -> None:
    known = record(("promise_broken", 5, 3), ("newer_paid_first", 9))
    assert propose(replace(known, known=Known(True, True, "", ago(2))), DAY) is None
    assert propose(replace(known, known=Known(False, True, "priorities", ago(90))), DAY) is None
    found = propose(replace(known, known=Known(True, True, "", ago(90))), DAY)
    assert found and (found.willing, found.newest, found.age(DAY)) == (False, ago(5), 5)


@given(
    st.lists(st.tuples(st.sampled_from(sorted(WEIGHTS)), st.integers(0, 400), st.integers(1, 9)), max_size=6),
    st.integers(0, 300),
)
def test_evidence_only_fades(signals: list[tuple[str, int, int]], later: int) -> None:
    for code, days, times in signals:
        one = Signal(code, ago(days), times)
        assert 0 <= one.strength(DAY + timedelta(days=later)) <= one.strength(DAY) < 2 + 1e-9
    now = propose(record(*signals), DAY)
    assert now is None or set(now.signals) == {Signal(code, ago(days), times) for code, days, times in signals}


def test_half_of_it_after_the_half_life() -> None:
    assert Signal("answered", ago(HALF_LIFE)).strength(DAY) == 0.5 * Signal("answered", DAY).strength(DAY)


@pytest.fixture
def books(acting) -> Books:
    return books_for(acting.actor())


def paid(books: Books, customer, item, amount: str, days_ago: int) -> None:
    record_payment(
        books.on(books.ago(days_ago)), customer_id=customer.id, reference=f"{item.id}-{days_ago}",
        received_on=books.ago(days_ago), currency="PEN", amount=Decimal(amount),
    )  # fmt: skip


def test_from_the_ledger(books: Books) -> None:
    customer = books.customer(tags=["textil"])
    assert diagnose(customer, books.by.today).proposal is None
    old = books.item(customer, "1000", late=60)
    paid(books, customer, old, "200", 20)
    paid(books, customer, old, "100", 8)
    found = diagnose(customer, books.by.today)
    assert found.company and found.sector == ("textil",) and found.billed == {"PEN": 1000}
    assert [(one.code, one.times) for one in found.proposal.signals] == [("part_payment", 2)]
    assert (found.proposal.willing, found.proposal.able) == (True, False)
    Promise.objects.create(
        organization_id=books.org, creditor=books.creditor, customer=customer, currency="PEN", amount=Decimal(700),
        promised_for=books.ago(4), made_on=books.ago(9), state="broken", valued_on=books.ago(2), ended_on=books.ago(2),
        recorded_at=books.by.now, recorded_by="Ana",
    )  # fmt: skip
    codes = {one.code for one in diagnose(customer, books.by.today).proposal.signals}
    assert codes == {"part_payment", "promise_broken"}
    record_finding(books.by, customer.id, willing=True, able=False, reason="late_income", evidence="Llamada")
    assert diagnose(customer, books.by.today).proposal is None
