"""Schedules: tables of what comes out, and what always holds of them in every currency."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puntual.agreements.plans.schedule import A_YEAR, MONTHLY, RHYTHMS, RULES, Wish, borne, work_out
from puntual.kernel.calendars import BusinessCalendar
from puntual.kernel.money import currencies, from_minor, minor_units, quantum
from puntual.kernel.problems import Problem

LIMA = BusinessCalendar("PE")
TODAY = date(2026, 11, 23)  # a Monday


def wish(parts: int, first_on: date = date(2026, 12, 15), **more: object) -> Wish:
    return Wish(parts, first_on, TODAY, **{name: _value(value) for name, value in more.items()})


def _value(value: object) -> object:
    return Decimal(value) if isinstance(value, str) and value[0].isdigit() else value


@pytest.mark.parametrize(
    ("principal", "currency", "wanted", "amounts", "cost", "monthly"),
    [
        ("1000", "PEN", wish(3), ["333.34", "333.33", "333.33"], "0", "333.34"),
        ("1000", "CLP", wish(3), ["334", "333", "333"], "0", "334"),
        ("1", "CLF", wish(3), ["0.3334", "0.3333", "0.3333"], "0", "0.3334"),
        ("1000", "PEN", wish(3, down="100"), ["100", "300", "300", "300"], "0", "300"),
        ("1000", "PEN", wish(2, down_percent="10"), ["100", "450", "450"], "0", "450"),
        ("1000", "PEN", wish(1, discount_percent="20"), ["800"], "-200", "800"),
        ("1000", "PEN", wish(2, discount="100", down_percent="10"), ["90", "405", "405"], "-100", "405"),
        ("1000", "PEN", wish(4, rhythm="weekly"), ["250"] * 4, "0", "1000"),
        ("1200", "PEN", wish(6, rhythm="weekly"), ["200"] * 6, "0", "866.67"),
        ("1200", "PEN", wish(6, rhythm="fortnightly"), ["200"] * 6, "0", "433.33"),
    ],
)
def test_amounts(principal, currency, wanted, amounts, cost, monthly):
    made = work_out(Decimal(principal), currency, wanted, LIMA)
    assert [part.amount for part in made.parts] == [Decimal(amount) for amount in amounts]
    assert (made.cost, made.monthly) == (Decimal(cost), Decimal(monthly))
    assert made.principal == Decimal(principal)


@pytest.mark.parametrize(
    ("wanted", "days"),
    [
        (wish(3, date(2026, 12, 31), rule="as_is"), [date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28)]),
        (wish(3, date(2026, 12, 31)), [date(2026, 12, 31), date(2027, 2, 1), date(2027, 3, 1)]),
        (wish(3, date(2026, 12, 31), rule="previous"), [date(2026, 12, 31), date(2027, 1, 29), date(2027, 2, 26)]),
        (wish(3, date(2026, 12, 11), rhythm="weekly"), [date(2026, 12, 11), date(2026, 12, 18), date(2026, 12, 28)]),
        (wish(2, date(2026, 12, 11), rhythm="fortnightly"), [date(2026, 12, 11), date(2026, 12, 28)]),
        (Wish(1, date(2026, 11, 22), date(2026, 11, 22), rule="previous"), [date(2026, 11, 23)]),  # never before today
    ],
)
def test_days(wanted, days):
    assert [part.due_on for part in work_out(Decimal(100), "PEN", wanted, LIMA).parts] == days


def test_interest_is_an_annuity_on_real_days():
    """12 % a year on 1,000: 22 days to the first part, 31 to the second; what is paid off bears no more."""
    made = work_out(Decimal(1000), "PEN", wish(2, yearly_percent="12", rule="as_is"), LIMA)
    first, second = made.parts
    assert first.interest == Decimal("7.23")  # 1000 × 12 % × 22/365
    assert second.interest == Decimal("5.11")  # 501.06 × 12 % × 31/365
    assert (first.amount, second.amount) == (Decimal("506.17"), Decimal("506.17"))
    assert (made.principal, made.interest, made.cost) == (1000, Decimal("12.34"), Decimal("12.34"))


@pytest.mark.parametrize(
    ("day", "bears"),
    [
        (TODAY, "0"),
        (date(2026, 12, 4), "3.62"),  # 11 of 22 days
        (date(2026, 12, 15), "7.23"),
        (date(2027, 1, 14), "12.18"),
        (date(2027, 1, 15), "12.34"),
        (date(2028, 1, 1), "12.34"),
    ],
)
def test_interest_through_a_day(day, bears):
    made = work_out(Decimal(1000), "PEN", wish(2, yearly_percent="12", rule="as_is"), LIMA)
    assert sum(borne(made.parts, TODAY, day, "PEN")) == Decimal(bears)


@pytest.mark.parametrize(
    ("principal", "wanted"),
    [
        ("0", wish(3)),
        ("100", wish(0)),
        ("100", wish(61)),
        ("100.001", wish(3)),
        ("100", wish(3, date(2026, 11, 22))),
        ("100", wish(3, down="100")),
        ("100", wish(3, down="10.001")),
        ("100", wish(3, discount="100")),
        ("100", wish(3, discount="50", down="50")),
        ("100", wish(3, discount_percent="100")),
        ("100", wish(3, yearly_percent="101")),
        ("0.02", wish(3)),
    ],
)
def test_what_cannot_be_is_refused_in_words(principal, wanted):
    with pytest.raises(Problem) as refused:
        work_out(Decimal(principal), "PEN", wanted, LIMA)
    assert str(refused.value).endswith((".", "?"))


@st.composite
def wishes(draw):
    currency = draw(st.sampled_from(currencies()))
    principal = from_minor(draw(st.integers(1, 10**12)), currency)
    return (
        principal,
        currency,
        Wish(
            draw(st.integers(1, 60)),
            TODAY + timedelta(days=draw(st.integers(0, 400))),
            TODAY,
            rhythm=draw(st.sampled_from(RHYTHMS)),
            rule=draw(st.sampled_from(RULES)),
            down=from_minor(draw(st.sampled_from([0, 0, 1, 777])), currency),
            down_percent=draw(st.sampled_from([Decimal(0), Decimal("12.5"), Decimal(50)])),
            yearly_percent=draw(st.sampled_from([Decimal(0), Decimal("7.25"), Decimal(100)])),
            discount_percent=draw(st.sampled_from([Decimal(0), Decimal("33.3333"), Decimal(90)])),
        ),
    )


@given(wishes())
def test_nothing_is_lost_in_any_currency(asked):
    principal, currency, wanted = asked
    try:
        made = work_out(principal, currency, wanted, LIMA)
    except Problem as refused:
        few = principal < from_minor(20 * (2 * wanted.parts + 1000), currency)  # too little money for so many parts
        assert few or (wanted.yearly_percent and "own interest" in str(refused))
        return
    regular = [part for part in made.parts if part.position]
    assert len(regular) == wanted.parts
    assert sum(part.principal for part in made.parts) == principal
    assert sum(part.amount for part in made.parts) == principal + made.interest - made.discount == made.total
    assert max(part.amount for part in regular) - min(part.amount for part in regular) <= quantum(currency)
    for part in made.parts:
        assert part.amount > 0
        assert min(part.principal, part.interest, part.discount) >= 0
        assert -part.amount.as_tuple().exponent == minor_units(currency)
    days = [part.due_on for part in made.parts]
    assert days == sorted(days)
    assert days[0] >= TODAY
    if wanted.rule != "as_is":
        assert all(LIMA.is_business_day(part.due_on) for part in regular)
    assert bool(made.interest) <= bool(wanted.yearly_percent)
    months = Fraction(12, A_YEAR[wanted.rhythm])
    assert made.monthly <= sum(part.amount for part in regular)
    if wanted.rhythm == MONTHLY:
        assert made.monthly == regular[0].amount and months == 1
    assert sum(borne(made.parts, TODAY, made.last_on, currency)) == made.interest
