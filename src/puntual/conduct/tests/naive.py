"""A second opinion on conduct, written from the plain numbers of the law and sharing nothing with the gate.

It is slow and simple on purpose: wall clocks, minutes of the day, and every earlier contact looked at again for each rule. The
numbers stand here once more, by hand, so that a slip in a pack is noticed as well as a slip in the gate.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

TIMED = ("call", "visit", "email", "whatsapp", "sms")
WRITTEN = ("email", "whatsapp", "sms", "letter")


@dataclass(frozen=True)
class Said:
    """One contact: with which debt of the party, by what, when, whether people talked, who began, whether it was allowed."""

    debt: int
    channel: str
    at: datetime
    conversation: bool
    outbound: bool
    authorized: bool


def _minutes(first: int, last: int) -> set[int]:
    return set(range(first * 60, last * 60))


# By weekday, Monday first: the minutes of the local day at which a call, visit, e-mail, WhatsApp or SMS may go out.
_NONE: set[int] = set()
MINUTES = {
    "": [_minutes(8, 20)] * 5 + [_minutes(9, 13), _NONE],
    "PE": [_minutes(7, 20)] * 5 + [_NONE, _NONE],
    "CL": [_minutes(8, 20)] * 6 + [_NONE],
    "CO": [_minutes(7, 19)] * 5 + [_minutes(8, 15), _NONE],
    "MX": [_minutes(7, 22)] * 7,
    "AR": [_minutes(8, 20)] * 5 + [_minutes(9, 13), _NONE],
    "BR": [_minutes(8, 20)] * 5 + [_minutes(8, 14), _NONE],
    "EC": [_minutes(7, 20)] * 5 + [_NONE, _NONE],
    "DO": [_minutes(7, 20)] * 5 + [_minutes(9, 13), _NONE],
    "US": [_minutes(8, 21)] * 7,
    "ES": [_minutes(9, 20)] * 5 + [_NONE, _NONE],
}
HOLIDAYS_TOO = ("MX", "US")  # the only packs without a rule on holidays


@cache
def is_holiday(country: str, day: date) -> bool:
    try:
        return day in holidays.country_holidays(country, years=day.year)
    except NotImplementedError:
        return False


def local(said: Said, zone: str) -> datetime:
    """The clock on the customer's wall."""
    return said.at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def closer_than(days: int, earlier: Said, new: Said, zone: str) -> bool:
    """Fewer than so many full days apart, by the customer's clock or by a stopwatch."""
    span = timedelta(days=days)
    by_clock = local(new, zone) - local(earlier, zone) < span
    by_stopwatch = new.at.astimezone(UTC) - earlier.at.astimezone(UTC) < span
    return by_clock or by_stopwatch


def dates_apart(earlier: Said, new: Said, zone: str) -> int:
    return (local(new, zone).date() - local(earlier, zone).date()).days


def complaints(pack: str, country: str, zone: str, new: Said, earlier: list[Said]) -> list[str]:
    """What is wrong with one more contact after the earlier ones; nothing where it is fine."""
    wrong = []
    wall = local(new, zone)
    if new.channel in TIMED:
        if wall.hour * 60 + wall.minute not in MINUTES[pack][wall.weekday()]:
            wrong.append("hours")
        if pack not in HOLIDAYS_TOO and is_holiday(country, wall.date()):
            wrong.append("holiday")
    ours = [one for one in earlier if one.outbound]
    today = [one for one in ours if dates_apart(one, new, zone) == 0]
    week = [one for one in ours if closer_than(7, one, new, zone)]
    if pack == "" and today:
        wrong.append("one contact a day")
    if pack == "" and len(week) >= 3:
        wrong.append("three contacts a week")
    if pack == "" and new.channel in ("call", "visit"):
        wrong += ["talked this week" for one in earlier if one.conversation and closer_than(7, one, new, zone)]
    if pack == "CL" and new.channel in ("call", "visit"):
        wrong += ["one call or visit a week" for one in week if one.channel in ("call", "visit")]
    if pack == "CL" and new.channel in WRITTEN:
        written = [one for one in ours if one.channel in WRITTEN]
        if sum(closer_than(7, one, new, zone) for one in written) >= 2:
            wrong.append("two other contacts a week")
        wrong += ["two days between them" for one in written if closer_than(2, one, new, zone)]
    if pack == "CO":
        wrong += ["one contact a day"] * bool(today)
        wrong += ["one channel a week" for one in week if one.channel != new.channel]
        wrong += ["not authorized"] * (not new.authorized)
        wrong += ["no visits"] * (new.channel == "visit")
    if pack == "EC" and today:
        wrong.append("one contact a day")
    if pack == "DO" and sum(one.debt == new.debt for one in today) >= 5:
        wrong.append("five a day per debt")
    if pack == "US" and new.channel == "call":
        calls = [one for one in earlier if one.channel == "call" and one.debt == new.debt]
        made = [one for one in calls if one.outbound and dates_apart(one, new, zone) <= 6]
        wrong += ["seven calls in seven days"] * (len(made) >= 7)
        wrong += ["talked this week" for one in calls if one.conversation and dates_apart(one, new, zone) <= 6]
    return wrong


def violations(pack: str, country: str, zone: str, log: list[Said]) -> list[str]:
    """Everything wrong with a whole log, contact by contact in the order of time."""
    found = []
    for place, new in enumerate(log):
        lately = [one for one in log[:place] if new.at - one.at < timedelta(days=20)]
        if new.outbound:
            found += [f"{new}: {fault}" for fault in complaints(pack, country, zone, new, lately)]
    return found
