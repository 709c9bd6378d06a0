"""Actions on the people at a customer and where they are reached. Callers import them from `actions`."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.kernel.emails import normalize_email
from puntual.kernel.phones import normalize_phone
from puntual.kernel.problems import N_, Problem
from puntual.kernel.text import fold
from puntual.parties.models import ContactPoint, Customer, Person


def add_person(
    by: Actor,
    customer_id: UUID,
    *,
    name: str,
    title: str = "",
    roles: Collection[str] = (),
    starts_on: date | None = None,
) -> Person:
    """Somebody at a customer, with what the person is for: billing, approver, escalation, notices.

    Raises Customer.DoesNotExist, ValueError for an unknown role, Problem without a name.
    """
    with action(by, "person.add") as log:
        customer = Customer.objects.get(organization_id=by.organization_id, id=customer_id)
        person = Person(organization_id=by.organization_id, customer=customer, starts_on=starts_on)
        _describe(person, name, title, roles)
        person.save(force_insert=True)
        log.about(person)
        log.say(customer=customer.id, name=person.name, roles=person.roles)
        return person


def change_person(by: Actor, person_id: UUID, *, name: str, title: str = "", roles: Collection[str] = ()) -> Person:
    """Correct a person's name, position or roles.

    Raises Person.DoesNotExist, ValueError for an unknown role, Problem without a name.
    """
    with action(by, "person.change") as log:
        person = _person(by, person_id)
        log.about(person)
        log.say(customer=person.customer_id, before=person.name)
        _describe(person, name, title, roles)
        person.save(update_fields=["name", "search_name", "title", "roles"])
        log.say(name=person.name, roles=person.roles)
        return person


def end_person(by: Actor, person_id: UUID, *, last_day: date) -> Person:
    """The person is there for the last time on `last_day`; after it, none of the person's contact points is used.

    Raises Person.DoesNotExist, Problem for a day before the person began.
    """
    with action(by, "person.end", last_day=last_day) as log:
        person = _person(by, person_id)
        log.about(person)
        log.say(customer=person.customer_id, name=person.name)
        if person.starts_on and last_day < person.starts_on:
            raise Problem(N_("{name} began on {start}. Give a later day."), name=person.name, start=person.starts_on)
        person.ends_on = last_day
        person.save(update_fields=["ends_on"])
        return person


def add_contact_point(
    by: Actor, customer_id: UUID, *, kind: str, value: str, person_id: UUID | None = None, language: str = ""
) -> ContactPoint:
    """Where a customer is reached: an e-mail address, a phone or WhatsApp number (kept as E.164), a postal address.

    One that was retired, or had bounced, is used again; a withdrawn consent stays withdrawn. Raises Customer.DoesNotExist,
    Person.DoesNotExist (also for a person of another customer), ValueError for an unknown kind, Problem for a value that is
    none of its kind and for one that is there already.
    """
    kind = ContactPoint.Kind(kind)
    with action(by, "contact_point.add", kind=kind) as log:
        customers = Customer.objects.select_related("party").select_for_update(of=("self",), no_key=True)
        customer = customers.get(organization_id=by.organization_id, id=customer_id)
        found = _normalized(kind, value, customer.party.country)
        person = (
            Person.objects.get(organization_id=by.organization_id, customer=customer, id=person_id)
            if person_id
            else None
        )
        same = ContactPoint.objects.filter(
            organization_id=by.organization_id, customer=customer, kind=kind, value=found
        ).first()
        if same is not None and same.retired_on is None and same.bounce != ContactPoint.Bounce.HARD:
            raise Problem(N_("{value} is already there. Change that one instead."), value=found)
        point = same or ContactPoint(organization_id=by.organization_id, customer=customer, kind=kind, value=found)
        point.person, point.language = person, language
        point.retired_on, point.bounce, point.bounces = None, ContactPoint.Bounce.NONE, 0
        point.save()
        log.about(point)
        log.say(customer=customer.id, value=found, again=same is not None)
        return point


def retire_contact_point(by: Actor, point_id: UUID, *, why: str = "") -> ContactPoint:
    """Nobody is reached there any more: from today it is not used. One retired already stays as it was.

    Raises ContactPoint.DoesNotExist.
    """
    with action(by, "contact_point.retire", why=why) as log:
        point = _point(by, point_id)
        log.about(point)
        log.say(customer=point.customer_id, kind=point.kind, value=point.value)
        if point.retired_on is None:
            point.retired_on = by.today
            point.save(update_fields=["retired_on"])
        return point


def _describe(person: Person, name: str, title: str, roles: Collection[str]) -> None:
    if not 1 <= len(name.strip()) <= 150:
        raise Problem(N_("Give the person a name of up to 150 characters."))
    person.name, person.title = name.strip(), title.strip()[:100]
    person.search_name = fold(person.name)[:200]
    person.roles = [role.value for role in Person.Role if role.value in {Person.Role(each).value for each in roles}]


def _person(by: Actor, person_id: UUID) -> Person:
    return Person.objects.select_for_update(no_key=True).get(organization_id=by.organization_id, id=person_id)


def _point(by: Actor, point_id: UUID) -> ContactPoint:
    return ContactPoint.objects.select_for_update(no_key=True).get(organization_id=by.organization_id, id=point_id)


def _normalized(kind: ContactPoint.Kind, value: str, country: str) -> str:
    if kind == ContactPoint.Kind.EMAIL:
        address = normalize_email(value)
        if address is None:
            raise Problem(N_("“{email}” is not an e-mail address. It should look like name@company.com."), email=value)
        return address
    if kind in (ContactPoint.Kind.PHONE, ContactPoint.Kind.WHATSAPP):
        number = normalize_phone(value, country)
        if number is None:
            raise Problem(
                N_("“{number}” is not a phone number. Write it with its country code, such as +51 987 654 321."),
                number=value,
            )
        return number
    address = " ".join(value.split())
    if not 8 <= len(address) <= 300:
        raise Problem(N_("Write the whole postal address, in up to 300 characters."))
    return address
