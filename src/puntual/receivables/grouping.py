"""A customer's open items as they are dealt with: what may be asked for, and what stands apart. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from puntual.receivables.models import Hold, Invoice
from puntual.receivables.queries import ItemBalance

OURS = Invoice.ClaimOwner.OURS


@dataclass(frozen=True, slots=True)
class Line:
    """An open item with the pauses that stop it being asked for. `held` is the part of it that they cover."""

    item: ItemBalance
    holds: tuple[Hold, ...] = ()
    held: Decimal = Decimal(0)


@dataclass(slots=True)
class Group:
    """Lines of one sort with their sums by currency."""

    name: str
    lines: list[Line] = field(default_factory=list)

    @property
    def totals(self) -> list[tuple[str, Decimal]]:
        sums: dict[str, Decimal] = {}
        for line in self.lines:
            sums[line.item.currency] = sums.get(line.item.currency, Decimal(0)) + line.item.open
        return sorted(sums.items())


def grouped(items: Sequence[ItemBalance], holds: Sequence[Hold], today: date) -> list[Group]:
    """Open items as they are dealt with: overdue, paused, still to come, not ours; groups with nothing are left out.

    What is paused or to come is listed apart and never totaled into what is asked for; what is expected later than it was due is
    still to come until then.
    """
    groups = {name: Group(name) for name in ("overdue", "held", "to_come", "not_ours")}
    for item in items:
        line = _line(item, holds)
        if item.claim_owner != OURS:
            name = "not_ours"
        elif line.held >= item.open:
            name = "held"
        else:
            name = "overdue" if item.expected_on < today else "to_come"
        groups[name].lines.append(line)
    return [group for group in groups.values() if group.lines]


def _line(item: ItemBalance, holds: Sequence[Hold]) -> Line:
    covering = tuple(
        hold
        for hold in holds
        if hold.stops_chasing
        and (
            hold.installment_id == item.installment_id
            or hold.invoice_id == item.invoice_id
            or (hold.installment_id is None and hold.invoice_id is None)
        )
    )
    held = sum((item.open if hold.amount is None else hold.amount for hold in covering), Decimal(0))
    return Line(item, covering, min(held, item.open))
