"""Numbers and dates as the reader writes them: the person's language in the organization's country, by CLDR.

The locale is the reader's and holds for one request (`reading`), as Django's own language does. Amounts carry no symbol
here: on the desk the currency's code stands once per column.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time, get_timezone_location
from babel.lists import format_list
from babel.numbers import format_decimal
from django.utils.translation import gettext, ngettext

from puntual.kernel.money import minor_units, round_money
from puntual.kernel.problems import Problem
from puntual.outreach import formats

MINUS = "\N{MINUS SIGN}"
_USUAL = Locale("es")
_locale: ContextVar[Locale] = ContextVar("reader_locale", default=_USUAL)


def locale_for(language: str, country: str = "") -> Locale:
    """es + PE is es-PE; a pair CLDR does not know (English in Peru) is the language alone."""
    try:
        return Locale.parse(f"{language}_{country}" if country else language)
    except UnknownLocaleError:
        return Locale.parse(language)


@contextmanager
def reading(locale: Locale) -> Iterator[None]:
    """Everything formatted inside is formatted for `locale`."""
    token = _locale.set(locale)
    try:
        yield
    finally:
        _locale.reset(token)


def current() -> Locale:
    """The locale of the reader."""
    return _locale.get()


def money(amount: Decimal, currency: str, *, signed: bool = False) -> str:
    """4,720.00 for PEN, 3,570,000 for CLP, with a real minus; `signed` also writes the plus of a change."""
    decimals = minor_units(currency)
    rounded = round_money(amount, currency)
    text = format_decimal(abs(rounded), "#,##0" + (f".{'0' * decimals}" if decimals else ""), current())
    if rounded < 0:
        return MINUS + text
    return f"+{text}" if signed and rounded else text


def number(value: int | Decimal) -> str:
    """A count or a ratio, grouped as the reader groups."""
    return format_decimal(value, locale=current()).replace("-", MINUS)


def up_to(count: int, most: int) -> str:
    """A count that was made up to `most`: 1,000+ where there may be more."""
    return number(count) + ("+" if count >= most else "")


def written(value: Decimal | date) -> str:
    """An amount with the decimals it has, or a day, within a sentence."""
    if isinstance(value, date):
        return long_date(value)
    decimals = max(0, -int(value.as_tuple().exponent))
    return format_decimal(value, "#,##0" + (f".{'0' * decimals}" if decimals else ""), current())


def sentence(problem: Problem) -> str:
    """What a Problem says, its days and amounts as the reader writes them."""
    return formats.sentence(problem, current())


def percent(share: Decimal | float) -> str:
    """0.36 is "36 %", in whole percent."""
    whole = round(share * 100)
    return f"{whole}%" if current().language == "en" else f"{whole}\N{NO-BREAK SPACE}%"


def short_date(day: date, today: date | None = None) -> str:
    """23 nov; with the year where it is not the current one."""
    skeleton = "MMMd" if today and today.year == day.year else "yMMMd"
    return format_skeleton(skeleton, day, locale=current()).replace(".", "")


def long_date(day: date) -> str:
    """lunes, 23 de noviembre de 2026."""
    return format_date(day, "full", current())


def weekday(day: date) -> str:
    """lunes."""
    return format_date(day, "EEEE", current())


def clock(moment: datetime | time) -> str:
    """9:12, or 9:12 AM in English. A datetime is already in the time zone it is to be read in."""
    return format_time(moment, "short" if current().language == "en" else "H:mm", locale=current())


def city(time_zone: str) -> str:
    """Lima, for "America/Lima"."""
    return get_timezone_location(ZoneInfo(time_zone), locale=current(), return_city=True)


def listed(items: Sequence[str]) -> str:
    """a, b y c."""
    return format_list(items, locale=current())


def ago(day: date, today: date) -> str:
    """hace 3 días, ayer, hoy, mañana, en 4 días."""
    days = (today - day).days
    if days == 0:
        return gettext("today")
    if days == 1:
        return gettext("yesterday")
    if days == -1:
        return gettext("tomorrow")
    if days > 0:
        return ngettext("{n} day ago", "{n} days ago", days).format(n=number(days))
    return ngettext("in {n} day", "in {n} days", -days).format(n=number(-days))


def due(day: date, today: date) -> str:
    """venció hace 34 días, venció ayer, vence hoy, vence mañana, vence en 12 días."""
    days = (today - day).days
    if days == 0:
        return gettext("due today")
    if days == 1:
        return gettext("due yesterday")
    if days == -1:
        return gettext("due tomorrow")
    if days > 0:
        return ngettext("{n} day overdue", "{n} days overdue", days).format(n=number(days))
    return ngettext("due in {n} day", "due in {n} days", -days).format(n=number(-days))
