"""Words that come by SMS or WhatsApp land like letters do: kept once, given to their customer, and paused for."""

from datetime import UTC, datetime, timedelta

import pytest

from puntual.outreach.answers.actions import land_text
from puntual.outreach.answers.models import Answer
from puntual.outreach.models import Activity
from puntual.outreach.tests.build import World
from puntual.parties.models import ContactPoint, Customer
from puntual.receivables.models import Hold

NUMBER = "+51987654321"


def texted(world: World, customer: Customer, channel: str = "sms", days_ago: int = 1) -> Activity:
    """A text that left for the customer's number."""
    kind = "phone" if channel == "sms" else "whatsapp"
    point = ContactPoint.objects.filter(customer=customer, kind=kind).first() or world.point(customer, kind, NUMBER)
    activity = world.plan(customer, [world.invoice(customer, f"F-{customer.code}", 18)], channel=channel)
    activity.state, activity.point_id = "sent", point.id
    activity.claimed_at = activity.settled_at = world.by.now - timedelta(days=days_ago)
    activity.save()
    return activity


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
def test_words_from_a_number_we_wrote_to_are_its_customers(world: World, channel: str) -> None:
    customer = world.customer("Textiles Quenara S.A.")
    activity = texted(world, customer, channel)
    answer, new = land_text(
        world.by, channel=channel, key="SM1", number=NUMBER, text="Pagaremos el viernes 27.", name="Elvira", raw=b"{}"
    )
    assert (new, answer.kind, answer.state, answer.channel, answer.threaded) == (
        True,
        "reply",
        "unread",
        channel,
        "address",
    )
    assert (answer.customer_id, answer.activity_id, answer.point_id) == (customer.id, activity.id, activity.point_id)
    assert answer.suggestions[0]["day"] == "2026-11-27"
    assert Hold.objects.get().reason == "reply"
    taken = Activity.objects.get(direction="in")
    assert (taken.channel, taken.body) == (channel, "Pagaremos el viernes 27.")
    again, new = land_text(world.by, channel=channel, key="SM1", number=NUMBER, text="Pagaremos el viernes 27.")
    assert (again.pk, new, Answer.objects.count()) == (answer.pk, False, 1)


def test_tomorrow_is_counted_from_the_evening_it_was_written_on(world: World) -> None:
    """Sunday at 21:30 in Lima is Monday in UTC, which is how providers say it."""
    texted(world, world.customer("Quenara"))
    sunday = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
    answer, _new = land_text(world.by, channel="sms", key="SM1", number=NUMBER, text="Pago mañana", sent_at=sunday)
    assert answer.suggestions[0]["day"] == "2026-11-23"


def test_what_the_provider_says_it_answers_decides(world: World) -> None:
    """Two customers with one number were written to on one day: the quoted message says whose the answer is."""
    first, second = world.customer("Quenara"), world.customer("Lucma")
    about = texted(world, first, "whatsapp")
    texted(world, second, "whatsapp")
    answer, _new = land_text(world.by, channel="whatsapp", key="w1", number=NUMBER, text="Ok", about=about.id)
    assert (answer.customer_id, answer.threaded) == (first.id, "message")
    unsure, _new = land_text(world.by, channel="whatsapp", key="w2", number=NUMBER, text="Ok")
    assert (unsure.customer_id, set(unsure.candidates)) == (None, {first.id, second.id})


def test_long_after_a_message_the_number_only_suggests(world: World) -> None:
    customer = world.customer("Quenara")
    texted(world, customer, days_ago=20)
    answer, _new = land_text(world.by, channel="sms", key="SM1", number=NUMBER, text="Hola")
    assert (answer.customer_id, answer.candidates) == (None, [customer.id])
    assert Hold.objects.get().customer_id == customer.id
