"""One pass over the whole file: what each column of dates and amounts proves about how it is written."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from puntual.kernel.sheets.amounts import AmountEvidence
from puntual.kernel.sheets.cells import Cell
from puntual.kernel.sheets.currencies import SHARED, currency_of_word
from puntual.kernel.sheets.dates import DateEvidence, DateOrder, read_date
from puntual.kernel.sheets.layout import Table

# An order is out when it puts so many due dates before their issue dates, and another puts none there.
_IMPLAUSIBLE = 3


@dataclass(slots=True)
class FileEvidence:
    """The evidence by column position; `rows` counts all rows of the file, refused ones too."""

    rows: int = 0
    dates: dict[int, DateEvidence] = field(default_factory=dict)
    amounts: dict[int, AmountEvidence] = field(default_factory=dict)
    shared_currency: bool = False  # a cell of the currency column says no more than “$”


def gather(table: Table, dates: Collection[int], amounts: Collection[int], currency: int | None) -> FileEvidence:
    """Look at every row. Raises what `Table.blocks` raises."""
    found = FileEvidence(
        dates={column: DateEvidence() for column in dates}, amounts={column: AmountEvidence() for column in amounts}
    )
    currencies: set[str] = set()
    for block in table.blocks():
        found.rows += len(block.rows) + len(block.rejects)
        for column, of_dates in found.dates.items():
            of_dates.add([row[column] for row in block.rows])
        for column, of_amounts in found.amounts.items():
            of_amounts.add([row[column] for row in block.rows])
        if currency is not None and len(currencies) < 1000:
            currencies.update(row[currency] for row in block.rows)
    found.shared_currency = any(currency_of_word(text) == SHARED for text in currencies)
    return found


def plausible_order(table: Table, issue: int, due: int, orders: Mapping[int, Sequence[DateOrder]]) -> DateOrder | None:
    """The one order under which no due date precedes its issue date, where every other puts several there.

    `orders` holds the orders each of the two columns can have; ambiguous columns are taken to share theirs.
    """
    ambiguous = [possible for possible in orders.values() if len(possible) > 1]
    candidates = [order for order in DateOrder if all(order in possible for possible in ambiguous)]
    wrong: Counter[DateOrder] = Counter()
    for issued, fell_due, count in _pairs(table, issue, due):
        for order in candidates:
            first = _read(issued, orders[issue], order)
            last = _read(fell_due, orders[due], order)
            if first and last and last < first:
                wrong[order] += count
    right = [order for order in candidates if not wrong[order]]
    if len(right) == 1 and all(wrong[order] >= _IMPLAUSIBLE for order in candidates if order is not right[0]):
        return right[0]
    return None


def _pairs(table: Table, issue: int, due: int) -> Iterator[tuple[str, str, int]]:
    for block in table.blocks():
        for (issued, fell_due), count in Counter((row[issue], row[due]) for row in block.rows).items():
            yield issued, fell_due, count


def _read(text: str, possible: Sequence[DateOrder], order: DateOrder) -> date | None:
    if isinstance(text, Cell):
        return text.value if isinstance(text.value, date) else None
    found = read_date(text, order if len(possible) > 1 else next(iter(possible), None))
    return found if isinstance(found, date) else None
