"""Exports of banks as spreadsheets: CSV and XLSX, by the names of their columns or by a mapping."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from puntual.kernel.money import is_currency
from puntual.kernel.problems import N_
from puntual.kernel.sheets.amounts import AmountEvidence, Decimals, Sum, read_amounts
from puntual.kernel.sheets.cells import Cell
from puntual.kernel.sheets.currencies import currency_in_header, currency_of_word
from puntual.kernel.sheets.dates import DateEvidence, DateOrder, read_date
from puntual.kernel.sheets.layout import Table
from puntual.kernel.sheets.reasons import Bad
from puntual.kernel.text import fold
from puntual.payments.statements.reading.columns import bank_columns
from puntual.payments.statements.reading.files import counted, unfit
from puntual.payments.statements.reading.mapping import Mapping as ColumnMapping
from puntual.payments.statements.reading.shapes import added_up, key_of, once, raw, reference, span, texts
from puntual.payments.statements.reading.statement import (
    ZERO,
    Found,
    Kind,
    Line,
    Reference,
    Scheme,
    Statement,
    Undecided,
    Unreadable,
    Warned,
)

_AMOUNTS: Final = frozenset({"amount", "credit", "debit", "balance", "gross", "fee", "net"})
_DATES: Final = frozenset({"booked_on", "value_on"})
_OUT: Final = frozenset("d db dr debito debit cargo debe egreso saida salida retiro gasto withdrawal payment".split())  # noqa: SIM905
_IN: Final = frozenset("c cr h credito credit abono haber ingreso entrada deposito deposit".split())  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line in the file, its cells by field, its amounts and dates read."""

    line: int
    cells: Mapping[str, tuple[str, ...]]
    amounts: Mapping[str, Sum | None]
    dates: Mapping[str, date | None]
    raw: str

    def text(self, field: str) -> str:
        """The first cell of a field, empty where the file has no such column."""
        return next((cell.strip() for cell in self.cells.get(field, ())), "")

    def amount(self, field: str) -> Decimal | None:
        """The amount of a field; None where it is empty."""
        found = self.amounts.get(field)
        return found.amount if found else None


def read_bank_table(table: Table, mapping: ColumnMapping, signature: str) -> Found:
    """The statements of an export, one for each account and currency in it. Raises Unreadable, Undecided."""
    columns = bank_columns(table.headers, mapping.columns)
    for header in sorted(mapping.headers - set(table.headers)):
        raise Unreadable(
            N_("The mapping names a column “{column}”, which the file has not. Its columns are: {columns}."),
            column=header,
            columns=", ".join(filter(None, table.headers)),
        )
    if "booked_on" not in columns or not columns.keys() & {"amount", "credit", "debit"}:
        raise Undecided(
            N_(
                "The columns of the file are not recognized: a date and an amount (or what came in and what went out) "
                "are needed. Its columns are: {columns}. Name them in a mapping (--map)."
            ),
            columns=", ".join(filter(None, table.headers)),
        )
    in_header = next(
        (
            found
            for field in ("amount", "credit", "debit", "balance")
            for place in columns.get(field, ())
            if is_currency(found := currency_in_header(table.headers[place])[0])
        ),
        "",
    )
    warnings: list[Warned] = []
    groups: dict[tuple[str, str], list[tuple[Line, Decimal | None]]] = {}
    undated: list[int] = []
    rows = list(rows_of(table, columns, mapping.date_order, mapping.decimal))
    signed = any((row.amount("amount") or ZERO) < 0 for row in rows)
    for row in rows:
        amount = _signed(row, signed)
        if row.dates.get("booked_on") is None:
            if amount and not _is_total(row):
                undated.append(row.line)
            continue
        if amount is None:
            continue
        currency = _currency(row) or mapping.currency or in_header
        account = row.text("account") or mapping.account
        groups.setdefault((account, currency), []).append((_line(row, amount, currency), row.amount("balance")))
    if not groups:
        raise Unreadable(N_("The file has no row with a date and an amount."))
    if undated:
        warnings.append(
            Warned(
                N_("{count} rows have an amount and no date, and were left out (first: line {line})."),
                {"count": len(undated), "line": undated[0]},
            )
        )
    format = "csv" if table.format == "delimited" else "xlsx"
    made = tuple(statement(format, account, currency, found) for (account, currency), found in groups.items())
    warnings += (warned for one in made for warned in added_up(one))
    return Found(format, made, tuple(warnings), signature)


def rows_of(
    table: Table,
    columns: Mapping[str, tuple[int, ...]],
    order: DateOrder | None = None,
    decimal: Decimals | None = None,
) -> Iterator[Row]:
    """The rows, their dates and amounts read as the whole columns prove. Raises Unreadable, Undecided."""
    proven_order, proven_decimal = _proven(table, columns, order, decimal)
    amounts = [field for field in columns if field in _AMOUNTS]
    dates = [field for field in columns if field in _DATES]
    seen = 0
    for block in table.blocks():
        if block.rejects:
            raise unfit(block.rejects[0].line, " ".join(block.rejects[0].cells))
        read = {
            field: read_amounts([row[columns[field][0]] for row in block.rows], proven_decimal) for field in amounts
        }
        for index, (line, row) in enumerate(zip(block.lines, block.rows, strict=True)):
            seen += 1
            counted(seen)
            days = {field: _day(row[columns[field][0]], proven_order) for field in dates}
            yield Row(
                line=line,
                cells={field: tuple(row[place] for place in places) for field, places in columns.items()},
                amounts={field: _sum(line, read[field][index], days, row[columns[field][0]]) for field in amounts},
                dates=days,
                raw=raw("; ".join(row)),
            )


def _proven(
    table: Table,
    columns: Mapping[str, tuple[int, ...]],
    order: DateOrder | None,
    decimal: Decimals | None,
) -> tuple[DateOrder | None, Decimals]:
    """How dates and amounts are written, from every cell of their columns."""
    days, sums = DateEvidence(), AmountEvidence()
    for block in table.blocks():
        for field in columns.keys() & _DATES:
            days.add(_date_text(row[columns[field][0]]) for row in block.rows)
        for field in columns.keys() & _AMOUNTS:
            sums.add(row[columns[field][0]] for row in block.rows)
    orders, decimals = days.possible(), sums.possible()
    if order is None and len(orders) > 1:
        raise Undecided(
            N_(
                "The dates of the file can be read in more than one way, as in {examples}. "
                'Say which in a mapping (--map): date_order = "day-first" or "month-first".'
            ),
            examples=", ".join(days.examples),
        )
    if decimal is None and len(decimals) > 1:
        raise Undecided(
            N_(
                "The amounts of the file can be read in more than one way, as in {examples}. "
                'Say which sign separates the decimals in a mapping (--map): decimal = "," or ".".'
            ),
            examples=", ".join(sums.examples),
        )
    proven: Decimals = decimals[0] if decimals else "."
    return order or next(iter(orders), None), decimal or proven


def _date_text(cell: str) -> str:
    """A date without the time behind it."""
    if isinstance(cell, Cell):
        return cell
    day, separator, time = cell.strip().replace("T", " ").partition(" ")
    return day if separator and ":" in time and any(sign in day for sign in "-/.") else cell


def _day(cell: str, order: DateOrder | None) -> date | None:
    if isinstance(cell, Cell) and isinstance(cell.value, date):
        return cell.value
    if not cell.strip():
        return None
    found = read_date(_date_text(cell), order)
    return None if isinstance(found, Bad) else found


def _sum(line: int, found: Sum | Bad | None, days: Mapping[str, date | None], cell: str) -> Sum | None:
    if isinstance(found, Bad):
        if days.get("booked_on") is None:
            return None  # a line of words below the table
        raise unfit(line, cell)
    return found


def _signed(row: Row, signed: bool) -> Decimal | None:
    """What the account moved by; None where the row says nothing of that."""
    amount = row.amount("amount")
    if amount is not None:
        word = fold(row.text("direction")).split()
        if not signed and word and word[0] in _OUT:
            return -amount
        return amount
    credit, debit = row.amount("credit"), row.amount("debit")
    if credit is None and debit is None:
        return None
    return (credit or ZERO) - abs(debit or ZERO)


def _is_total(row: Row) -> bool:
    words = {word for cells in row.cells.values() for cell in cells for word in fold(cell).split()}
    return bool(words & {"total", "totales", "totals", "saldo", "balance", "subtotal", "totais"})


def _currency(row: Row) -> str:
    found = currency_of_word(row.text("currency")) or ""
    signs = [amount.currency for amount in row.amounts.values() if amount]
    return next((one for one in (found, *signs) if is_currency(one)), "")


def _line(row: Row, amount: Decimal, currency: str) -> Line:
    booked = row.dates["booked_on"]
    assert booked is not None  # noqa: S101  # the caller has seen to it
    references: list[Reference] = []
    for cell in row.cells.get("reference", ()):
        references += reference(Scheme.DOCUMENT, cell)
    return Line(
        booked_on=booked,
        value_on=row.dates.get("value_on"),
        amount=amount,
        currency=currency,
        texts=texts(*row.cells.get("text", ())),
        references=once(references),
        payer_name=" ".join(row.text("payer_name").split())[:200],
        payer_account=row.text("payer_account")[:60],
        payer_tax_id=row.text("payer_tax_id")[:40],
        bank_key=key_of(row.text("bank_key")),
        code=row.text("direction")[:40],
        raw=row.raw,
    )


def statement(
    format: str,
    account: str,
    currency: str,
    found: Sequence[tuple[Line, Decimal | None]],
    opening: Decimal | None = None,
) -> Statement:
    """A statement of rows with their running balances, the oldest row first whatever the order of the file."""
    rows = list(found)
    if _newest_first(rows):
        rows.reverse()
    lines = tuple(line for line, _balance in rows)
    balances = [balance for _line, balance in rows]
    first, last = span(lines)
    closing = None
    if rows and balances[0] is not None and balances[-1] is not None:
        opening, closing = balances[0] - lines[0].amount, balances[-1]
    return Statement(
        format=format,
        kind=Kind.POSTED,
        account=account,
        currency=currency,
        entries=tuple(replace(line, currency=currency) for line in lines),
        opening=opening,
        closing=closing,
        from_on=first,
        to_on=last,
    )


def _newest_first(rows: Sequence[tuple[Line, Decimal | None]]) -> bool:
    if len(rows) < 2:
        return False
    if rows[0][0].booked_on != rows[-1][0].booked_on:
        return rows[0][0].booked_on > rows[-1][0].booked_on
    return _fitting(reversed(rows)) > _fitting(rows)


def _fitting(rows: Iterable[tuple[Line, Decimal | None]]) -> int:
    """How many balances follow from the one before."""
    fitting, before = 0, None
    for line, balance in rows:
        fitting += before is not None and balance is not None and before + line.amount == balance
        before = balance
    return fitting
