"""How a month's figures moved, and what the change of the overdue part is made of. Pure; amounts of one currency."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from puntual.analytics.months import Period
from puntual.analytics.ratios import dso, effectiveness

ZERO: Final = Decimal(0)
BEFORE: Final = 12
"""Months before the letter's own that its mean is taken of."""
QUARTER: Final = 3
"""Months of sales that the DSO is measured against, as in the report on it."""

Unit = Literal["money", "days", "percent"]
FIGURES: Final[Mapping[str, Unit]] = {
    "balance": "money",
    "overdue": "money",
    "dso": "days",
    "cei": "percent",
    "collected": "money",
    "promises_kept": "percent",
    "disputed": "money",
}
"""What a letter is about, in its order: each with its unit."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of a month, the month before, and the mean of the `months` before it that had it. None: it does not exist."""

    key: str
    now: Decimal | None
    before: Decimal | None
    mean: Decimal | None
    months: int


def figures(periods: Sequence[Period]) -> dict[str, Decimal | None]:
    """The figures of the last of these months that the ledger alone knows; DSO looks at the quarter that ends with it."""
    one, quarter = periods[-1], periods[-QUARTER:]
    sales, days = sum((each.sales for each in quarter), ZERO), sum(each.days for each in quarter)
    return {
        "balance": one.end,
        "overdue": one.end - one.not_due,
        "dso": dso(one.end, sales, days),
        "cei": effectiveness(one.begin, one.sales, one.end, one.not_due),
        "collected": one.collected,
    }


def measures(series: Mapping[str, Sequence[Decimal | None]]) -> list[Measure]:
    """Each figure's last month against the one before and the mean of up to `BEFORE` months before it, which stand before it."""
    found = []
    for key in FIGURES:
        values = series[key]
        known = [value for value in values[-BEFORE - 1 : -1] if value is not None]
        found.append(
            Measure(
                key,
                values[-1],
                values[-2] if len(values) > 1 else None,
                sum(known, ZERO) / len(known) if known else None,
                len(known),
            )
        )
    return found


def made_of(period: Period) -> dict[str, Decimal]:
    """What the overdue part changed by in a month, by what did it; the parts add up to the change.

    `fell_due` came from what was not due; `new` was billed or opened again in the month and was overdue at its end; `put_off` is
    not due any more, by a later day. The rest left: paid, credited, written off or closed elsewhere.
    """
    late = range(1, len(period.ended))
    moves = period.moves
    stayed = sum((amount for (_from, to), amount in moves.items() if to.isdigit() and int(to) in late), ZERO)

    def left(state: str) -> Decimal:
        return -sum((moves.get((place, state), ZERO) for place in late), ZERO)

    return {
        "fell_due": sum((moves.get((0, str(place)), ZERO) for place in late), ZERO),
        "new": sum((period.ended[place] for place in late), ZERO) - stayed,
        "paid": left("paid"),
        "credited": left("credited"),
        "written_off": left("written_off"),
        "closed": left("closed"),
        "put_off": left("0"),
    }


def change(period: Period) -> Decimal:
    """How much the overdue part changed in a month."""
    return sum(period.ended[1:], ZERO) - sum(period.began[1:], ZERO)


def largest(parts: Mapping[str, Decimal], total: Decimal, most: int = 3) -> list[tuple[str, Decimal]]:
    """The largest of the parts of a change, up or down, and the rest as "": they add up to `total`."""
    ordered = sorted((part for part in parts.items() if part[1]), key=lambda part: (-abs(part[1]), part[0]))
    top = ordered[:most]
    rest = total - sum((amount for _key, amount in top), ZERO)
    return [*top, ("", rest)] if rest else top
