"""Setting own loss rates, and entering exchange rates."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from puntual.analytics.months import BUCKETS
from puntual.analytics.rates.models import ExchangeRate, LossRate
from puntual.audit.actions import Actor, action
from puntual.kernel.money import is_currency
from puntual.kernel.problems import N_, Problem
from puntual.parties.models import Creditor
from puntual.strategies.models import StoredSegment

WRONG_LOSS = N_("A loss rate is between 0 and 100 percent. Correct {percent}.")
NOT_ALL = N_("Give a rate for each of the {number} ages, or none at all to use what was measured.")
NO_SEGMENT = N_("There is no segment “{code}”. Choose one of those of the manual.")
NO_REASON = N_("Say what the rates rest on, for whoever audits the accounts.")
WRONG_RATE = N_("An exchange rate is above zero, and between two currencies as in ISO 4217. Correct {what}.")
NO_SOURCE = N_("Say where the rate is from: a central bank, a tax authority, a bank.")
LATER = N_("{date} has not come yet. Give a rate that was published.")


class Given(NamedTuple):
    """One unit of `base` was worth `rate` of `quote` on a day, as the source says."""

    on: date
    base: str
    quote: str
    rate: Decimal
    source: str


def set_loss_rates(
    by: Actor,
    from_on: date,
    percents: Sequence[Decimal] | None,
    *,
    reason: str,
    creditor_id: UUID | None = None,
    segment: str = "",
) -> LossRate:
    """Set what the provision matrix counts on from a day: a percent per age, or None for what was measured; for what a creditor
    is owed, by the customers of a segment, or for all.

    Raises Problem for a percent that is none, for another number of them than there are ages, for a segment there is not, and
    without a reason.
    """
    if not reason.strip():
        raise Problem(NO_REASON)
    if percents is not None:
        if len(percents) != len(BUCKETS.names):
            raise Problem(NOT_ALL, number=len(BUCKETS.names))
        for percent in percents:
            if not 0 <= percent <= 100:
                raise Problem(WRONG_LOSS, percent=percent)
    with action(by, "analytics.set_loss_rates") as log:
        if creditor_id:
            Creditor.objects.get(organization_id=by.organization_id, pk=creditor_id)
        if segment and not StoredSegment.objects.filter(organization_id=by.organization_id, code=segment).exists():
            raise Problem(NO_SEGMENT, code=segment)
        made = LossRate.objects.create(
            organization_id=by.organization_id,
            creditor_id=creditor_id,
            segment=segment,
            from_on=from_on,
            percents=None if percents is None else list(percents),
            reason=reason.strip()[:300],
            recorded_at=by.now,
            recorded_by=by.name,
        )
        log.say(from_on=from_on.isoformat(), percents=[str(one) for one in percents or ()], reason=made.reason)
    return made


def record_exchange_rates(by: Actor, rates: Sequence[Given]) -> int:
    """Enter rates; how many. One of the same day and currencies takes the place of the one before.

    Raises Problem for the first one that is none, that is of a day to come, or that has no source: then none is entered.
    """
    for one in rates:
        if not (is_currency(one.base) and is_currency(one.quote)) or one.base == one.quote or one.rate <= 0:
            wrong = "rate" if one.rate <= 0 else "quote" if is_currency(one.base) else "base"
            raise Problem(WRONG_RATE, what=f"{one.base} {one.quote} {one.rate}", beside=wrong)
        if not one.source.strip():
            raise Problem(NO_SOURCE)
        if one.on > by.today:
            raise Problem(LATER, date=one.on)
    with action(by, "analytics.record_exchange_rates") as log:
        ExchangeRate.objects.bulk_create(
            ExchangeRate(
                organization_id=by.organization_id,
                on=one.on,
                base=one.base,
                quote=one.quote,
                rate=one.rate,
                source=one.source.strip()[:200],
                recorded_at=by.now,
                recorded_by=by.name,
            )
            for one in rates
        )
        log.say(rates=len(rates))
    return len(rates)
