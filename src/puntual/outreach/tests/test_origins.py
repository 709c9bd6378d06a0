"""Messages leave from the creditor's own verified senders, and never from another's."""

import pytest

from conftest import NOW
from puntual.organizations.models import Organization
from puntual.outreach.models import Activity
from puntual.outreach.origins import CHANNELS, origin_of, without_sender
from puntual.outreach.outbox import send_due
from puntual.outreach.tests.build import World, verified
from puntual.outreach.tests.mailserver import MailServer
from puntual.parties.actions import declare_sender, remove_sender, verify_sender
from puntual.parties.models import Creditor, Customer, Sender
from puntual.tenancy.scope import acting_for


def _second(world: World) -> Creditor:
    return Creditor.objects.create(
        organization_id=world.by.organization_id,
        code="lumbre",
        name="Lumbre S.A.",
        country="PE",
        currency="PEN",
        language="es",
        email="pagos@lumbre.example",
        invoices_through=world.by.today,
        bank_through=world.by.today,
    )


def _to(world: World, creditor: Creditor, number: str) -> Activity:
    customer = world.customer(f"Cliente {number}")
    Customer.objects.filter(pk=customer.pk).update(creditor=creditor)
    customer.creditor = creditor
    return world.plan(customer, [world.invoice(customer, number, 18)])


def test_each_creditor_writes_from_its_own_address(live: World, post: MailServer) -> None:
    with acting_for(live.by.organization_id):
        other = _second(live)
        verified(live.by, other)
        declare_sender(
            live.by,
            other.id,
            "email",
            address="pagos@lumbre.example",
            name="Lumbre, cobranzas",
            reply_to="caja@lumbre.example",
        )
        _to(live, live.creditor, "F001-1")
        _to(live, other, "F001-2")
    assert send_due(live.by.organization_id, NOW).counts == {"sent": 2}
    assert sorted((str(mail["From"]), str(mail["Reply-To"])) for mail in post.taken) == [
        ('"Lumbre, cobranzas" <pagos@lumbre.example>', '"Lumbre, cobranzas" <caja@lumbre.example>'),
        (
            '"Sembria Talento S.A.C." <cobranzas@sembria.example>',
            '"Sembria Talento S.A.C." <cobranzas@sembria.example>',
        ),
    ]


def test_a_creditor_without_a_sender_never_borrows_anothers(live: World, post: MailServer) -> None:
    with acting_for(live.by.organization_id):
        other = _second(live)
        declare_sender(live.by, other.id, "email", address="pagos@lumbre.example")
        activity = _to(live, other, "F001-2")
    assert send_due(live.by.organization_id, NOW).counts == {"failed": 1}
    with acting_for(live.by.organization_id):
        assert Activity.objects.get(pk=activity.pk).result == "no_sender"
    assert post.taken == []


def test_an_agency_writes_in_its_own_name_on_behalf_of_the_creditor(live: World, post: MailServer) -> None:
    Organization.objects.filter(pk=live.by.organization_id).update(
        kind="agency", name="Cobranza Justa", phone="+51 1 555 0200", email="hola@justa.example"
    )
    with acting_for(live.by.organization_id):
        activity = _to(live, live.creditor, "F001-1")
    assert send_due(live.by.organization_id, NOW).counts == {"sent": 1}
    (mail,) = post.taken
    assert str(mail["From"]).startswith('"Cobranza Justa, por encargo de Sembria Talento S.A.C."')
    with acting_for(live.by.organization_id):
        body = Activity.objects.get(pk=activity.pk).body
    assert "Cobranza Justa, por encargo de Sembria Talento S.A.C., RUC 20512333797" in body
    assert "+51 1 555 0200\nhola@justa.example" in body and "+51 1 555 0100" not in body


def test_which_channels_a_creditor_cannot_write_in(live: World, settings) -> None:
    settings.SMTP_URL, settings.SMS_URL = "smtp://x", "twilio://AC:t@api.example/?from=+15005550006"
    settings.WHATSAPP_URL = ""
    organization = Organization.objects.get(pk=live.by.organization_id)
    mine = str(live.creditor.id)
    with acting_for(organization.id):
        assert without_sender(organization, [mine]) == {
            mine: {"whatsapp"}
        }  # the only creditor has the account's number
        other = _second(live)
        both = [mine, str(other.id)]
        assert without_sender(organization, both) == {mine: CHANNELS - {"email"}, both[1]: CHANNELS}
        number = declare_sender(live.by, other.id, "sms", address="+1 500 555 0006")
        assert origin_of(organization, other, "sms") is None
        verify_sender(live.by, number.id, Sender.How.PROVIDER)
        assert origin_of(organization, other, "sms").address == "+15005550006"
        assert origin_of(organization, live.creditor, "sms") is None
        settings.SMS_URL = "twilio://AC:t@api.example/?from=+15005550009"  # another account: what was verified is gone
        assert origin_of(organization, other, "sms") is None
        remove_sender(live.by, number.id)
        assert without_sender(organization, both)[both[1]] == CHANNELS


@pytest.mark.parametrize("channel", sorted(CHANNELS))
def test_a_rehearsal_needs_no_sender(world: World, channel: str) -> None:
    Sender.objects.all().delete()
    organization = Organization.objects.get(pk=world.by.organization_id)
    assert without_sender(organization, [str(world.creditor.id)]) == {}
    assert origin_of(organization, world.creditor, channel) is not None
