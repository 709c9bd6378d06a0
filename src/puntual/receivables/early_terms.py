"""Less to pay for paying early, as people write it: 2/10 net 30. Pure."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from puntual.kernel.money import quantum

MOST_PERCENT = Decimal(50)
MOST_DAYS = 365

_NUMBER = r"(?P<percent>\d{1,2}(?:[.,]\d{1,4})?)"
# 2/10 net 30 · 2/10 n/30 · 2/10, 30 netto
_SLASH = re.compile(rf"{_NUMBER}\s*%?\s*/\s*(?P<days>\d{{1,3}})(?:\D+(?P<net>\d{{1,3}}))?\D*", re.IGNORECASE)
# 2% 10 días, neto 30 · 2 % within 10 days · 3% em 10 dias
_WORDS = re.compile(rf"{_NUMBER}\s*%\D*?(?P<days>\d{{1,3}})(?:\D+(?P<net>\d{{1,3}}))?\D*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class EarlyPayment:
    """`percent` less when it is paid within `days` of its issue; it is due `net` days after it, where that is said."""

    percent: Decimal
    days: int
    net: int | None = None


def parse(text: str) -> EarlyPayment | None:
    """What terms like “2/10 net 30” or “2 % 10 días, neto 30” say; None for anything else, or for what nobody grants."""
    found = _SLASH.fullmatch(text.strip()) or _WORDS.fullmatch(text.strip())
    if not found:
        return None
    percent, days = Decimal(found["percent"].replace(",", ".")), int(found["days"])
    net = int(found["net"]) if found["net"] else None
    if not 0 < percent <= MOST_PERCENT or not 0 < days <= MOST_DAYS or (net is not None and net < days):
        return None
    return EarlyPayment(percent, days, net)


def kept(amount: Decimal, percent: Decimal, currency: str) -> Decimal:
    """What may be kept of `amount`, rounded half up to the currency's minor unit (ISO 4217)."""
    return (amount * percent / 100).quantize(quantum(currency), ROUND_HALF_UP)
