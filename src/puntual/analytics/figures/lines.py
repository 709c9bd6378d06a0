"""Rows behind a figure: read a page at a time, summed, or written to a file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, NamedTuple, TypeAlias
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from puntual.analytics.rates.queries import Into
from puntual.analytics.tables import Cell, Column, Question, Report

Kind: TypeAlias = Literal[
    "item", "entry", "payment", "contact", "customer", "promise", "plan", "dispute", "credit", "owed", "limit", "alert"
]
_CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a report: what was asked, the report's column, and the key of its row, where "" stands for all."""

    organization_id: UUID
    question: Question
    column: str
    row: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows that make a figure, as a statement of the columns of `Line`; `day` and `id` together are unique.

    The figure is how many there are where it `counts`, else the sum of their amounts.
    """

    kind: Kind
    sql: str
    values: Mapping[str, Any]
    counts: bool = False

    def total(self) -> Decimal | int:
        """What they come to."""
        what = "count(*)" if self.counts else "coalesce(sum(amount), 0)"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {what} FROM ({self.sql}) line", self.values)
            found: Decimal | int = cursor.fetchone()[0]
        return found

    def page(self, after: tuple[date, UUID] | None, size: int) -> list["Line"]:
        """At most `size` lines behind a place, by day and id."""
        behind = "WHERE (day, id) > (%(after_day)s::date, %(after_id)s::uuid)" if after else ""
        place: dict[str, Any] = {"after_day": after[0], "after_id": after[1]} if after else {}
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {_COLUMNS} FROM ({self.sql}) line {behind} ORDER BY day, id LIMIT %(lines)s",
                {**self.values, **place, "lines": size},
            )
            return [Line(*row) for row in cursor.fetchall()]

    def all(self) -> Iterator["Line"]:
        """Every line; memory stays flat."""
        with connection.chunked_cursor() as cursor:
            cursor.execute(f"SELECT {_COLUMNS} FROM ({self.sql}) line ORDER BY day, id", self.values)
            while rows := cursor.fetchmany(_CHUNK):
                yield from (Line(*row) for row in rows)


class Line(NamedTuple):
    """One row behind a figure. `what` and `detail` are the number and state of what it is, `target` its id or its document's.
    What is about a creditor's customers together has no customer; `code` and `name` are the creditor's.
    """

    id: UUID
    day: date
    customer_id: UUID | None
    code: str
    name: str
    what: str
    detail: str
    currency: str
    amount: Decimal
    target: UUID


def together(rows: Rows, into: Into) -> Rows:
    """The same rows, each with its amount in the one currency; what it was in its own stands in `detail`."""
    rates = into.every()
    sql = f"""
SELECT id, day, customer_id, code, name, what, concat_ws(' ', nullif(detail, ''), round(amount, 2)::text, currency) AS detail,
       %(into)s AS currency, amount * r.rate AS amount, target
FROM ({rows.sql}) own
JOIN unnest(%(into_codes)s::text[], %(into_rates)s::numeric[]) AS r(own_code, rate) ON r.own_code = own.currency"""
    values = {**rows.values, "into": into.currency, "into_codes": list(rates), "into_rates": list(rates.values())}
    return Rows(rows.kind, sql, values, rows.counts)


_COLUMNS = ", ".join(Line._fields)


def as_report(rows: Rows, title: str, basis: str, question: Question) -> Report:
    """The lines as a report, to be written to a file."""
    return Report(
        name="rows",
        title=title,
        basis=basis,
        as_of=question.as_of,
        columns=(
            Column("day", _("Day"), "date"),
            Column("code", _("Code")),
            Column("name", _("Customer")),
            Column("what", _("Which")),
            Column("detail", _("What became of it")),
            Column("currency", _("Currency"), "currency"),
            Column("amount", _("Amount"), "money"),
        ),
        rows=(cells(line) for line in rows.all()),
        totals=(),
        facts={"figure": str(rows.total()), "counted": rows.counts},
    )


def cells(line: Line) -> tuple[Cell, ...]:
    """A line as the files have it."""
    return (line.day.isoformat(), line.code, line.name, line.what, line.detail, line.currency, line.amount)
