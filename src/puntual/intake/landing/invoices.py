"""Files of invoices and credit notes: issued where they are new, brought up to the file where they are known."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from hashlib import blake2b
from uuid import UUID

from puntual.disputes.bulk import Marked, end_many, open_many
from puntual.intake.deciding import NOTHING, Circumstances, SaidTwice, Says, Standing, Steps, balances_to, decide
from puntual.intake.landing.base import Arrival, Foreseen, Landed, Landing, Owner
from puntual.intake.landing.credit_notes import CreditNotes
from puntual.intake.landing.documents import Books, Named, refused
from puntual.intake.landing.due_dates import due_by_terms
from puntual.intake.landing.moves import move_due
from puntual.intake.landing.standing import standings
from puntual.intake.models import Change
from puntual.intake.reading.rows import InvoiceRow
from puntual.intake.repeats import contradicted, number_key
from puntual.kernel.ids import uuid7_batch
from puntual.kernel.problems import Problem
from puntual.kernel.references import document_key
from puntual.payments.bulk import NewPayment, record_many
from puntual.payments.models import Payment
from puntual.receivables.bulk import KEYS, NewInvoice, OpenBalance, issue_many, update_open
from puntual.receivables.early import early_from_file
from puntual.receivables.postings import closed_through
from puntual.receivables.settling import Designation

# A number that more rows of a chunk have is no number: “S/N”.
_MOST_ROWS = 20


@dataclass(slots=True)
class Case:
    """One row's steps on their way through the ledger."""

    named: Named
    steps: Steps
    standing: Standing | None
    installments: Sequence[UUID]
    refused: Problem | None = None
    invoice_id: UUID | None = None


class InvoiceLanding(Landing):
    """Rows of a list of invoices."""

    makes_customers = True

    def __init__(self, arrival: Arrival) -> None:
        super().__init__(arrival)
        readings = arrival.proposal.readings
        self.says = Says(
            amount="amount" in readings, open_amount="open_amount" in readings, disputed="disputed" in readings
        )
        self._notes = CreditNotes(arrival, self.says)
        self._contradicted: frozenset[str] | None = None
        self._ids: Iterator[UUID] = iter(())
        self._ahead: set[str | Problem] = set()  # the keys of the chunk that was foreseen last

    @staticmethod
    def amount(row: InvoiceRow) -> tuple[str, Decimal]:
        """What the document is for; a credit note counts below zero."""
        return row.currency, -row.amount if row.credit_note else row.amount

    def foresee(self, rows: Sequence[InvoiceRow]) -> Foreseen:
        """Also the keys of the documents."""
        numbers = [_key(row.number) for row in rows]
        return super().foresee(rows)._replace(numbers=numbers, ids=uuid7_batch(KEYS * len(rows)))

    def decide_ahead(self, rows: Sequence[InvoiceRow], foreseen: Foreseen) -> Foreseen:
        """Where every row is an invoice that nobody knows and no other row names, here and in the chunk before, its case: the
        ledger still refuses a number that somebody else takes in the meantime.
        """
        before, self._ahead = self._ahead, set(foreseen.numbers)
        alone = len(self._ahead) == len(rows) and before.isdisjoint(self._ahead)
        if foreseen.found is None or not alone or any(row.credit_note for row in rows):
            return foreseen
        answers: dict[int, Landed] = {}
        by_creditor = self._by_creditor(rows, foreseen.found.owners, foreseen, answers)
        closed = closed_through(self.by.organization_id, by_creditor)
        decided = {
            creditor_id: self._decide(Books(creditor_id, closed[creditor_id]), named, answers)
            for creditor_id, named in by_creditor.items()
        }
        if answers or any(case.standing for cases in decided.values() for case in cases):
            return foreseen
        return foreseen._replace(decided=decided)

    def land(self, rows: Sequence[InvoiceRow], foreseen: Foreseen) -> list[Landed]:
        """Answer each row. A number that stands on several rows is taken row by row, in their order."""
        answers: dict[int, Landed] = {}
        self._ids = iter(foreseen.ids)
        owners = self.whose.owners(foreseen)
        decided: dict[UUID, list[Case]] | None = foreseen.decided
        by_creditor = self._by_creditor(rows, owners, foreseen, answers) if decided is None else {}
        closed = closed_through(self.by.organization_id, by_creditor if decided is None else decided)
        for creditor_id, cases in (decided or {}).items():
            self._carry_out(Books(creditor_id, closed[creditor_id]), cases, answers)
        for creditor_id, waiting in by_creditor.items():
            self._land_in(Books(creditor_id, closed[creditor_id]), waiting, answers)
        return [answers[place] for place in range(len(rows))]

    def _by_creditor(
        self, rows: Sequence[InvoiceRow], owners: Sequence[Owner], foreseen: Foreseen, answers: dict[int, Landed]
    ) -> dict[UUID, list[Named]]:
        rows = due_by_terms(self.by.organization_id, rows, owners, answers)
        by_creditor: dict[UUID, list[Named]] = {}
        for creditor_id, named in _named(rows, owners, foreseen.numbers, answers):
            by_creditor.setdefault(creditor_id, []).append(named)
        return by_creditor

    def _land_in(self, books: Books, waiting: list[Named], answers: dict[int, Landed]) -> None:
        repeated: list[tuple[Named, Named]] = []
        for _round in range(_MOST_ROWS):
            now, waiting = _first_of_each(waiting, repeated)
            invoices = [one for one in now if not one.row.credit_note]
            self._carry_out(books, self._decide(books, invoices, answers), answers)
            self._notes.land(books, [one for one in now if one.row.credit_note], answers)
            books.seen.update(one.key for one in now)
            if not waiting:
                break
        for one in waiting:
            answers[one.place] = Landed(one.row, "refused", problem=SaidTwice(one.row.number), field="number")
        for one, same in repeated:
            answer = answers[same.place]
            answers[one.place] = answer._replace(row=one.row, state="refused" if answer.problem else "unchanged")

    def _carry_out(self, books: Books, cases: Sequence[Case], answers: dict[int, Landed]) -> None:
        self._issue(books, [(case, case.steps.issue_on) for case in cases if case.steps.issue_on], answers)
        moved = [case for case in cases if case.steps.move_due]
        if moved:
            move_due(self.arrival, {case.installments[0]: case.named.row.due_date for case in moved})
        self._balance(books, [(case, case.steps.reopen_to) for case in cases if case.steps.reopen_to is not None])
        self._pay(
            books, [(case, case.named.row.paid_on) for case in cases if case.steps.pay and case.named.row.paid_on]
        )
        self._balance(books, [(case, case.steps.open_to) for case in cases if case.steps.open_to is not None])
        self._dispute([case for case in cases if case.steps.dispute is not None])
        for case in cases:
            place, row = case.named.place, case.named.row
            if case.refused:
                answers[place] = Landed(row, "refused", problem=case.refused, field="paid_on" if row.paid_on else "")
            elif place not in answers:
                state = "created" if case.steps.issue_on else "unchanged" if case.steps == NOTHING else "updated"
                answers[place] = Landed(row, state, case.named.customer_id)

    def _decide(self, books: Books, named: Sequence[Named], answers: dict[int, Landed]) -> list[Case]:
        there = standings(
            self.by.organization_id,
            books.creditor_id,
            [one.key for one in named],
            job_id=self.arrival.job.id,
            seen=books.seen,
            disputes=self.says.disputed,
        )
        about = Circumstances(self.by.today, books.closed_through, self.says)
        references = {one.place: _reference(books, one) for one in named if one.row.paid_on}
        taken = set(
            Payment.objects.filter(
                organization_id=self.by.organization_id, reference__in=references.values(), withdrawn_on=None
            ).values_list("reference", flat=True)
        )
        cases = []
        for one in named:
            standing = there.get(one.key)
            paid_before = references.get(one.place) in taken
            steps = decide(one.row, standing, one.customer_id, paid_before, about)
            if standing and steps.corrects and (standing.seen or number_key(one.row.number) in self._twice()):
                steps = Steps(SaidTwice(one.row.number), "number")
            if steps.problem:
                answers[one.place] = Landed(one.row, "refused", problem=steps.problem, field=steps.field)
            else:
                ids = [item.id for item in standing.items] if standing else ()
                cases.append(Case(one, steps, standing, ids, invoice_id=standing.invoice_id if standing else None))
        return cases

    def _twice(self) -> frozenset[str]:
        """The numbers on which this file contradicts itself; looked for only once something is about to be corrected."""
        if self._contradicted is None:
            self._contradicted = contradicted(self.arrival.table, self.arrival.proposal)
        return self._contradicted

    def _issue(self, books: Books, cases: Sequence[tuple[Case, date]], answers: dict[int, Landed]) -> None:
        if not cases:
            return
        rows = [_new_invoice(books, case, issued_on) for case, issued_on in cases]
        outcomes = issue_many(self.by, rows, batch_id=self.arrival.job.id, keys=self._ids)
        for (case, _issued_on), outcome in zip(cases, outcomes, strict=True):
            if outcome.problem or outcome.installment_id is None:
                answers[case.named.place] = refused(case.named.row, outcome)
                case.steps = NOTHING
            else:
                case.installments, case.invoice_id = (outcome.installment_id,), outcome.document_id
        early_from_file(self.by, list(_early(cases)))

    def _balance(self, books: Books, wanted: Sequence[tuple[Case, Decimal]]) -> None:
        """Bring the invoices to these open balances, from the file's own day, or from today where its period is closed."""
        rows: list[tuple[Case, OpenBalance]] = []
        for case, open_to in wanted:
            if case.refused:
                continue
            if case.standing and len(case.standing.items) > 1:
                rows += [(case, OpenBalance(*one)) for one in balances_to(case.standing.items, open_to)]
            else:
                rows.append((case, OpenBalance(case.installments[0], open_to)))
        if not rows:
            return
        outcomes = update_open(
            self.by,
            [balance for _case, balance in rows],
            effective_on=books.open_day(self.arrival.job.snapshot_on or self.by.today, self.by.today),
            batch_id=self.arrival.job.id,
            memo=self.arrival.job.file_name,
        )
        for (case, _balance), outcome in zip(rows, outcomes, strict=True):
            case.refused = case.refused or outcome.problem

    def _pay(self, books: Books, cases: Sequence[tuple[Case, date]]) -> None:
        rows = [_new_payment(books, case, paid_on) for case, paid_on in cases]
        outcomes = record_many(self.by, rows, batch_id=self.arrival.job.id) if rows else ()
        for (case, _paid_on), outcome in zip(cases, outcomes, strict=True):
            case.refused = outcome.problem

    def _dispute(self, cases: Sequence[Case]) -> None:
        """Begin the disputes the file marks, and end those it no longer does: of its own kind, which nobody decided."""
        job, today = self.arrival.job, self.by.today
        begin = [
            Marked(case.invoice_id, case.steps.issue_on or today)
            for case in cases
            if case.steps.dispute and case.invoice_id and not case.refused
        ]
        open_many(self.by, begin, batch_id=job.id, note=job.file_name)
        over = [
            case.standing.dispute
            for case in cases
            if case.steps.dispute is False and case.standing and case.standing.dispute
        ]
        end_many(self.by, over, why=job.file_name)
        mine = {"organization_id": self.by.organization_id, "job": job}
        Change.objects.bulk_create(
            Change(**mine, kind=Change.Kind.DISPUTE_ENDED, object_id=dispute) for dispute in over
        )


def _key(number: str) -> str | Problem:
    try:
        return document_key(number)
    except Problem as problem:
        return problem


def _named(
    rows: Sequence[InvoiceRow], owners: Sequence[Owner], keys: Sequence[str | Problem], answers: dict[int, Landed]
) -> Iterator[tuple[UUID, Named]]:
    """Each row that has a customer and a number, with its creditor; the others are answered."""
    for place, (row, owner, key) in enumerate(zip(rows, owners, keys, strict=True)):
        if place in answers:
            continue
        if owner.creditor is None or owner.customer_id is None:
            answers[place] = Landed(row, "refused", problem=owner.problem, field=owner.field)
        elif isinstance(key, Problem):
            answers[place] = Landed(row, "refused", problem=key, field="number")
        else:
            yield owner.creditor.id, Named(place, row, owner.customer_id, key)


def _first_of_each(waiting: Sequence[Named], repeated: list[tuple[Named, Named]]) -> tuple[list[Named], list[Named]]:
    """The first row of each number, and the rows for later; those that repeat a first one word for word are put aside."""
    first: dict[str, Named] = {}
    later = []
    for named in waiting:
        same = first.setdefault(named.key, named)
        if same is named:
            continue
        if same.row[1:] == named.row[1:]:
            repeated.append((named, same))
        else:
            later.append(named)
    return list(first.values()), later


def _new_invoice(books: Books, case: Case, issued_on: date) -> NewInvoice:
    row = case.named.row
    return NewInvoice(
        books.creditor_id,
        case.named.customer_id,
        row.number,
        case.named.key,
        issued_on,
        row.due_date,
        row.currency,
        row.amount,
        row.description,
    )


def _early(cases: Sequence[tuple[Case, date]]) -> Iterator[tuple[UUID, Decimal, date]]:
    """What may be kept of new invoices for paying early, as the file says; nothing of what is paid or too late for it."""
    for case, issued_on in cases:
        early = case.named.row.early
        if early and case.installments and case.steps.issue_on:
            yield case.installments[0], early.percent, issued_on + timedelta(days=early.days)


def _new_payment(books: Books, case: Case, paid_on: date) -> NewPayment:
    return NewPayment(
        creditor_id=books.creditor_id,
        customer_id=case.named.customer_id,
        reference=_reference(books, case.named),
        received_on=paid_on,
        currency=case.named.row.currency,
        amount=case.steps.pay,
        designations=tuple(Designation(id) for id in case.installments),
        oldest_first=False,
        method=Payment.Method.OTHER,
    )


def _reference(books: Books, one: Named) -> str:
    """The reference of the payment a row tells: the same for the same content, whichever file it is in."""
    row = one.row
    content = f"{books.creditor_id} {one.key} {row.paid_on} {row.currency} {row.paid_amount:f}"
    return f"{one.key[:60]} {row.paid_on} {blake2b(content.encode(), digest_size=8).hexdigest()}"
