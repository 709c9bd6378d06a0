"""What follows from a message that landed: on the address, on the step that was had, on the customer, on tomorrow."""

from datetime import timedelta

import pytest

from puntual.audit.models import Record
from puntual.kernel.ids import uuid7
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


@pytest.mark.parametrize(
    ("status", "diagnostic", "counted"),
    [("5.2.2", "smtp; 552 mailbox full", 1), ("5.7.1", "smtp; 550 spam", 0)],
)
def test_a_soft_bounce_is_counted_and_nobody_has_heard_of_it(
    world: World, customer: Customer, status: str, diagnostic: str, counted: int
) -> None:
    """A full mailbox counts against the address; a server that takes us for spam says nothing about it."""
    activity = sent(world, customer)
    land(world.by, report(returned=activity.message_id, status=status, diagnostic=diagnostic))
    assert facts(customer) == ("soft", counted, "unknown")
    assert list(Mark.objects.values_list("voided", flat=True)) == [True]


def test_a_delay_changes_nothing(world: World, customer: Customer) -> None:
    """The server still tries; it writes once more when it gives up."""
    activity = sent(world, customer)
    land(world.by, report(returned=activity.message_id, action="delayed", status="4.4.1", diagnostic=""))
    assert facts(customer) == ("none", 0, "unknown")
    assert list(Mark.objects.values_list("voided", flat=True)) == [False]


def full(world: World, activity: Activity, attempt: int) -> None:
    """One more message, and it came back from a full mailbox; the report came twice."""
    activity.pk, activity.attempt, activity.state, activity.result = uuid7(), attempt, "sent", ""
    activity.message_id = f"<{activity.pk}@puntual.example>"
    activity.save(force_insert=True)
    for at in ("mx1", "mx2"):
        raw = report(returned=activity.message_id, status="5.2.2", diagnostic="smtp; 552 mailbox full")
        land(world.by, raw.replace(b"<report-pagos@", f"<{at}-".encode()))


def test_a_mailbox_that_stays_full_is_given_up(world: World, customer: Customer) -> None:
    activity = sent(world, customer)
    for attempt, kept in enumerate([("soft", 1), ("soft", 2), ("hard", 3)], 2):
        full(world, activity, attempt)
        assert facts(customer)[:2] == kept


def test_whoever_writes_from_an_address_is_there(world: World, customer: Customer) -> None:
    activity = sent(world, customer)
    for attempt in (2, 3):
        full(world, activity, attempt)
    land(world.by, letter("Perdón, el buzón estaba lleno."))
    assert facts(customer)[:2] == ("none", 0)


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
    forged = f"<{activity.id}@elsewhere.example>"
    later = world.by.on(world.by.today + timedelta(days=15), world.by.now + timedelta(days=15))
    answer, _new = land(later, report(returned=forged))
    assert (answer.state, answer.customer_id) == ("noted", None)
    assert facts(customer) == ("none", 0, "unknown")
    assert not Mark.objects.filter(voided=True).exists()


@pytest.mark.parametrize("to", ["pagos@c1.example", ""])
def test_a_complaint_ends_the_writing_at_once(world: World, customer: Customer, to: str) -> None:
    activity = sent(world, customer)
    land(world.by, complaint(to=to, returned=activity.message_id))
    assert facts(customer)[2] == "withdrawn"
    kept = Consent.objects.all()
    assert {one.purpose for one in kept} == set(Consent.Purpose.values), "no message of any kind is wanted there"
    assert {one.source for one in kept} == {"Nuestro mensaje fue reportado como no deseado (fbl@provider.example)"}
    task = Activity.objects.get(step="other_way")
    assert (task.state, task.channel, task.customer_id) == ("to_do", "internal", customer.id)


@pytest.mark.parametrize("word", ["BAJA", "Stop.", "sair", "  Unsubscribe  ", "BAJA\n\nSaludos,\nElvira"])
def test_the_one_word_that_asks_for_silence_is_followed_at_once(world: World, customer: Customer, word: str) -> None:
    activity = sent(world, customer)
    answer, _new = land(world.by, letter(word, answers=activity.message_id))
    assert (answer.state, answer.outcome) == ("noted", "opt_out")
    assert facts(customer)[2] == "withdrawn"
    consent = Consent.objects.filter(purpose="collections").get()
    assert (consent.source, consent.source_id) == ("Respondió a nuestro mensaje", answer.id)
    assert consent.evidence.casefold().strip(".") in word.casefold()
    assert Activity.objects.get(step="other_way").note.startswith("pagos@c1.example")
    assert not Hold.objects.exists(), "there is nothing to read: the manual goes on another way"


def test_the_word_from_an_address_of_one_customer_is_that_customers(world: World, customer: Customer) -> None:
    answer, _new = land(world.by, letter("BAJA"))
    assert (answer.state, answer.customer_id, answer.candidates) == ("noted", customer.id, [])
    assert facts(customer)[2] == "withdrawn"
    assert Activity.objects.filter(direction="in", customer=customer).exists(), "it is on the record"


def test_words_beside_it_are_for_a_person(world: World, customer: Customer) -> None:
    activity = sent(world, customer)
    answer, _new = land(world.by, letter("Se dio de baja el servicio, no corresponde.", answers=activity.message_id))
    assert (answer.state, answer.outcome) == ("unread", "")
    assert facts(customer)[2] == "unknown"


def test_a_strangers_word_silences_nobody(world: World, customer: Customer) -> None:
    sent(world, customer)
    answer, _new = land(world.by, letter("BAJA", sender="otro@nada.example"))
    assert (answer.state, facts(customer)[2]) == ("unread", "unknown")


@pytest.mark.parametrize(("until", "state"), [("el 5 de diciembre", "unread"), ("hoy", "noted")])
def test_an_automatic_reply_pauses_nobody_by_itself(world: World, customer: Customer, until: str, state: str) -> None:
    """Away for days: a person decides whether that is worth waiting for. Nothing waits until then."""
    activity = sent(world, customer)
    raw = letter(
        f"Estaré fuera de la oficina hasta {until}.", answers=activity.message_id, Auto_Submitted="auto-replied"
    )
    answer, _new = land(world.by, raw)
    assert (answer.state, answer.customer_id) == (state, customer.id)
    assert answer.suggestions[0]["outcome"] == "away" and answer.suggestions[0]["day"] == str(answer.until)
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
