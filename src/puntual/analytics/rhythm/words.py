"""When a customer answers and in which parts of the year it pays otherwise, in the reader's words."""

from collections.abc import Iterable
from datetime import date
from math import ceil

from babel.dates import format_date
from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from puntual.analytics.rhythm.answering import FEW, Answering
from puntual.analytics.rhythm.seasons import Season
from puntual.outreach.formats import locale_of
from puntual.outreach.results import SPOKEN
from puntual.strategies.words import CHANNELS

MOST = 2


def answers_said(answers: Iterable[Answering]) -> str:
    """Of the ways by which most is answered, two at the most; "" where nothing was ever answered often enough to say so."""
    return " ".join(answer_said(one) for one in [one for one in answers if one.answered >= FEW][:MOST])


def answer_said(one: Answering) -> str:
    """How many of the last contacts by a channel were answered, how soon and at what hours, as one sentence."""
    if one.channel in SPOKEN:
        said = ngettext(
            "{channel}: reached {answered} of the last {n} time",
            "{channel}: reached {answered} of the last {n} times",
            one.contacts,
        )
    else:
        said = ngettext(
            "{channel}: answered {answered} of the last {n}",
            "{channel}: answered {answered} of the last {n}",
            one.contacts,
        )
    parts = [said.format(channel=channel_said(one.channel), answered=_n(one.answered), n=_n(one.contacts))]
    if one.minutes is not None:
        parts.append(_("usually {within}").format(within=within(one.minutes)))
    if one.window:
        parts.append(_("mostly between {hours}").format(hours=hours_said(*one.window)))
    return ", ".join(parts) + "."


def best_said(answers: Iterable[Answering]) -> str:
    """The way by which most is answered, with the hours, for a table: "WhatsApp, 9–11"; "" where nothing was answered often."""
    for one in answers:
        if one.answered >= FEW:
            channel = channel_said(one.channel)
            return f"{channel}, {one.window[0]}–{one.window[1]}" if one.window else channel
    return ""


def channel_said(channel: str) -> str:
    """A channel at the beginning of a line."""
    said = _(CHANNELS[channel])
    return said[:1].upper() + said[1:]


def hours_said(start: int, until: int) -> str:
    """Hours of the day, "9 and 11"."""
    return _("{start} and {until}").format(start=start, until=until)


def within(minutes: int) -> str:
    """How soon, in whole hours up to a day and then in days."""
    hours = max(1, ceil(minutes / 60))
    if hours <= 24:
        return ngettext("within {n} hour", "within {n} hours", hours).format(n=_n(hours))
    days = ceil(hours / 24)
    return ngettext("within {n} day", "within {n} days", days).format(n=_n(days))


def seasons_said(seasons: Iterable[Season]) -> str:
    """All of them, each a sentence; "" where there are none."""
    return " ".join(season_said(one) for one in seasons)


def seasons_short(seasons: Iterable[Season]) -> str:
    """For a table: each part with its days, "in December +9"."""
    return ", ".join(f"{part_said(one)} {one.days:+d}".replace("-", "−") for one in seasons)


def season_said(one: Season) -> str:
    """What is due then, and how much later or sooner it is paid than the rest, with what that is known from."""
    days = abs(one.days)
    if one.days > 0:
        said = ngettext(
            "What is expected {when} is paid {n} day later than the rest",
            "What is expected {when} is paid {n} days later than the rest",
            days,
        )
    else:
        said = ngettext(
            "What is expected {when} is paid {n} day sooner than the rest",
            "What is expected {when} is paid {n} days sooner than the rest",
            days,
        )
    if one.part == "month":
        seen = ngettext("seen in {n} year", "seen in {n} years", one.times)
    else:
        seen = ngettext("seen in {n} month", "seen in {n} months", one.times)
    items = ngettext("{n} item", "{n} items", one.items).format(n=_n(one.items))
    return f"{said.format(when=part_said(one), n=_n(days))} ({seen.format(n=_n(one.times))}, {items})."


def part_said(one: Season) -> str:
    """ "in December", or the part of the month."""
    if one.part == "month":
        locale = locale_of(get_language() or "en", "")
        return _("in {month}").format(month=format_date(date(2024, one.which, 1), "LLLL", locale))
    return (_("in the first ten days of a month"), _("from the 11th to the 20th"), _("from the 21st on"))[one.which - 1]


def _n(value: int) -> str:
    return str(number_format(value, force_grouping=True))
