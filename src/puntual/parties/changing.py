"""What rows change about customers that are known already: completed by any file, replaced by a list of customers."""

from dataclasses import dataclass, field
from uuid import UUID

from puntual.audit.actions import Actor
from puntual.kernel.problems import N_, Problem
from puntual.organizations.countries import is_country, usual_language, usual_time_zone
from puntual.parties.contacts import Remark
from puntual.parties.looking import load_party
from puntual.parties.matching import Identity, Incoming, Index, Known, PartyKey, code_as_tax_id, folded
from puntual.parties.storing import PartyToStore


@dataclass(slots=True)
class Changes:
    """The customers and parties of one call that are to be stored, new or changed, among those that are known."""

    by: Actor
    index: Index
    party_of: dict[PartyKey, UUID]
    parties: dict[UUID, PartyToStore] = field(default_factory=dict)
    customers: dict[UUID, Known] = field(default_factory=dict)

    def complete(self, known: Known, row: Incoming, who: Identity, remarks: list[Remark]) -> bool:
        """Fill in what was missing and the row has: a code of its own, a name, a tax id."""
        changed = False
        if row.code and row.code != known.code and known.code_was_made and code_as_tax_id(row, who) != known.tax_id:
            self.index.recode(known, row.code)
            changed = True
        if row.name and known.nameless and row.name != known.name:
            self._rename(known, row.name)
            changed = True
        if who.tax_id and who.tax_id != known.tax_id:
            if known.tax_id or not self._identify(known, who):
                remarks.append(_kept_tax_id(known, row))
            else:
                changed = True
        return changed

    def _rename(self, known: Known, name: str) -> None:
        if known.party_name == known.name:
            self._party(known).name = name
            known.party_name = name
        known.name, known.search_name = name, folded(name)

    def _identify(self, known: Known, who: Identity) -> bool:
        """Give a customer the tax id its party lacked, or the party that has it. False where its party has a status to keep."""
        party_id = self.party_of.get((who.country, who.tax_id))
        if party_id is not None and not known.party_active:
            return False
        if party_id is None:
            party = self._party(known)
            party.country, party.tax_id, party.tax_id_valid = who.country, who.tax_id, who.check.valid
            party.natural = who.check.person == "natural"
            self.party_of[who.country, who.tax_id] = known.party_id
        else:
            known.party_id = party_id
        known.tax_id = who.tax_id
        self._move(known, who.country)
        return True

    def _move(self, known: Known, country: str) -> None:
        """Another country: its time zone and language go along where they were the old one's usual ones."""
        if known.time_zone == usual_time_zone(known.country):
            known.time_zone = usual_time_zone(country)
        if known.language == usual_language(known.country):
            known.language = usual_language(country)
        known.country = country

    def take_over(self, known: Known, row: Incoming, member: UUID | None, remarks: list[Remark]) -> bool:
        """What a list of customers says of one counts, where it says something."""
        before = (known.name, known.country, known.language, known.terms_days, known.owner_id, list(known.tags))
        if row.name and row.name != known.name:
            self._rename(known, row.name)
        if is_country(row.country) and row.country != known.country and not known.tax_id:
            self._party(known).country = row.country
            self._move(known, row.country)
        if row.terms_days is not None:
            known.terms_days = row.terms_days
        known.language = row.language or known.language
        if row.salesperson:
            if member is None:
                problem = Problem(
                    N_("Nobody of this name is a member here; the customer was imported without an owner.")
                )
                remarks.append(Remark("salesperson", row.salesperson, problem))
            else:
                known.owner_id = member
        known.tags += [tag for tag in (tag[:40] for tag in row.tags) if tag not in known.tags]
        changed = before != (
            known.name, known.country, known.language, known.terms_days, known.owner_id, known.tags,
        )  # fmt: skip
        if changed:
            self.customers[known.id] = known
        return changed

    def _party(self, known: Known) -> PartyToStore:
        """The party of a customer, to be changed."""
        if known.party_id not in self.parties:
            self.parties[known.party_id] = load_party(self.by, known.party_id)
        return self.parties[known.party_id]


def _kept_tax_id(known: Known, row: Incoming) -> Remark:
    problem = Problem(
        N_("Customer {code} has another tax id in Puntual, {tax_id}; that one was kept."),
        code=known.code,
        tax_id=known.tax_id or "–",
    )
    return Remark("tax_id", row.tax_id, problem)
