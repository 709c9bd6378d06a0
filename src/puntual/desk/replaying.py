"""What a replay came to, as the desk shows it: one replay alone, or two side by side."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from puntual.conduct.describe import with_channels
from puntual.conduct.rules import Rule
from puntual.daily.models import Replay
from puntual.daily.simulate_report import Report
from puntual.desk import formats, places
from puntual.strategies.manual import from_content
from puntual.strategies.words import CHANNELS, TASKS


@dataclass(frozen=True, slots=True)
class Result:
    """A replay that was played to its end."""

    replay: Replay
    report: Report

    @property
    def name(self) -> str:
        """The manual and its version."""
        return f"{self.replay.manual['name']}, {self.replay.number}"

    @property
    def contacts(self) -> list[int]:
        """Contacts with customers, per day."""
        return [sum(day) for day in zip(*self.report.contacts.values(), strict=True)] or [0] * self.report.days

    @property
    def calls(self) -> list[int]:
        """Calls per day: those made and those there was nobody for."""
        nothing = [0] * self.report.days
        made, waiting = self.report.contacts.get("call", nothing), self.report.waiting.get("call", nothing)
        return [one + other for one, other in zip(made, waiting, strict=True)]

    @property
    def people(self) -> int:
        """How many people the busiest day of calls would take, each making as many as the team's people make on average."""
        each = max(self.report.calls_per_day / self.report.callers, 1)
        return ceil(max(self.calls, default=0) / each)


def result_of(replay: Replay) -> Result:
    """What a finished replay came to."""
    return Result(replay, Report(**replay.report))


def figures(results: Sequence[Result]) -> list[tuple[str, list[str]]]:
    """The figures of one or more replays, each with a value per replay in the reader's way of writing numbers."""

    def each(name: str, value: Any) -> tuple[str, list[str]]:
        return name, [value(one) for one in results]

    number = formats.number
    return [
        each(_("Contacts with customers"), lambda one: number(sum(one.contacts))),
        each(_("Customers reached"), lambda one: number(one.report.customers)),
        each(_("Contacts on the busiest day"), lambda one: number(max(one.contacts, default=0))),
        each(_("Messages to approve"), lambda one: number(sum(one.report.approvals))),
        each(_("Calls to make"), lambda one: number(sum(one.report.contacts.get("call", [])))),
        each(_("People needed for the busiest day of calls"), lambda one: number(one.people)),
        each(_("Days on which a channel was full"), lambda one: number(_full(one.report))),
        each(_("Tasks for the team"), lambda one: number(sum(count for _step, count in one.report.tasks))),
        each(_("Contacts put off by conduct"), lambda one: number(sum(one.report.refusals.values()))),
        each(_("First word about an invoice that fell due, usually"), lambda one: _days(one.report.late_median)),
        each(_("The same, on average"), lambda one: _days(one.report.late)),
    ]


def by_step(results: Sequence[Result]) -> list[tuple[str, str, str, list[int]]]:
    """Name, tone and channel of each step with its contacts in every replay, in the order of the manuals."""
    order: dict[str, int] = {}
    names: dict[str, str] = {}
    for result in results:
        for place, step in enumerate(from_content(result.replay.manual).steps):
            order.setdefault(step.code, place)
            names.setdefault(step.code, step.name)
    found: dict[tuple[str, str, str], list[int]] = {}
    for place, result in enumerate(results):
        for step, channel, tone, count in result.report.steps:
            found.setdefault((step, channel, tone), [0] * len(results))[place] += count
        for step, count in result.report.tasks:
            found.setdefault((step, "internal", ""), [0] * len(results))[place] += count
    keys = sorted(found, key=lambda key: (order.get(key[0], len(order)), key))
    return [
        (names.get(step) or _(TASKS.get(step, step)), tone, channel, found[step, channel, tone])
        for step, channel, tone in keys
    ]


def by_rule(results: Sequence[Result], known: Mapping[str, tuple[str, Rule]]) -> list[tuple[str, str, list[int]]]:
    """The rules of conduct (of those `known`) that put contacts off: what each asks, where it stands, and how many in every
    replay; the most first.
    """
    rules = {rule for result in results for rule in result.report.refusals}
    found = [(*_rule(rule, known), [result.report.refusals.get(rule, 0) for result in results]) for rule in rules]
    return sorted(found, key=lambda one: (-sum(one[2]), one[0]))


def by_day(results: Sequence[Result]) -> list[tuple[date, list[int], list[int]]]:
    """Each day with its contacts and its calls in every replay: the charts as a table."""
    days = labels(results[0].report)
    return [
        (day, [one.contacts[place] for one in results], [one.calls[place] for one in results])
        for place, day in enumerate(days)
    ]


def labels(report: Report) -> list[date]:
    """The days of a replay."""
    first = date.fromisoformat(report.first)
    return [first + timedelta(days=number) for number in range(report.days)]


def channels_chart(result: Result) -> str:
    """Contacts per day, by channel."""
    series = [{"name": _(CHANNELS[channel]), "values": days} for channel, days in result.report.contacts.items()]
    return _chart(result.report, series, stacked=True)


def contacts_chart(results: Sequence[Result]) -> str:
    """Contacts per day of two replays."""
    return _chart(results[0].report, [{"name": one.name, "values": one.contacts} for one in results])


def calls_chart(results: Sequence[Result]) -> str:
    """Calls per day, with what the team can make."""
    series = [{"name": one.name, "values": one.calls} for one in results]
    return _chart(results[0].report, series, limit=results[0].report.calls_per_day, limit_name=_("the team's calls"))


def _chart(report: Report, series: list[dict[str, Any]], **more: Any) -> str:
    days = [formats.short_date(day, labels(report)[-1]) for day in labels(report)]
    return json.dumps({"labels": days, "series": series, **more}, ensure_ascii=False)


def _full(report: Report) -> int:
    return sum(any(day) for day in zip(*report.waiting.values(), strict=True))


def _days(value: float | None) -> str:
    if value is None:
        return "—"
    shown = round(value)
    return ngettext("{n} day late", "{n} days late", shown).format(n=formats.number(shown))


def _rule(rule_id: str, known: Mapping[str, tuple[str, Rule]]) -> tuple[str, str]:
    """What a rule asks, and where it stands; what is none is that the customer's day was over."""
    if rule_id not in known:
        return _("That day was already over where the customer is."), ""
    country, rule = known[rule_id]
    if not rule.is_law:
        return with_channels(rule), _("Your policy")
    place = f"{places.country_name(country)}, {rule.article}" if country else rule.article
    return with_channels(rule), place
