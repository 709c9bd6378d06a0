"""Books, a row with the document it names in them, and the ledger's refusals as answers to it."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from puntual.intake.landing.base import Landed
from puntual.intake.reading.rows import InvoiceRow
from puntual.receivables.bulk import Outcome

# The field of a row that a refusal of the ledger is about.
_ABOUT = {
    "FutureDate": "issue_date",
    "ClosedPeriod": "issue_date",
    "DocumentDiffers": "number",
    "NotPositive": "amount",
}


@dataclass(slots=True)
class Books:
    """A creditor's books while a chunk lands in them; `seen` are the document keys that earlier rows have named."""

    creditor_id: UUID
    closed_through: date | None
    seen: set[str] = field(default_factory=set)

    def open_day(self, day: date, today: date) -> date:
        """`day`, or today where its period is closed."""
        return today if self.closed_through and day <= self.closed_through else day


class Named(NamedTuple):
    """A row with what it names: its place in the chunk, its customer and its document."""

    place: int
    row: InvoiceRow
    customer_id: UUID
    key: str  # references.document_key of its number


def refused(row: InvoiceRow, outcome: Outcome) -> Landed:
    """A row that the ledger does not take."""
    problem = outcome.problem
    return Landed(row, "refused", problem=problem, field=_ABOUT.get(type(problem).__name__, ""))
