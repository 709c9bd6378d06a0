"""The page of how messages get out: what it says of a server that works, is down or limited, and trying it again."""

import pytest
from django.test import Client
from django.utils import timezone

from conftest import Cast
from puntual.outreach.channels import Receipt
from puntual.outreach.models import Provider
from puntual.outreach.providers import circuit
from puntual.outreach.ways import provider_of

PAGE = "/o/sembria/settings/channels/providers"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def owner(cast: Cast, settings) -> Client:
    settings.SMTP_URL, settings.SMS_URL, settings.WHATSAPP_URL = "smtp://mail.example.com:587", "", ""
    client = Client()
    client.force_login(cast.owner, backend=BACKEND)
    return client


def text(client: Client) -> str:
    return client.get(PAGE).content.decode()


def test_a_server_that_works(owner: Client, settings) -> None:
    settings.LIMITS = "email=14/s,5000/d"
    page = text(owner)
    assert (
        "mail.example.com" in page and "5.000" in page.replace(",", ".") and "/settings/channels/email/try" not in page
    )


def test_a_server_that_is_down_says_so_and_is_tried_again(owner: Client, cast: Cast) -> None:
    now = timezone.now()
    for _ in range(3):
        circuit.note(provider_of("email"), Receipt("unreachable", "Connection <refused>"), now, failing=False)
    page = text(owner)
    assert "Connection &lt;refused&gt;" in page and "/settings/channels/email/try" in page
    assert owner.post("/o/sembria/settings/channels/email/try").status_code == 302
    found = Provider.objects.get()
    assert (found.failures, found.rest_until) == (3, None)
    colleague = Client()
    colleague.force_login(cast.colleague, backend=BACKEND)
    assert "/settings/channels/email/try" not in text(colleague)
    assert colleague.post("/o/sembria/settings/channels/email/try").status_code in (403, 404)


def test_a_channel_that_is_not_set_up_cannot_be_tried(owner: Client) -> None:
    assert owner.post("/o/sembria/settings/channels/sms/try").status_code == 404


def test_limits_that_cannot_be_read_are_said(owner: Client, settings) -> None:
    settings.LIMITS = "email=fast"
    assert "PUNTUAL_LIMITS" in text(owner)


def test_nothing_set_up(owner: Client, settings) -> None:
    settings.SMTP_URL = ""
    assert "/o/sembria/settings/channels" in text(owner)
