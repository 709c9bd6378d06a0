"""The rows of a list: narrowed, in order, a page or all of them; and which orders it can have at its size."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

from puntual.audit.actions import Actor
from puntual.desk.keyset import Page, paginate
from puntual.desk.lists.asking import first_order
from puntual.desk.lists.describing import FEW_ROWS, Asked, List, Sort
from puntual.kernel.problems import N_, Problem

SIZE = 50
CHUNK = 1000
MOST_AT_ONCE = 5000
"""So many rows one bulk action changes."""
MOST_IN_A_FILE = 20_000
"""So many rows a file holds: it is made while the reader waits."""


def narrowed(what: List, by: Actor, asked: Asked) -> QuerySet[Any]:
    """The rows that were asked for, in no order."""
    rows = what.rows(by, asked)
    for one in what.filters:
        value = asked[one.key]
        if one.narrow and value not in ("", None, False):
            rows = one.narrow(rows, value, by)
    return rows


def at_most(rows: QuerySet[Any], most: int) -> int:
    """How many rows there are, counted no further than one beyond `most`."""
    return rows.order_by()[: most + 1].count()


def counted(what: List, by: Actor, asked: Asked) -> int:
    """How many rows were asked for, counted no further than one beyond `FEW_ROWS`."""
    # What an order needs beside the rows plays no part in counting them.
    plain = replace(asked, sort=what.sorts[0].key)
    return at_most(narrowed(what, by, plain), FEW_ROWS)


def offered(what: List, asked: Asked, count: int) -> tuple[tuple[Sort, ...], bool]:
    """The orders a list of so many rows can have, and whether it is too long for some of the others."""
    possible = tuple(sort for sort in what.sorts if sort.where is None or sort.where(asked))
    indexed = tuple(sort for sort in possible if sort.indexed)
    return (indexed, len(indexed) < len(possible)) if count > FEW_ROWS else (possible, False)


def settled(what: List, asked: Asked, sorts: Sequence[Sort]) -> Asked:
    """What was asked, in an order that is offered."""
    found = next((sort for sort in sorts if sort.key == asked.sort), None)
    if found is not None:
        return asked if found.both else replace(asked, falling=found.falling)
    first, falling = first_order(what, asked.values)
    return replace(asked, sort=first.key, falling=falling)


def page_of(what: List, by: Actor, asked: Asked, request: HttpRequest, size: int = SIZE) -> Page:
    """The page of rows the address asks for, with what stands beside them."""
    sort = what.sort(asked.sort) or what.sorts[0]
    rows = narrowed(what, by, asked)
    if sort.with_:
        rows = sort.with_(rows, by, asked)
    found = paginate(rows, request, by=sort.by, descending=asked.falling, size=size)
    return Page(list(dressed(what, by, asked, found.items)), found.previous, found.next)


def dressed(what: List, by: Actor, asked: Asked, rows: Sequence[Any]) -> Sequence[Any]:
    """The rows with what the chosen columns say of them."""
    return what.dress(by, rows, frozenset(asked.columns)) if what.dress else rows


def every(what: List, by: Actor, asked: Asked) -> Iterator[Any]:
    """All the rows in order, read page by page. Raises Problem beyond `MOST_IN_A_FILE`."""
    if at_most(narrowed(what, by, asked), MOST_IN_A_FILE) > MOST_IN_A_FILE:
        raise Problem(N_("A file holds at most {most} rows. Narrow the list down first."), most=MOST_IN_A_FILE)
    request = HttpRequest()
    while True:
        page = page_of(what, by, asked, request, CHUNK)
        yield from page
        if not page.next:
            return
        request.GET = QueryDict(page.next.removeprefix("?"))


def chosen(what: List, by: Actor, asked: Asked, ids: Sequence[UUID], everything: bool) -> list[UUID]:
    """What a bulk action is about: the ticked rows among those of the organization, or all that were asked for.

    Raises Problem for none, and for more than `MOST_AT_ONCE`.
    """
    if everything:
        rows = narrowed(what, by, asked).order_by()
        found = list(rows.values_list(what.target(asked), flat=True)[: MOST_AT_ONCE + 1])
    else:
        found = list(dict.fromkeys(ids))[: MOST_AT_ONCE + 1]
    if not found:
        raise Problem(N_("Choose at least one row first."))
    if len(found) > MOST_AT_ONCE:
        raise Problem(N_("At most {most} can be changed at once. Narrow the list down first."), most=MOST_AT_ONCE)
    return found
