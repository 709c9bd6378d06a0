"""A page of a list as its template shows it: headings with their orders, and rows with their cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from puntual.desk import formats
from puntual.desk.lists.describing import Asked, Column, List, Reader, Sort, Value, Words
from puntual.desk.templatetags import desk as tags


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's heading. `query` is the address' part that sorts by it, or empty; a `hidden` one is only read out."""

    label: Words
    css: str
    query: str
    order: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell, ready to be put into its row."""

    css: str
    html: SafeString | str


@dataclass(frozen=True, slots=True)
class Shown:
    """A row, with what its box to tick is called."""

    id: UUID
    name: str
    cells: Sequence[Cell]


def headings(what: List, asked: Asked, sorts: Sequence[Sort], query: str) -> list[Heading]:
    """The headings of the chosen columns; `query` is the address' part without the order."""
    by_key = {sort.key: sort for sort in sorts}
    return [_heading(what.column(key), asked, by_key, query) for key in asked.columns]


def _heading(column: Column, asked: Asked, sorts: dict[str, Sort], query: str) -> Heading:
    sort = sorts.get(column.sort)
    hidden = column.kind == "currency"
    if sort is None:
        return Heading(column.label, _css(column, head=True), "", "", hidden)
    here = asked.sort == sort.key
    falling = not asked.falling if here and sort.both else sort.falling
    wanted = f"sort={'-' if falling else ''}{sort.key}"
    order = ("descending" if asked.falling else "ascending") if here else "none"
    return Heading(column.label, _css(column, head=True), f"{query}&{wanted}" if query else wanted, order, hidden)


def shown(what: List, asked: Asked, rows: Sequence[Any], reader: Reader) -> list[Shown]:
    """The rows with their cells."""
    columns = [what.column(key) for key in asked.columns]
    return [
        Shown(
            what.id_of(row),
            what.name_of(row),
            [Cell(_css(column), _cell(what, column, row, reader)) for column in columns],
        )
        for row in rows
    ]


def _css(column: Column, *, head: bool = False) -> str:
    css = [{"money": "n", "count": "n", "currency": "cur"}.get(column.kind, "")]
    css.append("" if head or not column.quiet else "mute")
    css.append("" if head else "clip" if column.clip else "what" if column.kind in ("text", "day") else "")
    css.append("roomy" if column.roomy else "")
    if not head:
        css.append(f"at-{column.place}" if column.place else "wide")
    return " ".join(name for name in css if name)


def _cell(what: List, column: Column, row: Any, reader: Reader) -> SafeString | str:
    if column.each:
        lines = [(_said(column, line, reader),) for line in (what.lines(row) if what.lines else ())]
        return format_html_join("", "<div>{}</div>", lines)
    text = _said(column, row, reader)
    if column.page is None:
        return text
    page, key = column.page(row)
    return format_html('<a class="plain" href="{}">{}</a>', reader.to(page, key), text)


def _said(column: Column, thing: Any, reader: Reader) -> SafeString | str:
    if column.show:
        return conditional_escape(column.show(thing, reader))
    return conditional_escape(_plain(column.value(thing), thing, reader))


def _plain(value: Value, thing: Any, reader: Reader) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return tags.day({"today": reader.today}, value)
    if isinstance(value, Decimal):
        return formats.money(value, currency_of(thing))
    return formats.number(value) if isinstance(value, int) else value


def currency_of(thing: Any) -> str:
    """The currency a row's or a line's amounts are in."""
    return str(getattr(thing, "currency", "") or thing.invoice.currency)
