"""The working of an accrual as data: kept with a charge, shown on pages and printed by the command. Amounts are texts. Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from puntual.kernel.interest import DAYS_IN_YEAR, InterestLine
from puntual.kernel.money import round_money
from puntual.receivables.interest.working import Accrual, Once


def as_data(accrual: Accrual) -> list[dict[str, Any]]:
    """The lines of interest in their order."""
    return [_line(line) for line in accrual.lines]


def once_as_data(once: Once, currency: str) -> list[dict[str, Any]]:
    """A fixed compensation or commission as the one line it is."""
    fixed = once.fixed
    return [
        {
            "kind": fixed.kind,
            "articles": fixed.articles,
            "principal": _text(once.base, currency),
            "percent": None if fixed.percent is None else f"{fixed.percent:f}",
            "amount": _text(once.amount, currency),
        }
    ]


@dataclass(frozen=True, slots=True)
class KeptLine:
    """A line of a charge as it was worked out; without days it is what was owed once, and without a percent a fixed amount."""

    first: date | None
    last: date | None
    days: int | None
    principal: Decimal
    percent: Decimal | None
    source: str
    capped: bool
    amount: Decimal


def from_data(line: dict[str, Any]) -> KeptLine:
    """A line that `as_data` or `once_as_data` wrote."""
    once = "from" not in line
    return KeptLine(
        None if once else date.fromisoformat(line["from"]),
        None if once else date.fromisoformat(line["to"]),
        line.get("days"),
        Decimal(line["principal"]),
        Decimal(line["percent"]) if line["percent"] else None,
        line["articles"] if once else line["source"],
        line.get("capped", False),
        Decimal(line["amount"]),
    )


def _line(line: InterestLine) -> dict[str, Any]:
    return {
        "from": line.first_day.isoformat(),
        "to": line.last_day.isoformat(),
        "days": line.days,
        "of": DAYS_IN_YEAR,
        "principal": _text(line.principal, line.currency),
        "rate": f"{line.rate.value:f}",
        "rate_name": line.rate.name,
        "source": line.rate.source,
        "margin": f"{line.margin:f}",
        "percent": f"{line.percent:f}",
        "capped": line.cap is not None,
        "amount": _text(line.amount, line.currency),
    }


def _text(amount: Decimal, currency: str) -> str:
    return f"{round_money(amount, currency):f}"
