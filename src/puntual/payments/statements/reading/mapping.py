"""The mapping file of a bank's export: what a person decided about it, as TOML. Every key is optional.

date_order = "day-first"            # month-first, year-first
decimal = ","                       # "."
currency = "PEN"                    # where no column tells it
account = "191-1234567-0-55"        # where no column tells it
sheet = "Movimientos"
[columns]                           # field = "header in the file"
booked_on = "Fecha"                 # also value_on, amount or credit and debit, balance, currency, account,
text = ["Concepto", "Detalle"]      # reference, bank_key, payer_name, payer_account, payer_tax_id, direction
"""

import tomllib
from collections.abc import Mapping as Mapped
from dataclasses import dataclass, field
from typing import Any, Final, cast

from puntual.kernel.money import is_currency
from puntual.kernel.problems import N_, Problem
from puntual.kernel.sheets.amounts import Decimals
from puntual.kernel.sheets.dates import DateOrder
from puntual.payments.statements.reading.columns import FIELDS

_TEXTS: Final = ("date_order", "decimal", "currency", "account", "sheet")
_KEYS: Final = frozenset({"kind", "columns", *_TEXTS})


class MappingProblem(Problem):
    """A mapping file that cannot be followed."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """Decisions about an export. `columns` maps a field to the headers it is read from."""

    date_order: DateOrder | None = None
    decimal: Decimals | None = None
    currency: str = ""
    account: str = ""
    sheet: str | None = None
    columns: Mapped[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def headers(self) -> frozenset[str]:
        """The headers it names."""
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
        values = {key: _text(data, key) for key in _TEXTS}
        order, decimal = values["date_order"], values["decimal"]
        if data.get("kind", "statement") != "statement":
            raise _not_allowed("kind", data["kind"], ["statement"])
        if order and order not in tuple(DateOrder):
            raise _not_allowed("date_order", order, DateOrder)
        if decimal and decimal not in (".", ","):
            raise _not_allowed("decimal", decimal, [".", ","])
        if values["currency"] and not is_currency(values["currency"]):
            raise _not_allowed("currency", values["currency"], ["PEN", "USD", "EUR", "…"])
        return cls(
            date_order=DateOrder(order) if order else None,
            decimal=cast("Decimals", decimal) if decimal else None,
            currency=values["currency"],
            account=values["account"],
            sheet=values["sheet"] or None,
            columns=_columns(data.get("columns", {})),
        )


def _text(data: Mapped[str, Any], key: str) -> str:
    value = data.get(key, "")
    if not isinstance(value, str):
        raise _not_allowed(key, value, ["text"])
    return value


def _not_allowed(key: str, value: object, choices: Any) -> MappingProblem:
    return MappingProblem(
        N_("“{value}” is not allowed for “{key}” in the mapping file. Use one of: {choices}."),
        value=value,
        key=key,
        choices=", ".join(choices),
    )


def _columns(columns: Any) -> Mapped[str, tuple[str, ...]]:
    if not isinstance(columns, dict):
        raise _not_allowed("columns", columns, FIELDS)
    named = {}
    for name, headers in columns.items():
        listed = headers if isinstance(headers, list) else [headers]
        if name not in FIELDS or not all(isinstance(header, str) for header in listed):
            raise MappingProblem(
                N_("The mapping file names an unknown field “{field}”. Fields are: {fields}."),
                field=name,
                fields=", ".join(sorted(FIELDS)),
            )
        named[name] = tuple(header for header in listed if header)
    return named
