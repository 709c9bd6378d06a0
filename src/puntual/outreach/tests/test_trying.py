"""What is set up for sending: a day's capacity, and a test message to oneself."""

import pytest

from conftest import Cast
from puntual.audit.models import Record
from puntual.kernel.problems import Problem
from puntual.organizations.models import Organization
from puntual.outreach.actions import send_test, set_capacity
from puntual.outreach.models import Capacity, CapturedMessage
from puntual.outreach.queries import read
from puntual.outreach.tests.build import World
from puntual.outreach.tests.mailserver import MailServer
from puntual.parties.models import Creditor, Sender


def _creditor(world: World) -> Creditor:
    return Creditor.objects.get(organization_id=world.by.organization_id)


def test_in_rehearsal_a_test_message_is_captured_with_its_signature(world: World, post: MailServer) -> None:
    assert send_test(world.by, _creditor(world)) == "owner@sembria.example"
    mail = read(CapturedMessage.objects.get())
    assert "owner@sembria.example" in mail.recipient
    assert "Sembria Talento S.A.C." in mail.text and "Sembria Talento S.A.C." in mail.html
    assert post.taken == []


def test_live_it_leaves(acting: Cast, world: World, post: MailServer) -> None:
    Organization.objects.update(mode="live")
    send_test(world.by, _creditor(world))
    assert [mail["To"] for mail in post.taken] == ["Owner <owner@sembria.example>"]
    assert not CapturedMessage.objects.exists()


def test_what_the_server_says_is_passed_on(acting: Cast, world: World, settings) -> None:
    Organization.objects.update(mode="live")
    settings.SMTP_URL = ""
    with pytest.raises(Problem, match="PUNTUAL_SMTP_URL"):
        send_test(world.by, _creditor(world))
    settings.SMTP_URL = "smtp://127.0.0.1:1"
    with pytest.raises(Problem, match="cannot be used"):
        send_test(world.by, _creditor(world))
    Sender.objects.all().delete()
    with pytest.raises(Problem, match="no verified sender"):
        send_test(world.by, _creditor(world))


def test_a_days_capacity(acting: Cast) -> None:
    set_capacity(acting.actor(), "email", 50)
    set_capacity(acting.actor(), "email", 80)
    assert Capacity.objects.get().per_day == 80
    with pytest.raises(Problem, match="0 to"):
        set_capacity(acting.actor(), "email", -1)
    with pytest.raises(ValueError, match="pigeon"):
        set_capacity(acting.actor(), "pigeon", 1)
    set_capacity(acting.actor(), "email", None)
    assert not Capacity.objects.exists()
    assert Record.objects.filter(action="capacity.set").count() == 3
