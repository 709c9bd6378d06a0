"""Lists of customers: made where they are new, and what the list says of one counts."""

from collections.abc import Sequence
from uuid import UUID

from puntual.intake.landing.base import Arrival, Foreseen, Landed, Landing
from puntual.intake.reading.rows import CustomerRow


class CustomerLanding(Landing):
    """Rows of a list of customers."""

    whole_row_is_whose = True

    def __init__(self, arrival: Arrival) -> None:
        super().__init__(arrival)
        self._heard: set[UUID] = set()

    @staticmethod
    def amount(row: CustomerRow) -> None:
        """A list of customers has no amounts."""

    def land(self, rows: Sequence[CustomerRow], foreseen: Foreseen) -> list[Landed]:
        """Answer each row."""
        return [
            Landed(row, "refused" if owner.problem else owner.state, owner.customer_id, owner.problem, owner.field)
            for row, owner in zip(rows, self.whose.owners(foreseen, heard=self._heard), strict=True)
        ]
