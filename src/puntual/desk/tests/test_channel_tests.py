"""Test texts from the page of the channels."""

from django.test import Client

from puntual.desk.tests.book import Book
from puntual.organizations.models import Organization
from puntual.outreach.models import CapturedMessage
from puntual.outreach.tests.providers import Messages, serving

CHANNELS = "/o/sembria/settings/channels"


def test_a_test_text_from_the_page(book: Book, owner: Client, settings) -> None:
    assert owner.post(f"{CHANNELS}/sms/test", {"sms-number": "987 654 321"})["Location"].endswith("/mailbox/")
    with book.inside():
        assert CapturedMessage.objects.get().recipient == "+51987654321"
    wrong = owner.post(f"{CHANNELS}/whatsapp/test", {"whatsapp-number": "1"})
    assert wrong.status_code == 422 and "id_whatsapp-number_error" in wrong.content.decode()
    assert owner.post(f"{CHANNELS}/letter/test", {}).status_code == 404
    Organization.objects.filter(slug="sembria").update(mode="live")
    with serving(Messages) as twilio:
        settings.SMS_URL = twilio.sms_url
        page = owner.post(f"{CHANNELS}/sms/test", {"sms-number": "+51987654321"}, follow=True).content.decode()
        assert "201 SM" in page and len(twilio.asked) == 1
