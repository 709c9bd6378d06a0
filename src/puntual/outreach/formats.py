"""Amounts, dates and lists in a customer's own language and country (CLDR)."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_currency, format_decimal, get_currency_symbol
from django.utils.translation import gettext

from puntual.kernel.money import round_money
from puntual.kernel.problems import Problem

# CLDR sets a space between a code and a number; Babel leaves it out where the code stands in front.
_CODE_BESIDE_DIGIT = re.compile(r"(?<=[A-Z]{3})(?=\d)")


@lru_cache(maxsize=256)
def locale_of(language: str, country: str) -> Locale:
    """es in PE is es-PE, es-MX stays es-MX; a pair CLDR does not know (en in PE) is the language alone."""
    parts = language.replace("-", "_").split("_")
    for name in (language.replace("-", "_") if len(parts) > 1 else f"{language}_{country}", parts[0]):
        try:
            return Locale.parse(name)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")


@lru_cache(maxsize=4096)
def money(amount: Decimal, currency: str, locale: Locale) -> str:
    """S/ 4,720.00 for PEN in Peru, USD 4,720.00 for dollars there."""
    text = format_currency(round_money(amount, currency), currency, locale=locale)
    return _CODE_BESIDE_DIGIT.sub("\N{NO-BREAK SPACE}", text)


def amounts(by_currency: Mapping[str, Decimal], locale: Locale, joiner: str) -> str:
    """One amount per currency, in the order of their codes; never a sum over two of them."""
    return joiner.join(money(by_currency[currency], currency, locale) for currency in sorted(by_currency))


def symbol(currency: str, locale: Locale) -> str:
    """S/ for PEN in Peru."""
    return get_currency_symbol(currency, locale=locale)


@lru_cache(maxsize=2048)
def long_date(day: date, locale: Locale) -> str:
    """5 de noviembre de 2026."""
    return format_date(day, "long", locale=locale)


@lru_cache(maxsize=2048)
def day_and_month(day: date, locale: Locale) -> str:
    """jueves 26 de noviembre; Thursday, November 26: a day soon, in the middle of a sentence."""
    weekday, rest = format_date(day, "EEEE", locale=locale), format_skeleton("MMMMd", day, locale=locale)
    return f"{weekday} {rest}" if locale.language == "es" else f"{weekday}, {rest}"


@lru_cache(maxsize=2048)
def short_date(day: date, locale: Locale) -> str:
    """5 nov 2026."""
    return format_date(day, "medium", locale=locale)


def sentence(problem: Problem, locale: Locale) -> str:
    """What a Problem says in the active language, its days, hours and amounts as they are written there."""

    def written(detail: object) -> object:
        match detail:
            case datetime():
                return f"{long_date(detail.date(), locale)}, {format_time(detail, 'short', locale=locale)}"
            case date():
                return long_date(detail, locale)
            case Decimal():
                decimals = max(0, -int(detail.as_tuple().exponent))
                return format_decimal(detail, "#,##0" + (f".{'0' * decimals}" if decimals else ""), locale)
            case _:
                return detail

    return problem.text(gettext, written)
