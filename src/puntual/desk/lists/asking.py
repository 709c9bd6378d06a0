"""From an address to what it asks of a list, and back."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import QueryDict

from puntual.audit.actions import Actor
from puntual.desk.lists.describing import FEW_ROWS, Asked, Choices, Filter, List, Sort
from puntual.kernel.days import as_day

MOST_LETTERS = 100
ALL = ("q", "sort", "cols")
NOT_KEPT = ("after", "before", "id", "everything", "step")
"""What belongs to one page of a list, or to one action, and to no view of it."""


class Choosing:
    """The choices of a list's filters, asked for once."""

    def __init__(self, what: List, by: Actor) -> None:
        self.by = by
        self.of: dict[str, Choices] = {one.key: one.choices(by) if one.choices else () for one in what.filters}


def ask(what: List, by: Actor, given: QueryDict, choosing: Choosing | None = None) -> Asked:
    """What the address asks for; what it asks wrongly is not asked."""
    choosing = choosing or Choosing(what, by)
    values: dict[str, Any] = {}
    narrowed = False
    for one in what.filters:
        text = given.get(one.key, "").strip()[:MOST_LETTERS]
        if one.knows and one.knows(text) and text not in dict(choosing.of[one.key]):
            choosing.of[one.key] = [*choosing.of[one.key], (text, text)]
        value = _value(one, text, choosing.of[one.key])
        values[one.key] = value
        narrowed = narrowed or (one.kind != "view" and value not in ("", None, False))
        narrowed = narrowed or (one.kind == "view" and value != _first(choosing.of[one.key]))
    only = {key: str(choices[0][0]) for key, choices in choosing.of.items() if len(choices) == 1}
    sort, falling = _sort(what, Asked(values, "", False, (), only=only), given.get("sort", ""))
    return Asked(values, sort.key, falling, _columns(what, given), narrowed, only)


def _value(one: Filter, text: str, choices: Choices) -> Any:
    if one.kind == "text":
        return text
    if one.kind == "on":
        return text == "1"
    if one.kind == "day":
        return as_day(text)
    known = {key for key, _words in choices}
    if one.kind == "view":
        return text if text in known else _first(choices)
    return text if text in known else ""


def _first(choices: Choices) -> str:
    return choices[0][0]


def _sort(what: List, asked: Asked, text: str) -> tuple[Sort, bool]:
    falling, key = text.startswith("-"), text.removeprefix("-")
    found = what.sort(key)
    if found is None or (found.where and not found.where(asked)):
        return first_order(what, asked.values)
    return found, falling


def first_order(what: List, values: Mapping[str, Any]) -> tuple[Sort, bool]:
    """The order a list has where none is asked for, and whether it falls."""
    text = what.sort_first(values)
    found = what.sort(text.removeprefix("-"))
    if found is None:
        return what.sorts[0], what.sorts[0].falling
    return found, text.startswith("-")


def _columns(what: List, given: QueryDict) -> tuple[str, ...]:
    """The chosen columns in the list's own order, else those that come first.

    The one that leads to the row's page always stays, and no amount stands without its currency.
    """
    wanted = {key for text in given.getlist("cols") for key in text[:500].split(",")}
    known = [column for column in what.columns if column.key in wanted]
    if not known:
        return tuple(column.key for column in what.columns if column.first)
    amounts = any(column.kind == "money" for column in known)
    return tuple(
        column.key
        for column in what.columns
        if column.key in wanted or column.page or (amounts and column.kind == "currency")
    )


def plain(given: QueryDict) -> QueryDict:
    """The address of a list without the place in it."""
    query = given.copy()
    for key in NOT_KEPT:
        query.pop(key, None)
    return query


def tidy(what: List, by: Actor, text: str) -> str:
    """The query of a view as it is kept: only what the list knows and was asked for."""
    given = QueryDict(text.removeprefix("?")[:2000])
    asked = ask(what, by, given)
    query = QueryDict(mutable=True)
    for one in what.filters:
        value = asked[one.key]
        if value not in ("", None, False):
            query[one.key] = "1" if value is True else str(value)
    query["sort"] = f"-{asked.sort}" if asked.falling else asked.sort
    if given.getlist("cols"):
        query["cols"] = ",".join(asked.columns)
    return query.urlencode()


def as_id(value: str) -> UUID:
    """A choice that was found among ids."""
    return UUID(value)


def ids_of(given: Sequence[str]) -> list[UUID]:
    """The ids among what was ticked; what is none is left out."""
    found = []
    for text in given:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


__all__ = ["ALL", "FEW_ROWS", "Choosing", "as_id", "ask", "ids_of", "plain", "tidy"]
