"""What follows from a message that landed: on the address, on the step that was had, on the customer, on tomorrow."""

from datetime import timedelta

import pytest

from puntual.audit.models import Record
from puntual.outreach.answers.actions import land
from puntual.outreach.answers.models import Answer
from puntual.outreach.answers.tests.post import complaint, letter, report
from puntual.outreach.marks import write_marks
from puntual.outreach.models import Activity, Mark
from puntual.outreach.tests.build import World
from puntual.parties.models import Consent, ContactPoint, Customer
from puntual.receivables.models import Hold


def sent(world: World, customer: Customer, late: int = 18) -> Activity:
    """A friendly e-mail that left this morning, with its marks."""
    point = ContactPoint.objects.filter(customer=customer, kind="email").first()
    activity = world.plan(customer, [world.invoice(customer, f"F-{customer.code}", late)])
    activity.state, activity.message_id = "sent", f"<{activity.id}@puntual.example>"
    activity.claimed_at = activity.settled_at = world.by.now - timedelta(hours=2)
    activity.point_id = point.id if point else None
    activity.save()
    write_marks(activity, world.by.now)
    return activity


def facts(customer: Customer) -> tuple[str, int, str]:
    point = ContactPoint.objects.get(customer=customer, kind="email")
    return point.bounce, point.bounces, point.consent


@pytest.fixture
def customer(world: World) -> Customer:
    return world.customer("Textiles Quenara S.A.")


def test_a_hard_bounce_retires_the_address_and_the_step_was_not_had(world: World, customer: Customer) -> None:
    activity = sent(world, customer)
    answer, new = land(world.by, report(returned=activity.message_id))
    assert (new, answer.kind, answer.hard, answer.state, answer.threaded) == (True, "bounce", True, "noted", "message")
    assert facts(customer) == ("hard", 1, "unknown")
    assert list(Mark.objects.values_list("voided", flat=True)) == [True]
    assert Activity.objects.get(pk=activity.pk).result == "bounced"
    assert not Hold.objects.exists()


@pytest.mark.parametrize(("status", "diagnostic"), [("5.2.2", "smtp; 552 mailbox full"), ("5.7.1", "smtp; 550 spam")])
def test_a_soft_bounce_is_counted_and_nobody_has_heard_of_it(
    world: World, customer: Customer, status: str, diagnostic: str
) -> None:
    activity = sent(world, customer)
    land(world.by, report(returned=activity.message_id, status=status, diagnostic=diagnostic))
    assert facts(customer) == ("soft", 1, "unknown")
    assert list(Mark.objects.values_list("voided", flat=True)) == [True]


def test_a_delay_is_counted_and_nothing_else(world: World, customer: Customer) -> None:
    activity = sent(world, customer)
    land(world.by, report(returned=activity.message_id, action="delayed", status="4.4.1", diagnostic=""))
    assert facts(customer) == ("soft", 1, "unknown")
    assert list(Mark.objects.values_list("voided", flat=True)) == [False]


def test_an_address_that_does_not_exist_exists_for_nobody(world: World, customer: Customer) -> None:
    other = world.customer("Confecciones Quenara", email="PAGOS@c1.example")
    activity = sent(world, customer)
    land(world.by, report(returned=activity.message_id))
    assert facts(other)[0] == "hard"


def test_a_provider_that_changes_our_message_id_is_understood(world: World, customer: Customer) -> None:
    activity = sent(world, customer)
    answer, _new = land(world.by, report(returned="<changed@provider.example>"))
    assert (answer.threaded, answer.activity_id) == ("address", activity.id)
    assert facts(customer)[0] == "hard"


def test_a_report_about_a_message_that_is_not_ours_changes_nothing(world: World, customer: Customer) -> None:
    activity = sent(world, customer)
    Activity.objects.update(claimed_at=world.by.now - timedelta(days=15))
    forged = f"<{activity.id}@elsewhere.example>"
    answer, _new = land(world.by, report(returned=forged))
    assert (answer.state, answer.customer_id) == ("noted", None)
    assert facts(customer) == ("none", 0, "unknown")
    assert not Mark.objects.filter(voided=True).exists()


@pytest.mark.parametrize("to", ["pagos@c1.example", ""])
def test_a_complaint_ends_the_writing_at_once(world: World, customer: Customer, to: str) -> None:
    activity = sent(world, customer)
    land(world.by, complaint(to=to, returned=activity.message_id))
    assert facts(customer)[2] == "withdrawn"
    assert Consent.objects.get().source == "Nuestro mensaje fue reportado como no deseado (fbl@provider.example)"


def test_an_automatic_reply_is_noted_with_its_day(world: World, customer: Customer) -> None:
    activity = sent(world, customer)
    raw = letter(
        "Estaré fuera de la oficina hasta el 5 de diciembre.",
        answers=activity.message_id,
        Auto_Submitted="auto-replied",
    )
    answer, _new = land(world.by, raw)
    assert (answer.state, str(answer.until), answer.customer_id) == ("noted", "2026-12-05", customer.id)
    assert not Hold.objects.exists()
    assert Activity.objects.get(direction="in").subject == "Re: Factura F001-231"


def test_a_machine_that_says_somebody_left_is_for_a_person(world: World, customer: Customer) -> None:
    activity = sent(world, customer)
    raw = letter("Elvira ya no trabaja en la empresa.", answers=activity.message_id, Auto_Submitted="auto-replied")
    answer, _new = land(world.by, raw)
    assert (answer.state, answer.suggestions[0]["outcome"]) == ("unread", "wrong_person")
    assert not Hold.objects.exists()


def test_a_reply_pauses_its_customer_and_goes_on_the_record(world: World, customer: Customer) -> None:
    activity = sent(world, customer)
    answer, _new = land(world.by, letter("Pagaremos el viernes 27.", answers=activity.message_id))
    assert (answer.state, answer.customer_id, answer.activity_id) == ("unread", customer.id, activity.id)
    found = Hold.objects.get()
    assert (found.customer_id, found.reason, found.until_on, found.source_id) == (customer.id, "reply", None, answer.id)
    taken = Activity.objects.get(direction="in")
    assert (taken.customer_id, taken.body, taken.channel, taken.state) == (
        customer.id,
        "Pagaremos el viernes 27.",
        "email",
        "done",
    )
    assert answer.suggestions == [{"outcome": "promises", "quote": "Pagaremos el viernes 27.", "day": "2026-11-27"}]


def test_a_colleagues_reply_is_its_customers_too(world: World, customer: Customer) -> None:
    activity = sent(world, customer)
    answer, _new = land(world.by, letter("Hola", sender="otra@c1.example", answers=activity.message_id))
    assert answer.customer_id == customer.id


def test_words_without_a_thread_pause_whoever_they_may_be_of(world: World, customer: Customer) -> None:
    """An accountant answers for two customers: both wait until a person says whose it is."""
    other = world.customer("Confecciones Quenara", email="pagos@c1.example")
    answer, _new = land(world.by, letter("Ya pagamos."))
    assert (answer.customer_id, set(answer.candidates)) == (None, {customer.id, other.id})
    assert {one.customer_id for one in Hold.objects.all()} == {customer.id, other.id}
    assert not Activity.objects.filter(direction="in").exists()


def test_words_of_a_stranger_wait_for_a_person(world: World, customer: Customer) -> None:
    answer, _new = land(world.by, letter("Somos el nuevo contador de Quenara.", sender="nuevo@estudio.example"))
    assert (answer.state, answer.customer_id, answer.candidates) == ("unread", None, [])
    assert not Hold.objects.exists()


def test_the_same_message_lands_once_whichever_way_it_comes(world: World, customer: Customer) -> None:
    activity = sent(world, customer)
    raw = letter("Ya pagamos.", answers=activity.message_id)
    first, _new = land(world.by, raw)
    again, new = land(world.by, b"Received: by another.example; Mon, 23 Nov 2026 08:30:01 -0500\r\n" + raw)
    assert (again.pk, new, Answer.objects.count(), Hold.objects.count()) == (first.pk, False, 1, 1)
    other, new = land(world.by, letter("Otra cosa.", answers=activity.message_id))  # with the same Message-ID
    assert new and other.pk != first.pk


def test_every_landing_is_one_entry_in_the_log(world: World, customer: Customer) -> None:
    activity = sent(world, customer)
    before = Record.objects.count()
    answer, _new = land(world.by, letter("Ya pagamos.", answers=activity.message_id))
    assert Record.objects.count() == before + 1
    entry = Record.objects.latest("id")
    assert (entry.action, entry.object_id, entry.detail["threaded"]) == ("outreach.land_answer", answer.pk, "message")


def test_what_is_too_complex_to_read_is_kept_and_said(world: World, customer: Customer) -> None:
    part = '--b\nContent-Type: text/plain; name="x"\n\nx\n'
    raw = f'From: pagos@c1.example\nSubject: Re: Factura\nContent-Type: multipart/mixed; boundary="b"\n\n{part * 900}'.encode()
    answer, _new = land(world.by, raw)
    assert (answer.state, answer.limits, bytes(answer.raw) == raw, answer.size) == (
        "unread",
        ["too_complex"],
        True,
        len(raw),
    )
    assert Hold.objects.get().customer_id == customer.id


@pytest.mark.parametrize(
    "raw",
    [
        b"From: a@b.example\nSubject: =?utf-7?q?+2AA-?=\nContent-Type: text/plain; charset=utf-7\n\n+2AA-hola",
        b'From: a@b.example\nContent-Type: application/x\x00\xff; name="\x00\xff"\n\nx',
        b"From: \x00 <a@b.example>\nMessage-ID: <\x00@b>\nSubject: \x00\n\n\x00",
        b"",
    ],
)
def test_whatever_comes_can_be_kept(world: World, raw: bytes) -> None:
    answer, new = land(world.by, raw)
    assert new and bytes(Answer.objects.get(pk=answer.pk).raw) == raw
