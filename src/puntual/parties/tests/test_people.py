"""Customers' handling, parties' status, and the people and points one reaches: each change is one action with its audit entry."""

from datetime import date, timedelta

import pytest

from conftest import TODAY, Cast
from puntual.audit.models import Record
from puntual.kernel.problems import Problem
from puntual.kernel.text import fold
from puntual.parties import actions
from puntual.parties.models import Consent, ContactPoint, Customer, Party, Person


@pytest.fixture
def customer(acting: Cast) -> Customer:
    by = acting.actor()
    creditor = actions.create_creditor(by, code="SEM", name="Sembria", country="PE", currency="PEN", language="es")
    party = Party.objects.create(organization_id=acting.id, name="Viñas", search_name=fold("Viñas"), country="PE")
    return Customer.objects.create(
        organization_id=acting.id,
        creditor=creditor,
        party=party,
        code="C-1",
        name="Viñas",
        search_name=fold("Viñas"),
        language="es",
        time_zone="America/Lima",
        created_on=TODAY,
    )


def last(acting: Cast) -> Record:
    return Record.objects.filter(organization_id=acting.id).order_by("-id")[0]


def test_handling_is_changed_with_a_reason_and_an_owner(acting: Cast, customer: Customer) -> None:
    by = acting.actor()
    actions.set_handling(by, customer.id, "owner_only", why="key account", owner_id=acting.colleague.id)
    customer.refresh_from_db()
    assert (customer.handling, customer.owner_id) == ("owner_only", acting.colleague.id)
    record = last(acting)
    assert (record.action, record.why, record.object_id) == ("customer.set_handling", "key account", customer.id)
    assert (record.detail["before"], record.detail["after"]) == ("automatic", "owner_only")
    for wrong in (
        {"handling": "none", "why": " "},
        {"handling": "owner_only", "why": "mine"},
        {"handling": "approve", "why": "hers", "owner_id": acting.outsider.id},
    ):
        with pytest.raises(Problem):
            actions.set_handling(by, customer.id, **wrong)
    customer.refresh_from_db()
    assert customer.handling == "owner_only"
    assert last(acting) == record


def test_a_status_needs_a_day_and_evidence(acting: Cast, customer: Customer) -> None:
    by = acting.actor()
    actions.set_party_status(
        by, customer.party_id, "insolvent", on=date(2026, 11, 2), evidence="Indecopi, exp. 12-2026"
    )
    party = Party.objects.get(id=customer.party_id)
    assert (party.status, party.status_on, party.status_evidence) == (
        "insolvent",
        date(2026, 11, 2),
        "Indecopi, exp. 12-2026",
    )
    assert last(acting).detail["before"] == "active"
    for on, evidence in ((TODAY + timedelta(days=1), "x"), (TODAY, "  ")):
        with pytest.raises(Problem):
            actions.set_party_status(by, customer.party_id, "active", on=on, evidence=evidence)
    actions.set_party_status(by, customer.party_id, "active", on=TODAY, evidence="Plan approved by the creditors")
    party.refresh_from_db()
    assert party.status == "active"


def test_people_come_change_and_go(acting: Cast, customer: Customer) -> None:
    by = acting.actor()
    person = actions.add_person(by, customer.id, name=" Ana Ruiz ", title="Tesorería", roles=["approver", "billing"])
    assert (person.name, person.roles) == ("Ana Ruiz", ["billing", "approver"])
    actions.change_person(by, person.id, name="Ana Ruiz Paz", roles=["escalation"])
    actions.end_person(by, person.id, last_day=TODAY - timedelta(days=1))
    person.refresh_from_db()
    assert (person.name, person.title, person.roles) == ("Ana Ruiz Paz", "", ["escalation"])
    assert person.ends_on == TODAY - timedelta(days=1)
    assert [record.action for record in Record.objects.filter(organization_id=acting.id).order_by("id")][-3:] == [
        "person.add",
        "person.change",
        "person.end",
    ]
    with pytest.raises(Problem):
        actions.add_person(by, customer.id, name="  ")
    with pytest.raises(ValueError, match="boss"):
        actions.add_person(by, customer.id, name="Ana", roles=["boss"])
    begun = actions.add_person(by, customer.id, name="Eva", starts_on=TODAY)
    with pytest.raises(Problem):
        actions.end_person(by, begun.id, last_day=TODAY - timedelta(days=1))


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        ("email", " pagos@Vinas.Example ", "pagos@vinas.example"),
        ("phone", "987 654 321", "+51987654321"),
        ("whatsapp", "+56 9 8765 4321", "+56987654321"),
        ("post", "Av. Los\n Olivos 123,  Lima", "Av. Los Olivos 123, Lima"),
        ("email", "pagos at vinas", None),
        ("phone", "12", None),
        ("post", "Lima", None),
    ],
)
def test_a_point_is_kept_in_one_form_or_refused(
    acting: Cast, customer: Customer, kind: str, value: str, kept: str | None
) -> None:
    by = acting.actor()
    if kept is None:
        with pytest.raises(Problem):
            actions.add_contact_point(by, customer.id, kind=kind, value=value)
        assert not ContactPoint.objects.filter(organization_id=acting.id).exists()
        return
    assert actions.add_contact_point(by, customer.id, kind=kind, value=value).value == kept


def test_a_point_that_was_given_up_is_used_again_and_one_in_use_is_not_doubled(
    acting: Cast, customer: Customer
) -> None:
    by = acting.actor()
    person = actions.add_person(by, customer.id, name="Ana")
    point = actions.add_contact_point(by, customer.id, kind="email", value="ana@vinas.example", person_id=person.id)
    with pytest.raises(Problem):
        actions.add_contact_point(by, customer.id, kind="email", value="ana@VINAS.example")
    actions.retire_contact_point(by, point.id, why="left")
    point.refresh_from_db()
    assert point.retired_on == TODAY
    again = actions.add_contact_point(by, customer.id, kind="email", value="ana@vinas.example")
    assert (again.id, again.retired_on, again.person_id) == (point.id, None, None)
    ContactPoint.objects.filter(id=point.id).update(bounce="hard", bounces=2)
    mended = actions.add_contact_point(by, customer.id, kind="email", value="ana@vinas.example")
    assert (mended.bounce, mended.bounces) == ("none", 0)


def test_a_person_of_another_customer_is_not_reached_here(acting: Cast, customer: Customer) -> None:
    by = acting.actor()
    other = Customer.objects.get(id=customer.id)
    other.pk, other.code = None, "C-2"
    other.id = Customer._meta.pk.get_default()
    other.save(force_insert=True)
    stranger = actions.add_person(by, other.id, name="Luz")
    with pytest.raises(Person.DoesNotExist):
        actions.add_contact_point(by, customer.id, kind="email", value="luz@x.example", person_id=stranger.id)


def test_the_latest_answer_about_collections_decides(acting: Cast, customer: Customer) -> None:
    by = acting.actor()
    point = actions.add_contact_point(by, customer.id, kind="email", value="ana@vinas.example")

    def answer(granted: bool, given_on: date, purpose: str = "collections") -> str:
        actions.record_consent(by, point.id, purpose=purpose, granted=granted, given_on=given_on, source="a call")
        return ContactPoint.objects.get(id=point.id).consent

    assert answer(True, date(2026, 11, 1)) == "granted"
    assert answer(False, date(2026, 11, 20)) == "withdrawn"
    assert answer(True, date(2026, 11, 10)) == "withdrawn"  # told later, but said before
    assert answer(True, TODAY, "surveys") == "withdrawn"
    assert answer(True, TODAY) == "granted"
    assert Consent.objects.filter(organization_id=acting.id).count() == 5
    for wrong in ({"given_on": TODAY + timedelta(days=1), "source": "x"}, {"given_on": TODAY, "source": " "}):
        with pytest.raises(Problem):
            actions.record_consent(by, point.id, purpose="collections", granted=True, **wrong)
