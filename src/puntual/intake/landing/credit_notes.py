"""Credit notes in a file of invoices: what is left of each waits for the customer's next invoices."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from puntual.intake.deciding import Says
from puntual.intake.landing.base import Arrival, Landed
from puntual.intake.landing.documents import Books, Named, refused
from puntual.intake.landing.standing import StandingNote, standing_notes
from puntual.kernel.problems import N_, Problem
from puntual.receivables.bulk import NewCreditNote, issue_credit_notes_many
from puntual.receivables.problems import DocumentDiffers


class CreditNotes:
    """The credit notes of one file."""

    def __init__(self, arrival: Arrival, says: Says) -> None:
        self.arrival = arrival
        self.by = arrival.by
        self.says = says

    def land(self, books: Books, named: Sequence[Named], answers: dict[int, Landed]) -> None:
        """Answer each row. One that was used up before it came here is nobody's credit any more."""
        if not named:
            return
        there = standing_notes(self.by.organization_id, books.creditor_id, [one.key for one in named])
        new = []
        for one in named:
            left = one.row.open_amount if self.says.open_amount else one.row.amount
            note = there.get(one.key)
            problem = _differs(self.says, one, note, left) if note else None
            if problem:
                answers[one.place] = Landed(one.row, "refused", problem=problem, field="number")
            elif note or not left:
                answers[one.place] = Landed(one.row, "unchanged", one.customer_id)
            else:
                new.append((one, left))
        rows = [_new_credit_note(books, one, left, self.by.today) for one, left in new]
        outcomes = issue_credit_notes_many(self.by, rows, batch_id=self.arrival.job.id) if rows else []
        for (one, _left), outcome in zip(new, outcomes, strict=True):
            created = outcome.problem is None
            answers[one.place] = Landed(one.row, "created", one.customer_id) if created else refused(one.row, outcome)


def _differs(says: Says, one: Named, note: StandingNote, left: Decimal) -> Problem | None:
    differs = [
        name
        for name, equal in (
            ("customer", note.customer_id == one.customer_id),
            ("currency", note.currency == one.row.currency),
            ("amount", says.open_amount or note.amount == left),
        )
        if not equal
    ]
    if differs:
        return DocumentDiffers(one.row.number, tuple(differs))
    if says.open_amount and left != note.unapplied:
        return Problem(
            N_(
                "The file says that {theirs} {currency} of credit note {number} are left, but here it is {ours} {currency}."
                " Apply it to the invoices it settled, or cancel what does not fit."
            ),
            number=one.row.number,
            theirs=left,
            ours=note.unapplied,
            currency=note.currency,
        )
    return None


def _new_credit_note(books: Books, one: Named, left: Decimal, today: date) -> NewCreditNote:
    row = one.row
    issued = row.issue_date or min(row.due_date, today)
    return NewCreditNote(
        books.creditor_id, one.customer_id, row.number, one.key, issued, row.currency, left, row.description[:200]
    )
