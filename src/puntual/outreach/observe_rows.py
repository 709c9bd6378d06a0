"""From a row of `observe_sql`, mostly text, to the facts of a customer."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from puntual.conduct.gate import NO_HISTORY, Contact, ContactHistory, Subject
from puntual.kernel.calendars import BusinessCalendar
from puntual.outreach.channels.whatsapp.window import LEEWAY, OPEN_FOR
from puntual.outreach.surroundings import Surroundings
from puntual.strategies.facts import CustomerFacts, Item, Mark, UnderWay
from puntual.strategies.segment_queries import codes_of
from puntual.strategies.texts import base_language

CHANNEL_BITS = (("email", 1), ("call", 2), ("sms", 4), ("whatsapp", 8), ("letter", 16), ("visit", 32), ("meeting", 64))
FREE = OPEN_FOR - LEEWAY
_NONE: frozenset[str] = frozenset()
_NOTHING: tuple[Mark, ...] = ()
_language = lru_cache(maxsize=64)(base_language)


def facts_of(row: tuple[Any, ...], surroundings: Surroundings, segments: tuple[str, ...]) -> CustomerFacts:
    """What a row says, with what all customers have in common; `segments` are the codes behind the bits of its mask."""
    (
        customer_id,
        party_id,
        creditor_id,
        natural,
        consumer,
        country,
        time_zone,
        status,
        handling,
        raw_items,
        raw_credits,
        raw_holds,
        reachable,
        unusable,
        authorized,
        raw_under_way,
        raw_delivered,
        raw_marks,
        raw_contacts,
        raw_recent,
        language,
        wrote,
        segment_bits,
        wishes,
    ) = row
    prefers, hours = wishes_of(wishes) if wishes else (_NONE, None)
    calendar = surroundings.calendars[creditor_id]
    items = _items(raw_items, calendar) if raw_items else ()
    hold, hold_until, hold_pre_due = "", None, False
    if raw_holds:
        items, hold, hold_until, hold_pre_due = _apply_holds(items, raw_holds)
    if raw_marks:
        items = _apply_marks(items, raw_marks)
    if surroundings.time_barred:
        items = tuple(item._replace(time_barred=item.id in surroundings.time_barred) for item in items)
    last_on, tone_last_on, tone_rounds, delivered = _delivered(raw_delivered) if raw_delivered else (None, {}, {}, 0)
    return CustomerFacts(
        customer_id=customer_id,
        subject=subject_of(natural, consumer, country, time_zone, hours),
        items=items,
        credits=_amounts(raw_credits) if raw_credits else {},
        party_status=status,
        handling=handling,
        hold=hold,
        hold_until=hold_until,
        hold_pre_due=hold_pre_due,
        reachable=channels_of(reachable),
        unusable=_unusable(unusable),
        authorized=channels_of(authorized),
        no_sender=surroundings.no_sender.get(creditor_id, _NONE),
        last_contact_on=last_on,
        tone_last_on=tone_last_on,
        tone_rounds=tone_rounds,
        delivered=delivered,
        under_way=_under_way(raw_under_way) if raw_under_way else None,
        rest_until=_rest_until(raw_recent, items, surroundings.rest_days) if raw_recent else None,
        stale=creditor_id in surroundings.stale_creditors,
        history=history_of(raw_contacts, customer_id) if raw_contacts else NO_HISTORY,
        creditor_id=creditor_id,
        party_id=party_id,
        segments=codes_of(segments, segment_bits),
        language=_language(language),
        prefers=prefers,
        free_until=None if wrote is None else datetime.fromtimestamp(wrote, UTC) + FREE,
    )


@lru_cache(maxsize=4096)
def subject_of(natural: bool, consumer: bool, country: str, time_zone: str, hours: tuple[int, int] | None) -> Subject:
    return Subject(natural=natural, consumer=consumer, country=country, time_zone=time_zone, prefers_hours=hours)


@lru_cache(maxsize=1024)
def wishes_of(raw: str) -> tuple[frozenset[str], tuple[int, int] | None]:
    """`channel bits|from|until`: the channels somebody there prefers, and the hours that suit everybody who named any."""
    bits, first, last = map(int, raw.split("|"))
    named = (first, last) != (0, 24) and first < last
    return channels_of(bits), (first, last) if named else None


@lru_cache(maxsize=32)
def channels_of(mask: int | None) -> frozenset[str]:
    return frozenset(name for name, bit in CHANNEL_BITS if (mask or 0) & bit)


@lru_cache(maxsize=1024)
def _unusable(mask: int | None) -> Mapping[str, str]:
    """`mask` holds, per channel, bit 0 for a bounced point and bit 1 for a withdrawn consent."""
    found = {}
    for position, (name, _bit) in enumerate(CHANNEL_BITS):
        flags = ((mask or 0) >> (2 * position)) & 3
        if flags:
            found[name] = "withdrawn" if flags & 2 else "bounced"
    return found


@lru_cache(maxsize=16384)
def _day(text: str) -> date:
    return date.fromisoformat(text)


class _DueDates(dict[str, tuple[date, date]]):
    """Each due date and the day it is chased from, worked out once per calendar."""

    def __init__(self, calendar: BusinessCalendar) -> None:
        self._calendar = calendar

    def __missing__(self, text: str) -> tuple[date, date]:
        due_on = date.fromisoformat(text)
        self[text] = due_on, self._calendar.next_business_day(due_on)
        return self[text]


_due_dates = lru_cache(maxsize=64)(_DueDates)


def _items(raw: str, calendar: BusinessCalendar) -> tuple[Item, ...]:
    """`expected|id|currency|askable` joined by `;`, with `|generation|ours|due date to state` where one is not the usual."""
    parts = raw.split(";")
    if len(parts) > 1:
        parts.sort()  # by due date, then id
    new, build, due_dates = tuple.__new__, Item, _due_dates(calendar)
    items = []
    for part in parts:
        due, key, currency, askable, *rest = part.split("|")
        due_on, chase_from = due_dates[due]
        generation, ours = (int(rest[0]), rest[1] == "1") if rest else (1, True)
        stated = _day(rest[2]) if rest and rest[2] else None
        fields = (
            key,
            currency,
            due_on,
            chase_from,
            Decimal(askable),
            generation,
            "",
            None,
            False,
            ours,
            _NOTHING,
            False,
            stated,
        )
        items.append(new(build, fields))
    return tuple(items)


def _amounts(raw: str) -> dict[str, Decimal]:
    """`PEN|12.00;USD|5.00`, summed by currency."""
    found: dict[str, Decimal] = {}
    for one in raw.split(";"):
        currency, amount = one.split("|")
        found[currency] = found.get(currency, Decimal(0)) + Decimal(amount)
    return found


def _apply_holds(items: tuple[Item, ...], raw: str) -> tuple[tuple[Item, ...], str, date | None, bool]:
    """Set each hold on what it covers; one on the customer itself comes back as reason, last day and whether it stops notices.

    `installment (or empty)|reason|amount (or empty)|until (or empty)|stops chasing|stops notices` joined by `;`. A partial hold
    lowers what may be asked for; one on the customer for an amount lowers the oldest items first.
    """
    found = {item.id: item for item in items}
    reason, until, pre_due = "", None, False
    for one in raw.split(";"):
        key, why, amount, last, chasing, notices = one.split("|")
        last_day = _day(last) if last else None
        if not key and not amount:
            if chasing == "1":
                reason, until = why, last_day
            pre_due = pre_due or notices == "1"
        elif amount and chasing == "1":
            rest = Decimal(amount)
            for name in [key] if key else [item.id for item in items]:
                if name in found and rest > 0:
                    item = found[name]
                    covered = min(rest, item.askable)
                    rest -= covered
                    found[name] = item._replace(
                        askable=item.askable - covered,
                        hold=why if covered == item.askable else item.hold,
                        hold_until=last_day if covered == item.askable else item.hold_until,
                    )
        elif key in found:
            item = found[key]
            if chasing == "1":
                item = item._replace(askable=Decimal(0), hold=why, hold_until=last_day)
            found[key] = item._replace(hold_pre_due=item.hold_pre_due or notices == "1")
    return tuple(found[item.id] for item in items), reason, until, pre_due


def _apply_marks(items: tuple[Item, ...], raw: str) -> tuple[Item, ...]:
    """`installment|step|tone` joined by `;`."""
    marks: dict[str, list[Mark]] = {}
    for one in raw.split(";"):
        key, step, tone = one.split("|")
        marks.setdefault(key, []).append(Mark(step, tone))
    return tuple(item._replace(marks=tuple(marks[item.id])) if item.id in marks else item for item in items)


def _delivered(raw: str) -> tuple[date | None, dict[str, date], dict[str, int], int]:
    """`tone|last day|count` per tone, joined by `;`; an empty tone (a call without one, a visit) counts as a contact only."""
    last: date | None = None
    by_tone: dict[str, date] = {}
    rounds: dict[str, int] = {}
    total = 0
    for one in raw.split(";"):
        tone, on, count = one.split("|")
        day = _day(on)
        last = day if last is None or day > last else last
        total += int(count)
        if tone:
            by_tone[tone], rounds[tone] = day, int(count)
    return last, by_tone, rounds, total


def _under_way(raw: str) -> UnderWay:
    state, day, step = raw.split("|")
    return UnderWay(state, _day(day), step)


def history_of(raw: str, customer_id: str) -> ContactHistory:
    """`channel|epoch seconds|conversation|outbound|customer` joined by `;`."""
    contacts = []
    for one in raw.split(";"):
        channel, at, conversation, outbound, customer = one.split("|")
        contacts.append(
            Contact(
                channel,
                datetime.fromtimestamp(int(at), UTC),
                conversation == "1",
                outbound == "1",
                customer == customer_id,
            )
        )
    return ContactHistory(tuple(contacts))


def _rest_until(raw: str, items: tuple[Item, ...], rest_days: int) -> date | None:
    """A rest after paying at least half of what could be asked for in that currency: `currency|amount|day` joined by `;`."""
    left: dict[str, Decimal] = {}
    for item in items:
        left[item.currency] = left.get(item.currency, Decimal(0)) + item.askable
    latest: date | None = None
    for one in raw.split(";"):
        currency, amount, on = one.split("|")
        if Decimal(amount) >= left.get(currency, Decimal(0)):
            day = _day(on)
            latest = day if latest is None or day > latest else latest
    return latest + timedelta(days=rest_days) if latest else None
