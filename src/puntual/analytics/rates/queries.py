"""Which rates count on a day. Everything runs inside `acting_for` and names its organization."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from puntual.analytics.rates.models import ExchangeRate, LossRate
from puntual.kernel.problems import N_, Problem

NO_RATE = N_(
    "There is no exchange rate from {base} to {quote} on or before {date}. Enter one under Reports, Rates, or ask for one"
    " currency at a time."
)
_PLACES = Decimal("1E-10")


def own_loss_rates(organization_id: UUID, day: date, creditor: UUID | None = None) -> LossRate | None:
    """What was set for a creditor, else for all, and is in force on a day; None where what was measured counts."""
    rows = LossRate.objects.filter(organization_id=organization_id, from_on__lte=day)
    of_one = rows.filter(Q(creditor=creditor) | Q(creditor=None)) if creditor else rows.filter(creditor=None)
    found = sorted(of_one, key=lambda one: (one.creditor_id is not None, one.from_on, one.recorded_at))
    return found[-1] if found and found[-1].percents is not None else None


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
            raise Problem(NO_RATE, base=currency, quote=self.currency, date=self.day.isoformat())
        rate = found.rate if found.base == currency else (1 / found.rate).quantize(_PLACES)
        return Used(rate, found.on, found.source)
