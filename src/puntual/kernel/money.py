"""Money: an exact decimal amount in one ISO 4217 currency.

Amounts are `Decimal` from end to end; a float (0.1 + 0.2 is not 0.3) raises TypeError wherever it could slip in.
Two currencies never meet in one sum: that raises `CurrencyMismatch`.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Self

from puntual.kernel.problems import N_, Problem

# ISO 4217:2015, list one (SIX Group, maintenance agency), amendments up to 180: code -> decimals of the minor unit.
# Codes without a minor unit (metals, XDR, XTS, XXX ...) are left out: no invoice is owed in them.
_CODES_BY_DECIMALS = {
    0: """
        BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF
    """,
    2: """
        AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY
        COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS
        INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR
        MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP
        STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG
        ANG BGN CUC HRK SLL ZWL
    """,  # the last line: withdrawn since 2021, still met in the history of a portfolio
    3: """
        BHD IQD JOD KWD LYD OMR TND
    """,
    4: """
        CLF UYW
    """,
}
_MINOR_UNITS = {code: decimals for decimals, codes in _CODES_BY_DECIMALS.items() for code in codes.split()}
_QUANTA = {decimals: Decimal(1).scaleb(-decimals) for decimals in _CODES_BY_DECIMALS}

# Wide enough that no intermediate result on a NUMERIC(20, 4) is rounded early, whatever the caller's own context is.
EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)


class CurrencyMismatch(Problem):
    """Amounts of two currencies were about to be added or compared."""

    def __init__(self, left: str, right: str) -> None:
        super().__init__(
            N_("Amounts in {left} and {right} cannot be added or compared. Keep each currency apart."),
            left=left,
            right=right,
        )


def currencies() -> tuple[str, ...]:
    """Every ISO 4217 code with a minor unit."""
    return tuple(sorted(_MINOR_UNITS))


def is_currency(code: str) -> bool:
    """Whether `code` is an ISO 4217 code with a minor unit, in capital letters."""
    return code in _MINOR_UNITS


def minor_units(currency: str) -> int:
    """Decimals of the currency's minor unit (ISO 4217): PEN 2, CLP 0, KWD 3, CLF 4.

    Raises Problem for an unknown code.
    """
    try:
        return _MINOR_UNITS[currency]
    except KeyError:
        raise Problem(
            N_("“{currency}” is not a currency code. Use three capital letters such as PEN, USD or EUR (ISO 4217)."),
            currency=currency,
        ) from None


def quantum(currency: str) -> Decimal:
    """The smallest amount of the currency: 0.01 for PEN, 1 for CLP. Raises Problem for an unknown code."""
    return _QUANTA[minor_units(currency)]


def round_money(amount: Decimal, currency: str) -> Decimal:
    """`amount` rounded half to even to the currency's minor unit. Raises TypeError for anything but a Decimal."""
    return _decimal(amount).quantize(quantum(currency), context=EXACT)


def to_minor(amount: Decimal, currency: str) -> int:
    """`amount` counted in minor units: 12.34 PEN is 1234.

    Raises Problem where the amount is finer than the minor unit (nothing is rounded in silence), TypeError for a float.
    """
    minor = _decimal(amount).scaleb(minor_units(currency), context=EXACT)
    if minor != minor.to_integral_value():
        raise Problem(
            N_("{amount} {currency} is finer than the currency allows. Round it to {decimals} decimals."),
            amount=amount,
            currency=currency,
            decimals=minor_units(currency),
        )
    return int(minor)


def from_minor(minor: int, currency: str) -> Decimal:
    """The amount of `minor` minor units: 1234 in PEN is 12.34. Raises TypeError for anything but an int."""
    if not isinstance(minor, int):
        raise TypeError(f"Minor units are counted in int, not {type(minor).__name__}.")
    return Decimal(minor).scaleb(-minor_units(currency), context=EXACT)


def _decimal(amount: Decimal) -> Decimal:
    if not isinstance(amount, Decimal):
        raise TypeError(f"Money is counted in Decimal, not {type(amount).__name__}.")
    if not amount.is_finite():
        raise ValueError("Money is a finite number.")
    return amount


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency; exact, not rounded until `rounded()`.

    Adding, subtracting and ordering need the same currency, else CurrencyMismatch; `==` never raises, 1 PEN is simply
    not 1 USD. Raises TypeError for an amount that is not a Decimal, ValueError where it is not finite, Problem for an
    unknown currency.
    """

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        _decimal(self.amount)
        minor_units(self.currency)

    @classmethod
    def zero(cls, currency: str) -> Self:
        """Nothing, in `currency`: where a sum starts."""
        return cls(Decimal(0), currency)

    def rounded(self) -> "Money":
        """Rounded half to even to the currency's minor unit."""
        return Money(round_money(self.amount, self.currency), self.currency)

    def __add__(self, other: "Money") -> "Money":
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.amount - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __mul__(self, factor: Decimal | int) -> "Money":
        if not isinstance(factor, Decimal | int):
            return NotImplemented
        return Money(self.amount * factor, self.currency)

    __rmul__ = __mul__

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.amount <= self._same(other)

    def __gt__(self, other: "Money") -> bool:
        return self.amount > self._same(other)

    def __ge__(self, other: "Money") -> bool:
        return self.amount >= self._same(other)

    def _same(self, other: "Money") -> Decimal:
        if other.currency != self.currency:
            raise CurrencyMismatch(self.currency, other.currency)
        return other.amount
