"""Files of invoices and credit notes: issued where they are new, brought up to the file where they are known."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import blake2b
from uuid import UUID

from puntual.intake.deciding import NOTHING, Circumstances, SaidTwice, Says, Standing, Steps, balances_to, decide
from puntual.intake.landing.base import Arrival, Landed, Landing, Owner
from puntual.intake.landing.credit_notes import CreditNotes
from puntual.intake.landing.documents import Named, refused
from puntual.intake.landing.moves import move_due
from puntual.intake.landing.standing import Key, standings
from puntual.intake.models import Change
from puntual.intake.reading.rows import InvoiceRow
from puntual.intake.repeats import contradicted, number_key
from puntual.kernel.problems import Problem
from puntual.kernel.references import document_key
from puntual.payments.bulk import NewPayment, record_many
from puntual.payments.models import Payment
from puntual.receivables.actions import release_hold
from puntual.receivables.bulk import (
    NewInvoice,
    OpenBalance,
    hold_many,
    issue_many,
    update_open,
)
from puntual.receivables.models import Hold
from puntual.receivables.postings import closed_through
from puntual.receivables.settling import Designation


@dataclass(slots=True)
class Case:
    """One row's steps on their way through the ledger."""

    named: Named
    steps: Steps
    standing: Standing | None
    installments: tuple[UUID, ...] = ()
    refused: Problem | None = None


class InvoiceLanding(Landing):
    """Rows of a list of invoices."""

    def __init__(self, arrival: Arrival) -> None:
        super().__init__(arrival)
        readings = arrival.proposal.readings
        self.says = Says(
            amount="amount" in readings, open_amount="open_amount" in readings, disputed="disputed" in readings
        )
        self._notes = CreditNotes(arrival, self.says)
        self._contradicted: frozenset[str] | None = None

    @staticmethod
    def amount(row: InvoiceRow) -> tuple[str, Decimal]:
        """What the document is for; a credit note counts below zero."""
        return row.currency, -row.amount if row.credit_note else row.amount

    def land(self, rows: Sequence[InvoiceRow]) -> list[Landed]:
        """Answer each row. A number that stands on several rows is taken row by row, in their order."""
        answers: dict[int, Landed] = {}
        waiting = list(self._named(rows, self.whose.owners(rows), answers))
        self.closed = closed_through(self.by.organization_id, {named.key[0] for named in waiting})
        seen: set[Key] = set()
        said: dict[tuple[object, ...], int] = {}
        again: dict[int, int] = {}  # rows that repeat another one word for word
        while waiting:
            now: dict[tuple[bool, Key], Named] = {}
            later = []
            for named in waiting:
                first = said.setdefault(named.row[1:], named.place)
                if first != named.place:
                    again[named.place] = first
                elif now.setdefault((named.row.credit_note, named.key), named) is not named:
                    later.append(named)
            self._land_invoices([one for one in now.values() if not one.row.credit_note], seen, answers)
            self._notes.land([one for one in now.values() if one.row.credit_note], answers)
            seen.update(named.key for named in now.values())
            waiting = later
        for place, first in again.items():
            answer = answers[first]
            answers[place] = answer._replace(row=rows[place], state="refused" if answer.problem else "unchanged")
        return [answers[place] for place in range(len(rows))]

    @staticmethod
    def _named(rows: Sequence[InvoiceRow], owners: Sequence[Owner], answers: dict[int, Landed]) -> Iterable[Named]:
        for place, (row, owner) in enumerate(zip(rows, owners, strict=True)):
            if owner.creditor is None or owner.customer_id is None:
                answers[place] = Landed(row, "refused", problem=owner.problem, field=owner.field)
                continue
            try:
                key = owner.creditor.id, document_key(row.number)
            except Problem as problem:
                answers[place] = Landed(row, "refused", problem=problem, field="number")
                continue
            yield Named(place, row, owner.customer_id, key)

    # -- invoices

    def _land_invoices(self, named: Sequence[Named], seen: set[Key], answers: dict[int, Landed]) -> None:
        cases = self._decide(named, seen, answers)
        self._issue([(case, case.steps.issue_on) for case in cases if case.steps.issue_on], answers)
        self._move_due([case for case in cases if case.steps.move_due])
        self._to_balance([(case, case.steps.reopen_to) for case in cases if case.steps.reopen_to is not None])
        self._pay([(case, case.named.row.paid_on) for case in cases if case.steps.pay and case.named.row.paid_on])
        self._to_balance(
            [(case, case.steps.open_to) for case in cases if case.steps.open_to is not None and not case.refused]
        )
        self._dispute([case for case in cases if case.standing and not case.refused])
        for case in cases:
            place, row = case.named.place, case.named.row
            if case.refused:
                answers[place] = Landed(row, "refused", problem=case.refused, field="paid_on" if row.paid_on else "")
            elif place not in answers:
                state = "created" if case.steps.issue_on else "unchanged" if case.steps == NOTHING else "updated"
                answers[place] = Landed(row, state, case.named.customer_id)

    def _decide(self, named: Sequence[Named], seen: set[Key], answers: dict[int, Landed]) -> list[Case]:
        there = standings(
            self.by.organization_id,
            [one.key for one in named],
            job_id=self.arrival.job.id,
            seen=seen,
            disputes=self.says.disputed,
        )
        references = {one.place: _reference(one) for one in named if one.row.paid_on}
        taken = set(
            Payment.objects.filter(
                organization_id=self.by.organization_id, reference__in=references.values(), withdrawn_on=None
            ).values_list("reference", flat=True)
        )
        cases = []
        for one in named:
            standing = there.get(one.key)
            about = Circumstances(self.by.today, self.closed[one.key[0]], self.says)
            steps = decide(one.row, standing, one.customer_id, references.get(one.place) in taken, about)
            if standing and steps.corrects and (standing.seen or number_key(one.row.number) in self._twice()):
                steps = Steps(SaidTwice(one.row.number), "number")
            if steps.problem:
                answers[one.place] = Landed(one.row, "refused", problem=steps.problem, field=steps.field)
            else:
                ids = tuple(item.id for item in standing.items) if standing else ()
                cases.append(Case(one, steps, standing, ids))
        return cases

    def _twice(self) -> frozenset[str]:
        """The numbers on which this file contradicts itself; looked for only once something is about to be corrected."""
        if self._contradicted is None:
            self._contradicted = contradicted(self.arrival.table, self.arrival.proposal)
        return self._contradicted

    def _issue(self, cases: Sequence[tuple[Case, date]], answers: dict[int, Landed]) -> None:
        if not cases:
            return
        outcomes = issue_many(self.by, [_new_invoice(*one) for one in cases], batch_id=self.arrival.job.id)
        for (case, _issued), outcome in zip(cases, outcomes, strict=True):
            if outcome.problem or outcome.installment_id is None:
                answers[case.named.place] = refused(case.named.row, outcome)
                case.steps = NOTHING
            else:
                case.installments = (outcome.installment_id,)

    def _move_due(self, cases: Sequence[Case]) -> None:
        if cases:
            move_due(self.arrival, {case.installments[0]: case.named.row.due_date for case in cases})

    @property
    def _why(self) -> str:
        return self.arrival.job.file_name

    def _day(self, creditor_id: UUID) -> date:
        """The day from which a correction counts: the file's own, or today where its period is closed."""
        day = self.arrival.job.snapshot_on or self.by.today
        closed = self.closed[creditor_id]
        return self.by.today if closed and day <= closed else day

    def _to_balance(self, wanted: Sequence[tuple[Case, Decimal | None]]) -> None:
        """Bring the invoices to these open balances."""
        by_day: dict[date, list[tuple[Case, OpenBalance]]] = {}
        for case, open_to in wanted:
            if open_to is None or not case.installments:
                continue
            if case.standing and len(case.standing.items) > 1:
                balances = balances_to(case.standing.items, open_to)
            else:
                balances = [(case.installments[0], open_to)]
            by_day.setdefault(self._day(case.named.key[0]), []).extend((case, OpenBalance(*one)) for one in balances)
        for day, rows in by_day.items():
            outcomes = update_open(
                self.by,
                [balance for _job, balance in rows],
                effective_on=day,
                batch_id=self.arrival.job.id,
                memo=self._why,
            )
            for (case, _balance), outcome in zip(rows, outcomes, strict=True):
                case.refused = case.refused or outcome.problem

    def _pay(self, cases: Sequence[tuple[Case, date]]) -> None:
        if not cases:
            return
        outcomes = record_many(self.by, [_new_payment(*one) for one in cases], batch_id=self.arrival.job.id)
        for (case, _paid_on), outcome in zip(cases, outcomes, strict=True):
            case.refused = outcome.problem

    def _dispute(self, cases: Sequence[Case]) -> None:
        begin = [id for case in cases if case.steps.dispute for id in case.installments]
        if begin:
            hold_many(
                self.by,
                begin,
                reason=Hold.Reason.DISPUTE,
                from_on=self.by.today,
                source_id=self.arrival.job.id,
                note=self._why,
            )
        for case in cases:
            if case.steps.dispute is False and case.standing and case.standing.dispute:
                release_hold(self.by, case.standing.dispute, why=self._why)
                Change.objects.create(
                    organization_id=self.by.organization_id,
                    job=self.arrival.job,
                    kind=Change.Kind.HOLD_RELEASED,
                    object_id=case.standing.dispute,
                )


def _new_invoice(case: Case, issued_on: date) -> NewInvoice:
    row, (creditor_id, key) = case.named.row, case.named.key
    return NewInvoice(
        creditor_id,
        case.named.customer_id,
        row.number,
        key,
        issued_on,
        row.due_date,
        row.currency,
        row.amount,
        row.description,
        disputed=bool(case.steps.dispute),
    )


def _new_payment(case: Case, paid_on: date) -> NewPayment:
    row = case.named.row
    return NewPayment(
        creditor_id=case.named.key[0],
        customer_id=case.named.customer_id,
        reference=_reference(case.named),
        received_on=paid_on,
        currency=row.currency,
        amount=case.steps.pay,
        designations=tuple(Designation(id) for id in case.installments),
        oldest_first=False,
        method=Payment.Method.OTHER,
    )


def _reference(one: Named) -> str:
    """The reference of the payment a row tells: the same for the same content, whichever file it is in."""
    row, (creditor_id, key) = one.row, one.key
    content = f"{creditor_id} {key} {row.paid_on} {row.currency} {row.paid_amount:f}"
    return f"{key[:60]} {row.paid_on} {blake2b(content.encode(), digest_size=8).hexdigest()}"
