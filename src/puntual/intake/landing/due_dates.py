"""Due dates that a file leaves to the terms its customers have."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from puntual.agreements.terms.queries import terms_known
from puntual.intake.landing.base import Landed, Owner
from puntual.intake.reading.rows import InvoiceRow
from puntual.kernel.problems import N_, Problem


class NoTerms(Problem):
    """A row without a due date, of a customer whose terms nobody knows."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "The row has no due date, and how many days this customer has to pay is not known. Give one or the other."
            )
        )


def due_by_terms(
    organization_id: UUID, rows: Sequence[InvoiceRow], owners: Sequence[Owner], answers: dict[int, Landed]
) -> Sequence[InvoiceRow]:
    """The rows, each whose due date the file does not say with that of its customer's terms on the day of issue; one that only
    they could tell, and do not, is answered. Costs nothing where every row has one.
    """
    places = [place for place, row in enumerate(rows) if row.due_by != "file"]
    if not places:
        return rows
    whose = {owner.customer_id for place in places if (owner := owners[place]).customer_id}
    known = terms_known(organization_id, whose)
    found = list(rows)
    for place in places:
        row, customer_id = rows[place], owners[place].customer_id
        if customer_id is None or row.issue_date is None:
            continue
        days = known.days(customer_id, row.issue_date)
        if days is not None:
            found[place] = row._replace(due_date=row.issue_date + timedelta(days=days), due_by="customer")
        elif row.due_by == "nothing":
            answers[place] = Landed(row, "refused", problem=NoTerms(), field="due_date")
    return found
