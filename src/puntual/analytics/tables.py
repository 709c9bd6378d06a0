"""What a report is made of: columns, rows, totals, and what was asked."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypeAlias
from uuid import UUID

from babel import Locale

from puntual.analytics.narrowing import EVERYBODY, Whose
from puntual.analytics.queries import DEFAULT
from puntual.analytics.rates.queries import Into
from puntual.kernel.aging import Buckets

Cell: TypeAlias = str | Decimal | int | None
Kind: TypeAlias = Literal["text", "date", "currency", "money", "count", "days", "percent"]
NUMBERS = frozenset({"money", "count", "days", "percent"})
"""The kinds of columns that hold numbers: amounts of the row's currency, whole numbers, days and percents with one decimal. A
ratio that does not exist, because what it is divided by is nothing, is None.
"""


@dataclass(frozen=True, slots=True)
class Column:
    """`key` is stable and stands in CSV and JSON; `label` is for people. A text column may be `in_files_only`.

    The cells of a `date` column are days or months as ISO 8601 writes them, "2026-11-22" and "2026-11".

    `decimals` are those of a number whose kind does not say how many. Text that is read `whole` is a sentence: it is not cut.
    """

    key: str
    label: str
    kind: Kind = "text"
    in_files_only: bool = False
    decimals: int | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """What is drawn of the rows of one currency: `lines` from row to row, a `stack` of sums for each label, or a group of `bars`
    for each row.

    A series for each of the columns `values`, or for each value of the column `split`; rows of the same label are added up, or
    counted where there are no `values`. Points are named by the columns `label`, without any by the first. Of rows with bars the
    first are drawn, which are those that matter. `across` draws the totals, or the first row, named as their columns.
    """

    kind: Literal["lines", "stack", "bars"]
    values: tuple[str, ...] = ()
    label: tuple[str, ...] = ()
    split: str = ""
    across: bool = False


@dataclass(frozen=True, slots=True)
class Worked:
    """What is found where it is worked out: a report's rows, its totals, and its facts."""

    rows: Iterator[tuple[Cell, ...]]
    totals: tuple[tuple[Cell, ...], ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """A report that is ready to be written once: `rows` is read from the database while it is written.

    Where it is about money every row has a currency, every amount in it is in that currency, and `totals` has a row per currency.
    `basis` says what is counted and when. `facts` go before the rows in JSON, where the rows are named `rows_key`. `chart` is
    the shape worth seeing, one per currency. `asked` is what it was narrowed
    to, each by its label. `says` is what it comes to, in sentences. `paper` is the layout and the values of a document of its
    own, where it is not printed as a table. `worked_out` says when the day's job made it; "" where it is of this moment.

    Where rows, totals or facts take time, `work` finds them: a report of which the day's job has kept them needs not ask it.
    """

    name: str
    title: str
    basis: str
    as_of: date
    columns: tuple[Column, ...]
    rows: Iterator[tuple[Cell, ...]] = field(default_factory=lambda: iter(()))
    totals: tuple[tuple[Cell, ...], ...] = ()
    rows_key: str = "rows"
    facts: dict[str, Any] = field(default_factory=dict)
    chart: Shape | None = None
    asked: tuple[tuple[str, str], ...] = ()
    says: tuple[str, ...] = ()
    paper: tuple[str, Callable[[Mapping[str, Any], Locale], dict[str, Any]]] | None = None
    worked_out: str = ""
    work: Callable[[], Worked] | None = None

    def worked(self) -> "Report":
        """The report with what `work` finds; as it is where there is nothing to find."""
        if self.work is None:
            return self
        found = self.work()
        return replace(self, rows=found.rows, totals=found.totals, facts={**self.facts, **found.facts}, work=None)

    @property
    def currency_at(self) -> int | None:
        """The position of the currency in every row; None where there is none."""
        return next((position for position, column in enumerate(self.columns) if column.kind == "currency"), None)

    def currency_of(self, row: tuple[Cell, ...]) -> str:
        """The currency of a row, or ""."""
        return "" if self.currency_at is None else str(row[self.currency_at])


@dataclass(frozen=True, slots=True)
class Question:
    """What a report is asked about: the day, or the period from `since` through it, what narrows it, and into which currency
    everything is put together.
    """

    as_of: date
    since: date | None = None
    known_on: date | None = None
    buckets: Buckets = DEFAULT
    whose: Whose = EVERYBODY
    into: Into | None = None

    @property
    def creditor(self) -> UUID | None:
        """The creditor it is narrowed to."""
        return self.whose.creditor
