"""The mapping file: what a person decided about a source, as TOML. Every key is optional.

kind = "invoices"
date_order = "month-first"          # day-first, year-first
decimal = "."                       # ","
currency = "PEN"                    # of rows that name none
dollar = "USD"                      # what a bare "$" means
terms_days = 30                     # of rows without due date and terms
sheet = "Hoja1"
[columns]                           # field = "header in the file"; "" leaves a field out
customer_code = "customerID"
number = ["Serie", "Número"]        # several columns make one value
"""

from collections.abc import Mapping as Mapped
from dataclasses import dataclass, field
from typing import Any, Final, cast

from puntual.intake.reading.fields import FIELDS, Kind
from puntual.kernel.problems import N_
from puntual.kernel.sheets import mappings
from puntual.kernel.sheets.amounts import Decimals
from puntual.kernel.sheets.dates import DateOrder
from puntual.kernel.sheets.mappings import MappingProblem as MappingProblem

_ALL_FIELDS: Final = frozenset(name for fields in FIELDS.values() for name in fields)
_TEXTS: Final = ("kind", "date_order", "decimal", "currency", "dollar", "sheet", "terms_days")
_KEYS: Final = frozenset({*_TEXTS, "columns"})
_MOST_DAYS = 999


@dataclass(frozen=True, slots=True)
class Mapping:
    """Decisions about a file. `columns` maps a field to the headers it is read from; none: the field is left out."""

    kind: Kind | None = None
    date_order: DateOrder | None = None
    decimal: Decimals | None = None
    currency: str | None = None
    dollar: str | None = None
    terms_days: int | None = None
    sheet: str | None = None
    columns: Mapped[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def headers(self) -> frozenset[str]:
        """The headers it names: with them `open_table` finds a header no dictionary knows."""
        return frozenset(header for headers in self.columns.values() for header in headers)

    @classmethod
    def from_toml(cls, text: str) -> "Mapping":
        """Read a mapping file. Raises MappingProblem, naming the key, for what is not allowed in one."""
        data = mappings.load(text, _KEYS)
        kind = mappings.one_of(data, "kind", tuple(Kind))
        order = mappings.one_of(data, "date_order", tuple(DateOrder))
        return cls(
            kind=Kind(kind) if kind is not None else None,
            date_order=DateOrder(order) if order is not None else None,
            decimal=cast(Decimals | None, mappings.one_of(data, "decimal", (".", ","))),
            currency=mappings.currency(data, "currency"),
            dollar=mappings.currency(data, "dollar"),
            terms_days=_days(data),
            sheet=mappings.one_of(data, "sheet"),
            columns=mappings.columns(data, _ALL_FIELDS),
        )

    def to_toml(self) -> str:
        """The mapping file that says the same."""
        return mappings.dump({key: getattr(self, key) for key in _TEXTS}, self.columns)


def _days(data: Mapped[str, Any]) -> int | None:
    value = data.get("terms_days")
    if value is None or (type(value) is int and 0 <= value <= _MOST_DAYS):
        return value
    raise MappingProblem(N_("“terms_days” in the mapping file must be a number of days from 0 to 999."))
