"""Lists of customers: made where they are new, and what the list says of one counts."""

from collections.abc import Sequence

from puntual.intake.landing.base import Foreseen, Landed, Landing
from puntual.intake.reading.rows import CustomerRow


class CustomerLanding(Landing):
    """Rows of a list of customers."""

    authoritative = True

    @staticmethod
    def amount(row: CustomerRow) -> None:
        """A list of customers has no amounts."""

    def land(self, rows: Sequence[CustomerRow], foreseen: Foreseen) -> list[Landed]:
        """Answer each row."""
        return [
            Landed(row, "refused" if owner.problem else owner.state, owner.customer_id, owner.problem, owner.field)
            for row, owner in zip(rows, self.whose.owners(foreseen, authoritative=True), strict=True)
        ]
