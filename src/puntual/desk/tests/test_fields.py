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
