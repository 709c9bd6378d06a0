"""Money: exact, one currency at a time, rounded to the currency's own minor unit."""

from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puntual.kernel.money import (
    CurrencyMismatch,
    Money,
    from_minor,
    is_currency,
    minor_units,
    quantum,
    round_money,
    to_minor,
)
from puntual.kernel.problems import Problem

AMOUNTS = st.decimals(min_value=Decimal("-9999999999999999"), max_value=Decimal("9999999999999999"), places=4)
CURRENCIES = st.sampled_from(["PEN", "USD", "CLP", "KWD", "CLF"])


@pytest.mark.parametrize(
    ("currency", "decimals", "smallest"),
    [
        ("PEN", 2, "0.01"),
        ("MXN", 2, "0.01"),
        ("COP", 2, "0.01"),
        ("CLP", 0, "1"),
        ("JPY", 0, "1"),
        ("PYG", 0, "1"),
        ("UYI", 0, "1"),
        ("KWD", 3, "0.001"),
        ("TND", 3, "0.001"),
        ("CLF", 4, "0.0001"),
        ("UYW", 4, "0.0001"),
    ],
)
def test_minor_units_follow_iso_4217(currency, decimals, smallest):
    assert minor_units(currency) == decimals
    assert str(quantum(currency)) == smallest


@pytest.mark.parametrize("code", ["", "pen", "S/", "XXX", "XAU", "XDR", "PENS"])
def test_what_is_no_currency_is_refused_with_a_sentence(code):
    assert not is_currency(code)
    with pytest.raises(Problem, match="not a currency code"):
        minor_units(code)
    with pytest.raises(Problem, match="not a currency code"):
        Money(Decimal(1), code)


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("2.345", "PEN", "2.34"),
        ("2.355", "PEN", "2.36"),
        ("2.3451", "PEN", "2.35"),
        ("-2.345", "PEN", "-2.34"),
        ("0.5", "CLP", "0"),
        ("1.5", "CLP", "2"),
        ("1.0005", "KWD", "1.000"),
        ("38123.45675", "CLF", "38123.4568"),
        ("1", "USD", "1.00"),
    ],
)
def test_rounding_is_half_to_even_on_the_minor_unit(amount, currency, rounded):
    assert str(round_money(Decimal(amount), currency)) == rounded
    assert Money(Decimal(amount), currency).rounded() == Money(Decimal(rounded), currency)


def test_rounding_does_not_depend_on_the_context_of_the_caller():
    with localcontext() as context:
        context.prec = 3
        assert round_money(Decimal("123456789.125"), "PEN") == Decimal("123456789.12")
        assert to_minor(Decimal("123456789.12"), "PEN") == 12345678912


@pytest.mark.parametrize("wrong", [1.5, "1.5", 1, None])
def test_anything_but_a_decimal_is_refused(wrong):
    for use in (lambda: Money(wrong, "PEN"), lambda: round_money(wrong, "PEN"), lambda: to_minor(wrong, "PEN")):
        with pytest.raises(TypeError):
            use()


def test_a_float_is_refused_as_a_factor_and_as_minor_units():
    with pytest.raises(TypeError):
        Money(Decimal(1), "PEN") * 1.5
    with pytest.raises(TypeError):
        from_minor(100.0, "PEN")


@pytest.mark.parametrize("wrong", ["NaN", "Infinity", "-Infinity"])
def test_money_is_finite(wrong):
    with pytest.raises(ValueError, match="finite"):
        Money(Decimal(wrong), "PEN")


def test_minor_units_are_counted_without_rounding():
    assert to_minor(Decimal("12.34"), "PEN") == 1234
    assert to_minor(Decimal("12.3400"), "PEN") == 1234
    assert to_minor(Decimal("-12"), "CLP") == -12
    with pytest.raises(Problem, match=r"12\.345 PEN is finer .* 2 decimals"):
        to_minor(Decimal("12.345"), "PEN")


@given(st.integers(-(10**16), 10**16), CURRENCIES)
def test_minor_units_there_and_back(minor, currency):
    assert to_minor(from_minor(minor, currency), currency) == minor


@given(AMOUNTS, AMOUNTS, CURRENCIES)
def test_arithmetic_and_order_are_those_of_the_amounts(a, b, currency):
    left, right = Money(a, currency), Money(b, currency)
    assert (left + right).amount == a + b
    assert left - right == left + -right
    assert left * 3 == 3 * left == left + left + left
    assert (left < right, left <= right, left > right, left >= right) == (a < b, a <= b, a > b, a >= b)
    assert bool(left) == bool(a)
    assert sum([left, right], Money.zero(currency)) == left + right


def test_two_currencies_never_meet():
    soles, dollars = Money(Decimal(1), "PEN"), Money(Decimal(1), "USD")
    for use in (
        lambda: soles + dollars,
        lambda: soles - dollars,
        lambda: soles < dollars,
        lambda: soles <= dollars,
        lambda: soles > dollars,
        lambda: soles >= dollars,
        lambda: sum([soles], Money.zero("USD")),
    ):
        with pytest.raises(CurrencyMismatch, match=r"(PEN and USD|USD and PEN)"):
            use()
    assert soles != dollars


def test_money_is_not_added_to_a_bare_number():
    with pytest.raises(TypeError):
        Money(Decimal(1), "PEN") + Decimal(1)
    with pytest.raises(TypeError):
        sum([Money(Decimal(1), "PEN")])


def test_equal_amounts_are_one_key_whatever_their_zeros():
    assert len({Money(Decimal("1.5"), "PEN"), Money(Decimal("1.50"), "PEN"), Money(Decimal("1.5"), "USD")}) == 2
