"""What customers owe per currency, from their open items: the columns of lists and what an amount is made of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from puntual.desk import formats
from puntual.kernel.aging import Buckets, days_past_due
from puntual.receivables.queries import ItemBalance

FEW = 5
"""So many documents an amount names; the rest are one line."""

Parts = tuple[tuple[str, Decimal], ...]


@dataclass(slots=True)
class Amount:
    """A sum with the documents it is made of, the oldest first. `key` is of its own on a page."""

    key: str
    items: list[ItemBalance] = field(default_factory=list)
    value: Decimal = Decimal(0)

    def add(self, item: ItemBalance) -> None:
        self.items.append(item)
        self.value += item.open

    @property
    def parts(self) -> Parts:
        """Words and amounts for the popover; a single document needs none."""
        return parts_of([(item.number, item.open) for item in self.items])

    @property
    def total(self) -> str:
        """The popover's last line: "34 invoices, PEN"."""
        return documents(len(self.items), self.items[0].currency) if self.items else ""


@dataclass(slots=True)
class Standing:
    """One customer in one currency. `oldest` is the earliest due date of what is open."""

    currency: str
    oldest: date
    buckets: list[Amount]
    open: Amount
    overdue: Amount

    def add(self, item: ItemBalance, today: date, buckets: Buckets) -> None:
        self.open.add(item)
        self.oldest = min(self.oldest, item.due_on)
        days = days_past_due(item.due_on, today)
        self.buckets[buckets.index(days)].add(item)
        if days > 0:
            self.overdue.add(item)


def standings(items: Iterable[ItemBalance], today: date, buckets: Buckets | None = None) -> dict[UUID, list[Standing]]:
    """Each customer's standing per currency, currencies in alphabetical order; customers with nothing open are left out."""
    buckets = buckets or Buckets()
    found: dict[UUID, dict[str, Standing]] = {}
    for item in items:
        of_customer = found.setdefault(item.customer_id, {})
        standing = of_customer.get(item.currency)
        if standing is None:
            standing = of_customer[item.currency] = _begun(item, buckets)
        standing.add(item, today, buckets)
    return {customer: [of[currency] for currency in sorted(of)] for customer, of in found.items()}


def _begun(item: ItemBalance, buckets: Buckets) -> Standing:
    key = f"{item.customer_id.hex[-12:]}-{item.currency}"
    aged = [Amount(f"{key}-{position}") for position in range(len(buckets.names))]
    return Standing(item.currency, item.due_on, aged, Amount(f"{key}-open"), Amount(f"{key}-overdue"))


def parts_of(lines: Sequence[tuple[str, Decimal]]) -> Parts:
    """At most FEW lines, the others summed in one; none where a single line says it all."""
    if len(lines) < 2:
        return ()
    shown = lines if len(lines) <= FEW + 1 else lines[:FEW]
    rest = lines[len(shown) :]
    more: Parts = ()
    if rest:
        words = ngettext("{n} more", "{n} more", len(rest)).format(n=formats.number(len(rest)))
        more = ((words, sum((amount for _words, amount in rest), Decimal(0))),)
    return (*shown, *more)


def documents(count: int, currency: str) -> str:
    """4 facturas, CLP."""
    words = ngettext("{n} invoice", "{n} invoices", count).format(n=formats.number(count))
    return _("{documents}, {currency}").format(documents=words, currency=currency)


def coded(amount: Decimal, currency: str) -> str:
    """CLP 1,860,000: an amount in the middle of a sentence."""
    return f"{currency}\N{NO-BREAK SPACE}{formats.money(amount, currency)}"
