"""What a list of the desk is, as data: its columns, filters, orders and bulk actions. One machinery shows every list.

To add one: write a module that describes it with a `List`, name it in `desk.lists.registry`, and give it an address in its urls
with `views.lists.listing(NAME)`. Paging, sorting, choosing columns, saved views, files and bulk actions come with it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypeAlias
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from puntual.audit.actions import Actor
from puntual.kernel.bulk import Outcome

Words: TypeAlias = str | Promise
"""A label, translated where it is read."""
Value: TypeAlias = str | Decimal | int | date | None
Kind: TypeAlias = Literal["text", "day", "money", "currency", "count"]
Choices: TypeAlias = Sequence[tuple[str, Words]]
FEW_ROWS = 5_000
"""The most rows that are counted, and that are sorted by a column no index holds: it stays quick up to there."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a list: for addresses, for days counted from today, and for what is offered to a role."""

    slug: str
    today: date
    to: Callable[..., str]
    role: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `value` is what a file holds of a row, or of each of its lines (`each`); money is in the currency of its line.

    `show` says it as HTML where the page says more than the value; `page` names the row's own page, which the cell then leads to.
    `place` is where it stands on a phone (a to e: what it is, currency, amount, and the second line). One that is not `first` is
    shown once it is chosen.
    """

    key: str
    label: Words
    value: Callable[[Any], Value]
    kind: Kind = "text"
    show: Callable[[Any, Reader], SafeString | str] | None = None
    page: Callable[[Any], tuple[str, UUID]] | None = None
    sort: str = ""
    place: str = ""
    first: bool = True
    each: bool = False
    quiet: bool = False
    roomy: bool = False
    clip: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks of a list; what it asks wrongly is not asked. `values` are those of the filters, by key;
    `only` the choice of each that has but one.
    """

    values: Mapping[str, Any]
    sort: str
    falling: bool
    columns: tuple[str, ...]
    narrowed: bool = False
    only: Mapping[str, str] = field(default_factory=dict)

    def sole(self, key: str) -> str:
        """What a filter was asked for, or the one choice it has; "" where several are possible."""
        return str(self.values.get(key) or self.only.get(key, ""))

    def __getitem__(self, key: str) -> Any:
        return self.values.get(key)


Narrow: TypeAlias = Callable[[QuerySet[Any], Any, Actor], QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class Filter:
    """One way to narrow a list. `choices` are asked for once the page is made; a filter with fewer than two is left out. `knows`
    says of a value that is none of them whether it can be asked for all the same.

    `narrow` is given only what was asked for; a list whose `rows` looks at the value itself needs none.
    """

    key: str
    label: Words
    kind: Literal["view", "text", "choice", "day", "on"] = "choice"
    choices: Callable[[Actor], Choices] | None = None
    knows: Callable[[str], bool] | None = None
    narrow: Narrow | None = None


@dataclass(frozen=True, slots=True)
class Sort:
    """An order: columns without NULL that together are unique, all rising or all falling. `falling` is how it begins.

    One that is not for `both` ways stands only as it begins. `indexed` is one that an index (or a table that stays small) holds
    at any size; the others are offered up to `FEW_ROWS` rows. `with_` adds what it needs to the rows; `where` says for what was
    asked the order exists.
    """

    key: str
    label: Words
    by: tuple[str, ...]
    falling: bool = False
    indexed: bool = False
    both: bool = True
    with_: Callable[[QuerySet[Any], Actor, Asked], QuerySet[Any]] | None = None
    where: Callable[[Asked], bool] | None = None


@dataclass(frozen=True, slots=True)
class Bulk:
    """Something done with many rows at once, as one action. `act` is also what the preview runs, and takes back.

    `said` is the message of how many it was done to; `form` asks what has to be known for it.
    """

    name: str
    label: Words
    permission: str
    act: Callable[[Actor, Sequence[UUID], Mapping[str, Any]], Outcome]
    form: Callable[[Actor, Any], forms.Form]
    would: Callable[[int], str]
    said: Callable[[int], str]
    about: Words = ""


@dataclass(frozen=True, slots=True)
class Empty:
    """What stands where a list has no rows."""

    title: Words
    text: Words
    page: str = ""
    words: Words = ""
    permission: str = "view"


@dataclass(frozen=True, slots=True)
class List:
    """A list of the desk. `name` stands in addresses and saved views; `address` is the page it has.

    `rows` are the organization's in no order; `dress` gives what stands beside those of one page, in a fixed number of queries;
    `lines` are the parts of a row, one per currency. `id_of` is what a bulk action is given of a row, and `target` the
    column of `rows` that holds it. `sort_first` names the order where none is asked for, with "-" where it falls.
    """

    name: str
    address: str
    label: Words
    rows: Callable[[Actor, Asked], QuerySet[Any]]
    columns: tuple[Column, ...]
    sorts: tuple[Sort, ...]
    filters: tuple[Filter, ...]
    empty: Empty
    none_here: Empty
    title: Callable[[Actor, Asked, int | None], str]
    dress: Callable[[Actor, Sequence[Any], frozenset[str]], Sequence[Any]] | None = None
    lines: Callable[[Any], Sequence[Any]] | None = None
    id_of: Callable[[Any], UUID] = field(default=lambda row: row.id)
    target: Callable[[Asked], str] = field(default=lambda asked: "id")
    name_of: Callable[[Any], str] = str
    sort_first: Callable[[Mapping[str, Any]], str] = field(default=lambda values: "")
    bulk: tuple[Bulk, ...] = ()
    tabs: str = ""
    here: str = ""

    def sort(self, key: str) -> Sort | None:
        """The order of that name."""
        return next((sort for sort in self.sorts if sort.key == key), None)

    def column(self, key: str) -> Column:
        """The column of that name. Raises KeyError."""
        return {column.key: column for column in self.columns}[key]
