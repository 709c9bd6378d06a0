"""Lists of payments: whose they are, and which invoices they name. Nobody becomes a customer by paying."""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from hashlib import blake2b
from typing import Final, NamedTuple
from uuid import UUID

from puntual.intake.deciding import Standing
from puntual.intake.landing.base import Foreseen, Landed, Landing, Owner
from puntual.intake.landing.standing import standings
from puntual.intake.reading.rows import PaymentRow
from puntual.kernel.problems import N_, Problem
from puntual.kernel.references import document_key
from puntual.parties.bulk import UnknownCustomer
from puntual.parties.matching import folded
from puntual.payments.bulk import NewPayment, record_many
from puntual.payments.models import Payment
from puntual.receivables.settling import Designation

_METHODS: Final = {
    Payment.Method.TRANSFER: (
        "transf",
        "deposit",
        "abono",
        "wire",
        "ach",
        "pix",
        "spei",
        "yape",
        "plin",
        "pse",
        "ted",
        "doc",
    ),
    Payment.Method.CARD: ("tarjeta", "card", "cartao", "visa", "master", "amex"),
    Payment.Method.CASH: ("efectivo", "cash", "dinheiro", "contado"),
    Payment.Method.CHECK: ("cheque", "check"),
    Payment.Method.DEBIT: ("debit", "domicilia", "recibo"),
}
_ABOUT = {
    "FutureDate": "date",
    "ClosedPeriod": "date",
    "NotOfThisCustomer": "invoice_numbers",
    "ReferenceTaken": "reference",
}


Invoices = Mapping[UUID, Mapping[str, Standing]]
"""By creditor and document key."""


class Wanted(NamedTuple):
    """A payment to be recorded: its place in the chunk, its row, what it is for, and the reference it can be known by."""

    place: int
    row: PaymentRow
    creditor_id: UUID
    customer_id: UUID
    installments: tuple[UUID, ...]
    complete: bool  # every invoice it names is known
    reference: str


class PaymentLanding(Landing):
    """Rows of a list of payments."""

    @staticmethod
    def amount(row: PaymentRow) -> tuple[str, Decimal]:
        """What came in."""
        return row.currency, row.amount

    def land(self, rows: Sequence[PaymentRow], foreseen: Foreseen) -> list[Landed]:
        """Answer each row. What names an invoice that is not there yet waits on account."""
        owners = self.whose.owners(foreseen, make=False)
        invoices = self._invoices(rows, owners)
        answers: dict[int, Landed] = {}
        wanted: list[Wanted] = []
        for place, (row, owner) in enumerate(zip(rows, owners, strict=True)):
            found = self._wanted(place, row, owner, invoices)
            if isinstance(found, Landed):
                answers[place] = found
            else:
                wanted.append(found)
        self._record(wanted, answers)
        return [answers[place] for place in range(len(rows))]

    def _invoices(self, rows: Sequence[PaymentRow], owners: Sequence[Owner]) -> Invoices:
        """Every invoice the rows name, by creditor."""
        keys: dict[UUID, set[str]] = {}
        for row, owner in zip(rows, owners, strict=True):
            if owner.creditor and row.invoice_numbers:
                keys.setdefault(owner.creditor.id, set()).update(map(_key, row.invoice_numbers))
        return {creditor: standings(self.by.organization_id, creditor, named) for creditor, named in keys.items()}

    def _wanted(
        self,
        place: int,
        row: PaymentRow,
        owner: Owner,
        invoices: Invoices,
    ) -> Wanted | Landed:
        if owner.creditor is None or owner.problem:
            return Landed(row, "refused", problem=owner.problem, field=owner.field)
        there = invoices.get(owner.creditor.id, {})
        named = [there.get(_key(number)) for number in row.invoice_numbers]
        known = [one for one in named if one]
        payers = {standing.customer_id for standing in known}
        if owner.customer_id is None and len(payers) != 1:
            problem: Problem = UnknownCustomer()
            if payers:
                problem = Problem(N_("These invoices are of several customers. Name the customer who paid."))
            return Landed(row, "refused", problem=problem, field="invoice_numbers")
        customer_id = owner.customer_id or payers.pop()
        if len(known) < len(named):
            problem = Problem(N_("An invoice named here is not known yet; its part of the payment waits on account."))
            self.arrival.note(row, "invoice_numbers", ", ".join(row.invoice_numbers), problem)
        content = (
            customer_id,
            row.received_on,
            row.currency,
            row.amount.normalize(),
            row.reference,
            row.invoice_numbers,
        )
        return Wanted(
            place,
            row,
            owner.creditor.id,
            customer_id,
            tuple(item.id for standing in known for item in standing.items),
            len(known) == len(named),
            _reference(content),
        )

    def _record(self, wanted: Sequence[Wanted], answers: dict[int, Landed]) -> None:
        """Record each under the reference of the file where it can be, else under one made of its content."""
        wanted = self._apart(wanted)
        taken = self._taken(wanted)
        rows = [self._payment(one, taken) for one in wanted]
        outcomes = record_many(self.by, rows, batch_id=self.arrival.job.id) if rows else []
        for one, outcome in zip(wanted, outcomes, strict=True):
            problem = outcome.problem
            if problem is None:
                answers[one.place] = Landed(one.row, outcome.state, one.customer_id)
            else:
                field = _ABOUT.get(type(problem).__name__, "amount")
                answers[one.place] = Landed(one.row, "refused", problem=problem, field=field)

    def _apart(self, wanted: Sequence[Wanted]) -> list[Wanted]:
        """Each with a reference of its own: rows of one file that are alike are as many payments."""
        made = Payment.objects.filter(
            organization_id=self.by.organization_id, batch_id=self.arrival.job.id, withdrawn_on=None
        )
        bases = {one.reference for one in wanted}
        before = made.filter(reference__in=bases).values_list("reference", flat=True)  # in an earlier chunk
        count = Counter({base: made.filter(reference__startswith=base).count() for base in before})
        apart = []
        for one in wanted:
            count[one.reference] += 1
            place = count[one.reference]
            apart.append(one._replace(reference=f"{one.reference}-{place}") if place > 1 else one)
        return apart

    def _taken(self, wanted: Sequence[Wanted]) -> dict[str, tuple[object, ...]]:
        """The references of the rows that are somebody's already, with what makes them the same payment."""
        references = {one.row.reference for one in wanted if one.row.reference}
        stored = Payment.objects.filter(
            organization_id=self.by.organization_id, reference__in=references, withdrawn_on=None
        ).values_list("reference", "customer_id", "received_on", "currency", "amount")
        found: dict[str, tuple[object, ...]] = {reference: tuple(content) for reference, *content in stored}
        for one in wanted:
            if one.row.reference:
                found.setdefault(one.row.reference, _same(one))
        return found

    @staticmethod
    def _payment(one: Wanted, taken: Mapping[str, tuple[object, ...]]) -> NewPayment:
        row = one.row
        own = row.reference and taken[row.reference] == _same(one)
        return NewPayment(
            creditor_id=one.creditor_id,
            customer_id=one.customer_id,
            reference=row.reference if own else one.reference,
            received_on=row.received_on,
            currency=row.currency,
            amount=row.amount,
            designations=tuple(map(Designation, one.installments)),
            oldest_first=one.complete,
            method=_method(row.method),
            memo=row.memo,
        )


def _same(one: Wanted) -> tuple[object, ...]:
    return one.customer_id, one.row.received_on, one.row.currency, one.row.amount


def _key(number: str) -> str:
    try:
        return document_key(number)
    except Problem:
        return ""


def _reference(content: tuple[object, ...]) -> str:
    """A reference made of a payment's content."""
    _customer, received_on, _currency, _amount, reference, _numbers = content
    digest = blake2b(repr([*map(str, content)]).encode(), digest_size=8).hexdigest()
    return f"{str(reference)[:60]} {received_on} {digest}".strip()


def _method(text: str) -> str:
    words = folded(text)
    if not words:
        return Payment.Method.TRANSFER
    return next((one for one, marks in _METHODS.items() if any(mark in words for mark in marks)), Payment.Method.OTHER)
