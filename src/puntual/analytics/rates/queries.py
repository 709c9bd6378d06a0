"""Which rates count on a day. Everything runs inside `acting_for` and names its organization."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from puntual.analytics.narrowing import EVERYBODY, Whose, whose
from puntual.analytics.rates.models import ExchangeRate, LossRate
from puntual.kernel.problems import N_, Problem
from puntual.strategies.models import StoredSegment

NO_RATE = N_(
    "There is no exchange rate from {base} to {quote} on or before {date}. Enter one under Reports, Rates, or ask for one"
    " currency at a time."
)
_PLACES = Decimal("1E-10")


@dataclass(frozen=True, slots=True)
class LossGroup:
    """What one line of loss rates counts for: `whose` says of whom, `own` what was set; None: what was measured counts."""

    whose: Whose
    own: LossRate | None


def loss_groups(organization_id: UUID, day: date, asked: Whose = EVERYBODY) -> list[LossGroup]:
    """Who of those asked about is under which own rates on a day: everybody in the first group whose `whose` lets them through.

    Rates for a segment of one creditor's customers go first, then those for a segment (in the organization's order), for a
    creditor, and for all; the last group is all the rest. Where all that is asked about is owed to a creditor with rates of its
    own there is no rest.
    """
    groups: list[LossGroup] = []
    latest = _latest_of_each(organization_id, day)
    places = {
        code: place
        for place, code in enumerate(
            StoredSegment.objects.filter(organization_id=organization_id)
            .order_by("position", "code")
            .values_list("code", flat=True)
        )
    }
    special = [
        one
        for one in latest.values()
        if (one.creditor_id or one.segment)
        and one.creditor_id in (None, asked.creditor or one.creditor_id)
        and (not one.segment or one.segment in places)
    ]
    special.sort(key=lambda one: (not one.segment, one.creditor_id is None, places.get(one.segment, 0), one.from_on))
    for place, one in enumerate(special):
        of = whose(organization_id, day, creditor=one.creditor_id, segment=one.segment, prefix=f"loss{place}_")
        groups.append(LossGroup(of, one if one.percents is not None else None))
        if one.creditor_id and not one.segment and one.creditor_id == asked.creditor:
            return groups
    general = latest.get((None, ""))
    return [*groups, LossGroup(EVERYBODY, general if general and general.percents is not None else None)]


def _latest_of_each(organization_id: UUID, day: date) -> dict[tuple[UUID | None, str], LossRate]:
    rows = LossRate.objects.filter(organization_id=organization_id, from_on__lte=day).select_related("creditor")
    return {(one.creditor_id, one.segment): one for one in rows.order_by("from_on", "recorded_at")}


@dataclass(frozen=True, slots=True)
class Used:
    """A rate that was used: one unit of a currency in the one asked for."""

    rate: Decimal
    on: date
    source: str


@dataclass(slots=True)
class Into:
    """Amounts in one currency, by the rates of a day; `used` are those that were needed, by currency."""

    organization_id: UUID
    currency: str
    day: date
    used: dict[str, Used] = field(default_factory=dict)

    def rate(self, currency: str) -> Decimal:
        """What one unit of a currency is worth in the one asked for. Raises Problem where nobody entered a rate."""
        if currency == self.currency:
            return Decimal(1)
        if currency not in self.used:
            self.used[currency] = self._latest(currency)
        return self.used[currency].rate

    def every(self) -> dict[str, Decimal]:
        """What one unit of every currency with a rate is worth, and of the one asked for itself."""
        rows = ExchangeRate.objects.filter(organization_id=self.organization_id, on__lte=self.day)
        pairs = (
            rows.filter(Q(quote=self.currency) | Q(base=self.currency))
            .order_by()
            .values_list("base", "quote")
            .distinct()
        )
        return {code: self.rate(code) for code in {self.currency, *(code for pair in pairs for code in pair)}}

    def facts(self) -> dict[str, dict[str, str]]:
        """What was used, for machines."""
        return {
            base: {"rate": str(one.rate), "on": one.on.isoformat(), "source": one.source}
            for base, one in self.used.items()
        }

    def _latest(self, currency: str) -> Used:
        rows = ExchangeRate.objects.filter(organization_id=self.organization_id, on__lte=self.day)
        either = Q(base=currency, quote=self.currency) | Q(base=self.currency, quote=currency)
        found = rows.filter(either).order_by("-on", "-recorded_at", "-id").first()
        if found is None:
            raise Problem(NO_RATE, base=currency, quote=self.currency, date=self.day)
        rate = found.rate if found.base == currency else (1 / found.rate).quantize(_PLACES)
        return Used(rate, found.on, found.source)
