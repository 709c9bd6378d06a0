"""Which offers of a manual apply in a situation: the table that is the same for everyone. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from puntual.agreements.guardrails import Allowance, Situation
from puntual.strategies.steps import Offer

_EVER = 10**6  # days: later than any


def fits(offer: Offer, situation: Situation) -> bool:
    """Whether the offer is for that situation. One for paying early is for each item of its own age, whatever else is late."""
    aged = offer.kind == "early_payment" or offer.from_day <= situation.age <= _last(offer)
    return (
        aged
        and in_band(offer.balance_from, offer.balance_below, situation.currency, situation.balance)
        and (not offer.segments or not situation.segments.isdisjoint(offer.segments))
    )


def in_band(least: Mapping[str, Decimal], below: Mapping[str, Decimal], currency: str, balance: Decimal) -> bool:
    """Whether a balance is within the amounts named for its currency; where only other currencies are named it is not."""
    if not least and not below:
        return True
    if currency not in least and currency not in below:
        return False
    return least.get(currency, Decimal(0)) <= balance and (currency not in below or balance < below[currency])


def applying(offers: Iterable[Offer], situation: Situation) -> tuple[Offer, ...]:
    """The offers that apply, in the order of the manual: of each rung the first that is for one of the customer's segments, else
    the first that is for everyone.
    """
    offers = tuple(offers)
    chosen: dict[tuple[str, str, int], Offer] = {}
    for offer in sorted(offers, key=lambda one: not one.segments):
        if fits(offer, situation):
            chosen.setdefault(_rung(offer), offer)
    return tuple(offer for offer in offers if chosen.get(_rung(offer)) is offer)


def allowance(offer: Offer) -> Allowance:
    """The offer as an allowance; a discount that says nothing of parts is for one payment."""
    return Allowance(
        kind=offer.kind,
        role=offer.granted_by,
        offer=offer.code,
        name=offer.name,
        words=offer.words,
        percent=offer.percent,
        days=offer.days,
        installments=offer.installments or int(offer.kind == "discount"),
        times=offer.times,
        down_percent=offer.down_percent,
    )


def contradicting(offers: Sequence[Offer]) -> dict[int, Offer]:
    """By place, each offer that says something for a situation an earlier one of its rung speaks of already, with that one.

    One for a segment may differ from one for everyone: it goes before.
    """
    found: dict[int, Offer] = {}
    for place, offer in enumerate(offers):
        earlier = next((one for one in offers[:place] if _rung(one) == _rung(offer) and _meet(one, offer)), None)
        if earlier:
            found[place] = earlier
    return found


def _rung(offer: Offer) -> tuple[str, str, int]:
    """Of its kind what one role may grant: for one situation there is one answer. Paying earlier may earn more."""
    return offer.kind, offer.granted_by, offer.days if offer.kind == "early_payment" else 0


def _meet(one: Offer, other: Offer) -> bool:
    """Whether a customer can be in the situations of both."""
    if bool(one.segments) != bool(other.segments):
        return False
    if one.segments and set(one.segments).isdisjoint(other.segments):
        return False
    early = one.kind == "early_payment"
    if not early and (one.from_day > _last(other) or other.from_day > _last(one)):
        return False
    return _bands_meet(one, other)


def _bands_meet(one: Offer, other: Offer) -> bool:
    mine, theirs = ({*offer.balance_from, *offer.balance_below} for offer in (one, other))
    if not mine or not theirs:
        return True
    for currency in mine & theirs:
        low = max(offer.balance_from.get(currency, Decimal(0)) for offer in (one, other))
        if in_band(one.balance_from, one.balance_below, currency, low) and in_band(
            other.balance_from, other.balance_below, currency, low
        ):
            return True
    return False


def _last(offer: Offer) -> int:
    return _EVER if offer.to_day is None else offer.to_day
