"""Periods of the ledger: what was open at both ends, what became of it, and what was billed and paid between.

Whole months that are over are read as the day run has kept them (`keeping`); any other period is worked out when asked for.
Everything runs inside `acting_for` and names its organization.
"""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Min

from puntual.analytics.models import MonthCure, MonthEnd, MonthFlow, MonthKept, MonthMove
from puntual.analytics.months_sql import balances_sql, customers_sql, flows_sql, running_balances_sql
from puntual.analytics.narrowing import EVERYBODY, Whose, of_creditor
from puntual.kernel.aging import Buckets
from puntual.receivables.models import Invoice
from puntual.receivables.queries import end_of_day

BUCKETS = Buckets()
ZERO = Decimal(0)
OUT = ("paid", "credited", "written_off", "closed")
"""How an amount leaves receivables: paid (with what was deducted from a payment), credited by a document, written off, or closed
in the creditor's own books, nobody knows how."""
_GONE = ("paid", "written_off", "closed", "credited")
SALES = ("issued", "cancellation", "credit_note", "waiver", "write_off", "closed_outside")
"""The kinds of entries that sales are the sum of: billed on credit, less what left receivables without a payment."""
MONEY = frozenset({"payment"})
"""The kinds of entries that what was collected is the sum of."""
BALANCES, CUSTOMERS, FLOWS = "balances", "customers", "flows"
EVERYTHING = frozenset({BALANCES, CUSTOMERS, FLOWS})
"""What a period is made of, each read by a statement of its own: both ends with what became of what was open, customers late
before and after, and what moved receivables.
"""


@dataclass(slots=True)
class Period:
    """One currency from `first` through `last`. `began` and `ended` are what was open the day before and at the end, by bucket;
    `moves` what became of `began`: (bucket, bucket or one of `OUT`) → amount; `flows` the sum of entries by kind.
    """

    first: date
    last: date
    began: list[Decimal] = field(default_factory=lambda: [ZERO] * len(BUCKETS.names))
    ended: list[Decimal] = field(default_factory=lambda: [ZERO] * len(BUCKETS.names))
    items: int = 0
    moves: dict[tuple[int, str], Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    flows: dict[str, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    delinquent: int = 0  # customers with something overdue at the beginning
    cured: int = 0  # of those, the ones with nothing overdue at the end

    @property
    def days(self) -> int:
        """Calendar days, both ends counted."""
        return (self.last - self.first).days + 1

    @property
    def begin(self) -> Decimal:
        """What was open before it began."""
        return sum(self.began, ZERO)

    @property
    def end(self) -> Decimal:
        """What was open at its end."""
        return sum(self.ended, ZERO)

    @property
    def not_due(self) -> Decimal:
        """What was open at its end and not overdue."""
        return self.ended[0]

    @property
    def sales(self) -> Decimal:
        """Billed on credit, less what left receivables without a payment: credit notes and waivers, write-offs, closures."""
        return sum((self.flows.get(kind, ZERO) for kind in SALES), ZERO)

    @property
    def collected(self) -> Decimal:
        """Money that settled items, net of what came back; recoveries of what was written off are not in it."""
        return -sum((self.flows.get(kind, ZERO) for kind in MONEY), ZERO)


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def month_end(month: date) -> date:
    """The last day of a month."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def first_of_a_year(through: date) -> date:
    """The first day of the twelve months that end with that of `through`."""
    year, month = divmod(through.year * 12 + through.month - 12, 12)
    return date(year, month + 1, 1)


def months_through(day: date, number: int) -> list[tuple[date, date]]:
    """The `number` months that end with the one of `day`, the earliest first; the last one through `day` only."""
    spans, last = [], day
    for _ in range(number):
        first = month_of(last)
        spans.append((first, last))
        last = first - timedelta(days=1)
    return spans[::-1]


def periods(
    organization_id: UUID,
    spans: Sequence[tuple[date, date]],
    creditor: UUID | None = None,
    *,
    whose: Whose | None = None,
    known_on: date | None = None,
    parts: Collection[str] = EVERYTHING,
) -> list[dict[str, Period]]:
    """Each span's period by currency, in alphabetical order; a currency without an entry or balance is left out.

    With `known_on` only what had been recorded by the end of that day counts. Kept months tell creditors and currencies apart and
    know everything: for anything else each span is worked out, with no more than the `parts` that are needed.
    """
    asked = whose or of_creditor(creditor)
    return [
        period(organization_id, *span, asked, known_on, parts) if one is None else one
        for span, one in zip(spans, kept_periods(organization_id, spans, asked, known_on), strict=True)
    ]


def kept_periods(
    organization_id: UUID, spans: Sequence[tuple[date, date]], whose: Whose, known_on: date | None = None
) -> list[dict[str, Period] | None]:
    """Each span's period by currency as it is kept; None for one that has to be worked out."""
    whole = [first for first, last in spans if first.day == 1 and last == month_end(first)]
    kept = {} if whose.by_customer or known_on else _kept(organization_id, whole, whose)
    begins = first_billed(organization_id)
    return [
        {} if begins is None or last < begins else kept.get(first) if last == month_end(first) else None
        for first, last in spans
    ]


def first_billed(organization_id: UUID) -> date | None:
    """The day of the earliest invoice."""
    invoices = Invoice.objects.filter(organization_id=organization_id, withdrawn_on=None)
    found: date | None = invoices.aggregate(day=Min("issued_on"))["day"]
    return found


def period(
    organization_id: UUID,
    first: date,
    last: date,
    whose: Whose = EVERYBODY,
    known_on: date | None = None,
    parts: Collection[str] = EVERYTHING,
) -> dict[str, Period]:
    """A period by currency, worked out from the entries; of the `parts` that are not asked for nothing is known."""
    made: dict[str, Period] = {}
    for row in rows_of(organization_id, first, last, whose, known_on, parts, by_sums=True):
        _add(made.setdefault(row.currency, Period(first, last)), row)
    return _sorted(made)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a period: an open amount at its `end`, a `move` of what was open before, customers `cured` or `still_late`,
    or a `flow` of the entries of a kind (in `became`).
    """

    what: str
    creditor_id: UUID
    currency: str
    bucket: int
    became: str
    amount: Decimal
    number: int


def rows_of(
    organization_id: UUID,
    first: date,
    last: date,
    whose: Whose = EVERYBODY,
    known_on: date | None = None,
    parts: Collection[str] = EVERYTHING,
    *,
    by_sums: bool = False,
) -> list[Row]:
    """A period's lines, by creditor and currency; `by_sums` starts from what is open by due date, and not from the items, where
    what is asked allows.
    """
    by_sums = by_sums and known_on is None
    values: dict[str, Any] = {
        "org": organization_id,
        "first": first,
        "last": last,
        "before": first - timedelta(days=1),
        "known_before": end_of_day(organization_id, known_on) if known_on else None,
        **whose.values,
    }
    narrowed, known = whose.sql("i"), known_on is not None
    rows: list[Row] = []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'; SET LOCAL enable_nestloop = off")
        if BALANCES in parts and not by_sums:
            cursor.execute(balances_sql(BUCKETS.edges, narrowed, known=known), values)
            for line in cursor.fetchall():
                rows += _balances(*line)
        if CUSTOMERS in parts:
            cursor.execute(customers_sql(narrowed, known=known), values)
            for owner, currency, late, cured in cursor.fetchall():
                rows.append(Row("cured", owner, currency, 0, "", ZERO, cured))
                rows.append(Row("still_late", owner, currency, 0, "", ZERO, late - cured))
        cursor.execute("SET LOCAL enable_nestloop = on")
        if BALANCES in parts and by_sums:
            cursor.execute(running_balances_sql(BUCKETS.edges, narrowed, by_customer=whose.by_customer), values)
            for line in cursor.fetchall():
                rows += _balances(*line)
        if FLOWS in parts:
            cursor.execute(flows_sql(narrowed, known=known), values)
            rows += [
                Row("flow", owner, currency, 0, kind, sums, 0)
                for owner, currency, kind, sums in cursor.fetchall()
                if sums
            ]
    return _summed(rows)


def _balances(
    owner: UUID,
    currency: str,
    before: int,
    after: int,
    ended: Decimal,
    items: int,
    stayed: Decimal | None,
    *gone: Decimal,
) -> Iterator[Row]:
    yield Row("end", owner, currency, after, "", ended, items)
    yield Row("move", owner, currency, before, str(after), stayed or ZERO, 0)
    for state, amount in zip(_GONE, gone, strict=True):
        yield Row("move", owner, currency, before, state, amount, 0)


def _summed(rows: list[Row]) -> list[Row]:
    """One row for each thing that is said; those that say nothing are left out."""
    sums: dict[tuple[str, UUID, str, int, str], tuple[Decimal, int]] = defaultdict(lambda: (ZERO, 0))
    for row in rows:
        key = (row.what, row.creditor_id, row.currency, row.bucket, row.became)
        amount, number = sums[key]
        sums[key] = (amount + row.amount, number + row.number)
    return [Row(*key, amount, number) for key, (amount, number) in sums.items() if amount or number]


def _add(one: Period, row: Row) -> None:
    if row.what == "end":
        one.ended[row.bucket] += row.amount
        one.items += row.number
    elif row.what == "move":
        one.moves[row.bucket, row.became] += row.amount
        one.began[row.bucket] += row.amount
    elif row.what == "flow":
        one.flows[row.became] += row.amount
    else:
        one.delinquent += row.number
        one.cured += row.number if row.what == "cured" else 0


def _kept(organization_id: UUID, months: Iterable[date], whose: Whose) -> Mapping[date, dict[str, Period]]:
    """The months among these that are kept, by currency."""
    mine: dict[str, Any] = {"organization_id": organization_id, "month__in": list(months)}
    held = set(MonthKept.objects.filter(**mine).values_list("month", flat=True))
    if not held:
        return {}
    mine["month__in"] = list(held)
    if whose.creditor:
        mine["creditor_id"] = whose.creditor
    if whose.currency:
        mine["currency"] = whose.currency
    found: dict[date, dict[str, Period]] = {month: {} for month in held}

    def add(month: date, row: Row) -> None:
        _add(found[month].setdefault(row.currency, Period(month, month_end(month))), row)

    for end in MonthEnd.objects.filter(**mine):
        add(end.month, Row("end", end.creditor_id, end.currency, end.bucket, "", end.amount, end.items))
    for move in MonthMove.objects.filter(**mine):
        add(move.month, Row("move", move.creditor_id, move.currency, move.bucket, move.became, move.amount, 0))
    for flow in MonthFlow.objects.filter(**mine):
        add(flow.month, Row("flow", flow.creditor_id, flow.currency, 0, flow.kind, flow.amount, 0))
    for cure in MonthCure.objects.filter(**mine):
        late = cure.delinquent - cure.cured
        add(cure.month, Row("cured", cure.creditor_id, cure.currency, 0, "", ZERO, cure.cured))
        add(cure.month, Row("still_late", cure.creditor_id, cure.currency, 0, "", ZERO, late))
    return {month: _sorted(by_currency) for month, by_currency in found.items()}


def _sorted(made: Mapping[str, Period]) -> dict[str, Period]:
    return {currency: made[currency] for currency in sorted(made)}
