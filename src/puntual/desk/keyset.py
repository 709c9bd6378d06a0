"""Lists that stay fast at any length: pages are found by the key of their first or last row, never by counting."""

import base64
import binascii
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan
from django.http import HttpRequest, QueryDict

from puntual.kernel.problems import N_, Problem


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list, and the addresses of those before and after; an empty address where there are none."""

    items: list[Any]
    previous: str
    next: str

    def __iter__(self) -> Iterator[Any]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


def paginate(
    rows: QuerySet[Any], request: HttpRequest, by: Sequence[str], *, descending: bool = False, size: int = 50
) -> Page:
    """The page of `rows` the address asks for (`?after=` or `?before=`), in the order of `by`.

    `by` names columns without NULL that together are unique and that an index holds in this order; all rise, or all fall with
    `descending`. Raises Problem for a key that is not one of ours.
    """
    after, before = request.GET.get("after"), request.GET.get("before")
    backwards = bool(before) and not after
    falling = descending != backwards
    if key := after or before:
        compare = TupleLessThan if falling else TupleGreaterThan
        rows = rows.filter(compare(tuple(by), _decoded(key, len(by))))
    found = list(rows.order_by(*((f"-{name}" if falling else name) for name in by))[: size + 1])
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    has_next = bool(found) and (backwards or more)
    has_previous = bool(found) and (bool(after) or (backwards and more))
    return Page(
        found,
        _link(request.GET, "before", found[0], by) if has_previous else "",
        _link(request.GET, "after", found[-1], by) if has_next else "",
    )


def _link(query: QueryDict, name: str, row: Model, by: Sequence[str]) -> str:
    query = query.copy()
    for key in ("after", "before"):
        query.pop(key, None)
    values = [_value(row, column) for column in by]
    query[name] = base64.urlsafe_b64encode(json.dumps(values, default=_plain).encode()).decode().rstrip("=")
    return "?" + query.urlencode()


def _value(row: Model, column: str) -> object:
    """What a column holds, also of a row beside it ("customer__search_name")."""
    return reduce(getattr, column.split("__"), row)


def _plain(value: object) -> str:
    if isinstance(value, UUID | Decimal | date | datetime):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot stand in an address")


def _decoded(key: str, length: int) -> tuple[Any, ...]:
    try:
        values = json.loads(base64.urlsafe_b64decode(key + "=" * (-len(key) % 4)))
    except (binascii.Error, ValueError):
        values = None
    if not isinstance(values, list) or len(values) != length or any(isinstance(value, list | dict) for value in values):
        raise Problem(N_("This page of the list cannot be found any more. Go back to the beginning of the list."))
    return tuple(values)
