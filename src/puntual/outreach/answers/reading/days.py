"""Days as people write them, in Spanish, English and Portuguese, against the day on which they wrote.

Texts come as `words.plain` leaves them. Where nothing is said about the month or the year, the next such day is meant, or the
last one when something has happened.
"""

# ruff: noqa: E501 - a pattern reads best on one line

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "enero ene january jan janeiro",
            "febrero feb february fevereiro fev",
            "marzo mar march marco",
            "abril abr april apr",
            "mayo may maio mai",
            "junio jun june junho",
            "julio jul july julho",
            "agosto ago august aug",
            "septiembre setiembre sep sept set september setembro",
            "octubre oct october outubro out",
            "noviembre nov november novembro",
            "diciembre dic december dec dezembro dez",
        ),
        1,
    )
    for name in names.split()
}
_WEEKDAYS: Final = {
    name: number
    for number, names in enumerate(
        (
            "lunes monday mon segunda segunda-feira",
            "martes tuesday tue tues terca terca-feira",
            "miercoles wednesday wed quarta quarta-feira",
            "jueves thursday thu thurs quinta quinta-feira",
            "viernes friday fri sexta sexta-feira",
            "sabado saturday",
            "domingo sunday",
        )
    )
    for name in names.split()
}
_COUNTS: Final = {
    word: number
    for number, words in enumerate(
        (
            "un una uno one a um uma",
            "dos two dois duas",
            "tres three",
            "cuatro four quatro",
            "cinco five",
            "seis six",
            "siete seven sete",
            "ocho eight oito",
            "nueve nine nove",
            "diez ten dez",
        ),
        1,
    )
    for word in words.split()
} | {
    "quince": 15,
    "fifteen": 15,
    "quinze": 15,
    "veinte": 20,
    "twenty": 20,
    "vinte": 20,
    "treinta": 30,
    "thirty": 30,
    "trinta": 30,
}

_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_WEEKDAY = "|".join(sorted(_WEEKDAYS, key=len, reverse=True))
_COUNT = r"\d{1,3}|" + "|".join(_COUNTS)
_NEXT_WEEK = r"(?:proxima semana|semana (?:que viene|que vem|proxima|entrante|siguiente)|next week|week after)"
_FRIDAY = 4

_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_NUMERIC = re.compile(r"(?<![\d/.,-])(\d{1,2})([/.-])(\d{1,2})(?:\2(\d{4}|\d{2}))?(?![\d/]|[.,-]\d|\s?%)")
_DAY_MONTH = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th|o|ro)?\.?(?: de| of)? ({_MONTH})\b\.?(?:,? (?:de |del |of )?(\d{{4}}))?"
)
_MONTH_DAY = re.compile(rf"\b({_MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (\d{{4}}))?")
_BARE_DAY = re.compile(
    r"\b(?:(?:el |para el |hasta el |no |ate o |para o |on )?dia (\d{1,2})|(?:el|al|para el|hasta el) (\d{1,2})|the (\d{1,2})(?:st|nd|rd|th)|"
    r"(\d{1,2})(?:st|nd|rd|th))\b(?! ?(?:%|de cada|dias|days|cuotas|facturas|[/.-]\d))"
)
_AFTER_TOMORROW = re.compile(r"\b(?:pasado manana|day after tomorrow|depois de amanha)\b")
_TOMORROW = re.compile(r"\b(?<!la )(?<!esta )(?<!de )(?:manana|tomorrow|amanha)\b")
_TODAY = re.compile(r"\b(?:hoy|today|hoje)\b(?! en dia)")
_YESTERDAY = re.compile(r"\b(?:ayer|yesterday|ontem)\b")
_BEFORE_YESTERDAY = re.compile(r"\b(?:anteayer|antier|antes de ayer|anteontem|day before yesterday)\b")
_IN = re.compile(
    rf"\b(?:en|dentro de|in|within|em|daqui a|nos proximos|en los proximos) ({_COUNT}) (?:mas )?(dia|dias|day|days|semana|semanas|week|weeks)\b"
)
_OF_NEXT_WEEK = re.compile(rf"\b({_WEEKDAY})\b(?: de la| of| da)? (?:la |the )?{_NEXT_WEEK}")
_NAMED = re.compile(rf"\b({_WEEKDAY})\b(?!-)")
_NEXT = re.compile(rf"\b{_NEXT_WEEK}\b")
_THIS = re.compile(
    r"\b(?:esta (?:misma )?semana|this week|essa semana|nesta semana|fin de semana|fim de semana|weekend)\b"
)
_MONTH_END = re.compile(
    r"\b(?:fin(?:es)? de (?:este )?mes|(?:the )?end of (?:the|this) month|month[- ]end|fi(?:m|nal) d[eo](?:ste)? mes|final de mes)\b"
)
_FORTNIGHT = re.compile(r"\b(?:quincena|quinzena)\b")
_ORDINAL_PORTUGUESE = frozenset({"segunda", "terca", "quarta", "quinta", "sexta"})
_BEFORE_FEIRA = re.compile(r"(?:\b(?:na|nesta|essa|esta|proxima|ate|ate a|de|a|para|para a|pra|,)\s*|^)$")
_PAST = re.compile(r"\b(?:pasado|last|passad[ao]|past)\b")

_ONE_DAY = timedelta(days=1)


def find_day(text: str, on: date, *, ahead: bool) -> date | None:
    """The first day a text names, resolved against the day it was written `on`; None where it names none.

    `ahead` looks for a day to come (or that very day), otherwise for one that has been.
    """
    found: list[tuple[int, date]] = []
    for pattern, resolve in _RULES:
        for match in pattern.finditer(text):
            day = resolve(match, on, ahead)
            if day is not None and ((day >= on) if ahead else (day <= on)) and abs((day - on).days) <= 400:
                found.append((match.start(), day))
                break
        if found and pattern in _ALONE:
            break
    return min(found, key=lambda each: each[0])[1] if found else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _in_year(match_year: str | None, month: int, day: int, on: date, ahead: bool) -> date | None:
    """The day in the year that is said, else in the nearest one that fits."""
    if match_year:
        return _date(int(match_year) if len(match_year) == 4 else 2000 + int(match_year), month, day)
    years = (on.year, on.year + 1) if ahead else (on.year, on.year - 1)
    days = [found for year in years if (found := _date(year, month, day))]
    return next((each for each in days if ((each >= on) if ahead else (each <= on))), None)


def _iso(match: re.Match[str], on: date, ahead: bool) -> date | None:
    return _date(*map(int, match.groups()))


def _numeric(match: re.Match[str], on: date, ahead: bool) -> date | None:
    """Day first, unless that cannot be."""
    first, second = int(match[1]), int(match[3])
    if match[2] == "." and not match[4]:
        return None  # 15.30 is a time or an amount
    day, month = (first, second) if second <= 12 else (second, first)
    return _in_year(match[4], month, day, on, ahead)


def _day_month(match: re.Match[str], on: date, ahead: bool) -> date | None:
    return _in_year(match[3], _MONTHS[match[2]], int(match[1]), on, ahead)


def _month_day(match: re.Match[str], on: date, ahead: bool) -> date | None:
    return _in_year(match[3], _MONTHS[match[1]], int(match[2]), on, ahead)


def _bare_day(match: re.Match[str], on: date, ahead: bool) -> date | None:
    day = int(next(group for group in match.groups() if group))
    month = on.replace(day=1)
    for _try in range(3):
        found = _date(month.year, month.month, day)
        if found and ((found >= on) if ahead else (found <= on)):
            return found
        month = (month + timedelta(days=32)).replace(day=1) if ahead else (month - _ONE_DAY).replace(day=1)
    return None


def _weekday(match: re.Match[str], on: date, ahead: bool) -> date | None:
    name = match[1]
    before = match.string[: match.start()]
    if name in _ORDINAL_PORTUGUESE and not _BEFORE_FEIRA.search(before):
        return None  # "segunda via", "quinta parcela"
    if name in _ORDINAL_PORTUGUESE and re.match(
        r" (?:via|parcela|vez|cuota|semana|factura|fatura)", match.string[match.end() :]
    ):
        return None
    if ahead and _PAST.search(match.string[max(0, match.start() - 6) : match.end() + 9]):
        return None
    step = _ONE_DAY if ahead else -_ONE_DAY
    day = on + step
    while day.weekday() != _WEEKDAYS[name]:
        day += step
    return day


def _of_next_week(match: re.Match[str], on: date, ahead: bool) -> date | None:
    return _monday_after(on) + _WEEKDAYS[match[1]] * _ONE_DAY


def _in(match: re.Match[str], on: date, ahead: bool) -> date | None:
    count = int(match[1]) if match[1].isdigit() else _COUNTS[match[1]]
    return on + count * (7 if match[2].startswith(("semana", "week")) else 1) * _ONE_DAY


def _monday_after(on: date) -> date:
    return on + (7 - on.weekday()) * _ONE_DAY


def _this_friday(match: re.Match[str], on: date, ahead: bool) -> date | None:
    return on + max(0, _FRIDAY - on.weekday()) * _ONE_DAY


def _next_friday(match: re.Match[str], on: date, ahead: bool) -> date | None:
    return _monday_after(on) + _FRIDAY * _ONE_DAY


def _month_end(match: re.Match[str], on: date, ahead: bool) -> date | None:
    return on.replace(day=monthrange(on.year, on.month)[1])


def _fortnight(match: re.Match[str], on: date, ahead: bool) -> date | None:
    return on.replace(day=15) if on.day <= 15 else _month_end(match, on, ahead)


def _shifted(days: int) -> Callable[[re.Match[str], date, bool], date | None]:
    return lambda _match, on, _ahead: on + days * _ONE_DAY


_RULES: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date, bool], date | None]], ...]] = (
    (_ISO, _iso),
    (_DAY_MONTH, _day_month),
    (_MONTH_DAY, _month_day),
    (_NUMERIC, _numeric),
    (_OF_NEXT_WEEK, _of_next_week),
    (_BARE_DAY, _bare_day),
    (_AFTER_TOMORROW, _shifted(2)),
    (_BEFORE_YESTERDAY, _shifted(-2)),
    (_NAMED, _weekday),
    (_TOMORROW, _shifted(1)),
    (_TODAY, _shifted(0)),
    (_YESTERDAY, _shifted(-1)),
    (_IN, _in),
    (_NEXT, _next_friday),
    (_MONTH_END, _month_end),
    (_FORTNIGHT, _fortnight),
    (_THIS, _this_friday),
)
_ALONE: Final = frozenset(
    {_ISO, _DAY_MONTH, _MONTH_DAY, _NUMERIC, _OF_NEXT_WEEK, _BARE_DAY, _AFTER_TOMORROW, _BEFORE_YESTERDAY}
)
"""Where one of these is found, what comes after is not looked at: "el viernes 27 de noviembre" is the 27th."""
