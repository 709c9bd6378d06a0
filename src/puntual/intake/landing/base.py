"""What every kind of landing shares: what comes in, what becomes of each row, and whose rows they are."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from puntual.audit.actions import Actor
from puntual.intake.models import ImportJob
from puntual.intake.reading.proposals import Proposal
from puntual.intake.reading.rows import Row
from puntual.intake.results import Note
from puntual.intake.sentences import of_message, of_problem
from puntual.kernel.problems import N_, Problem
from puntual.kernel.sheets.layout import Table
from puntual.organizations.models import Organization
from puntual.parties.actions import create_creditor
from puntual.parties.bulk import Answer, Incoming, find_customers, foresee, upsert_customers
from puntual.parties.matching import folded
from puntual.parties.models import Creditor

_WHOSE = 8  # the first columns of every kind of row, up to this one, say whose it is
# The fields of a row, by those of a customer.
_FIELDS = {
    "code": "customer_code",
    "name": "customer_name",
    "tax_id": "customer_tax_id",
    "emails": "customer_email",
    "phone": "customer_phone",
}


class Landed(NamedTuple):
    """What became of a row: "created", "updated", "unchanged", or "refused" because of `field` with the problem."""

    row: Any
    state: str
    customer_id: UUID | None = None
    problem: Problem | None = None
    field: str = ""


@dataclass(slots=True)
class Arrival:
    """One file on its way in: what the landings need to know of it, and what they tell of it."""

    by: Actor
    job: ImportJob
    table: Table
    proposal: Proposal
    creditor: Creditor | None  # of rows that name none
    notes: list[Note] = field(default_factory=list)  # since the last chunk
    creditors: set[UUID] = field(default_factory=set)  # of the rows that landed

    def header(self, name: str) -> str:
        """The header of the column that a field is read from; empty where there is none."""
        reading = self.proposal.readings.get(name)
        return reading.header if reading else ""

    def note(self, row: Any, name: str, value: str, problem: Problem) -> None:
        """Tell something about a row that landed all the same."""
        self.notes.append(self.noted(row, name, value, problem))

    def noted(self, row: Any, name: str, value: str, problem: Problem) -> Note:
        """What there is to tell about a row that lands all the same."""
        return Note(row.line, self.header(name), value, of_problem(problem))


class Owner(NamedTuple):
    """Whose a row is. Without `customer_id` there is a problem, because of `field`."""

    creditor: Creditor | None
    customer_id: UUID | None
    problem: Problem | None = None
    field: str = ""
    state: str = "unchanged"


class Found(NamedTuple):
    """Whose the rows of a chunk are: of each its owner, and what there is to tell of them."""

    owners: list[Owner]
    notes: list[Note]


class Foreseen(NamedTuple):
    """What could be worked out about a chunk while the one before was landing."""

    whose: list[tuple[Any, ...]]  # of each row, what it says of its customer
    first: dict[tuple[Any, ...], Row]  # the first row that says so
    numbers: list[str | Problem]  # of each row, the key of its document
    ids: list[UUID]  # for what is made of them
    found: Found | None = None  # where the customers were made ahead
    decided: Any = None  # what is to be done with them, where that could be told ahead


class Landing(ABC):
    """How rows of one kind land.

    `foresee` runs ahead, in the thread that reads, while the database is at work on the chunk before, and so does the making of
    customers where nothing else is made of a row's; `land` answers each row of a chunk, inside the chunk's transaction.
    """

    whole_row_is_whose = False  # a list of customers
    makes_customers = False  # of rows about something else, which may be made before it

    def __init__(self, arrival: Arrival) -> None:
        self.arrival = arrival
        self.by = arrival.by
        self.whose = Whose(arrival)

    def foresee(self, rows: Sequence[Any]) -> Foreseen:
        """Everything about the rows that needs no database."""
        end = None if self.whole_row_is_whose else _WHOSE
        whose: list[tuple[Any, ...]] = [row[1:end] for row in rows]
        first: dict[tuple[Any, ...], Row] = {}
        for key, row in zip(whose, rows, strict=True):
            first.setdefault(key, row)
        if creditor := self.arrival.creditor:
            for key in first:
                foresee(Incoming(creditor.id, *key[1:]), creditor.country)
        return Foreseen(whose, first, [], [])

    def decide_ahead(self, rows: Sequence[Any], foreseen: Foreseen) -> Foreseen:
        """Also what to do with the rows, where the chunk that is landing cannot change it. Their customers are made."""
        return foreseen

    @abstractmethod
    def land(self, rows: Sequence[Any], foreseen: Foreseen) -> list[Landed]:
        """Write what the rows say; one answer for each, in their order."""

    @staticmethod
    @abstractmethod
    def amount(row: Any) -> tuple[str, Decimal] | None:
        """Currency and amount by which a row counts in the file's totals."""


class Whose:
    """The creditors and customers of the rows of a file."""

    def __init__(self, arrival: Arrival) -> None:
        self.arrival = arrival
        self.by = arrival.by
        self._creditors: dict[str, Creditor] | None = None

    def owners(self, foreseen: Foreseen, *, make: bool = True, heard: set[UUID] | None = None) -> list[Owner]:
        """For each row its creditor and customer, as `find` answers, with what there is to tell told."""
        found = foreseen.found or self.find(foreseen, make=make, heard=heard)
        self.arrival.notes += found.notes
        # Thousands of rows, one or a few creditors: one object each.
        creditors = {id(owner.creditor): owner.creditor for owner in found.owners}
        self.arrival.creditors.update(creditor.id for creditor in creditors.values() if creditor)
        return found.owners

    def find(self, foreseen: Foreseen, *, make: bool = True, heard: set[UUID] | None = None) -> Found:
        """For each row its creditor and customer, which are made where they are not there, unless told otherwise.

        `heard` is what `upsert_customers` wants of a list of customers.
        """
        notes: list[Note] = []
        owners: dict[tuple[Any, ...], Owner] = {}
        incoming: dict[tuple[Any, ...], Incoming] = {}
        for key in foreseen.first:
            creditor = self.creditor(key[0], notes, make=make)
            if isinstance(creditor, Problem):
                owners[key] = Owner(None, None, creditor, "creditor")
            elif any(key[1:4]):
                incoming[key] = Incoming(creditor.id, *key[1:])
                owners[key] = Owner(creditor, None)
            else:  # a payment that names invoices only
                owners[key] = Owner(creditor, None)
        asked = [*incoming.values()]
        answered = upsert_customers(self.by, asked, heard=heard) if make else find_customers(self.by, asked)
        for key, answer in zip(incoming, answered, strict=True):
            owners[key] = _owner(owners[key].creditor, incoming[key], answer)
            for remark in answer.remarks:
                row = foreseen.first[key]
                name = _FIELDS.get(remark.field, remark.field)
                notes.append(self.arrival.noted(row, name, remark.value, remark.problem))
        return Found([owners[key] for key in foreseen.whose], notes)

    def creditor(self, named: str, notes: list[Note], *, make: bool) -> Creditor | Problem:
        """The creditor a row names by code, tax id or name; the file's own where it names none. One that is made is noted."""
        if not named:
            return self.arrival.creditor or Problem(
                N_("The row does not say whose claim it is, and there are several creditors. Name the creditor.")
            )
        key = folded(named)
        if self._creditors is None:
            self._creditors = self._load()
        if key not in self._creditors:
            if not make:
                return Problem(N_("There is no creditor “{creditor}”. Correct the name, or create it."), creditor=named)
            try:
                self._creditors[key] = self._make(named, notes)
            except Problem as problem:
                return problem
        return self._creditors[key]

    def _load(self) -> dict[str, Creditor]:
        found = {}
        for creditor in Creditor.objects.filter(organization_id=self.by.organization_id).order_by("id"):
            for text in (creditor.name, creditor.tax_id, creditor.code):
                if text:
                    found[folded(text)] = creditor
        return found

    def _make(self, named: str, notes: list[Note]) -> Creditor:
        home = Organization.objects.get(id=self.by.organization_id)
        code = named if len(named) <= 40 else folded(named).replace(" ", "-")[:40]
        made = create_creditor(
            self.by, code=code, name=named, country=home.country, currency=home.currency, language=home.language
        )
        told = of_message(N_("A new creditor was created: {creditor}."), {"creditor": named})
        notes.append(Note(0, "creditor", named, told))
        return made


def _owner(creditor: Creditor | None, incoming: Incoming, answer: Answer) -> Owner:
    if answer.problem is None:
        return Owner(creditor, answer.customer_id, state=answer.state)
    named = next(name for name in ("code", "tax_id", "name") if getattr(incoming, name))
    return Owner(creditor, None, answer.problem, _FIELDS[named])
