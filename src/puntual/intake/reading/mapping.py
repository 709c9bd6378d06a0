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

import tomllib
from collections.abc import Mapping as Mapped
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar, cast

from puntual.intake.reading.fields import FIELDS, Kind
from puntual.kernel.money import is_currency
from puntual.kernel.problems import N_, Problem
from puntual.kernel.sheets.amounts import Decimals
from puntual.kernel.sheets.dates import DateOrder

_ALL_FIELDS: Final = frozenset(name for fields in FIELDS.values() for name in fields)
_KEYS: Final = frozenset({"kind", "date_order", "decimal", "currency", "dollar", "terms_days", "sheet", "columns"})
_MOST_DAYS = 999
_T = TypeVar("_T", Kind, DateOrder)
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\x7f": "\\u007f"})


class MappingProblem(Problem):
    """A mapping file that cannot be followed."""


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
        try:
            data = tomllib.loads(text.removeprefix("\ufeff"))
        except tomllib.TOMLDecodeError as error:
            raise MappingProblem(N_("The mapping file is not valid TOML: {error}."), error=error) from None
        for key in sorted(data.keys() - _KEYS):
            raise MappingProblem(
                N_("The mapping file has an unknown key “{key}”. It may have: {keys}."),
                key=key,
                keys=", ".join(sorted(_KEYS)),
            )
        return cls(
            kind=_choice(data, "kind", Kind),
            date_order=_choice(data, "date_order", DateOrder),
            decimal=cast(Decimals | None, _one_of(data, "decimal", (".", ","))),
            currency=_currency(data, "currency"),
            dollar=_currency(data, "dollar"),
            terms_days=_days(data),
            sheet=_one_of(data, "sheet", None),
            columns=_columns(data),
        )

    def to_toml(self) -> str:
        """The mapping file that says the same."""
        lines = [
            f"{key} = {_quoted(value)}"
            for key in ("kind", "date_order", "decimal", "currency", "dollar", "sheet")
            if (value := getattr(self, key)) is not None
        ]
        if self.terms_days is not None:
            lines.append(f"terms_days = {self.terms_days}")
        if self.columns:
            lines += ["", "[columns]"]
        for name, headers in self.columns.items():
            value = ", ".join(map(_quoted, headers))
            lines.append(f"{name} = [{value}]" if len(headers) > 1 else f"{name} = {value or _quoted('')}")
        return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.translate(_ESCAPES)
    return '"' + "".join(c if c >= " " else f"\\u{ord(c):04x}" for c in escaped) + '"'


def _one_of(data: Mapped[str, Any], key: str, allowed: tuple[str, ...] | None) -> str | None:
    value = data.get(key)
    if value is None or (isinstance(value, str) and (allowed is None or value in allowed)):
        return value
    raise MappingProblem(
        N_("“{value}” is not allowed for “{key}” in the mapping file. Use one of: {choices}."),
        value=value,
        key=key,
        choices=", ".join(allowed or ("text",)),
    )


def _choice(data: Mapped[str, Any], key: str, choices: type[_T]) -> _T | None:
    value = _one_of(data, key, tuple(choices))
    return None if value is None else choices(value)


def _currency(data: Mapped[str, Any], key: str) -> str | None:
    value = _one_of(data, key, None)
    if value is not None and not is_currency(value):
        raise MappingProblem(
            N_("“{value}” is not a currency code. Use three capital letters such as PEN, USD or EUR."), value=value
        )
    return value


def _days(data: Mapped[str, Any]) -> int | None:
    value = data.get("terms_days")
    if value is None or (type(value) is int and 0 <= value <= _MOST_DAYS):
        return value
    raise MappingProblem(N_("“terms_days” in the mapping file must be a number of days from 0 to 999."))


def _columns(data: Mapped[str, Any]) -> Mapped[str, tuple[str, ...]]:
    columns = data.get("columns", {})
    if not isinstance(columns, dict):
        raise MappingProblem(N_("“columns” in the mapping file must be a table of fields and headers."))
    named: dict[str, tuple[str, ...]] = {}
    for name, headers in columns.items():
        if name not in _ALL_FIELDS:
            raise MappingProblem(
                N_("The mapping file names an unknown field “{field}”. Fields are: {fields}."),
                field=name,
                fields=", ".join(sorted(_ALL_FIELDS)),
            )
        listed = headers if isinstance(headers, list) else [headers]
        if not all(isinstance(header, str) for header in listed):
            raise MappingProblem(N_("The field “{field}” in the mapping file must name a header."), field=name)
        named[name] = tuple(header for header in listed if header)
    return named
