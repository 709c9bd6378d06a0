"""What people decide and record: approvals, drops, edits, results, contacts by hand."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from conftest import NOW, TODAY, Cast
from puntual.agreements.models import Promise
from puntual.audit.actions import Actor
from puntual.audit.models import Record
from puntual.disputes.models import Dispute
from puntual.kernel.problems import Problem
from puntual.outreach.actions import (
    approve,
    approve_many,
    drop,
    edit,
    plan_many,
    postpone,
    reassign,
    record_contact,
    record_proof,
    record_result,
)
from puntual.outreach.models import Activity, Mark
from puntual.outreach.objecting import Objection
from puntual.outreach.promising import Word
from puntual.outreach.results import RESULTS
from puntual.outreach.tests.build import World
from puntual.parties.models import ContactPoint, Customer
from puntual.receivables.models import Hold, Installment
from puntual.strategies.actions import activate, import_draft
from puntual.strategies.manual import from_content, to_toml
from puntual.strategies.models import Version
from puntual.tenancy.scope import OtherOrganization, acting_for


def _proposed(world: World, name: str = "Textiles Quenara S.A.", **changes: object) -> Activity:
    customer = world.customer(name)
    return world.plan(customer, [world.invoice(customer, f"F-{customer.code}", 18)], **{"state": "proposed", **changes})


def _call(world: World) -> Activity:
    customer = world.customer("Minera Cerro Lucma S.A.", email=None)
    point = world.point(customer, "phone", "+5115550142")
    items = [world.invoice(customer, "F001-231", 47), world.invoice(customer, "F001-238", 33)]
    return world.plan(
        customer,
        items,
        channel="call",
        state="to_do",
        step="call",
        template="call",
        tone="firm",
        item_steps=["call", "firm"],
        point_id=point.id,
    )


def test_an_approved_message_is_queued_and_an_approved_letter_is_somebodys_work(world: World) -> None:
    mail, letter = _proposed(world), _proposed(world, channel="letter")
    assert approve(world.by, mail).state == "queued"
    found = approve(world.by, letter)
    assert (found.state, found.approved_by, found.approved_at) == ("to_do", world.by.user_id, NOW)
    assert Record.objects.filter(action="outreach.approve", object_id=mail.pk).count() == 1


def test_nothing_is_approved_twice_or_too_late(world: World) -> None:
    activity, late = _proposed(world), _proposed(world, lapses_at=NOW)
    approve(world.by, activity)
    for refused in (activity, late):
        with pytest.raises(Problem):
            approve(world.by, refused)


def test_what_no_approval_loosens(world: World, acting: Cast) -> None:
    activity = _proposed(world)
    for change in (
        {"handling": "none"},
        {"handling": "owner_only", "owner": acting.colleague},
    ):
        Customer.objects.update(**change)
        with pytest.raises(Problem):
            approve(world.by, activity)
        assert approve_many(world.by, ids=[activity.pk]) == 0
    Customer.objects.update(owner=acting.owner)
    assert approve_many(world.by, ids=[activity.pk]) == 1


def test_many_are_approved_by_tone_and_channel_with_one_entry(world: World) -> None:
    polite = [_proposed(world, tone="courteous") for _ in range(3)]
    firm, letter = _proposed(world, tone="firm"), _proposed(world, tone="courteous", channel="letter")
    before = Record.objects.count()
    assert approve_many(world.by, tone="courteous", channel="email") == 3
    assert Record.objects.count() == before + 1
    states = dict(Activity.objects.values_list("pk", "state"))
    assert {states[one.pk] for one in polite} == {"queued"}
    assert states[firm.pk] == states[letter.pk] == "proposed"
    with pytest.raises(ValueError, match="name ids"):
        approve_many(world.by)


def test_another_organizations_activity_cannot_be_touched(world: World, acting: Cast) -> None:
    activity = _proposed(world)
    stranger = Actor(acting.other_organization.id, now=NOW, today=world.by.today, user_id=acting.outsider.id, name="x")
    with pytest.raises(OtherOrganization):
        approve(stranger, activity)


def test_a_drop_needs_a_reason_and_ends_it(world: World) -> None:
    activity = _proposed(world)
    with pytest.raises(Problem):
        drop(world.by, activity, " ")
    dropped = drop(world.by, activity, "Hablé con ella ayer")
    assert (dropped.state, dropped.note) == ("dropped", "Hablé con ella ayer")


@pytest.mark.parametrize(
    ("kind", "subject", "fine"),
    [
        ("legal", "Factura F001-247: ¿qué día podemos contar con el pago?", True),
        ("legal", "Factura F001-247 por S/ 4,720.00", False),
        ("legal", "Factura F001-247: PEN 4720", False),
        ("legal", "4.720,00 por la factura", False),
        ("legal", "", False),
        ("legal", "Una línea\nBcc: otra@persona.example", False),
        ("natural", "Un mensaje de Sembria Talento", True),
        ("natural", "Factura F001-247", False),
        ("natural", "Su deuda con Sembria", False),
        ("natural", "Su cuota está vencida", False),
        ("natural", "Your overdue balance", False),
        ("natural", "Sua dívida", False),
    ],
)
def test_a_persons_own_subject_gives_nothing_away(world: World, kind: str, subject: str, fine: bool) -> None:
    customer = world.customer("Juana Pérez", kind=kind)
    activity = world.plan(customer, [world.invoice(customer, "F001-247", 18)], state="proposed")
    if fine:
        edited = edit(world.by, activity, subject, "Hola, Elvira.")
        assert (edited.subject, edited.body, edited.edited) == (subject, "Hola, Elvira.\n", True)
    else:
        with pytest.raises(Problem):
            edit(world.by, activity, subject, "Hola, Elvira.")


@pytest.mark.parametrize("code", [code for code, result in RESULTS.items() if "call" in result.channels])
def test_a_call_with_a_result_is_had_and_one_without_is_not(world: World, code: str) -> None:
    again = NOW + timedelta(hours=2) if RESULTS[code].again else None
    word = Word(TODAY) if RESULTS[code].opens == "promise" else None
    call = record_result(world.by, _call(world), code, "nota", again_at=again, word=word)
    assert (call.state, call.result, call.settled_at) == ("done", code, NOW)
    marks = sorted(Mark.objects.values_list("step", "tone"))
    had = code.startswith("reached_") and not again
    assert marks == ([("call", "firm"), ("firm", "firm")] if had else [])
    assert ContactPoint.objects.get().retired_on == (TODAY if code == "wrong_number" else None)


def test_a_result_has_to_fit_and_to_have_happened(world: World) -> None:
    call = _call(world)
    for arguments in (
        ("handed_over",),
        ("nonsense",),
        ("no_answer", "", NOW + timedelta(minutes=1)),
    ):
        with pytest.raises(Problem):
            record_result(world.by, call, *arguments)
    with pytest.raises(Problem):
        record_result(world.by, call, "no_answer", pause_until=world.by.today)
    record_result(world.by, call, "no_answer", "", NOW - timedelta(hours=1))
    with pytest.raises(Problem):
        record_result(world.by, call, "no_answer")


def test_what_the_customer_said_can_pause_what_was_asked(world: World) -> None:
    until = world.by.today + timedelta(days=4)
    call = record_result(world.by, _call(world), "reached_paid", "pagó ayer", pause_until=until)
    holds = Hold.objects.values_list("installment_id", "reason", "until_on", "source_id")
    assert set(holds) == {(item, "payment_claimed", until, call.pk) for item in call.items}


def test_what_they_promise_is_a_promise(world: World) -> None:
    friday = world.by.today + timedelta(days=4)
    with pytest.raises(Problem, match="which day"):
        record_result(world.by, _call(world), "reached_promises", "paga pronto")
    call = Activity.objects.get()
    record_result(world.by, call, "reached_promises", "paga el viernes", word=Word(friday, by="elvira"))
    made = Promise.objects.get()
    asked = Installment.objects.filter(id__in=call.items)
    assert made.amount == sum(item.open_amount for item in asked), "all that the call asked for"
    assert (made.promised_for, made.source_id, made.note) == (friday, call.pk, "paga el viernes")
    assert set(Hold.objects.values_list("installment_id", "reason", "source_id")) == {
        (item, "promise", made.id) for item in call.items
    }


def test_a_promise_of_two_currencies_is_two(world: World) -> None:
    call = _call(world)
    with_dollars = world.invoice(call.customer, "USD-1", 10, currency="USD")
    Activity.objects.filter(pk=call.pk).update(items=[*call.items, with_dollars.id])
    with pytest.raises(Problem, match="currency"):
        record_result(world.by, call, "reached_promises", word=Word(TODAY, Decimal(10)))
    record_result(world.by, call, "reached_promises", word=Word(TODAY))
    assert sorted(Promise.objects.values_list("currency", flat=True)) == ["PEN", "USD"]


def test_what_they_dispute_is_disputed_not_merely_paused(world: World) -> None:
    call = record_result(world.by, _call(world), "reached_disputes", "el precio era otro")
    made = list(Dispute.objects.values_list("id", "said", "source", "source_id", "whole"))
    assert [rest for _id, *rest in made] == [["el precio era otro", "contact", call.pk, True]] * len(call.items)
    holds = list(Hold.objects.values_list("installment_id", "reason", "source_id"))
    assert {item for item, *_rest in holds} == set(call.items)
    assert {(reason, source) for _item, reason, source in holds} == {("dispute", id) for id, *_rest in made}


def test_a_dispute_needs_an_invoice_of_the_customer(world: World) -> None:
    call, other = _call(world), world.customer("Otra")
    foreign = world.invoice(other, "X-1", 10).invoice_id
    for objection in (Objection("price", foreign), Objection("price", amount=Decimal("1e9"))):
        with pytest.raises(Problem):
            record_result(world.by, call, "reached_disputes", objection=objection)
    assert not Dispute.objects.exists() and not Hold.objects.exists()


def test_a_required_notice_is_had_with_its_proof_only(world: World) -> None:
    manual = from_content(Version.objects.get().content)
    required = {"required": True, "proof": "cargo de recepción", "channels": ("letter",)}
    steps = tuple(replace(step, **required) if step.code == "formal" else step for step in manual.steps)
    version = activate(world.by, import_draft(world.by, to_toml(replace(manual, steps=steps))))
    asked = {"channel": "letter", "step": "formal", "tone": "formal", "item_steps": ["formal"]}
    letter = _proposed(world, version_id=version.id, state="to_do", **asked)
    sent = record_result(world.by, letter, "handed_over")
    assert not Mark.objects.exists()
    with pytest.raises(Problem):
        record_proof(world.by, sent, "")
    record_proof(world.by, sent, "cargo 4471")
    assert list(Mark.objects.values_list("step", "tone")) == [("formal", "formal")]


def test_a_contact_logged_by_hand_stands_in_the_history(world: World) -> None:
    customer = world.customer("Textiles Quenara S.A.")
    for _ in range(2):  # nothing about it is a plan, so nothing can be said twice
        made = record_contact(world.by, customer, channel="call", direction="in", note="Pidió copia", spoke=True)
    assert (made.state, made.direction, made.result) == ("done", "in", "reached_other")
    assert Activity.objects.count() == 2


def test_a_call_can_be_put_off_and_given_to_another(world: World, acting: Cast) -> None:
    call = _call(world)
    assert postpone(world.by, call, NOW + timedelta(hours=3)).not_before == NOW + timedelta(hours=3)
    with pytest.raises(Problem):
        postpone(world.by, call, NOW)
    assert reassign(world.by, call, acting.colleague.id).assigned_to == acting.colleague.id
    with pytest.raises(Problem):
        reassign(world.by, call, acting.outsider.id)


def test_two_who_approve_at_once_do_not_wait_for_each_other(committed: World) -> None:
    """The one who comes second finds nothing left to approve, rather than approving it again."""
    with acting_for(committed.by.organization_id):
        rows = []
        for number in range(3):
            customer = committed.customer(f"Cliente {number}")
            rows.append(committed.row(customer, [committed.invoice(customer, f"F-{number}", 9)], state="proposed"))
        plan_many(committed.by, rows)
    assert approve_many(committed.by, tone="friendly") == 3
    assert approve_many(committed.by, tone="friendly") == 0
