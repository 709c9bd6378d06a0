"""The gate: may this customer be contacted by this channel now, or when on this day, and if not, by which rule.

Pure and made to be asked for every customer of a day run: what depends only on the pack, the policy, the kind of
customer and the day is worked out once and remembered; per customer only their own contacts are counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, reduce
from typing import NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from puntual.conduct.preferring import PREFERRED, TIMED, wish
from puntual.conduct.rules import (
    CHANNELS,
    IN_PERSON,
    NO_POLICY,
    Consent,
    DaysOff,
    Duty,
    ForbiddenChannel,
    Frequency,
    Hours,
    OneChannel,
    Pack,
    Policy,
    Rule,
    Spacing,
    group_of,
)
from puntual.conduct.windows import (
    DAY,
    Opening,
    closed,
    intersection,
    not_before,
    openings,
    spans,
    whole_day,
    zone_of,
)
from puntual.kernel.calendars import BusinessCalendar

_HORIZON = 62
"""Days looked ahead for the next opening; what is closed for two months is closed for good."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a contact would reach, where, and on whose behalf: what decides which rules are the law for it.

    `country` is ISO 3166-1 alpha-2; `subdivision`, the second part of ISO 3166-2, is for holidays; `time_zone` is an
    IANA name. `prefers_hours` are the whole hours of its day in which it would rather be reached, which narrow what is open.
    """

    natural: bool
    consumer: bool
    country: str
    time_zone: str
    subdivision: str | None = None
    financial_creditor: bool = False
    third_party_collector: bool = False
    prefers_hours: tuple[int, int] | None = None


class Contact(NamedTuple):
    """One attempt of ours (`outbound`), answered or not, or one of theirs.

    `conversation` is True where people spoke to each other, `same_debt` False where it was about another debt.
    """

    channel: str
    at: datetime
    conversation: bool = False
    outbound: bool = True
    same_debt: bool = True


@dataclass(frozen=True, slots=True)
class ContactHistory:
    """Contacts with a party over the last `HISTORY_DAYS`, in any order. Raises ValueError on a time with no offset."""

    contacts: tuple[Contact, ...] = ()

    def __post_init__(self) -> None:
        for contact in self.contacts:
            _aware(contact.at)


NO_HISTORY = ContactHistory()


@dataclass(frozen=True, slots=True)
class Allowed:
    """Yes, from `not_before` until just before `until`, both in the debtor's time zone."""

    not_before: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Refused:
    """No, and why: `words.refusal` makes the sentence of `code`, `params` (plain strings and numbers) and `law`.

    `law` is False where the rule is the organization's own choice for this customer. `again_from` is the first moment
    that would be allowed if nothing happens meanwhile, in the debtor's time zone; None where waiting does not help.
    """

    rule_id: str
    code: str
    params: Mapping[str, str | int]
    law: bool
    source: str
    again_from: datetime | None


@dataclass(frozen=True, slots=True)
class Requirement:
    """Something a contact must say or must not do, or that must be kept: `words.duty` makes its sentence."""

    rule_id: str
    code: str
    params: Mapping[str, int]
    law: bool
    source: str


Answer: TypeAlias = Allowed | Refused


def may_contact(
    pack: Pack,
    subject: Subject,
    channel: str,
    at: datetime,
    history: ContactHistory = NO_HISTORY,
    policy: Policy = NO_POLICY,
    *,
    authorized: bool = False,
) -> Answer:
    """Whether the channel may be used at this very moment.

    `authorized` says that the debtor allowed this channel for collections, which some laws demand. Contacts later than
    the local day of `at` are not counted. Raises ValueError on a time without an offset or an unknown channel, and
    Problem on an unknown time zone.
    """
    plan = plan_for(pack, policy, channel, subject)
    day = _aware(at).astimezone(plan.zone).date()
    return _ask(plan, day, at.astimezone(UTC), history, authorized, now=True)


def first_moment(
    pack: Pack,
    subject: Subject,
    channel: str,
    day: date,
    earliest: datetime,
    history: ContactHistory = NO_HISTORY,
    policy: Policy = NO_POLICY,
    *,
    authorized: bool = False,
) -> Answer:
    """The first moment of `day` (a date in the debtor's zone), not before `earliest`, at which the channel may be used.

    `authorized`, `history` and the errors are those of `may_contact`.
    """
    plan = plan_for(pack, policy, channel, subject)
    moment = max(_aware(earliest).astimezone(UTC), _midnight(day, plan.zone))
    if moment >= _midnight(day + DAY, plan.zone):
        about = {"country": pack.country, "channel": channel}
        return Refused("day", "day_over", about, False, "", _again(plan, moment))
    return _ask(plan, day, moment, history, authorized, now=False)


def duties(pack: Pack, channel: str, subject: Subject) -> tuple[Requirement, ...]:
    """What a contact by this channel must say or must not do, in the order of the pack."""
    channel = IN_PERSON.get(channel, channel)
    return tuple(
        Requirement(
            rule.id, rule.value.code, dict(rule.value.params), _is_law(rule, pack, channel, subject), rule.source
        )
        for rule in pack.rules
        if isinstance(rule.value, Duty) and (channel in rule.channels or channel in rule.also)
    )


class _Applied(NamedTuple):
    """A rule as it bears on one kind of customer and one channel."""

    rule: Rule
    law: bool


class _Limit(NamedTuple):
    """A rule that counts contacts: fewer than `times` of the `counted` ones may still weigh."""

    applied: _Applied
    times: int
    days: int
    full_days: bool
    any_debt: bool
    conversations: bool
    counted: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """What one pack and policy ask for one channel and one kind of customer; laws come before manners."""

    country: str
    channel: str
    zone: ZoneInfo
    calendar: BusinessCalendar
    never: tuple[_Applied, ...]
    consent: tuple[_Applied, ...]
    timed: tuple[tuple[_Applied, Hours | DaysOff], ...]
    limits: tuple[_Limit, ...]


@lru_cache(maxsize=4096)
def plan_for(pack: Pack, policy: Policy, channel: str, subject: Subject) -> _Plan:
    """The rules that bear on a channel and a kind of customer. Raises ValueError for an unknown channel, Problem for a zone."""
    channel = IN_PERSON.get(channel, channel)
    if channel not in CHANNELS:
        raise ValueError(f"no such channel: {channel!r}")
    applied = [_Applied(rule, _is_law(rule, pack, channel, subject)) for rule in pack.rules]
    applied = [one for one in applied if one.law or not any(map(_conditions(subject).get, one.rule.not_for))]
    applied += [_Applied(rule, False) for rule in policy.rules]
    applied = [one for one in applied if channel in one.rule.channels or channel in one.rule.also]
    applied.sort(key=lambda one: not one.law)
    timed = tuple((one, one.rule.value) for one in applied if isinstance(one.rule.value, Hours | DaysOff))
    if subject.prefers_hours and channel in TIMED and (own := wish(subject.prefers_hours, [one for _, one in timed])):
        timed += ((_Applied(own[0], False), own[1]),)
    return _Plan(
        country=pack.country,
        channel=channel,
        zone=zone_of(subject.time_zone),
        calendar=BusinessCalendar(subject.country, subject.subdivision, added=policy.added),
        never=tuple(one for one in applied if isinstance(one.rule.value, ForbiddenChannel)),
        consent=tuple(one for one in applied if isinstance(one.rule.value, Consent)),
        timed=timed,
        limits=tuple(limit for one in applied if (limit := _limit(one, channel))),
    )


def _is_law(rule: Rule, pack: Pack, channel: str, subject: Subject) -> bool:
    """Whether the rule binds by law for this channel and this customer, not only as a sensible default."""
    facts = _conditions(subject)
    covered = channel in rule.channels and all(facts[condition] for condition in rule.applies_to)
    return rule.is_law and covered and pack.country == subject.country


def _conditions(subject: Subject) -> dict[str, bool]:
    return {
        "natural": subject.natural,
        "legal": not subject.natural,
        "consumer": subject.consumer,
        "financial_creditor": subject.financial_creditor,
        "third_party_collector": subject.third_party_collector,
    }


def _limit(applied: _Applied, channel: str) -> _Limit | None:
    match applied.rule.value:
        case Frequency(times, days, full, per, counted):
            return _Limit(applied, times, days, full, per == "party", False, _with_meetings(counted))
        case Spacing(days, full, per, counted, conversation):
            return _Limit(applied, 1, days, full, per == "party", conversation, _with_meetings(counted))
        case OneChannel(days, full, per):
            return _Limit(applied, 1, days, full, per == "party", False, _with_meetings(CHANNELS - {channel}))
        case _:
            return None


def _with_meetings(counted: frozenset[str]) -> frozenset[str]:
    return counted | {way for way, channel in IN_PERSON.items() if channel in counted}


def _ask(plan: _Plan, day: date, moment: datetime, history: ContactHistory, authorized: bool, *, now: bool) -> Answer:
    for applied in plan.never:
        return _refused(plan, applied, "forbidden_channel", {}, None)
    for applied in () if authorized else plan.consent:
        return _refused(plan, applied, "not_authorized", {}, None)
    weighing = _weighing(plan, day, moment, history) if history.contacts else []
    free = max((released for _, released in weighing), default=moment)
    ahead = [opening for opening in _openings(plan, day) if opening.end > moment]
    if now and ahead and ahead[0].start > moment:
        ahead = []
    opening = next((one for one in ahead if one.end > free), None)
    if opening and not (now and weighing):
        return Allowed(max(opening.start, free).astimezone(plan.zone), opening.end.astimezone(plan.zone))
    again = _again(plan, free)
    if not ahead:
        return _closed(plan, day, moment, again, now=now)
    enough = moment if now else ahead[-1].end
    return _limited(plan, next(limit for limit, released in weighing if released >= enough), again)


def _weighing(plan: _Plan, day: date, moment: datetime, history: ContactHistory) -> list[tuple[_Limit, datetime]]:
    """The limits that are used up at `moment`, each with the instant it gives way."""
    found = ((limit, _released(limit, history, day, moment, plan.zone)) for limit in plan.limits)
    return [(limit, released) for limit, released in found if released]


def _released(limit: _Limit, history: ContactHistory, day: date, moment: datetime, zone: ZoneInfo) -> datetime | None:
    """When fewer than `times` contacts weigh again; None where it is so at `moment`."""
    ends = ends_of_weight(limit, history, day, moment, zone)
    return sorted(ends)[-limit.times] if len(ends) >= limit.times else None


def ends_of_weight(
    limit: _Limit, history: ContactHistory, day: date, moment: datetime, zone: ZoneInfo
) -> list[datetime]:
    """Until when each contact that still weighs at `moment` does so. None after `day` is counted."""
    longest = timedelta(days=limit.days + 1)
    ends = []
    for contact in history.contacts:
        weighs = contact.conversation if limit.conversations else contact.outbound
        if not weighs or contact.channel not in limit.counted or not (limit.any_debt or contact.same_debt):
            continue
        if moment - contact.at >= longest:  # most contacts are old, and local time is dear
            continue
        local = contact.at.astimezone(zone)
        end = _end_of_weight(limit, local, zone)
        if end > moment and local.date() <= day:
            ends.append(end)
    return ends


def _end_of_weight(limit: _Limit, local: datetime, zone: ZoneInfo) -> datetime:
    if not limit.full_days:
        return _midnight(local.date() + timedelta(days=limit.days), zone)
    span = timedelta(days=limit.days)
    return max(local.astimezone(UTC) + span, (local + span).astimezone(UTC))  # the sum is of the wall clock, on purpose


@lru_cache(maxsize=4096)
def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return not_before(datetime(day.year, day.month, day.day), zone)  # noqa: DTZ001 - a wall clock


@lru_cache(maxsize=65536)
def _openings(plan: _Plan, day: date) -> tuple[Opening, ...]:
    """When every rule about hours and days leaves the channel open on that local day."""
    each = [openings(spans(value, day, plan.calendar), day, plan.zone) for _, value in plan.timed]
    return reduce(intersection, each, (whole_day(day, plan.zone),))


def _again(plan: _Plan, moment: datetime) -> datetime | None:
    day = moment.astimezone(plan.zone).date()
    for ahead in range(_HORIZON):
        for opening in _openings(plan, day + ahead * DAY):
            if opening.end > moment:
                return max(opening.start, moment).astimezone(plan.zone)
    return None


def _closed(plan: _Plan, day: date, moment: datetime, again: datetime | None, *, now: bool) -> Refused:
    """The refusal by a rule that is shut now or, when planning, rather by one that leaves no time at all that day."""
    shut = []
    for applied, value in plan.timed:
        left = [one for one in openings(spans(value, day, plan.calendar), day, plan.zone) if one.end > moment]
        if not left or left[0].start > moment:
            shut.append((applied, value, bool(left)))
    applied, value, _ = shut[0] if now else min(shut, key=lambda one: one[2])
    code, params = closed(value, moment, day, plan.calendar, plan.zone)
    if applied.rule.id == PREFERRED:
        code = f"preferred_{code}"
    return _refused(plan, applied, code, params, again)


def _limited(plan: _Plan, limit: _Limit, again: datetime | None) -> Refused:
    match limit.applied.rule.value:
        case Frequency(times, days, _, _, counted):
            return _refused(
                plan, limit.applied, "frequency", {"times": times, "days": days, "group": group_of(counted)}, again
            )
        case Spacing(days, _, _, counted, conversation):
            params: dict[str, str | int] = {} if conversation else {"group": group_of(counted)}
            code = "after_conversation" if conversation else "spacing"
            return _refused(plan, limit.applied, code, {"days": days, **params}, again)
        case _:
            return _refused(plan, limit.applied, "one_channel", {"days": limit.days}, again)


def _refused(
    plan: _Plan, applied: _Applied, code: str, params: Mapping[str, str | int], again: datetime | None
) -> Refused:
    rule = applied.rule
    about = {"country": plan.country, "article": rule.article, "channel": plan.channel}
    return Refused(rule.id, code, {**about, **params}, applied.law, rule.source, again)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a time without an offset says nothing about a customer's clock")
    return moment
