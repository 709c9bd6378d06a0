"""The occasions on which a manual may say something that is no step, and whether its notices are sound."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from puntual.kernel.problems import N_
from puntual.strategies.faults import Fault
from puntual.strategies.spelling import is_code
from puntual.strategies.steps import APPROVALS, ROLES, Manual, Notice

TONES = ("courteous", "friendly")
"""A notice reminds of what was agreed, thanks or asks; it never presses."""
CHANNELS = ("email", "whatsapp", "sms", "letter")
_Found: TypeAlias = Iterator[tuple[str, str, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Occasion:
    """What may be said on an occasion, and what a manual decides about it.

    `days` is from and to; they come `before` what the occasion is about or after it, as working days where `business_days`;
    what comes before may still come `on_the_day` itself. `months`, `rest_days` and `offer` say whether it has them, `rarely`
    that its rest is a long one. One that `asks` for something waits while the customer is paused; one that informs or thanks
    does not.
    """

    days: tuple[int, int]
    before: bool = False
    business_days: bool = False
    on_the_day: bool = False
    asks: bool = False
    months: bool = False
    rest_days: bool = False
    rarely: bool = False
    offer: bool = False


OCCASIONS: Mapping[str, Occasion] = {
    "plan_missed": Occasion((0, 10), asks=True),
    "plan_broken": Occasion((0, 10), asks=True),
    "dispute_answered": Occasion((0, 5)),
    "plan_agreed": Occasion((0, 5)),
    "promise_reminder": Occasion((1, 10), before=True, business_days=True, asks=True),
    "plan_due": Occasion((0, 15), before=True, on_the_day=True, asks=True),
    "approval_asked": Occasion((1, 30), before=True, asks=True),
    "plan_completed": Occasion((0, 30)),
    "thank_you": Occasion((0, 10), rest_days=True),
    "reactivation": Occasion((1, 180), offer=True),
    "recognition": Occasion((0, 7), months=True, rest_days=True, offer=True),
    "advice": Occasion((2, 15), before=True, rest_days=True, rarely=True),
}
"""By code, the one that goes first where several meet on a day."""
STATEMENT = "statement"
"""The account statement of the month: a notice too, whose day is no manual's but a schedule's."""
CODES = (*OCCASIONS, STATEMENT)
"""No step may take these codes: an activity of such a code is a notice."""
_MONTHS, _REST, _LONG_REST = (3, 36), (1, 1095), (90, 1095)
_UNKNOWN = N_("“{value}” is not known. Choose one of: {choices}.")
_RANGE = N_("write a number from {low} to {high}.")
_NONE = N_("this occasion has no such field. Remove it.")


def faults(manual: Manual) -> Iterator[Fault]:
    """Every mistake in a manual's notices, in their order."""
    seen: set[str] = set()
    for number, notice in enumerate(manual.notices):
        for field, message, details in _wrong(notice, manual):
            yield Fault("notice", notice.code, field, message, number=number, **details)
        if notice.code in seen:
            message = N_("another notice is for this occasion. Keep one of them.")
            yield Fault("notice", notice.code, "code", message, number=number)
        seen.add(notice.code)


def _wrong(notice: Notice, manual: Manual) -> _Found:
    occasion = OCCASIONS.get(notice.code)
    if occasion is None:
        yield "code", _UNKNOWN, {"value": notice.code, "choices": ", ".join(OCCASIONS)}
        return
    yield from _words(notice)
    yield from _numbers(notice, occasion)
    offer = manual.offer(notice.offer) if notice.offer else None
    if notice.offer and not occasion.offer:
        yield "offer", _NONE, {}
    elif notice.offer and offer is None:
        known = ", ".join(each.code for each in manual.offers)
        message = N_("there is no offer “{value}” in this manual. There are: {choices}.")
        yield "offer", message, {"value": notice.offer, "choices": known or "—"}


def _words(notice: Notice) -> _Found:
    if not notice.channels or len(set(notice.channels)) < len(notice.channels):
        yield "channels", N_("name at least one channel, each of them once."), {}
    for name, given, choices in (
        *(("channels", channel, CHANNELS) for channel in notice.channels),
        ("tone", notice.tone, TONES),
        ("role", notice.role, ROLES),
        ("approval", notice.approval, APPROVALS),
    ):
        if given not in choices:
            yield name, _UNKNOWN, {"value": given, "choices": ", ".join(choices)}
    if not is_code(notice.template):
        yield "template", N_("name the text it sends."), {}


def _numbers(notice: Notice, occasion: Occasion) -> _Found:
    limits = {
        "days": occasion.days,
        "months": _MONTHS if occasion.months else (0, 0),
        "rest_days": _LONG_REST if occasion.rarely else _REST if occasion.rest_days else (0, 0),
    }
    for name, (low, high) in limits.items():
        value = getattr(notice, name)
        if low <= value <= high:
            continue
        if high:
            yield name, _RANGE, {"low": low, "high": high}
        else:
            yield name, _NONE, {}
