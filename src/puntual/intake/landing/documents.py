"""A row with the document it names, and the ledger's refusals as answers to it."""

from typing import NamedTuple
from uuid import UUID

from puntual.intake.landing.base import Landed
from puntual.intake.landing.standing import Key
from puntual.intake.reading.rows import InvoiceRow
from puntual.receivables.bulk import Outcome

# The field of a row that a refusal of the ledger is about.
_ABOUT = {
    "FutureDate": "issue_date",
    "ClosedPeriod": "issue_date",
    "DocumentDiffers": "number",
    "NotPositive": "amount",
}


class Named(NamedTuple):
    """A row with what it names: its place in the chunk, its customer and its document."""

    place: int
    row: InvoiceRow
    customer_id: UUID
    key: Key


def refused(row: InvoiceRow, outcome: Outcome) -> Landed:
    """A row that the ledger does not take."""
    problem = outcome.problem
    return Landed(row, "refused", problem=problem, field=_ABOUT.get(type(problem).__name__, ""))
