"""Amounts and days as people type them."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from puntual.desk import formats
from puntual.desk.fields import DayField, MoneyField


@pytest.mark.parametrize(
    ("country", "typed", "amount"),
    [
        ("PE", "1,234.56", "1234.56"),
        ("PE", " 1234.5 ", "1234.5"),
        ("PE", "1 234.56", "1234.56"),
        ("PE", "0.01", "0.01"),
        ("PE", "-5", "-5"),  # the ledger refuses it, with its own words
        ("ES", "1.234,56", "1234.56"),
        ("ES", "1.234", "1234"),
        ("ES", "1234,5", "1234.5"),
        ("CL", "3.570.000", "3570000"),
    ],
)
def test_an_amount_is_read_as_the_reader_writes_it(country: str, typed: str, amount: str) -> None:
    with formats.reading(formats.locale_for("es", country)):
        assert MoneyField().clean(typed) == Decimal(amount)


@pytest.mark.parametrize(
    ("country", "typed"),
    [
        ("PE", "1.234,56"),
        ("PE", "12,5"),
        ("PE", "1,23.4"),
        ("ES", "1,234.56"),
        ("ES", "1234.5"),
        ("PE", "S/ 5"),
        ("PE", "NaN"),
        ("PE", "Infinity"),
        ("PE", "1e5"),
        ("PE", "9" * 16),
        ("PE", "x" * 10_000),
    ],
)
def test_what_could_be_read_two_ways_or_none_is_refused(country: str, typed: str) -> None:
    with formats.reading(formats.locale_for("es", country)), translation.override("es"):
        with pytest.raises(ValidationError) as refused:
            MoneyField().clean(typed)
        example = {"PE": "1,234.50", "ES": "1.234,50"}[country]
        assert refused.value.messages[0].endswith(f"no es un monto. Escríbalo así: {example}.")


def test_an_amount_that_may_be_missing() -> None:
    assert MoneyField(required=False).clean("  ") is None
    with pytest.raises(ValidationError):
        MoneyField().clean("")


def test_a_day_is_the_browsers() -> None:
    assert DayField().clean("2026-11-23") == date(2026, 11, 23)
    for wrong in ("23/11/2026", "2026-13-01", "hoy"):
        with pytest.raises(ValidationError):
            DayField().clean(wrong)


@pytest.mark.parametrize(
    ("field", "typed", "most"),
    [
        (MoneyField(), "1.23456", 4),
        (MoneyField(currency="PEN"), "1.234", 2),
        (MoneyField(currency="CLP"), "1.5", 0),
        (MoneyField(decimals=10), "3.12345678901", 10),
    ],
)
def test_no_decimal_is_lost_without_a_word(field: MoneyField, typed: str, most: int) -> None:
    with formats.reading(formats.locale_for("es", "PE")), translation.override("es"):
        with pytest.raises(ValidationError) as refused:
            field.clean(typed)
        assert refused.value.messages == [f"«{typed}» tiene demasiados decimales: {most} como máximo."]
        assert field.clean(typed[:1]) == Decimal(typed[:1])


@pytest.mark.parametrize("typed", ["1900-01-01", "0001-01-01", "9999-12-31", "2100-01-01"])
def test_a_slip_of_the_hand_is_no_day(typed: str) -> None:
    with formats.reading(formats.locale_for("es", "PE")), translation.override("es"):
        with pytest.raises(ValidationError) as refused:
            DayField().clean(typed)
        assert refused.value.messages == ["Indique un día entre el 1 ene 1950 y el 31 dic 2099."]
        assert DayField().clean("2099-12-31") == date(2099, 12, 31)
