"""Customers by the thousand: a chunk of rows matched, made and completed in a few set-based statements."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from puntual.audit.actions import Actor, action
from puntual.kernel.ids import uuid7_batch
from puntual.kernel.problems import N_, Problem
from puntual.organizations.countries import usual_language, usual_time_zone
from puntual.organizations.models import Membership
from puntual.parties.changing import Changes
from puntual.parties.contacts import Contacts, Remark
from puntual.parties.looking import load_customers, load_parties
from puntual.parties.matching import (
    Ambiguous,
    Identity,
    Incoming,
    Index,
    Known,
    code_as_tax_id,
    email_address,
    folded,
    identify,
    made_code,
)
from puntual.parties.models import Creditor
from puntual.parties.storing import PartyToStore, store_customers, store_parties

__all__ = [
    "Answer",
    "Incoming",
    "Remark",
    "UnknownCustomer",
    "find_customers",
    "foresee",
    "upsert_customers",
]


class Answer(NamedTuple):
    """What became of one row: "created", "updated", "unchanged", or "refused" with the problem."""

    state: str
    customer_id: UUID | None = None
    problem: Problem | None = None
    remarks: tuple[Remark, ...] = ()


def upsert_customers(by: Actor, rows: Sequence[Incoming], *, heard: set[UUID] | None = None) -> list[Answer]:
    """Find or make the customer of each row, with its party and contact points; one answer per row, in their order.

    A row that names a known customer completes it: points that are new, a name or a tax id that was missing. Only a list of
    customers replaces name, country, language, terms and owner, by what it says and never by nothing: it gives `heard`, the
    customers it has spoken of, for of several rows the first one counts. A point that a person retired stays retired. Tax ids are
    checked and never refused; what cannot be used is a remark. A row is refused as Ambiguous, or with Problem where nothing in it
    names anybody.

    Calls for one organization take turns until they commit.
    """
    with action(by, "parties.upsert_customers", rows=len(rows)) as log:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"parties {by.organization_id}"])
        work = _Work(by, rows, heard)
        answers = [work.take(row) for row in rows]
        work.store()
        states = [answer.state for answer in answers]
        log.say(**{state: states.count(state) for state in ("created", "updated", "unchanged", "refused")})
        return answers


def foresee(row: Incoming, usual_country: str) -> None:
    """Work out ahead what is slow about a row to come and needs no database; the answers are remembered."""
    who = identify(row, usual_country)
    code_as_tax_id(row, who)
    folded(row.name)
    for text in row.emails:
        email_address(text)


class UnknownCustomer(Problem):
    """A row means a customer that is not there."""

    def __init__(self) -> None:
        super().__init__(
            N_("No customer has this code, tax id or name. Import the customer first, or correct the row."),
        )


def find_customers(by: Actor, rows: Sequence[Incoming]) -> list[Answer]:
    """The customer each row means, "unchanged"; one that is not there is "refused" as UnknownCustomer or Ambiguous.

    To be called inside `acting_for`; nothing is written.
    """
    work = _Work(by, rows)
    answers = []
    for row in rows:
        try:
            known = work.index.find(row, work.who[row])
        except Ambiguous as problem:
            answers.append(Answer("refused", problem=problem))
            continue
        answers.append(Answer("unchanged", known.id) if known else Answer("refused", problem=UnknownCustomer()))
    return answers


class _Work:
    """One call: what is known of the rows' customers, and what is to be stored."""

    def __init__(self, by: Actor, rows: Sequence[Incoming], heard: set[UUID] | None = None) -> None:
        self.by = by
        self.heard = heard
        creditors = Creditor.objects.filter(
            organization_id=by.organization_id, id__in={row.creditor_id for row in rows}
        )
        usual = dict(creditors.values_list("id", "country"))
        self.who = {row: identify(row, usual[row.creditor_id]) for row in rows}
        self.index = Index()
        self._look_up(rows)
        parties = load_parties(by, {(who.country, who.tax_id) for who in self.who.values() if who.tax_id})
        self.changes = Changes(by, self.index, parties)
        self.ids = iter(uuid7_batch(2 * len(rows)))
        self.contacts = Contacts(by)
        if any(row.contact_name for row in rows):
            self.contacts.load_people([known.id for known in self.index.by_code.values()])
        self.members = _members(by) if any(row.salesperson for row in rows) else {}

    def _look_up(self, rows: Sequence[Incoming]) -> None:
        """Bring in every customer that the rows may mean: by code, and for the rows this leaves open by what else they say."""
        points = any(row.emails or row.phone or row.address for row in rows)
        codes = {(row.creditor_id, row.code) for row in rows if row.code}
        for known in load_customers(self.by, codes=codes, points=points):
            self.index.add(known)
        codes, names, tax_ids = set(), set(), set()
        for row in rows:
            if row.code and (row.creditor_id, row.code) in self.index.by_code:
                continue
            who = self.who[row]
            for code in (made_code(who.tax_id, ""), made_code("", row.name)):
                if code:
                    codes.add((row.creditor_id, code))
            if not row.code and row.name:
                names.add((row.creditor_id, folded(row.name)))
            for tax_id in (code_as_tax_id(row, who), "" if row.code else who.tax_id):
                if tax_id:
                    tax_ids.add((row.creditor_id, who.country, tax_id))
        for known in load_customers(self.by, codes=codes, names=names, tax_ids=tax_ids, points=points):
            self.index.add(known)

    def take(self, row: Incoming) -> Answer:
        """Match one row and note what it adds."""
        who = self.who[row]
        try:
            known = self.index.find(row, who)
        except Ambiguous as problem:
            return Answer("refused", problem=problem)
        remarks: list[Remark] = []
        if known is not None:
            state = "unchanged"
            if self.changes.complete(known, row, who, remarks):
                state = "updated"
                self.changes.customers[known.id] = known
        elif row.code or made_code(who.tax_id, row.name):
            state = "created"
            known = self._new(row, who)
        else:
            return Answer(
                "refused",
                problem=Problem(N_("The row does not say whose it is. Give a customer code, name or tax id.")),
            )
        if self.heard is not None and self._take_over(known, row, remarks) and state == "unchanged":
            state = "updated"
        if self.contacts.add(known, row, remarks) and state == "unchanged":
            state = "updated"
        return Answer(state, known.id, None, tuple(remarks))

    def _new(self, row: Incoming, who: Identity) -> Known:
        code = self.index.free_code(row, who)
        name = row.name or code
        party_of = self.changes.party_of
        party_id = party_of.get((who.country, who.tax_id)) if who.tax_id else None
        if party_id is None:
            party_id = next(self.ids)
            self.changes.parties[party_id] = PartyToStore(
                id=party_id,
                natural=who.check.person == "natural",
                name=name,
                country=who.country,
                tax_id=who.tax_id,
                tax_id_valid=who.check.valid if who.tax_id else None,
                new=True,
            )
            if who.tax_id:
                party_of[who.country, who.tax_id] = party_id
        known = Known(
            id=next(self.ids),
            creditor_id=row.creditor_id,
            code=code,
            name=name,
            search_name=folded(name),
            language=row.language or usual_language(who.country),
            time_zone=usual_time_zone(who.country),
            terms_days=row.terms_days,
            owner_id=None,
            tags=[],
            party_id=party_id,
            party_active=True,
            party_name=name,
            tax_id=who.tax_id,
            country=who.country,
            new=True,
        )
        self.index.add(known)
        self.changes.customers[known.id] = known
        return known

    def _take_over(self, known: Known, row: Incoming, remarks: list[Remark]) -> bool:
        """What a list of customers says of one counts, the first time it speaks of it."""
        if self.heard is None or known.id in self.heard:
            problem = Problem(
                N_("The list names customer {code} more than once; the first row counts."), code=known.code
            )
            remarks.append(Remark("code", row.code, problem))
            return False
        self.heard.add(known.id)
        return self.changes.take_over(known, row, self.members.get(folded(row.salesperson)), remarks)

    def store(self) -> None:
        """Write everything that was noted."""
        store_parties(self.by, self.changes.parties.values())
        store_customers(self.by, self.changes.customers.values())
        self.contacts.store()


def _members(by: Actor) -> dict[str, UUID]:
    """The organization's people by folded name and e-mail."""
    memberships = Membership.objects.filter(organization_id=by.organization_id, ends_on__isnull=True)
    rows = memberships.values_list("user_id", "user__name", "user__email")
    return {folded(text): user for user, name, email in rows for text in (name, email) if text}
