"""The people and contact points of rows on their way in: added where they are new, never changed."""

import re
from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from puntual.audit.actions import Actor
from puntual.kernel.problems import N_, Problem
from puntual.parties.matching import Incoming, Known, email_address, folded, phone_number
from puntual.parties.models import Person
from puntual.parties.storing import PointToStore, store_points

_NOT_DIGITS = re.compile(r"\D+")
_ROLES = {
    Person.Role.APPROVER: ("aprob", "aprov", "approv", "autoriz", "authoriz"),
    Person.Role.ESCALATION: ("gerent", "director", "diretor", "manager", "socio", "owner", "ceo", "cfo"),
    Person.Role.NOTICES: ("legal", "jurid", "notific", "abogad", "advogad", "lawyer"),
}


def _role(text: str) -> str:
    """What a position in a company most likely means for collections: billing, unless its name says otherwise."""
    words = folded(text)
    return next((role for role, marks in _ROLES.items() if any(mark in words for mark in marks)), Person.Role.BILLING)


def _same_phone(text: str, known: Known) -> bool:
    """Whether the number is there already, told without the slow reading of numbering plans."""
    digits = _NOT_DIGITS.sub("", text).lstrip("0")
    return len(digits) > 6 and any(kind == "phone" and value.endswith(digits) for kind, value in known.points)


class Remark(NamedTuple):
    """Something of a row that was left out; the rest of it landed. `field` is the one of `Incoming`."""

    field: str
    value: str
    problem: Problem


class Contacts:
    """What one call adds to the people and points of its customers."""

    def __init__(self, by: Actor) -> None:
        self.by = by
        self.points: list[PointToStore] = []
        self.people: list[Person] = []
        self.person_of: dict[tuple[UUID, str], UUID] = {}

    def load_people(self, customer_ids: Collection[UUID]) -> None:
        """Bring in the people these customers have."""
        people = Person.objects.filter(organization_id=self.by.organization_id, customer_id__in=customer_ids)
        for customer_id, name, id in people.values_list("customer_id", "name", "id"):
            self.person_of[customer_id, folded(name)] = id

    def add(self, known: Known, row: Incoming, remarks: list[Remark]) -> bool:
        """Note the points of a row, and the person, that are not there yet; whether there are any."""
        person_id = self._person(known, row) if row.contact_name else None
        before = len(self.points)
        for text in row.emails:
            address = email_address(text)
            if address is None:
                problem = Problem(N_("This is not an e-mail address; the customer was imported without it."))
                remarks.append(Remark("emails", text, problem))
            elif ("email", address.lower()) not in known.points:
                self._add_point(known, person_id, "email", address, address.lower())
        if row.phone and not _same_phone(row.phone, known):
            number = phone_number(row.phone, known.country)
            if number is None:
                problem = Problem(
                    N_("This is not a phone number of {country}; the customer was imported without it."),
                    country=known.country,
                )
                remarks.append(Remark("phone", row.phone, problem))
            elif ("phone", number) not in known.points:
                self._add_point(known, person_id, "phone", number, number)
        address = row.address[:300]
        if address and ("post", address) not in known.points:
            self._add_point(known, person_id, "post", address, address)
        return len(self.points) > before

    def _add_point(self, known: Known, person_id: UUID | None, kind: str, value: str, same: str) -> None:
        known.points.add((kind, same))
        self.points.append(PointToStore(known.id, person_id, kind, value))

    def _person(self, known: Known, row: Incoming) -> UUID:
        key = (known.id, folded(row.contact_name))
        if key not in self.person_of:
            person = Person(
                organization_id=self.by.organization_id,
                customer_id=known.id,
                name=row.contact_name,
                search_name=key[1][:200],
                title=row.contact_role,
                roles=[_role(row.contact_role)],
            )
            self.people.append(person)
            self.person_of[key] = person.id
        return self.person_of[key]

    def store(self) -> None:
        """Write everything that was noted."""
        Person.objects.bulk_create(self.people)
        store_points(self.by, self.points)
