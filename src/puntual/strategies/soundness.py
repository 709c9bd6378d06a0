"""Whether a manual can be followed as written: every mistake in it, in the order of reading."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from puntual.conduct.rules import WAYS
from puntual.kernel.money import is_currency
from puntual.kernel.problems import N_
from puntual.strategies import notices
from puntual.strategies.facts import TONES
from puntual.strategies.faults import Fault
from puntual.strategies.situations import contradicting
from puntual.strategies.spelling import is_code, is_line, is_prose
from puntual.strategies.steps import (
    APPROVALS,
    ASSIGNEES,
    CALLERS,
    FORMAL,
    FRIENDLY,
    GRANTERS,
    INTERNALS,
    LANGUAGES,
    LIMITS,
    NUMBERS,
    RANK,
    ROLES,
    TASKS,
    Manual,
    Offer,
    Step,
)

_AHEAD, _AHEAD_BUSINESS = 30, 18  # a month: how far ahead a customer's items are looked at
_MOST_SILENT = 90  # days without an answer, after which nobody waits for one
_GOES_ALONG = ("attach_statement", "attach_invoices", "next_after_days")
_DAYS = 3650
_UNKNOWN = N_("“{value}” is not known. Choose one of: {choices}.")
_RANGE = N_("write a number from {low} to {high}.")
_CODE = N_("use small letters, digits, “-” and “_”, no more.")
_LINE = N_("write 1 to 100 letters, on one line.")


def check(manual: Manual) -> None:
    """Raise the first Fault there is."""
    for fault in faults(manual):
        raise fault


def faults(manual: Manual) -> Iterator[Fault]:
    """Every mistake: a manual without any can be put into force."""
    yield from _heading(manual)
    yield from _policies(manual)
    yield from _offers(manual)
    yield from _steps(manual)
    yield from notices.faults(manual)


def _heading(manual: Manual) -> Iterator[Fault]:
    if not is_code(manual.code):
        yield Fault("", "", "code", _CODE)
    if not is_line(manual.name, 150):
        yield Fault("", "", "name", N_("write 1 to 150 letters, on one line."))
    if manual.language not in LANGUAGES:
        yield Fault("", "", "language", _UNKNOWN, value=manual.language, choices=", ".join(LANGUAGES))


def _policies(manual: Manual) -> Iterator[Fault]:
    titles: set[str] = set()
    for number, policy in enumerate(manual.policies):
        if not is_line(policy.title, 100):
            yield Fault("policy", policy.title, "title", _LINE, number=number)
        if policy.title in titles:
            yield Fault("policy", policy.title, "title", N_("another policy has this title."), number=number)
        titles.add(policy.title)
        if not is_prose(policy.text):
            yield Fault(
                "policy", policy.title, "text", N_("write what it says, in up to 8,000 letters."), number=number
            )


def _offers(manual: Manual) -> Iterator[Fault]:
    codes: set[str] = set()
    sound = True
    for number, offer in enumerate(manual.offers):
        for field, message, details in _offer(offer):
            sound = False
            yield Fault("offer", offer.code, field, message, number=number, **details)
        if offer.code in codes:
            message = N_("another offer has this code. Give each its own.")
            yield Fault("offer", offer.code, "code", message, number=number)
        codes.add(offer.code)
    for number, earlier in contradicting(manual.offers).items() if sound else ():
        message = N_(
            "“{other}” is for the same situation and the same role. Change the days, the balance or the segments of one of them."
        )
        yield Fault("offer", manual.offers[number].code, "from_day", message, number=number, other=earlier.name)


def _offer(offer: Offer) -> Iterator[tuple[str, str, dict[str, Any]]]:
    if not is_code(offer.code):
        yield "code", _CODE, {}
    if not is_line(offer.name, 100):
        yield "name", _LINE, {}
    if offer.granted_by not in GRANTERS:
        yield "granted_by", _UNKNOWN, {"value": offer.granted_by, "choices": ", ".join(GRANTERS)}
    if not is_prose(offer.words, 1000):
        yield "words", N_("write what the customer hears of it, in up to 1,000 letters."), {}
    if offer.kind not in LIMITS:
        yield "kind", _UNKNOWN, {"value": offer.kind, "choices": ", ".join(LIMITS)}
        return
    yield from _limits(offer)
    yield from _situation(offer)


def _limits(offer: Offer) -> Iterator[tuple[str, str, dict[str, Any]]]:
    limits = LIMITS[offer.kind]
    for name in NUMBERS:
        value = getattr(offer, name)
        if name not in limits:
            if value:
                yield name, N_("this kind of offer has no such limit. Remove it."), {}
            continue
        low, high = limits[name]
        if not low <= value <= high or (name == "percent" and not value):
            yield name, _RANGE, {"low": low or ("0.1" if name == "percent" else "0"), "high": high}


def _situation(offer: Offer) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The situation an offer is for."""
    if offer.kind == "early_payment":
        if not -365 <= offer.from_day <= -offer.days:
            message = N_("it is offered before the due date: write a number from -365 to {high}.")
            yield "from_day", message, {"high": -offer.days}
    elif not -_AHEAD <= offer.from_day <= _DAYS:
        yield "from_day", _RANGE, {"low": -_AHEAD, "high": _DAYS}
    if offer.to_day is not None and not offer.from_day <= offer.to_day <= _DAYS:
        yield "to_day", _RANGE, {"low": offer.from_day, "high": _DAYS}
    for name in ("balance_from", "balance_below"):
        for currency, amount in getattr(offer, name).items():
            if not is_currency(currency) or not amount.is_finite() or amount <= 0:
                yield name, N_("write amounts above zero by currency, such as PEN = “50”."), {}
    for currency, amount in offer.balance_from.items():
        below = offer.balance_below.get(currency)
        if below is not None and amount.is_finite() and below.is_finite() and below <= amount:
            yield "balance_below", N_("it must be more than the balance it begins at, in each currency."), {}
    if len(set(offer.segments)) < len(offer.segments) or not all(map(is_code, offer.segments)):
        yield "segments", N_("name codes of segments, each of them once."), {}


def _steps(manual: Manual) -> Iterator[Fault]:
    codes: set[str] = set()
    numbered = list(enumerate(manual.steps))
    for (number, step), before in zip(numbered, (None, *manual.steps), strict=False):
        if not is_code(step.code) or step.code in TASKS or step.code in notices.CODES:
            yield _wrong(number, step, "code", _CODE)
        if step.code in codes:
            yield _wrong(number, step, "code", N_("another step has this code. Give each its own."))
        codes.add(step.code)
        if before and step.day < before.day:
            yield _wrong(number, step, "day", N_("it comes before the step above it. Order by day."))
        yield from _values(number, step)
        yield from (_internal if step.internal else _contact)(number, step)
        yield from _offered(number, step, manual)
    contacts = [(number, step) for number, step in numbered if not step.internal and step.tone in RANK]
    yield from _climb(contacts)
    yield from _climb_for_everyone([(number, step) for number, step in contacts if not step.segments])
    if numbered and manual.steps[-1].internal != "decision":
        yield _wrong(*numbered[-1], "internal", N_("the last step must be a decision, never silence."))


def _values(number: int, step: Step) -> Iterator[Fault]:
    if not is_line(step.name, 100):
        yield _wrong(number, step, "name", _LINE)
    yield from _one_of(number, step, "role", [step.role], ROLES)
    yield from _one_of(number, step, "approval", [step.approval], APPROVALS)
    yield from _one_of(number, step, "internal", [step.internal] if step.internal else [], INTERNALS)
    yield from _one_of(number, step, "channels", step.channels, sorted(WAYS))
    may_do = ASSIGNEES if step.internal else CALLERS
    yield from _one_of(number, step, "assignee", [step.assignee] if step.assignee else [], may_do)
    yield from _between(number, step, "day", step.day, -_AHEAD_BUSINESS if step.business_days else -_AHEAD, _DAYS)
    yield from _between(number, step, "gap_days", step.gap_days or 0, 0, _DAYS)
    yield from _between(number, step, "needs_delivered", step.needs_delivered, 0, 100)
    yield from _between(number, step, "next_after_days", step.next_after_days, 0, _MOST_SILENT)
    for currency, amount in step.minimum.items():
        if not is_currency(currency) or not amount.is_finite() or amount < 0:
            yield _wrong(number, step, "minimum", N_("write amounts by currency, such as PEN = “50”."))
    if step.required and not step.proof.strip():
        yield _wrong(number, step, "proof", N_("say what proves that a required step was delivered."))
    if step.proof and not is_line(step.proof, 200):
        yield _wrong(number, step, "proof", N_("write up to 200 letters, on one line."))
    for code in step.segments:
        if not is_code(code) or step.segments.count(code) > 1:
            yield _wrong(number, step, "segments", N_("name codes of segments, each of them once."))
    if step.segments and (step.required or step.entry or step.internal == "decision"):
        yield _wrong(number, step, "segments", N_("the entry, a required step and the decision are for everyone."))
    if step.minimum and (step.required or step.entry):
        yield _wrong(number, step, "minimum", N_("a required or entry step cannot have a minimum."))


def _internal(number: int, step: Step) -> Iterator[Fault]:
    for name in ("channels", "tone", "template", "offer", "entry", "needs_delivered", *_GOES_ALONG):
        if getattr(step, name):
            yield _wrong(number, step, name, N_("an internal step reaches no customer. Remove it."))
    if step.day <= 0:
        yield _wrong(number, step, "day", N_("an internal step comes after the due date."))


def _contact(number: int, step: Step) -> Iterator[Fault]:
    yield from _one_of(number, step, "tone", [step.tone], TONES)
    if not step.channels or len(set(step.channels)) < len(step.channels):
        yield _wrong(number, step, "channels", N_("name at least one channel, each of them once."))
    if not is_code(step.template):
        yield _wrong(number, step, "template", N_("name the text it sends."))
    if step.next_after_days and (len(step.channels) < 2 or step.day <= 0):
        message = N_("only a step after the due date with a second channel can go on by it. Name one, or write 0.")
        yield _wrong(number, step, "next_after_days", message)
    rank = RANK.get(step.tone, 0)
    if step.day <= 0 and rank > 0:
        yield _wrong(number, step, "tone", N_("nothing is late yet, so the tone must be courteous."))
    if rank >= FORMAL and step.approval != "approve":
        yield _wrong(number, step, "approval", N_("a formal or final step needs a person's approval."))
    if rank >= FORMAL and not step.needs_delivered:
        message = N_("say how many contacts come before this tone (1 or more).")
        yield _wrong(number, step, "needs_delivered", message)


def _offered(number: int, step: Step, manual: Manual) -> Iterator[Fault]:
    if not step.offer or step.internal:
        return
    offer = manual.offer(step.offer)
    if offer is None:
        known = ", ".join(each.code for each in manual.offers)
        message = N_("there is no offer “{value}” in this manual. There are: {choices}.")
        yield _wrong(number, step, "offer", message, value=step.offer, choices=known or "—")
    elif step.day < offer.from_day:
        message = N_("this offer may be made from day {day} on, not earlier.")
        yield _wrong(number, step, "offer", message, day=offer.from_day)
    elif offer.to_day is not None and step.day > offer.to_day:
        message = N_("this offer may be made through day {day}, not later.")
        yield _wrong(number, step, "offer", message, day=offer.to_day)
    elif offer.kind == "early_payment" and step.day > -offer.days:
        message = N_("an offer for paying early comes at least {days} days before the due date.")
        yield _wrong(number, step, "offer", message, days=offer.days)


def _climb(steps: list[tuple[int, Step]]) -> Iterator[Fault]:
    """Tones never fall nor leap, one entry step, and every step can be reached by the shortest way from the entry on."""
    entries = [(number, step) for number, step in steps if step.entry]
    if not entries:
        yield Fault("", "", "entry", N_("no step is marked as the one an old invoice starts at. Mark one."))
    for extra in entries[1:]:
        yield _wrong(*extra, "entry", N_("another step is the entry step. Mark only one."))
    for entry in entries[:1]:
        if entry[1].day <= 0 or RANK[entry[1].tone] > FRIENDLY:
            yield _wrong(*entry, "entry", N_("it comes after the due date and is at most friendly."))
    for (_, before), (number, step) in pairwise(steps):
        rise = RANK[step.tone] - RANK[before.tone]
        if rise < 0:
            yield _wrong(number, step, "tone", N_("it is softer than the step above it. Tones only rise."))
        if rise > 1:
            yield _wrong(number, step, "tone", N_("it is two tones above the step before. Rise by one."))
    for number, step in steps if entries else []:
        tones = RANK[step.tone] - RANK[entries[0][1].tone]
        if step.needs_delivered > max(tones, 0):
            message = N_("fewer contacts than that may come before it.")
            yield _wrong(number, step, "needs_delivered", message)


def _climb_for_everyone(steps: list[tuple[int, Step]]) -> Iterator[Fault]:
    """Customers outside all segments reach every tone too: without the limited steps no tone is leaped.

    A leap of all the steps together is told already.
    """
    for (before_number, before), (number, step) in pairwise(steps):
        if number > before_number + 1 and RANK[step.tone] - RANK[before.tone] > 1:
            message = N_("only limited steps lead to its tone. Add a step for everyone in the tone before.")
            yield _wrong(number, step, "segments", message)


def _wrong(number: int, step: Step, name: str, message: str, **details: Any) -> Fault:
    return Fault("step", step.code, name, message, number=number, **details)


def _one_of(number: int, step: Step, name: str, values: Iterable[str], choices: Iterable[str]) -> Iterator[Fault]:
    for value in values:
        if value not in choices:
            yield _wrong(number, step, name, _UNKNOWN, value=value, choices=", ".join(choices))


def _between(number: int, step: Step, name: str, value: int, low: int, high: int) -> Iterator[Fault]:
    if not low <= value <= high:
        yield _wrong(number, step, name, _RANGE, low=low, high=high)
