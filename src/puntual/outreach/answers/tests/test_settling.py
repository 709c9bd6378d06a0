"""What a person says of an answer, and what follows: pauses, an end, a wish respected; and what nobody reads is escalated."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from conftest import Cast, make_member
from puntual.agreements.models import Promise
from puntual.disputes.models import Dispute, DisputeNote
from puntual.kernel.problems import Problem
from puntual.outreach.answers.actions import Successor, assign, escalate, land, record_outcome
from puntual.outreach.answers.models import Answer
from puntual.outreach.answers.tests.post import letter
from puntual.outreach.answers.tests.test_landing import facts, sent
from puntual.outreach.models import Activity
from puntual.outreach.objecting import Objection
from puntual.outreach.promising import Word
from puntual.outreach.tests.build import World
from puntual.parties.models import Consent, ContactPoint, Customer, Person
from puntual.receivables.models import Hold, Invoice

FRIDAY = date(2026, 11, 27)
DAY = timedelta(days=1)


@pytest.fixture
def customer(world: World) -> Customer:
    return world.customer("Textiles Quenara S.A.")


def answered(world: World, customer: Customer, text: str) -> Answer:
    return land(world.by, letter(text, answers=sent(world, customer).message_id))[0]


def pauses(customer: Customer) -> list[tuple[str, date | None, str]]:
    found = Hold.objects.filter(customer=customer, released_on=None)
    return list(found.values_list("reason", "until_on", "note"))


@pytest.mark.parametrize(
    ("outcome", "until", "expected"),
    [
        ("paid", FRIDAY, [("payment_claimed", FRIDAY, "Pagaremos el viernes. Gracias por esperar.")]),
        ("asks_time", FRIDAY, [("person", FRIDAY, "Pagaremos el viernes. Gracias por esperar.")]),
        ("asks_copy", None, []),
        ("no_action", None, []),
    ],
)
def test_an_outcome_ends_the_waiting_and_brings_its_own_pause(
    world: World, customer: Customer, outcome: str, until: date | None, expected: list[tuple[str, date | None, str]]
) -> None:
    answer = answered(world, customer, "Pagaremos el viernes. Gracias por esperar.")
    record_outcome(world.by, answer, outcome, until=until)
    assert pauses(customer) == expected
    answer.refresh_from_db()
    assert (answer.state, answer.outcome, answer.settled_by) == ("settled", outcome, world.by.name)
    assert Activity.objects.get(direction="in").result == f"answer_{outcome}"


def test_a_promise_is_for_what_was_asked(world: World, customer: Customer) -> None:
    answer = answered(world, customer, "Pagaremos el viernes. Gracias por esperar.")
    world.invoice(customer, "F-9", 2, "90.00")  # newer, and not what they answer about
    record_outcome(world.by, answer, "promises", word=Word(FRIDAY))
    made = Promise.objects.get()
    assert (made.promised_for, made.note, made.source_id) == (FRIDAY, "Pagaremos el viernes.", answer.id)
    (pause,) = Hold.objects.filter(released_on=None)
    assert (pause.reason, pause.source_id) == ("promise", made.id)


def test_a_dispute_is_opened_on_what_was_asked_for(world: World, customer: Customer) -> None:
    answer = answered(world, customer, "No estamos de acuerdo con el monto.")
    world.invoice(customer, "F-9", 40, "90.00")  # older, and not what they answer about
    record_outcome(world.by, answer, "disputes")
    made = Dispute.objects.get()
    assert (made.said, made.source, made.source_id) == ("No estamos de acuerdo con el monto.", "answer", answer.id)
    asked = Activity.objects.get(id=answer.activity_id).items
    assert list(Hold.objects.filter(released_on=None).values_list("installment_id", flat=True)) == asked


def test_a_dispute_may_be_about_a_part_of_one_invoice(world: World, customer: Customer) -> None:
    answer = answered(world, customer, "No estamos de acuerdo con el monto.")
    invoice = Invoice.objects.get()
    said = Objection("price", invoice.id, Decimal(10))
    record_outcome(world.by, answer, "disputes", note="Precio distinto al de la orden", objection=said)
    made = Dispute.objects.get()
    assert (made.invoice_id, made.reason, made.amount) == (invoice.id, "price", 10)
    assert pauses(customer) == [
        ("dispute", Hold.objects.get(reason="dispute").until_on, "Precio distinto al de la orden")
    ]
    again, _new = land(world.by, letter("Adjunto la orden de compra.", sender=answer.sender))
    record_outcome(world.by, assign(world.by, again, customer), "disputes", objection=said)
    assert DisputeNote.objects.get().text == "Adjunto la orden de compra.", "the same dispute, one more word"


def test_who_does_not_want_mail_gets_none(world: World, customer: Customer) -> None:
    record_outcome(world.by, answered(world, customer, "Por favor no nos escriban más."), "opt_out")
    assert facts(customer)[2] == "withdrawn" and pauses(customer) == []


def test_who_left_ends_and_the_successor_is_asked_for(world: World, customer: Customer) -> None:
    answer = answered(world, customer, "Elvira ya no trabaja en la empresa. Escriba a Rosa.")
    record_outcome(world.by, answer, "wrong_person")
    assert Person.objects.get().ends_on == world.by.today - DAY
    task = Activity.objects.get(channel="internal")
    assert (task.state, task.step, task.note) == ("to_do", "find_contact", "Elvira ya no trabaja en la empresa.")


def test_a_point_of_nobody_is_retired(world: World) -> None:
    customer = world.customer("Sin nombre", email=None)
    world.point(customer, "email", "pagos@c1.example")
    record_outcome(world.by, answered(world, customer, "Correo equivocado."), "wrong_person")
    assert ContactPoint.objects.get().retired_on == world.by.today


@pytest.mark.parametrize(
    ("outcome", "until", "said"),
    [
        ("paid", None, "Say until which day"),
        ("paid", date(2026, 11, 22), "still to come"),
        ("promises", None, "for which day"),
        ("nonsense", None, "cannot come of an answer"),
    ],
)
def test_what_does_not_fit_is_refused(
    world: World, customer: Customer, outcome: str, until: date | None, said: str
) -> None:
    answer = answered(world, customer, "Hola")
    with pytest.raises(Problem, match=said):
        record_outcome(world.by, answer, outcome, until=until)
    assert [reason for reason, _until, _note in pauses(customer)] == ["reply"]


def test_two_people_settle_it_once(world: World, customer: Customer) -> None:
    answer = answered(world, customer, "Hola")
    record_outcome(world.by, answer, "no_action")
    with pytest.raises(Problem, match="changed meanwhile"):
        record_outcome(world.by, answer, "disputes")


def test_saying_whose_it_is_lets_the_others_go(world: World, customer: Customer) -> None:
    other = world.customer("Confecciones Quenara", email="pagos@c1.example")
    answer, _new = land(world.by, letter("Ya pagamos."))
    with pytest.raises(Problem, match="whose answer"):
        record_outcome(world.by, answer, "paid", until=FRIDAY)
    assign(world.by, answer, other)
    assert (pauses(customer), [reason for reason, *_rest in pauses(other)]) == ([], ["reply"])
    assert Activity.objects.get(direction="in").customer_id == other.id
    assign(world.by, answer, customer)  # somebody was mistaken
    assert pauses(other) == [] and Activity.objects.get(direction="in").customer_id == customer.id
    record_outcome(world.by, answer, "paid", until=FRIDAY)
    assert [reason for reason, *_rest in pauses(customer)] == ["payment_claimed"]


def test_nothing_to_do_needs_no_customer(world: World) -> None:
    answer, _new = land(world.by, letter("Oferta de toners", sender="ventas@toner.example"))
    assert record_outcome(world.by, answer, "no_action").state == "settled"


def test_what_nobody_reads_goes_to_a_manager_after_two_working_days(
    world: World, cast: Cast, customer: Customer
) -> None:
    manager = make_member(cast.organization, "manager", "maria@sembria.example")
    saturday = world.by.on(date(2026, 11, 21), world.by.now - 2 * DAY)
    answer, _new = land(saturday, letter("Hola"))
    assert escalate(world.by) == 0  # Monday is the first working day
    assert escalate(world.by.on(world.by.today + DAY, world.by.now + DAY)) == 1
    answer.refresh_from_db()
    assert (answer.assigned_to, answer.escalated_at) == (manager.id, world.by.now + DAY)
    assert escalate(world.by.on(world.by.today + 9 * DAY, world.by.now + 9 * DAY)) == 0  # once is enough
    assert pauses(customer)[0][:2] == ("reply", None)  # and it never lapses into chasing


def test_an_automatic_reply_is_handed_to_nobody_and_ends_with_the_absence(world: World, customer: Customer) -> None:
    activity = sent(world, customer)
    raw = letter(
        "Estaré fuera de la oficina hasta el 27 de noviembre.",
        answers=activity.message_id,
        Auto_Submitted="auto-replied",
    )
    answer, _new = land(world.by, raw)
    for days, state in ((4, "unread"), (5, "noted")):
        later = world.by.on(world.by.today + days * DAY, world.by.now + days * DAY)
        assert escalate(later) == 0
        answer.refresh_from_db()
        assert (answer.state, answer.escalated_at) == (state, None)


def test_a_successor_that_is_no_address_is_refused_and_nobody_ends(world: World, customer: Customer) -> None:
    answer = answered(world, customer, "Elvira ya no trabaja en la empresa.")
    with pytest.raises(Problem):
        record_outcome(world.by, answer, "wrong_person", successor=Successor("Rosa", "rosa at c1"))
    assert Person.objects.get().ends_on is None
    record_outcome(world.by, answer, "wrong_person", successor=Successor("Rosa Quispe", ""))
    assert Activity.objects.get(channel="internal").note.startswith("Rosa Quispe")


def test_an_opt_out_a_person_confirms_is_kept_with_its_words(world: World, customer: Customer) -> None:
    answer = answered(world, customer, "Por favor no nos escriban más a este correo.")
    record_outcome(world.by, answer, "opt_out")
    kept = Consent.objects.filter(purpose="statements").get()
    assert (kept.granted, kept.source_id) == (False, answer.id)
    assert kept.evidence == "Por favor no nos escriban más a este correo."
    assert Activity.objects.filter(step="other_way", state="to_do").count() == 1
