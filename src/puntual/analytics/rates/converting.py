"""What reports are made of, in one currency: amounts times the rate of their own, and then together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from puntual.analytics.aging import Aging, CurrencyAging, CustomerAging
from puntual.analytics.months import ZERO, Period
from puntual.analytics.rates.queries import Into
from puntual.analytics.series import Month


def aging_in(sums: Aging, into: Into | None) -> Aging:
    """The portfolio's aging in the one currency asked for; as it is where none was."""
    if into is None or not sums.currencies:
        return sums
    one = CurrencyAging.empty(sums.buckets)
    for currency, each in sums.currencies.items():
        rate = into.rate(currency)
        one.amounts = [mine + amount * rate for mine, amount in zip(one.amounts, each.amounts, strict=True)]
        one.counts = [mine + count for mine, count in zip(one.counts, each.counts, strict=True)]
        one.unapplied_credit += each.unapplied_credit * rate
    return Aging(sums.as_of, sums.buckets, sums.known_on, {into.currency: one})


def customers_in(rows: Iterable[CustomerAging], into: Into | None) -> Iterator[CustomerAging]:
    """A row per customer instead of one per customer and currency; those of a customer follow one another."""
    if into is None:
        yield from rows
        return
    for _customer, group in groupby(rows, key=lambda row: row.customer_id):
        each = list(group)
        rates = [into.rate(row.currency) for row in each]
        yield each[0]._replace(
            currency=into.currency,
            amounts=tuple(
                sum((row.amounts[place] * rate for row, rate in zip(each, rates, strict=True)), ZERO)
                for place in range(len(each[0].amounts))
            ),
            total=sum((row.total * rate for row, rate in zip(each, rates, strict=True)), ZERO),
            unapplied_credit=sum((row.unapplied_credit * rate for row, rate in zip(each, rates, strict=True)), ZERO),
        )


def months_in(lines: Mapping[str, Sequence[Month]], into: Into | None) -> dict[str, list[Month]]:
    """The months of all currencies together. Customers are not: somebody may be late in two."""
    if into is None or not lines:
        return {currency: list(line) for currency, line in lines.items()}
    together = [Month(one.first, one.last) for one in next(iter(lines.values()))]
    for currency, line in lines.items():
        rate = into.rate(currency)
        for mine, one in zip(together, line, strict=True):
            mine.begin += one.begin * rate
            mine.end += one.end * rate
            mine.not_due += one.not_due * rate
            mine.sales += one.sales * rate
    return {into.currency: together}


def period_in(found: Mapping[str, Period], into: Into | None) -> dict[str, Period]:
    """The same of a period with what became of everything that was open."""
    if into is None or not found:
        return dict(found)
    some = next(iter(found.values()))
    together = Period(some.first, some.last)
    for currency, one in found.items():
        rate = into.rate(currency)
        together.began = [mine + amount * rate for mine, amount in zip(together.began, one.began, strict=True)]
        together.ended = [mine + amount * rate for mine, amount in zip(together.ended, one.ended, strict=True)]
        for move, amount in one.moves.items():
            together.moves[move] += amount * rate
        for kind, amount in one.flows.items():
            together.flows[kind] += amount * rate
    return {into.currency: together}


def collected_in(rows: Sequence[tuple[Any, ...]], into: Into | None) -> list[tuple[Any, ...]]:
    """Day, cause, channel, currency, payments, amount: together where they differ by the currency only."""
    if into is None:
        return list(rows)
    sums: dict[tuple[Any, ...], list[Any]] = {}
    for day, cause, channel, currency, payments, amount in rows:
        mine = sums.setdefault((day, cause, channel), [0, ZERO])
        mine[0] += payments
        mine[1] += amount * into.rate(currency)
    return [(*key, into.currency, *mine) for key, mine in sums.items()]
