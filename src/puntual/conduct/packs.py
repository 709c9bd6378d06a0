"""Conduct packs: a country's rules for collection contacts as data, read from `packs/*.toml` and validated."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from typing import Any, Literal

from puntual.conduct.rules import (
    CHANNELS,
    CLAIMS,
    CONDITIONS,
    CONFIDENCES,
    DUTIES,
    HISTORY_DAYS,
    INTERRUPTIONS,
    Consent,
    DaysOff,
    Duty,
    ForbiddenChannel,
    Frequency,
    Hours,
    Limitation,
    OneChannel,
    Pack,
    Policy,
    Rule,
    Spacing,
    Span,
    Value,
)
from puntual.kernel.problems import N_, Problem

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAYS = re.compile(rf"({'|'.join(_WEEKDAYS)})(?:-({'|'.join(_WEEKDAYS)}))?")
_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
_NONE: frozenset[str] = frozenset()


@lru_cache(maxsize=1)
def packs() -> Mapping[str, Pack]:
    """Every pack shipped, by country; the generic one under "". Raises Problem on a bad file."""
    folder = resources.files("puntual.conduct").joinpath("packs")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return {pack.country: pack for pack in (read_pack(file.read_text("utf-8"), file.name) for file in files)}


def pack_for(country: str) -> Pack:
    """The pack of a country (ISO 3166-1 alpha-2), the generic one where there is none."""
    known = packs()
    return known.get(country, known[""])


def read_pack(text: str, file: str) -> Pack:
    """A pack from TOML; `file` names it in messages. Raises Problem with the rule and the word at fault."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Problem(N_("{file} cannot be read: {reason}."), file=file, reason=error) from error
    table = _Table(data, file, "-")
    checked = table.day("checked")
    pack = Pack(
        table.text("country"),
        _rules(table.tables("rules"), file, checked),
        _limitations(table.tables("limitations", []), file, checked),
    )
    table.end()
    return pack


def read_policy(data: Mapping[str, Any], name: str) -> Policy:
    """An organization's own policy: `rules` as in a pack, and `added_holidays` (dates or ISO text).

    Its rules need no article, source or confidence. Raises Problem with the rule and the word at fault.
    """
    table = _Table(data, name, "-")
    own = [{"confidence": "M", **rule} for rule in table.tables("rules", [])]
    policy = Policy(_rules(own, name, None), table.days("added_holidays"))
    table.end()
    return policy


def _rules(tables: Iterable[Mapping[str, Any]], file: str, checked: date | None) -> tuple[Rule, ...]:
    rules: list[Rule] = []
    for data in tables:
        rule = _rule(data, file, checked)
        if any(rule.id == other.id for other in rules):
            raise Problem(N_("{file}: two rules are called “{rule}”."), file=file, rule=rule.id)
        rules.append(rule)
    return tuple(rules)


def _limitations(tables: Iterable[Mapping[str, Any]], file: str, checked: date) -> tuple[Limitation, ...]:
    found: list[Limitation] = []
    for data in tables:
        name = f"limitation {data.get('claim', '?')}"
        table = _Table(data, file, name)
        one = Limitation(
            claim=table.word("claim", CLAIMS),
            years=table.number("years", 40),
            interrupted_by=table.words("interrupted_by", INTERRUPTIONS),
            once=table.flag("once"),
            article=table.text("article"),
            source=table.text("source"),
            confidence=table.word("confidence", CONFIDENCES - {"M"}),
            checked=table.day("checked", checked),
        )
        table.end()
        if any(one.claim == other.claim for other in found):
            raise Problem(N_("{file}: two rules are called “{rule}”."), file=file, rule=name)
        found.append(one)
    return tuple(found)


def _rule(data: Mapping[str, Any], file: str, checked: date | None) -> Rule:
    table = _Table(data, file, str(data.get("id", "?")))
    confidence = table.word("confidence", CONFIDENCES)
    manners = confidence == "M"
    channels, also = table.channels("channels"), table.channels("also", _NONE)
    rule = Rule(
        id=table.text("id"),
        value=_value(table, channels | also),
        channels=channels,
        also=also,
        applies_to=table.words("applies_to", CONDITIONS, _NONE if manners else None),
        article=table.text("article", "" if manners else None),
        source=table.text("source", "" if manners else None),
        confidence=confidence,
        checked=table.day("checked", checked) if checked else None,
        not_for=table.words("not_for", CONDITIONS, _NONE),
    )
    if {"natural", "legal"} <= rule.applies_to:
        raise table.wrong("applies_to", "natural, legal", "natural")
    table.end()
    return rule


def _value(table: "_Table", covered: frozenset[str]) -> Value:
    match table.text("what"):
        case "hours":
            return Hours(table.week("hours"))
        case "days_off":
            weekdays = table.words("weekdays", frozenset(_WEEKDAYS), _NONE)
            return DaysOff(frozenset(map(_WEEKDAYS.index, weekdays)), table.flag("holidays"))
        case "frequency":
            times, counted = table.number("times", 100), table.channels("counted", covered)
            return Frequency(times, table.period(), table.flag("full_days"), table.per(), counted)
        case "spacing":
            conversation = table.word("after", {"attempt", "conversation"}) == "conversation"
            counted = table.channels("counted", covered)
            return Spacing(table.period(), table.flag("full_days"), table.per(), counted, conversation)
        case "one_channel":
            return OneChannel(table.period(), table.flag("full_days"), table.per())
        case "consent":
            return Consent()
        case "forbidden_channel":
            return ForbiddenChannel()
        case "duty":
            return Duty(table.word("duty", DUTIES), table.numbers("params"))
        case other:
            raise table.wrong("what", other, "hours")


class _Table:
    """Takes a table apart word by word; a word missing, wrong or left over is a Problem naming file, rule and word."""

    def __init__(self, data: Mapping[str, Any], file: str, rule: str) -> None:
        self._left = dict(data)
        self._where = {"file": file, "rule": rule}

    def wrong(self, field: str, value: object, example: str) -> Problem:
        return Problem(
            N_("{file}, rule “{rule}”: “{field}” cannot be “{value}”; it is written like “{example}”."),
            **self._where,
            field=field,
            value=value,
            example=example,
        )

    def end(self) -> None:
        """Refuse what nobody asked for: a misspelled word must not pass for a rule."""
        for field in self._left:
            raise Problem(N_("{file}, rule “{rule}”: “{field}” has no meaning there."), **self._where, field=field)

    def _take(self, field: str, default: Any) -> Any:
        value = self._left.pop(field, default)
        if value is None:
            raise Problem(N_("{file}, rule “{rule}”: “{field}” is missing."), **self._where, field=field)
        return value

    def text(self, field: str, default: str | None = None) -> str:
        value = self._take(field, default)
        if not isinstance(value, str):
            raise self.wrong(field, value, "text")
        return value

    def word(self, field: str, allowed: Iterable[str]) -> str:
        value = self.text(field)
        if value not in allowed:
            raise self.wrong(field, value, " | ".join(sorted(allowed)))
        return value

    def words(self, field: str, allowed: Iterable[str], default: frozenset[str] | None = None) -> frozenset[str]:
        values = self._take(field, default)
        known = sorted(allowed)
        if not isinstance(values, list | frozenset) or not all(value in known for value in values):
            raise self.wrong(field, values, ", ".join(known))
        return frozenset(values)

    def channels(self, field: str, default: frozenset[str] | None = None) -> frozenset[str]:
        if self._left.get(field) == "all":
            self._left.pop(field)
            return CHANNELS
        return self.words(field, CHANNELS, default)

    def number(self, field: str, most: int) -> int:
        value = self._take(field, None)
        if type(value) is not int or not 1 <= value <= most:
            raise self.wrong(field, value, f"1 … {most}")
        return value

    def period(self) -> int:
        return self.number("days", HISTORY_DAYS - 1)

    def numbers(self, field: str) -> tuple[tuple[str, int], ...]:
        value = self._take(field, {})
        if not isinstance(value, Mapping) or not all(type(number) is int for number in value.values()):
            raise self.wrong(field, value, "{ days = 5 }")
        return tuple(sorted(value.items()))

    def flag(self, field: str) -> bool:
        value = self._take(field, False)
        if not isinstance(value, bool):
            raise self.wrong(field, value, "true")
        return value

    def per(self) -> Literal["party", "debt"]:
        return "debt" if self.word("per", {"party", "debt"}) == "debt" else "party"

    def tables(self, field: str, default: list[Any] | None = None) -> list[Mapping[str, Any]]:
        value = self._take(field, default)
        if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
            raise self.wrong(field, value, f"[[{field}]]")
        return value

    def day(self, field: str, default: date | None = None) -> date:
        return self._day(field, self._take(field, default))

    def days(self, field: str) -> frozenset[date]:
        values = self._take(field, [])
        if not isinstance(values, list):
            raise self.wrong(field, values, '["2026-12-31"]')
        return frozenset(self._day(field, value) for value in values)

    def _day(self, field: str, value: Any) -> date:
        try:
            return date.fromisoformat(value) if isinstance(value, str) else date(value.year, value.month, value.day)
        except (ValueError, AttributeError) as error:
            raise self.wrong(field, value, "2026-12-31") from error

    def week(self, field: str) -> tuple[tuple[Span, ...], ...]:
        """Spans by weekday from `{ mon-fri = "08:00-20:00", sat = ["09:00-12:00", "15:00-18:00"] }`."""
        value = self._take(field, None)
        if not isinstance(value, Mapping):
            raise self.wrong(field, value, 'mon-fri = "08:00-20:00"')
        week: list[tuple[Span, ...]] = [()] * 7
        for key, spans in value.items():
            days = _DAYS.fullmatch(key)
            if not days:
                raise self.wrong(field, key, "mon-fri")
            first = _WEEKDAYS.index(days[1])
            last = _WEEKDAYS.index(days[2] or days[1])
            read = tuple(self._span(field, span) for span in (spans if isinstance(spans, list) else [spans]))
            if last < first or any(week[first : last + 1]):
                raise self.wrong(field, key, "mon-fri")
            if any(earlier[1] > later[0] for earlier, later in pairwise(read)):
                raise self.wrong(field, spans, "09:00-12:00, 15:00-18:00")
            week[first : last + 1] = [read] * (last + 1 - first)
        return tuple(week)

    def _span(self, field: str, text: Any) -> Span:
        found = _SPAN.fullmatch(str(text))
        start, end = (int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])) if found else (0, 0)
        if not start < end <= 24 * 60:
            raise self.wrong(field, text, "08:00-20:00")
        return start, end
