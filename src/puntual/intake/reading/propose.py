"""From a file to a proposal: recognize its columns, weigh all its cells, ask what they leave open.

What a person says now beats everything. What was saved from an earlier file decides only what this file leaves open:
where its cells prove another format than last time, they are believed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from puntual.intake.reading.columns import Match, recognize
from puntual.intake.reading.evidence import FileEvidence, gather, plausible_order
from puntual.intake.reading.fields import FIELDS, REQUIRED, Kind, Type
from puntual.intake.reading.mapping import Mapping as ColumnMapping
from puntual.intake.reading.mapping import MappingProblem
from puntual.intake.reading.proposals import Choice, ColumnReading, Notice, Proposal, Question
from puntual.kernel.problems import N_
from puntual.kernel.sheets.amounts import AmountEvidence, Decimals, read_amount
from puntual.kernel.sheets.cells import Cell
from puntual.kernel.sheets.currencies import DOLLAR_SIGNED, SHARED, currency_in_header
from puntual.kernel.sheets.dates import DateEvidence, DateOrder, read_date
from puntual.kernel.sheets.headers import concepts, header_signature
from puntual.kernel.sheets.layout import Table
from puntual.kernel.sheets.reasons import Bad
from puntual.kernel.sheets.workbooks import WorkbookTable
from puntual.kernel.text import fold

_EXAMPLES = 3
_DECIMALS: Final[tuple[Decimals, ...]] = (".", ",")


def propose(
    table: Table,
    kind: Kind,
    *,
    given: ColumnMapping | None = None,
    remembered: ColumnMapping | None = None,
    currency: str | None = None,
) -> Proposal:
    """How to read `table` as a list of `kind`.

    `given` is what a person decides now, `remembered` the mapping saved for this `header_signature`, `currency` the
    creditor's. Raises MappingProblem where `given` names a header the file does not have or a field the kind has not;
    what reading the file raises.
    """
    given, remembered = given or ColumnMapping(), remembered or ColumnMapping()
    work = _Work(table, kind, given, remembered)
    work.match_columns()
    work.weigh()
    work.decide_dates()
    work.decide_decimals()
    default = given.currency or remembered.currency or currency
    dollar = work.decide_currency(default)
    readings = {name: work.reading(match) for name, match in work.matches.items()}
    terms_days = work.terms_days
    return Proposal(
        kind=kind,
        signature=header_signature(table.headers),
        rows=work.evidence.rows,
        readings=readings,
        unused=work.unused(),
        questions=tuple(work.questions),
        warnings=tuple(work.warnings),
        mapping=work.mapping(dollar),
        currency=default,
        dollar=dollar,
        terms_days=terms_days,
    )


@dataclass
class _Work:
    """The steps of `propose`, over what they share."""

    table: Table
    kind: Kind
    given: ColumnMapping
    remembered: ColumnMapping
    matches: dict[str, Match] = field(default_factory=dict)
    evidence: FileEvidence = field(default_factory=FileEvidence)
    orders: dict[int, DateOrder] = field(default_factory=dict)
    decimals: dict[int, Decimals] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    warnings: list[Notice] = field(default_factory=list)

    # -- columns

    def match_columns(self) -> None:
        headers = {column: self.table.headers[column] for column in self.table.data_columns}
        fixed = self._fixed()
        taken = {column for match in fixed.values() for column in match.columns}
        rows = self.table.sample().rows
        free = {column: header for column, header in headers.items() if column not in taken}
        found = recognize(free, {column: [row[column] for row in rows] for column in free}, self.kind)
        self.matches = {name: match for name, match in fixed.items() if match.columns}
        self.matches.update({name: match for name, match in found.matches.items() if name not in fixed})
        for name, columns in found.ties.items():
            if name not in fixed:
                self._ask_column("tie", name, columns)
        for groups in REQUIRED[self.kind]:
            if not any(all(map(self._has, group)) for group in groups):
                self._ask_column("absent", groups[0][0], self._unused_columns())
        if isinstance(self.table, WorkbookTable) and len(self.table.sheets) > 1 and not self.given.sheet:
            self.warnings.append(Notice("other_sheets", {"columns": _quoted([self.table.sheet])}))

    @property
    def terms_days(self) -> int | None:
        days = self.given.terms_days
        return self.remembered.terms_days if days is None else days

    def _has(self, name: str) -> bool:
        return name in self.matches or (name == "terms_days" and self.terms_days is not None)

    def _fixed(self) -> dict[str, Match]:
        """The columns of the mappings; a field left out has none."""
        fixed: dict[str, Match] = {}
        for name, headers in self.remembered.columns.items():
            columns = tuple(self.table.headers.index(header) for header in headers if header in self.table.headers)
            if name in FIELDS[self.kind] and len(columns) == len(headers):
                fixed[name] = Match(name, columns, 1, "remembered")
        for name, headers in self.given.columns.items():
            if name not in FIELDS[self.kind]:
                raise MappingProblem(
                    N_("A file of {kind} has no field “{field}”. Its fields are: {fields}."),
                    kind=self.kind,
                    field=name,
                    fields=", ".join(FIELDS[self.kind]),
                )
            fixed[name] = Match(name, tuple(map(self._column, headers)), 1, "given")
        given = {column for match in fixed.values() if match.how == "given" for column in match.columns}
        return {name: match for name, match in fixed.items() if match.how == "given" or not given & set(match.columns)}

    def _column(self, header: str) -> int:
        headers = self.table.headers
        if header in headers:
            return headers.index(header)
        alike = [column for column, name in enumerate(headers) if name and fold(name) == fold(header)]
        if len(alike) == 1:
            return alike[0]
        raise MappingProblem(
            N_("The file has no column “{header}”. Its columns are: {headers}."),
            header=header,
            headers=", ".join(headers[column] for column in self.table.data_columns),
        )

    def _ask_column(self, code: str, name: str, columns: Sequence[int]) -> None:
        headers = tuple(self.table.headers[column] for column in columns)
        rows = self.table.sample(200).rows
        choices = tuple(
            Choice(header, tuple((cell[:80], cell[:80]) for cell in _first([row[column] for row in rows])))
            for header, column in zip(headers, columns, strict=True)
        )
        notice = Notice(code, {"field": name, "columns": _quoted(headers)})
        self.questions.append(Question(f"columns.{name}", headers, choices, notice))

    def _unused_columns(self) -> list[int]:
        used = {column for match in self.matches.values() for column in match.columns}
        return [column for column in self.table.data_columns if column not in used]

    def unused(self) -> tuple[str, ...]:
        return tuple(self.table.headers[column] for column in self._unused_columns())

    # -- all cells

    def weigh(self) -> None:
        by_type: dict[Type, list[int]] = {Type.DATE: [], Type.AMOUNT: [], Type.CURRENCY: []}
        for name, match in self.matches.items():
            by_type.setdefault(FIELDS[self.kind][name].type, []).extend(match.columns)
        currency = next(iter(by_type[Type.CURRENCY]), None)
        self.evidence = gather(self.table, sorted(by_type[Type.DATE]), sorted(by_type[Type.AMOUNT]), currency)
        for column in self._unused_columns():
            said = concepts(self.table.headers[column])
            if self.kind is Kind.INVOICES and "paid" in said and said <= {"paid", "invoice", "document", "customer"}:
                self.warnings.append(Notice("unused_paid", {"columns": self._quote([column])}))

    # -- dates

    def decide_dates(self) -> None:
        possible = {column: found.possible() for column, found in self.evidence.dates.items()}
        self.orders = {column: orders[0] for column, orders in possible.items() if len(orders) == 1}
        if self.given.date_order:
            self.orders = dict.fromkeys(
                (column for column, orders in possible.items() if orders), self.given.date_order
            )
        open_ = {column: orders for column, orders in possible.items() if orders and column not in self.orders}
        siblings = {column: self._order_of_siblings(column) for column in open_}
        common = self._common_order(possible, open_) if None in siblings.values() else None
        for column, orders in list(open_.items()):
            order = siblings[column] or common
            if order in orders:
                self.orders[column] = order
                del open_[column]
        if open_:
            self._ask_order(open_)
        for column, found in self.evidence.dates.items():
            if found.half_converted:
                self.warnings.append(Notice("half_converted", {"columns": self._quote([column])}))
        for column, order in self.orders.items():
            found = self.evidence.dates[column]
            self._warn("contrary_dates", column, found.contrary(order), self._contrary_date(found, order))

    def _order_of_siblings(self, column: int) -> DateOrder | None:
        """The order proven by the file's other dates of the same shape."""
        shape = self.evidence.dates[column].separators
        proven = {order for other, order in self.orders.items() if shape <= self.evidence.dates[other].separators}
        return proven.pop() if len(proven) == 1 else None

    def _common_order(
        self, possible: Mapping[int, Sequence[DateOrder]], open_: Mapping[int, Sequence[DateOrder]]
    ) -> DateOrder | None:
        """The order that keeps due dates after issue dates, else last time's."""
        issue, due = self.matches.get("issue_date"), self.matches.get("due_date")
        if issue and due and {issue.columns[0], due.columns[0]} & open_.keys():
            pair = {column: possible[column] for column in (issue.columns[0], due.columns[0])}
            order = plausible_order(self.table, issue.columns[0], due.columns[0], pair)
            if order:
                return order
        return self.remembered.date_order

    def _ask_order(self, open_: Mapping[int, Sequence[DateOrder]]) -> None:
        examples = [text for column in open_ for text in self.evidence.dates[column].examples][:_EXAMPLES]
        orders = [order for order in DateOrder if any(order in possible for possible in open_.values())]
        choices = tuple(Choice(order, _as_dates(examples, order)) for order in orders)
        headers = tuple(self.table.headers[column] for column in open_)
        notice = Notice("date_order", {"columns": _quoted(headers), "example": _quoted(examples[:1])})
        self.questions.append(Question("date_order", headers, choices, notice))

    def _contrary_date(self, found: DateEvidence, order: DateOrder) -> str:
        return next((text for text in found.telling if isinstance(read_date(text, order), Bad)), "")

    # -- amounts

    def decide_decimals(self) -> None:
        possible = {column: found.possible() for column, found in self.evidence.amounts.items()}
        self.decimals = {column: signs[0] for column, signs in possible.items() if len(signs) == 1}
        proven = set(self.decimals.values())
        if self.given.decimal:
            self.decimals = dict.fromkeys((column for column, signs in possible.items() if signs), self.given.decimal)
        open_ = [column for column, signs in possible.items() if signs and column not in self.decimals]
        common = self.remembered.decimal if not proven else proven.pop() if len(proven) == 1 else None
        if common:
            self.decimals.update(dict.fromkeys(open_, common))
        elif open_:
            self._ask_decimal(open_)
        for column, sign in self.decimals.items():
            found = self.evidence.amounts[column]
            self._warn("contrary_amounts", column, found.contrary(sign), self._contrary_amount(found, sign))

    def _ask_decimal(self, open_: Sequence[int]) -> None:
        examples = [
            text
            for column in open_
            for text in (*self.evidence.amounts[column].examples, *self.evidence.amounts[column].telling)
        ][:_EXAMPLES]
        choices = tuple(Choice(sign, _as_amounts(examples, sign)) for sign in _DECIMALS)
        headers = tuple(self.table.headers[column] for column in open_)
        notice = Notice("decimal", {"columns": _quoted(headers), "example": _quoted(examples[:1])})
        self.questions.append(Question("decimal", headers, choices, notice))

    def _contrary_amount(self, found: AmountEvidence, sign: Decimals) -> str:
        return next((text for text in found.telling if isinstance(read_amount(text, sign), Bad)), "")

    # -- currency

    def decide_currency(self, default: str | None) -> str | None:
        """What “$” means, where that is known; asks for it, or for the currency, where nothing tells."""
        if "currency" not in FIELDS[self.kind]:
            return None
        signs = {sign for found in self.evidence.amounts.values() for sign in found.currencies}
        told = {currency_in_header(self.table.headers[column])[0] for column in self.evidence.amounts}
        has_column = "currency" in self.matches
        dollar = self.given.dollar or self.remembered.dollar
        if not dollar and default in DOLLAR_SIGNED:
            dollar = default
        shared = self.evidence.shared_currency or (not has_column and SHARED in signs | told)
        if shared and not dollar:
            self._ask_currency("dollar", tuple(Choice(code) for code in sorted(DOLLAR_SIGNED)))
        elif not has_column and not default and not (signs | told) - {""}:
            self._ask_currency("currency", ())
        return dollar

    def _ask_currency(self, option: str, choices: tuple[Choice, ...]) -> None:
        headers = tuple(self.table.headers[column] for column in self.evidence.amounts)
        self.questions.append(Question(option, headers, choices, Notice(option)))

    # -- results

    def reading(self, match: Match) -> ColumnReading:
        """A column with everything known about it."""
        headers = [self.table.headers[column] for column in match.columns]
        column = match.columns[0]
        amounts = self.evidence.amounts.get(column)
        decimal = self.decimals.get(column, ".")
        reading = ColumnReading(
            field=match.field,
            type=FIELDS[self.kind][match.field].type,
            columns=match.columns,
            header=" + ".join(headers),
            confidence=round(match.confidence, 2),
            how=match.how,
            order=self.orders.get(column),
            decimal=decimal,
            currency=currency_in_header(headers[0])[0] if amounts else "",
            signs=bool(amounts and amounts.currencies.keys() - {""}),
            decimals=amounts.decimals[decimal] if amounts else 0,
        )
        cells = _first([row[column] for row in self.table.sample(200).rows])
        return replace(reading, examples=tuple((str(cell)[:80], _meaning(cell, reading)[:80]) for cell in cells))

    def mapping(self, dollar: str | None) -> ColumnMapping:
        orders = set(self.orders.values())
        proven = {self.decimals[column] for column, found in self.evidence.amounts.items() if column in self.decimals}
        fixed = self._fixed()
        headers = self.table.headers
        columns = {name: tuple(headers[column] for column in match.columns) for name, match in self.matches.items()}
        return ColumnMapping(
            kind=self.kind,
            date_order=orders.pop() if len(orders) == 1 else None,
            decimal=proven.pop() if len(proven) == 1 else None,
            currency=self.given.currency or self.remembered.currency,
            dollar=dollar,
            terms_days=self.terms_days,
            sheet=self.given.sheet,
            columns=columns | {name: () for name, match in fixed.items() if not match.columns},
        )

    def _warn(self, code: str, column: int, count: int, example: str) -> None:
        if count:
            details: dict[str, str | int] = {
                "count": count,
                "columns": self._quote([column]),
                "example": _quoted([example]),
            }
            self.warnings.append(Notice(code, details))

    def _quote(self, columns: Sequence[int]) -> str:
        return _quoted([self.table.headers[column] for column in columns])


def _quoted(texts: Sequence[str]) -> str:
    return ", ".join(f"“{text}”" for text in texts)


def _first(cells: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(cell for cell in cells if cell and not cell.isspace()))[:_EXAMPLES]


def _as_dates(texts: Sequence[str], order: DateOrder) -> tuple[tuple[str, str], ...]:
    read = [(text, read_date(text, order)) for text in texts]
    return tuple((text, str(when)) for text, when in read if not isinstance(when, Bad))


def _as_amounts(texts: Sequence[str], decimal: Decimals) -> tuple[tuple[str, str], ...]:
    read = [(text, read_amount(text, decimal)) for text in texts]
    return tuple((text, str(found.amount)) for text, found in read if not isinstance(found, Bad))


def _meaning(cell: str, reading: ColumnReading) -> str:
    """A cell as it would be read, empty where it would be refused."""
    if isinstance(cell, Cell):
        return str(cell)
    if reading.type is Type.DATE:
        when = read_date(cell, reading.order)
        return "" if isinstance(when, Bad) else str(when)
    if reading.type is Type.AMOUNT:
        found = read_amount(cell, reading.decimal)
        return "" if isinstance(found, Bad) else str(found.amount)
    return cell
