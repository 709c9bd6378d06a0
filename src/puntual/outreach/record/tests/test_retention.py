"""Forgetting: what is past its time goes, and nothing that is open, disputed, claimed or held."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from conftest import NOW, TODAY, Cast
from puntual.agreements.models import Acceptance, Approval, Finding, Plan, Promise
from puntual.agreements.promises.actions import promise
from puntual.audit.actions import Actor
from puntual.audit.models import Record
from puntual.disputes import actions as disputes
from puntual.disputes.models import Dispute, DisputeNote, Evidence
from puntual.kernel.problems import Problem
from puntual.outreach.answers.actions import land, record_outcome
from puntual.outreach.models import Activity, Answer, Turn
from puntual.outreach.record.retention import (
    before,
    forget_due,
    forgotten,
    lift_legal_hold,
    place_legal_hold,
    preview,
    remove_retention,
    required,
    required_months,
    set_retention,
    turn_retention,
)
from puntual.outreach.tests.build import World
from puntual.parties.actions import set_preference
from puntual.parties.models import ContactPoint, CreditLimit, Customer, Party, PaymentRules, Person, Preference
from puntual.payments.actions import record_payment
from puntual.payments.models import PayerTrait, Payment, PaymentClaim
from puntual.receivables.actions import hold, write_off
from puntual.receivables.models import ClaimFact, Installment, Invoice, Reception
from puntual.strategies.credit.models import CreditApplication, CreditDocument, CreditPolicy

LATER = TODAY.replace(year=TODAY.year + 4)


def _on(world: World, day: date) -> Actor:
    return world.by.on(day, NOW + (day - TODAY))


def _customer(world: World, *, pay: bool = True) -> Customer:
    """Somebody who was written to, answered, and paid."""
    customer = world.customer("Textiles Quenara S.A.")
    item = world.invoice(customer, f"F-{customer.code}", 18)
    activity = world.plan(customer, [item])
    Activity.objects.filter(pk=activity.pk).update(
        state="sent", subject="Factura", body="Estimada Elvira", settled_at=NOW, claimed_at=NOW, created_at=NOW
    )
    mailbox = ContactPoint.objects.get(customer=customer).value
    answer, _new = land(
        world.by, f"From: {mailbox}\nMessage-ID: <{customer.code}@x>\nSubject: Re\n\nYa pagué.".encode()
    )
    Answer.objects.filter(pk=answer.pk).update(customer=customer)
    record_outcome(world.by, Answer.objects.get(pk=answer.pk), "no_action")
    if pay:
        record_payment(
            world.by,
            customer_id=customer.id,
            reference=customer.code,
            received_on=TODAY,
            currency="PEN",
            amount=item.amount,
        )
    return customer


def _period(world: World, months: int = 36, country: str = "") -> None:
    turn_retention(world.by, set_retention(world.by, country, months=months, reason="Política de la casa").id, on=True)


@pytest.mark.parametrize(
    ("today", "months", "day"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2028, 2, 29), 12, date(2027, 2, 28)),
        (date(2026, 11, 23), 36, date(2023, 11, 23)),
    ],
)
def test_a_period_is_counted_as_the_database_counts_it(acting: Cast, today: date, months: int, day: date) -> None:
    assert before(months, today) == day
    with connection.cursor() as cursor:
        cursor.execute("SELECT (%s::date - make_interval(months => %s))::date", [today, months])
        assert cursor.fetchone()[0] == day


def test_what_is_past_its_time_goes_and_the_figures_stay(world: World) -> None:
    customer = _customer(world)
    _period(world)
    assert forget_due(_on(world, TODAY + timedelta(days=900))) == 0
    counted = preview(world.by.organization_id, "", 36, LATER)
    assert (counted.customers, counted.contacts, counted.answers, counted.people, counted.points) == (1, 1, 1, 1, 1)
    assert forget_due(_on(world, LATER)) == 1
    activity = Activity.objects.get(customer=customer, direction="out")
    assert (activity.subject, activity.body, activity.state, activity.settled_at) == ("", "", "sent", NOW)
    answer = Answer.objects.get(customer=customer)
    assert (answer.text, answer.sender, bytes(answer.raw), answer.outcome) == ("", "", b"", "no_action")
    assert Person.objects.get(customer=customer).name == "—"
    assert "@" not in ContactPoint.objects.get(customer=customer).value
    assert Installment.objects.get(customer=customer).amount == Decimal("4720")
    assert forgotten(customer).months == 36
    assert Record.objects.get(action="retention.forget").detail["customers"] == [str(customer.id)]
    assert forget_due(_on(world, LATER)) == 0


def test_what_was_said_and_shown_in_disputes_goes_once_it_is_settled(world: World) -> None:
    customer = _customer(world, pay=False)
    item = Installment.objects.get(customer=customer)
    made = disputes.open_dispute(world.by, item.invoice_id, reason="price", said="Era otro precio", said_by="Elvira")
    disputes.add_note(world.by, made.id, "Elvira manda la orden", kind="customer")
    disputes.add_evidence(world.by, made.id, "orden de Elvira.pdf", b"%PDF-1 orden")
    record_payment(
        world.by, customer_id=customer.id, reference="x", received_on=TODAY, currency="PEN", amount=item.amount
    )
    _period(world)
    assert forget_due(_on(world, LATER)) == 0, "nobody decided yet"
    disputes.reject(world.by, made.id, cause="customer", why="Elvira lo firmó")
    assert forget_due(_on(world, LATER)) == 1
    found, note, file = Dispute.objects.get(), DisputeNote.objects.get(kind="customer"), Evidence.objects.get()
    assert (found.said, found.said_by, found.why, found.amount, found.state) == ("", "", "", item.amount, "rejected")
    assert (note.text, file.name, bytes(file.content)) == ("—", "—", b"") and len(file.digest) == 64


def test_what_was_said_and_shown_around_agreements_goes_once_they_are_over(world: World) -> None:
    customer = _customer(world, pay=False)
    item = Installment.objects.get(customer=customer)
    org = world.by.organization_id
    mine = {"organization_id": org, "customer": customer}
    made = promise(
        world.by,
        customer_id=customer.id,
        currency="PEN",
        amount=item.amount,
        promised_for=TODAY,
        made_by="Elvira",
        note="llamó",
    )
    activity = Activity.objects.filter(customer=customer).first()
    Turn.objects.create(
        organization_id=org,
        activity_id=activity.pk,
        user_id=customer.id,
        name="Ana",
        kind="skip",
        note="no estaba",
        at=NOW,
    )
    claimed = PaymentClaim.objects.create(
        **mine, creditor=world.creditor, currency="PEN", amount=1, paid_on=TODAY, said_by="Elvira", receipt=b"x",
        state="not_found", why="No está", recorded_at=NOW,
    )  # fmt: skip
    Finding.objects.create(
        **mine, willing=True, evidence="dijo que quiere pagar", found_on=TODAY, recorded_at=NOW, recorded_by="Ana"
    )
    set_preference(world.by, customer.id, channel="call")
    _period(world)
    record_payment(
        world.by, customer_id=customer.id, reference="x", received_on=TODAY, currency="PEN", amount=item.amount
    )
    assert forget_due(_on(world, LATER)) == 0, "the promise was not judged yet"
    Promise.objects.update(state="kept", ended_on=TODAY)
    assert forget_due(_on(world, LATER)) == 1
    found = Promise.objects.get(pk=made.pk)
    assert (found.made_by, found.note, found.amount, found.state) == ("", "", item.amount, "kept")
    assert Turn.objects.get().note == "" and Finding.objects.get().evidence == "—"
    claim = PaymentClaim.objects.get(pk=claimed.pk)
    assert (claim.said_by, claim.receipt, claim.why, claim.amount) == ("", None, "—", 1)
    assert not Preference.objects.exists()


def test_an_accepted_plan_keeps_its_figures_and_loses_its_document(world: World) -> None:
    customer = _customer(world)
    mine = {"organization_id": world.by.organization_id, "customer": customer}
    plan = Plan.objects.create(
        **mine, creditor=world.creditor, number="PP-1", state="active", currency="PEN", principal=100, agreed_on=TODAY,
        reason="sin caja", asked_by="Elvira", accepted_by="Elvira", accepted_how="link", accepted_at=NOW, recorded_at=NOW,
    )  # fmt: skip
    Acceptance.objects.create(
        **mine, plan=plan, secret_hash="x", state="accepted", made_at=NOW, ends_at=NOW, digest="d" * 64,
        document=b"%PDF-1 Elvira", accepted_by="Elvira", address="127.0.0.1", browser="Firefox",
    )  # fmt: skip
    _period(world)
    assert preview(world.by.organization_id, "", 36, LATER).customers == 0, "the plan goes on"
    Plan.objects.update(state="completed", ended_on=TODAY)
    assert forget_due(_on(world, LATER)) == 1
    plan, accepted = Plan.objects.get(), Acceptance.objects.get()
    assert (plan.reason, plan.asked_by, plan.accepted_by, plan.principal) == ("", "", "—", 100)
    assert (bytes(accepted.document), accepted.accepted_by, accepted.address) == (b"", "—", None)
    assert accepted.digest == "d" * 64


def test_who_asked_for_credit_and_what_was_noted_of_paying_goes_and_the_figures_stay(world: World) -> None:
    customer = _customer(world)
    org = world.by.organization_id
    mine = {"organization_id": org, "customer": customer}
    policy = CreditPolicy.objects.create(organization_id=org, number=9, content={}, created_at=NOW)
    asked = CreditApplication.objects.create(
        **mine, policy=policy, rule={}, currency="PEN", asked_limit=5000, asked_by="Elvira", asked_on=TODAY,
        note="la llama su contador", recorded_at=NOW, recorded_by="Ana",
    )  # fmt: skip
    CreditDocument.objects.create(
        organization_id=org, application=asked, document="Estados financieros", name="balance de Elvira.pdf",
        digest="d" * 64, size=9, content=b"%PDF-1 x", note="trajo Elvira", received_at=NOW, received_by="Ana",
    )  # fmt: skip
    PaymentRules.objects.create(
        **mine, pay_days=[15], portal="https://proveedores.example/elvira", note="Elvira firma", recorded_at=NOW,
        recorded_by="Ana",
    )  # fmt: skip
    Reception.objects.create(
        organization_id=org, invoice=Invoice.objects.get(customer=customer), received=True, said_on=TODAY,
        note="lo dijo Elvira", said_by="Elvira", recorded_at=NOW, recorded_by="Ana",
    )  # fmt: skip
    Approval.objects.create(
        **mine, kind="plan", subject_id=customer.id, beyond=[{"limit": "parts", "allowed": "3", "asked": "6"}],
        reason="Elvira no puede más", needs_role="manager", asked_at=NOW, asked_by="Ana", decision="approved",
        decided_at=NOW, decided_by="Rosa", why="es Elvira",
    )  # fmt: skip
    _period(world)
    assert forget_due(_on(world, LATER)) == 0, "the application is not decided"
    CreditApplication.objects.update(
        state="partly",
        granted_limit=2000,
        decided_on=TODAY,
        decided_at=NOW,
        decided_by="Rosa",
        reason="Elvira paga tarde",
    )
    assert forget_due(_on(world, LATER)) == 1
    found, paper = CreditApplication.objects.get(), CreditDocument.objects.get()
    assert (found.asked_by, found.note, found.reason) == ("—", "", "")
    assert (found.asked_limit, found.granted_limit, found.state) == (5000, 2000, "partly")
    assert (paper.name, paper.content, paper.note) == ("—", None, "")
    assert (paper.document, paper.digest, paper.size) == ("Estados financieros", "d" * 64, 9)
    rules, said, yes = PaymentRules.objects.get(), Reception.objects.get(), Approval.objects.get()
    assert (rules.pay_days, rules.portal, rules.note) == ([15], "", "")
    assert (said.received, said.note, said.said_by) == (True, "", "")
    assert (yes.decision, yes.beyond[0]["asked"], yes.reason, yes.why) == ("approved", "6", "", "")
    with pytest.raises(DatabaseError), transaction.atomic():
        CreditApplication.objects.update(reason="otra")  # nobody else changes what was decided


def test_what_else_was_written_about_a_customer_goes_and_its_days_and_amounts_stay(world: World) -> None:
    customer = _customer(world)
    org = world.by.organization_id
    mine = {"organization_id": org, "customer": customer}
    PayerTrait.objects.create(
        **mine, kind="name", key="elvira quispe", shown="ELVIRA QUISPE", learned_at=NOW, learned_by="Ana"
    )
    Payment.objects.filter(customer=customer).update(memo="de Elvira, por su hermana")
    ClaimFact.objects.create(
        **mine, kind="acknowledgment", on=TODAY, evidence="carta de Elvira", recorded_at=NOW, recorded_by="Ana"
    )
    CreditLimit.objects.create(
        **mine, currency="PEN", amount=2000, from_on=TODAY, source="hand", reason="la conoce Rosa", recorded_at=NOW,
        recorded_by="Ana",
    )  # fmt: skip
    of = apps.get_model  # rooms above this one
    of("placements.Placement").objects.create(
        **mine, kind="agency", with_whom="Estudio Sur", why="no atiende", handed_over={"PEN": "100.00"},
        placed_on=TODAY, placed_by="Ana", recalled_on=TODAY, recalled_by="Ana", recalled_why="pagó su hermana",
    )  # fmt: skip
    of("placements.WriteOffProposal").objects.create(
        **mine, items=[], why="se mudó", state="refused", proposed_on=TODAY, proposed_by="Ana",
        decided_on=TODAY, decided_by="Rosa", decided_why="vive en Cusco",
    )  # fmt: skip
    of("analytics.Alert").objects.create(
        **mine, kind="silence", creditor=customer.creditor, raised_on=TODAY, facts={"contacts": 4}, state="closed",
        outcome="acted", note="está de viaje", closed_on=TODAY, closed_at=NOW, closed_by="Ana",
    )  # fmt: skip
    _period(world)
    assert forget_due(_on(world, LATER)) == 1
    trait, fact, limit = PayerTrait.objects.get(), ClaimFact.objects.get(), CreditLimit.objects.get()
    assert (trait.shown, trait.kind, trait.forgotten_at is None) == ("—", "name", False)
    assert "elvira" not in trait.key
    assert set(Payment.objects.filter(customer=customer).values_list("memo", flat=True)) == {""}
    assert (fact.evidence, fact.kind, fact.on) == ("—", "acknowledgment", TODAY)
    assert (limit.reason, limit.amount, limit.from_on) == ("", 2000, TODAY)
    placed, proposed = of("placements.Placement").objects.get(), of("placements.WriteOffProposal").objects.get()
    assert (placed.why, placed.recalled_why, placed.handed_over) == ("—", "—", {"PEN": "100.00"})
    assert (proposed.why, proposed.decided_why, proposed.state) == ("—", "—", "refused")
    alert = of("analytics.Alert").objects.get()
    assert (alert.note, alert.facts, alert.outcome) == ("", {"contacts": 4}, "acted")


def _dispute(world: World, customer: Customer) -> None:
    hold(world.by, reason="dispute", customer_id=customer.id)


def _place(world: World, customer: Customer) -> None:
    place_legal_hold(world.by, customer, "Juicio 123")


def _planned(world: World, customer: Customer) -> None:
    Activity.objects.create(
        organization_id=customer.organization_id,
        customer=customer,
        day=TODAY,
        channel="call",
        state="to_do",
        step="call",
        created_at=NOW,
    )


def _unread(world: World, customer: Customer) -> None:
    land(world.by, b"From: pagos@c1.example\nSubject: Otra\n\nQuiero hablar.")


def _credit(world: World, customer: Customer) -> None:
    record_payment(
        world.by, customer_id=customer.id, reference="X", received_on=TODAY, currency="PEN", amount=Decimal(5)
    )


@pytest.mark.parametrize("change", [_dispute, _place, _planned, _unread, _credit])
def test_nothing_goes_while_something_is_open(world: World, change: Callable[[World, Customer], None]) -> None:
    customer = _customer(world)
    change(world, customer)
    _period(world)
    assert preview(world.by.organization_id, "", 36, LATER).customers == 0
    assert forget_due(_on(world, LATER)) == 0


def test_what_is_owed_stays_and_what_was_written_off_until_it_is_time_barred(world: World) -> None:
    owing = _customer(world, pay=False)
    lost = _customer(world, pay=False)
    item = Installment.objects.get(customer=lost)
    write_off(world.by, item.id, why="Incobrable")
    Party.objects.update(country="CL")  # 5 years for a claim from an invoice
    _period(world, 24)
    assert preview(world.by.organization_id, "", 24, LATER).customers == 0
    past = TODAY.replace(year=TODAY.year + 6)
    assert forget_due(_on(world, past)) == 1
    assert forgotten(lost) and not forgotten(owing)


def test_a_country_has_a_period_of_its_own(world: World) -> None:
    there, here = _customer(world), _customer(world)
    Party.objects.filter(pk=there.party_id).update(country="US")
    _period(world, 12)
    own = set_retention(world.by, "US", months=240, reason="Reg F y nuestra póliza")
    assert forget_due(_on(world, LATER)) == 1
    assert forgotten(here) and not forgotten(there)  # a period that is off keeps what it is about
    remove_retention(world.by, own.id)
    assert forget_due(_on(world, LATER)) == 1


def test_a_changed_period_is_off_until_it_is_turned_on_again(world: World) -> None:
    _customer(world)
    _period(world)
    set_retention(world.by, "", months=24, reason="Menos")
    assert forget_due(_on(world, LATER)) == 0


def test_a_legal_hold_ends(world: World) -> None:
    customer = _customer(world)
    place_legal_hold(world.by, customer, "Juicio 123")
    with pytest.raises(Problem):
        place_legal_hold(world.by, customer, "Otro")
    lift_legal_hold(world.by, customer)
    _period(world)
    assert forget_due(_on(world, LATER)) == 1


@pytest.mark.parametrize(
    ("country", "months", "reason"), [("XX", 12, "x"), ("", 0, "x"), ("", 601, "x"), ("", 12, " ")]
)
def test_what_is_no_period(acting: Cast, country: str, months: int, reason: str) -> None:
    with pytest.raises(Problem):
        set_retention(acting.actor(), country, months=months, reason=reason)


def test_the_function_forgets_nothing_without_a_period_or_before_its_time(world: World) -> None:
    _customer(world)
    period = set_retention(world.by, "", months=36, reason="x")
    call = "SELECT outreach_forget(%s, %s, %s, now(), '{}', 10)"
    for on, start in ((False, TODAY), (True, TODAY)):
        turn_retention(world.by, period.id, on=on)
        with pytest.raises(DatabaseError), connection.cursor() as cursor, transaction.atomic():
            cursor.execute(call, [period.id, start, TODAY])


def test_what_the_law_is_known_to_want() -> None:
    assert [(country, required_months(rule)) for country in ("US", "CL", "PE", "") if (rule := required(country))] == [
        ("US", 36),
        ("CL", 24),
    ]
