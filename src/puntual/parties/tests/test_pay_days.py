"""When a customer pays by its own rules, day by day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import Cast
from puntual.kernel.calendars import BusinessCalendar
from puntual.kernel.problems import Problem
from puntual.parties.models import Creditor, Customer, Party, PaymentRules
from puntual.parties.pay_days import PayDays, expected_on, pay_day
from puntual.parties.rules import payment_rules_of, set_payment_rules

PERU = BusinessCalendar("PE")
ISSUED = date(2026, 10, 1)


def rules(*days: int, weekdays: tuple[int, ...] = (), cut_off: int = 0, cap: int = 30) -> PayDays:
    return PayDays(frozenset(days), frozenset(weekdays), cut_off, cap)


@pytest.mark.parametrize(
    ("due", "mine", "paid_on", "expected"),
    [
        # Nothing agreed: nothing moves.
        (date(2026, 11, 10), rules(), None, None),
        # The 15th is a Sunday: paid on Monday the 16th, and seen two working days later.
        (date(2026, 11, 10), rules(15, 30), date(2026, 11, 16), date(2026, 11, 18)),
        # Due on the Monday itself: the Sunday's pay day is paid that day.
        (date(2026, 11, 16), rules(15, 30), date(2026, 11, 16), date(2026, 11, 18)),
        (date(2026, 11, 17), rules(15, 30), date(2026, 11, 30), date(2026, 12, 2)),
        # Due on a pay day: the money still needs its two days.
        (date(2026, 11, 30), rules(30), date(2026, 11, 30), date(2026, 12, 2)),
        # A day that February does not have is its last one, the 28th: a Sunday in 2027, so paid on Monday.
        (date(2027, 2, 20), rules(30), date(2027, 3, 1), date(2027, 3, 3)),
        (date(2026, 11, 20), rules(31), date(2026, 11, 30), date(2026, 12, 2)),
        # Fridays; 8 and 9 December are holidays in Peru.
        (date(2026, 12, 1), rules(weekdays=(4,)), date(2026, 12, 4), date(2026, 12, 10)),
        # The cap stops the wait before the pay day comes.
        (date(2026, 11, 1), rules(30, cap=10), date(2026, 11, 30), date(2026, 11, 11)),
        (date(2026, 11, 1), rules(30, cap=0), date(2026, 11, 30), None),
    ],
)
def test_the_first_pay_day_on_or_after_the_due_date(
    due: date, mine: PayDays, paid_on: date | None, expected: date | None
) -> None:
    assert pay_day(due, ISSUED, mine, PERU) == paid_on
    assert expected_on(due, ISSUED, mine, PERU) == expected


@pytest.mark.parametrize(
    ("issued", "expected"), [(date(2026, 11, 4), date(2026, 11, 20)), (date(2026, 11, 11), date(2026, 11, 27))]
)
def test_what_came_after_the_cut_off_waits_for_the_next_pay_day(issued: date, expected: date) -> None:
    fridays = rules(weekdays=(4,), cut_off=10)
    assert pay_day(date(2026, 11, 16), issued, fridays, PERU) == expected


@given(
    st.dates(date(2026, 1, 1), date(2030, 12, 31)),
    st.integers(0, 60),
    st.frozensets(st.integers(1, 31), max_size=4),
    st.frozensets(st.integers(0, 6), max_size=3),
    st.integers(0, 31),
    st.integers(0, 90),
)
def test_never_before_the_due_date_nor_after_the_cap(
    due: date, terms: int, days: frozenset[int], weekdays: frozenset[int], cut_off: int, cap: int
) -> None:
    mine = PayDays(days, weekdays, cut_off, cap)
    found = expected_on(due, due - timedelta(days=terms), mine, PERU)
    assert (found is None) >= (not mine)
    assert found is None or due < found <= due + timedelta(days=cap)
    paid_on = pay_day(due, due - timedelta(days=terms), mine, PERU)
    assert paid_on is None or (paid_on >= due and PERU.is_business_day(paid_on))


@pytest.fixture
def customer(acting: Cast) -> Customer:
    creditor = Creditor.objects.create(
        organization_id=acting.id, code="SEM", name="Sembria", country="PE", currency="PEN", language="es"
    )
    party = Party.objects.create(organization_id=acting.id, name="Andes", search_name="andes", country="PE")
    return Customer.objects.create(
        organization_id=acting.id, creditor=creditor, party=party, code="C-1", name="Andes", search_name="andes",
        language="es", time_zone="America/Lima", created_on=date(2026, 1, 1),
    )  # fmt: skip


def test_rules_are_replaced_and_taken_away(acting: Cast, customer: Customer) -> None:
    by = acting.actor()
    kept = set_payment_rules(by, customer.id, pay_days=[30, 15, 15], documents=[" Guía firmada ", ""], portal=" x ")
    assert kept and (kept.pay_days, kept.documents, kept.portal) == ([15, 30], ["Guía firmada"], "x")
    set_payment_rules(by, customer.id, weekdays=[4], needs_order=True)
    again = payment_rules_of(acting.id, customer.id)
    assert again and (again.id, again.pay_days, again.weekdays, again.documents) == (kept.id, [], [4], [])
    assert set_payment_rules(by, customer.id) is None
    assert not PaymentRules.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"pay_days": [0]}, {"pay_days": [32]}, {"weekdays": [7]}, {"cap_days": 91}, {"cut_off_days": 40}]
)
def test_days_that_are_none(acting: Cast, customer: Customer, wrong: dict[str, object]) -> None:
    with pytest.raises(Problem):
        set_payment_rules(acting.actor(), customer.id, **wrong)  # type: ignore[arg-type]
