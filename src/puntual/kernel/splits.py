"""Splits that lose no cent, and the dates of monthly installments."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from puntual.kernel.money import from_minor, to_minor


def split_evenly(amount: Decimal, n: int, currency: str) -> list[Decimal]:
    """`amount` in `n` parts that add up to it exactly; the remainder goes to the first parts, one minor unit each.

    Raises ValueError for n < 1, Problem for an amount finer than the currency's minor unit.
    """
    if n < 1:
        raise ValueError("An amount is split into at least one part.")
    minor = to_minor(amount, currency)
    sign = -1 if minor < 0 else 1
    share, rest = divmod(abs(minor), n)
    return [from_minor(sign * (share + (position < rest)), currency) for position in range(n)]


def split_by_weights(amount: Decimal, weights: Sequence[Decimal | int], currency: str) -> list[Decimal]:
    """`amount` in proportion to `weights`, adding up to it exactly (largest remainder first, then the earlier part).

    Raises ValueError unless the weights are zero or more and at least one is above zero, TypeError for a float weight,
    Problem for an amount finer than the currency's minor unit.
    """
    if any(isinstance(weight, float) for weight in weights):
        raise TypeError("Weights are Decimal or int, not float.")
    exact = [Fraction(weight) for weight in weights]
    whole = sum(exact)
    if whole <= 0 or min(exact) < 0:
        raise ValueError("Weights are zero or more, and at least one is above zero.")
    minor = to_minor(amount, currency)
    sign = -1 if minor < 0 else 1
    shares = [abs(minor) * weight / whole for weight in exact]
    parts = [int(share) for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda position: (parts[position] - shares[position], position))
    for position in by_remainder[: abs(minor) - sum(parts)]:
        parts[position] += 1
    return [from_minor(sign * part, currency) for part in parts]


def monthly_dates(first: date, n: int) -> list[date]:
    """`n` dates a month apart on the day of `first`, or the last of a shorter month: 31 Jan, 28 Feb, 31 Mar."""
    dates = []
    for offset in range(n):
        years, month = divmod(first.month - 1 + offset, 12)
        year, month = first.year + years, month + 1
        dates.append(date(year, month, min(first.day, monthrange(year, month)[1])))
    return dates
