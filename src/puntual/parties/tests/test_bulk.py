"""Customers from files: who is meant, what is made, what is completed, and what nobody's file may overwrite."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from conftest import TODAY, Cast
from puntual.parties.actions import note_data_through
from puntual.parties.bulk import Answer, Incoming, upsert_customers
from puntual.parties.matching import country_of, made_code
from puntual.parties.models import ContactPoint, Creditor, Customer, Party, Person


@pytest.fixture
def creditor(acting: Cast) -> Creditor:
    return make_creditor(acting, "main", "PE")


def make_creditor(cast: Cast, code: str, country: str) -> Creditor:
    return Creditor.objects.create(
        organization_id=cast.id, code=code, name=code.title(), country=country, currency="PEN", language="es"
    )


def row(creditor: Creditor, code: str = "", name: str = "", tax_id: str = "", **more: Any) -> Incoming:
    values = {"emails": (), "phone": "", "country": "", **more}
    return Incoming(creditor.id, code, name, tax_id, **values)


def upsert(cast: Cast, *rows: Incoming, a_list: bool = False) -> list[Answer]:
    return upsert_customers(cast.actor(), rows, heard=set() if a_list else None)


def the_customer(id: UUID | None) -> Customer:
    return Customer.objects.select_related("party").get(id=id)


RUC = "20100017491"


@pytest.mark.parametrize(
    ("stated", "tax_id", "usual", "expected"),
    [
        ("CL", RUC, "PE", "CL"),  # the file's own word
        ("", RUC, "PE", "PE"),
        ("", "20100017492", "PE", "PE"),  # a mistyped digit moves nobody abroad
        ("", "76.192.083-9", "PE", "CL"),  # no Peruvian number looks like that
        ("", "B-12345674", "PE", "ES"),
        ("", "123", "PE", "PE"),
        ("", "", "PE", "PE"),
        ("", RUC, "US", "US"),  # where nothing can be checked nothing is concluded
    ],
)
def test_country(stated: str, tax_id: str, usual: str, expected: str) -> None:
    assert country_of(stated, tax_id, usual) == expected


def test_made_codes_are_short_and_always_the_same() -> None:
    assert made_code("20100017491", "Peña S.A.C.") == "20100017491"
    assert made_code("", "  Peña  S.A.C. ") == "PENA-SAC"
    long = "Asociación de Productores " * 5
    assert made_code("", long) == made_code("", long)
    assert len(made_code("", long)) == 60
    assert made_code("", long) != made_code("", long + "Norte")
    assert made_code("", "—") == ""


def test_a_new_customer_gets_what_follows_from_its_country(acting: Cast, creditor: Creditor) -> None:
    (answer,) = upsert(
        acting,
        row(creditor, "0042", "Viñas Orcón SpA", "76.192.083-9", emails=("Pagos@Orcon.EXAMPLE",), phone="2 2912 3456"),
    )
    made = the_customer(answer.customer_id)
    assert answer.state == "created"
    assert (made.code, made.name, made.search_name) == ("0042", "Viñas Orcón SpA", "vinas orcon spa")
    assert (made.language, made.time_zone, made.created_on) == ("es", "America/Santiago", TODAY)
    assert (made.party.country, made.party.tax_id, made.party.tax_id_valid, made.party.kind) == (
        "CL",
        "761920839",
        True,
        "legal",
    )
    points = set(ContactPoint.objects.values_list("kind", "value"))
    assert points == {("email", "Pagos@orcon.example"), ("phone", "+56229123456")}


@pytest.mark.parametrize(
    ("tax_id", "kind", "valid"),
    [(RUC, "legal", True), ("20100017492", "legal", False), ("45678912", "natural", True), ("", "legal", None)],
)
def test_a_tax_id_is_flagged_and_never_refused(
    acting: Cast, creditor: Creditor, tax_id: str, kind: str, valid: bool | None
) -> None:
    (answer,) = upsert(acting, row(creditor, "1", "Uno", tax_id))
    party = the_customer(answer.customer_id).party
    assert (answer.state, party.kind, party.tax_id_valid) == ("created", kind, valid)


def test_the_same_rows_again_change_nothing(acting: Cast, creditor: Creditor) -> None:
    rows = [
        row(creditor, "C1", "Uno S.A.C.", RUC, emails=("a@uno.example", "b@uno.example"), phone="987 654 321"),
        row(creditor, "", "Dos S.A.", "20512345671", country="PE"),
        row(creditor, "", "Tres Ltda.", "", country="CO"),
    ]
    first = upsert(acting, *rows)
    again = upsert(acting, *rows)
    assert [answer.state for answer in first] == ["created"] * 3
    assert [answer.state for answer in again] == ["unchanged"] * 3
    assert [answer.customer_id for answer in again] == [answer.customer_id for answer in first]
    assert (Customer.objects.count(), Party.objects.count(), ContactPoint.objects.count()) == (3, 3, 3)


def test_rows_of_one_call_meet(acting: Cast, creditor: Creditor) -> None:
    answers = upsert(
        acting,
        row(creditor, "", "Minera Andía S.A.A."),
        row(creditor, "", "MINERA ANDIA SAA"),
        row(creditor, "C9", "", ""),
        row(creditor, "C9", "Molinos", ""),
    )
    assert [answer.state for answer in answers] == ["created", "unchanged", "created", "updated"]
    assert answers[0].customer_id == answers[1].customer_id
    assert the_customer(answers[2].customer_id).name == "Molinos"


def test_one_tax_id_under_two_creditors_is_one_party(acting: Cast, creditor: Creditor) -> None:
    other = make_creditor(acting, "other", "PE")
    first, second = upsert(acting, row(creditor, "A", "Uno", RUC), row(other, "B", "Uno S.A.", RUC))
    assert first.customer_id != second.customer_id
    assert the_customer(first.customer_id).party == the_customer(second.customer_id).party


def test_two_codes_with_one_tax_id_are_two_accounts(acting: Cast, creditor: Creditor) -> None:
    first, second = upsert(acting, row(creditor, "A", "Norte", RUC), row(creditor, "B", "Sur", RUC))
    assert first.customer_id != second.customer_id
    assert Party.objects.count() == 1
    (answer,) = upsert(acting, row(creditor, "", "Norte", RUC))
    assert answer.state == "refused"
    assert answer.problem is not None and "A, B" in str(answer.problem)


def test_a_made_code_gives_way_to_the_real_one(acting: Cast, creditor: Creditor) -> None:
    by_tax_id, by_name = upsert(acting, row(creditor, "", "Uno", RUC), row(creditor, "", "Dos S.A."))
    with_codes = upsert(acting, row(creditor, "C-1", "Uno", RUC), row(creditor, "C-2", "Dos S.A.", ""))
    assert [answer.customer_id for answer in with_codes] == [by_tax_id.customer_id, by_name.customer_id]
    assert the_customer(by_tax_id.customer_id).code == "C-1"
    # A third file keeps its customers by tax id: it means the same one, which keeps its code.
    (again,) = upsert(acting, row(creditor, RUC, "Uno"))
    assert (again.customer_id, the_customer(again.customer_id).code) == (by_tax_id.customer_id, "C-1")


def test_the_same_name_in_two_countries_is_two_customers(acting: Cast, creditor: Creditor) -> None:
    first, second = upsert(
        acting, row(creditor, "", "Retail Sur", country="PE"), row(creditor, "", "Retail Sur", country="CL")
    )
    assert first.customer_id != second.customer_id
    assert {customer.code for customer in Customer.objects.all()} == {"RETAIL-SUR", "RETAIL-SUR-CL"}
    again = upsert(acting, row(creditor, "", "Retail Sur", country="CL"), row(creditor, "", "Retail Sur"))
    assert again[0].customer_id == second.customer_id
    assert again[1].state == "refused"


def test_what_is_nobodys_joins_nobody(acting: Cast, creditor: Creditor) -> None:
    answers = upsert(
        acting,
        row(creditor, "1", "Uno", "XAXX010101000", country="MX"),
        row(creditor, "2", "Dos", "XAXX010101000", country="MX"),
        row(creditor, "3", "Tres", "00000000000"),
        row(creditor, "4", "Cuatro", "00000000000"),
    )
    assert len({the_customer(answer.customer_id).party_id for answer in answers}) == 4


def test_blanks_and_lists_of_invoices_overwrite_nothing(acting: Cast, creditor: Creditor) -> None:
    (answer,) = upsert(acting, row(creditor, "1", "Uno S.A.C.", RUC, emails=("a@uno.example",)))
    Customer.objects.filter(id=answer.customer_id).update(name="Uno (Lima)", language="en", terms_days=45)
    ContactPoint.objects.filter(value="a@uno.example").update(retired_on=TODAY)
    rows = [
        row(creditor, "1", "UNO SAC", "20512345671", emails=("a@uno.example",)),
        row(creditor, "1"),
    ]
    other_tax_id, blank = upsert(acting, *rows)
    customer = the_customer(answer.customer_id)
    assert (customer.name, customer.language, customer.terms_days) == ("Uno (Lima)", "en", 45)
    assert customer.party.tax_id == RUC
    assert [remark.field for remark in other_tax_id.remarks] == ["tax_id"]
    assert blank.state == "unchanged"
    assert ContactPoint.objects.get(value="a@uno.example").retired_on == TODAY


def test_a_tax_id_that_was_missing_is_added(acting: Cast, creditor: Creditor) -> None:
    other = make_creditor(acting, "other", "PE")
    first, elsewhere = upsert(acting, row(creditor, "1", "Uno"), row(other, "9", "Uno S.A.C.", "20512345671"))
    (second,) = upsert(acting, row(creditor, "1", "Uno", "20512345671"))
    assert second.state == "updated"
    assert the_customer(first.customer_id).party == the_customer(elsewhere.customer_id).party
    (third,) = upsert(acting, row(creditor, "2", "Dos"))
    upsert(acting, row(creditor, "2", "Dos", "76.192.083-9"))
    moved = the_customer(third.customer_id)
    assert (moved.party.country, moved.party.tax_id, moved.time_zone) == ("CL", "761920839", "America/Santiago")


def test_a_party_with_a_status_is_never_exchanged(acting: Cast, creditor: Creditor) -> None:
    (first,) = upsert(acting, row(creditor, "1", "Uno"))
    upsert(acting, row(creditor, "2", "Uno S.A.", RUC))
    Party.objects.filter(id=the_customer(first.customer_id).party_id).update(status="deceased", status_on=TODAY)
    (answer,) = upsert(acting, row(creditor, "1", "Uno", RUC))
    assert (answer.state, the_customer(first.customer_id).party.status) == ("unchanged", "deceased")
    assert len(answer.remarks) == 1


def test_what_cannot_be_used_is_a_remark(acting: Cast, creditor: Creditor) -> None:
    (answer,) = upsert(acting, row(creditor, "1", "Uno", phone="12345", emails=("no-address", "si@uno.example")))
    assert answer.state == "created"
    assert [(remark.field, remark.value) for remark in answer.remarks] == [("emails", "no-address"), ("phone", "12345")]
    assert list(ContactPoint.objects.values_list("value", flat=True)) == ["si@uno.example"]


def test_nobody_is_refused(acting: Cast, creditor: Creditor) -> None:
    (answer,) = upsert(acting, row(creditor, "", "—", ""))
    assert (answer.state, answer.customer_id) == ("refused", None)
    assert Customer.objects.count() == 0


def test_a_list_of_customers_takes_over(acting: Cast, creditor: Creditor) -> None:
    (answer,) = upsert(acting, row(creditor, "1", "Uno"))
    stated = {"country": "ES", "language": "en", "terms_days": 60, "tags": ("vip", "norte")}
    contact = {"contact_name": "Rosa Ríos", "contact_role": "Gerente de Finanzas", "emails": ("rosa@uno.example",)}
    full = row(creditor, "1", "Uno S.L.", **stated, **contact, address="Gran Vía 1, Madrid", salesperson="Colleague")
    (first,) = upsert(acting, full, a_list=True)
    (again,) = upsert(acting, full, a_list=True)
    customer = the_customer(answer.customer_id)
    assert (first.state, again.state) == ("updated", "unchanged")
    assert (customer.name, customer.language, customer.terms_days) == ("Uno S.L.", "en", 60)
    assert (customer.tags, customer.owner_id, customer.time_zone) == (
        ["vip", "norte"],
        acting.colleague.id,
        "Europe/Madrid",
    )
    assert (customer.party.name, customer.party.country) == ("Uno S.L.", "ES")
    person = Person.objects.get()
    assert (person.name, person.title, person.roles) == ("Rosa Ríos", "Gerente de Finanzas", ["escalation"])
    assert ContactPoint.objects.get(kind="email").person == person
    assert ContactPoint.objects.get(kind="post").value == "Gran Vía 1, Madrid"
    (blank,) = upsert(acting, row(creditor, "1", salesperson="Nobody Here"), a_list=True)
    customer.refresh_from_db()
    assert (blank.state, customer.name, customer.terms_days) == ("unchanged", "Uno S.L.", 60)
    assert [remark.field for remark in blank.remarks] == ["salesperson"]


def test_another_organization_is_not_seen(cast: Cast) -> None:
    from puntual.audit.actions import Actor
    from puntual.tenancy.scope import acting_for

    with acting_for(cast.id):
        mine = make_creditor(cast, "main", "PE")
        upsert(cast, row(mine, "1", "Uno", RUC))
    other = cast.other_organization.id
    with acting_for(other):
        theirs = Creditor.objects.create(
            organization_id=other, code="main", name="Otro", country="PE", currency="PEN", language="es"
        )
        actor = cast.actor()
        answers = upsert_customers(Actor(other, now=actor.now, today=actor.today), [row(theirs, "1", "Uno", RUC)])
        assert (answers[0].state, Customer.objects.count(), Party.objects.count()) == ("created", 1, 1)


def test_data_through_never_goes_back(acting: Cast, creditor: Creditor) -> None:
    note_data_through(acting.actor(), creditor.id, invoices=date(2026, 11, 20))
    note_data_through(acting.actor(), creditor.id, invoices=date(2026, 11, 10), bank=date(2026, 11, 9))
    creditor.refresh_from_db()
    assert (creditor.invoices_through, creditor.bank_through) == (date(2026, 11, 20), date(2026, 11, 9))
