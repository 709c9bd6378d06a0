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

from collections.abc import Mapping as Mapped
from dataclasses import dataclass, field
from typing import Final, cast

from puntual.kernel.sheets import mappings
from puntual.kernel.sheets.amounts import Decimals
from puntual.kernel.sheets.dates import DateOrder
from puntual.kernel.sheets.mappings import MappingProblem as MappingProblem
from puntual.payments.statements.reading.columns import FIELDS

_TEXTS: Final = ("date_order", "decimal", "currency", "account", "sheet")
_KEYS: Final = frozenset({"kind", "columns", *_TEXTS})


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
        data = mappings.load(text, _KEYS)
        mappings.one_of(data, "kind", ("statement",))
        order = mappings.one_of(data, "date_order", tuple(DateOrder))
        return cls(
            date_order=DateOrder(order) if order else None,
            decimal=cast("Decimals | None", mappings.one_of(data, "decimal", (".", ","))),
            currency=mappings.currency(data, "currency") or "",
            account=mappings.one_of(data, "account") or "",
            sheet=mappings.one_of(data, "sheet"),
            columns=mappings.columns(data, FIELDS),
        )

    def to_toml(self) -> str:
        """The mapping file that says the same."""
        return mappings.dump({key: getattr(self, key) or None for key in _TEXTS}, self.columns)
