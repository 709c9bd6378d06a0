"""What a customer said about being written to: kept as it was said, the latest deciding for each purpose."""

from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, transaction

from conftest import TODAY, Cast
from puntual.kernel.ids import uuid7
from puntual.parties import actions
from puntual.parties.consents import history, latest, refused
from puntual.parties.models import Consent, ContactPoint, Creditor, Customer, Party


@pytest.fixture
def point(acting: Cast) -> ContactPoint:
    """Ana's mailbox at a customer."""
    by = acting.actor()
    creditor = Creditor.objects.create(
        organization_id=acting.id, code="s", name="S", country="PE", currency="PEN", language="es"
    )
    party = Party.objects.create(organization_id=acting.id, name="V", search_name="v", country="PE")
    customer = Customer.objects.create(
        organization_id=acting.id,
        creditor=creditor,
        party=party,
        code="C-1",
        name="V",
        search_name="v",
        language="es",
        time_zone="America/Lima",
        created_on=TODAY,
    )
    ana = actions.add_person(by, customer.id, name="Ana")
    return actions.add_contact_point(by, customer.id, kind="email", value="ana@vinas.example", person_id=ana.id)


def test_each_purpose_has_an_answer_of_its_own(acting: Cast, point: ContactPoint) -> None:
    """No to advice is no answer about statements; what was said earlier but told later changes nothing."""
    by = acting.actor()

    def said(purpose: str, granted: bool, days_ago: int) -> None:
        on = TODAY - timedelta(days=days_ago)
        actions.record_consent(by, point.id, purpose=purpose, granted=granted, given_on=on, source="a call")

    said("education", True, 30)
    said("education", False, 10)
    said("education", True, 20)
    said("statements", True, 5)
    standing = latest(acting.id, [point.id])
    assert {about: one.granted for (_point, about), one in standing.items()} == {"education": False, "statements": True}
    assert refused(acting.id, [point.id], "education") == {point.id}
    assert refused(acting.id, [point.id], "statements") == refused(acting.id, [point.id], "collections") == frozenset()
    assert ContactPoint.objects.get(pk=point.pk).consent == "unknown"
    days = [one.given_on for one in history(acting.id, [point.id])[point.id]]
    assert days == [date(2026, 11, 18), date(2026, 11, 13), date(2026, 11, 3), date(2026, 10, 24)]


def test_who_wants_no_messages_is_asked_for_no_purpose(acting: Cast, point: ContactPoint) -> None:
    by, answer = acting.actor(), uuid7()
    actions.record_consent(by, point.id, purpose="surveys", granted=False, given_on=TODAY, source="a call")
    actions.record_consent(by, point.id, purpose="collections", granted=True, given_on=TODAY, source="the contract")
    found = actions.opt_out(by, point.id, source="an answer", evidence="BAJA", source_id=answer)
    assert found and found.consent == "withdrawn"
    kept = Consent.objects.filter(source_id=answer)
    assert {one.purpose for one in kept} == {"collections", "statements", "education"}, "surveys were refused already"
    assert {(one.evidence, one.person_id, one.given_on) for one in kept} == {("BAJA", point.person_id, TODAY)}
    assert actions.opt_out(by, point.id, source="an answer") is None
    assert Consent.objects.count() == 5
    actions.record_consent(by, point.id, purpose="collections", granted=True, given_on=TODAY, source="a letter")
    assert ContactPoint.objects.get(pk=point.pk).consent == "granted", "they may change their mind"


@pytest.mark.parametrize("change", ["update", "delete"])
def test_what_was_said_is_never_changed(acting: Cast, point: ContactPoint, change: str) -> None:
    actions.opt_out(acting.actor(), point.id, source="the link in a message")
    kept = Consent.objects.filter(organization_id=acting.id)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        kept.update(granted=True) if change == "update" else kept.delete()
