"""Claims that can no longer be enforced: known from the ledger, stopped hard, and announced ahead."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override

from puntual.conduct.packs import pack_for
from puntual.conduct.rules import INTERRUPTIONS
from puntual.daily.why import explain
from puntual.kernel.problems import Problem
from puntual.organizations.models import Organization
from puntual.outreach.limitation_words import limitation_in_sentences
from puntual.outreach.limitations import barring_soon, facts_of, time_barred
from puntual.outreach.observe import observe
from puntual.outreach.surroundings import surroundings
from puntual.outreach.tests.build import World
from puntual.parties.models import Party
from puntual.payments.actions import record_payment, reverse_payment
from puntual.receivables.actions import lift_time_bar, record_claim_fact, withdraw_claim_fact
from puntual.receivables.models import ClaimFact, Installment
from puntual.receivables.problems import FutureDate, NotOfThisCustomer
from puntual.strategies.actions import install_builtin

FIVE_YEARS = 365 * 5 + 2


def _chilean(world: World, name: str):
    customer = world.customer(name)
    Party.objects.filter(pk=customer.party_id).update(country="CL")
    return customer


def _pay(world: World, customer, item, days_ago: int, amount: str = "100.00"):
    return record_payment(
        world.by,
        customer_id=customer.id,
        reference=f"{item.id}-{days_ago}",
        received_on=world.by.today - timedelta(days=days_ago),
        currency="PEN",
        amount=Decimal(amount),
    )


def test_an_item_older_than_its_period_is_barred_and_decided_by_nobody(world: World) -> None:
    old, peruvian = _chilean(world, "Andes"), world.customer("Lima")
    barred = world.invoice(old, "F-1", FIVE_YEARS)
    world.invoice(peruvian, "F-2", FIVE_YEARS)  # ten years there
    org = world.by.organization_id
    assert time_barred(org, world.by.today) == {str(barred.id)}
    around = surroundings(Organization.objects.get(pk=org), world.by.today)
    facts = {one.customer_id: one for one in observe(org, world.by.today, world.by.now, around)}
    assert facts[str(old.id)].items[0].time_barred
    assert not facts[str(peruvian.id)].items[0].time_barred
    decision = explain(world.by, old).decision
    assert decision.reason == "hard_stop" and decision.why.code == "time_barred"


def test_a_payment_on_the_item_starts_the_period_anew_unless_it_was_reversed(world: World) -> None:
    customer = _chilean(world, "Andes")
    item = world.invoice(customer, "F-1", FIVE_YEARS)
    payment = _pay(world, customer, item, 400)
    assert not time_barred(world.by.organization_id, world.by.today)
    reverse_payment(world.by, payment.id, reason="devuelto")
    assert time_barred(world.by.organization_id, world.by.today) == {str(item.id)}


def test_what_is_about_to_be_barred_is_listed_ahead(world: World) -> None:
    customer = _chilean(world, "Andes")
    near = world.invoice(customer, "F-1", FIVE_YEARS - 60)
    later = world.invoice(customer, "F-2", FIVE_YEARS - 150)
    world.invoice(customer, "F-3", FIVE_YEARS - 300)
    world.invoice(customer, "F-4", FIVE_YEARS)  # over already
    org = world.by.organization_id
    assert [one.installment_id for one in barring_soon(org, world.by.today)] == [near.id, later.id]
    assert [one.installment_id for one in barring_soon(org, world.by.today, 90)] == [near.id]
    assert 55 <= barring_soon(org, world.by.today, 90)[0].days_left <= 62


class TestWhatIsOnRecord:
    @pytest.fixture
    def old(self, world: World) -> Installment:
        return world.invoice(_chilean(world, "Andes"), "F-1", FIVE_YEARS + 30)

    def barred(self, world: World) -> bool:
        return bool(time_barred(world.by.organization_id, world.by.today))

    def said(self, world: World, item: Installment) -> list[str]:
        with override("en"):
            return limitation_in_sentences(world.by.organization_id, item.customer_id, world.by.today)

    def test_a_lawsuit_starts_the_period_anew_until_it_is_withdrawn(self, world: World, old: Installment) -> None:
        on = world.by.today - timedelta(days=400)
        assert self.said(world, old)[0].endswith("it is time-barred, and counsel decides.")
        fact = record_claim_fact(world.by, old.customer_id, "lawsuit", on=on, evidence="Rol C-12-2025, 3.er Juzgado")
        assert not self.barred(world)
        assert self.said(world, old) == [
            "All that is owed was sued for on October 19, 2025: Rol C-12-2025, 3.er Juzgado."
        ]
        assert not time_barred(world.by.organization_id, on - timedelta(days=1)), "it was not over by then"
        withdraw_claim_fact(world.by, fact.id, why="Era otro caso")
        assert self.barred(world)
        assert [one.withdrawn_by for one in facts_of(world.by.organization_id, old.customer_id)] == [world.by.name]

    def test_a_fact_of_one_invoice_changes_nothing_for_another(self, world: World, old: Installment) -> None:
        other = world.invoice(old.invoice.customer, "F-2", FIVE_YEARS)
        on = world.by.today - timedelta(days=400)
        record_claim_fact(world.by, old.customer_id, "lawsuit", on=on, evidence="Rol 1", invoice_id=other.invoice_id)
        assert time_barred(world.by.organization_id, world.by.today) == {str(old.id)}

    def test_what_the_country_does_not_know_interrupts_nothing(self, world: World, old: Installment) -> None:
        kinds = {"demand", "protest", "acknowledgment"} - pack_for("CL").limitations[0].interrupted_by
        assert kinds
        for kind in kinds:
            on = world.by.today - timedelta(days=400)
            record_claim_fact(world.by, old.customer_id, kind, on=on, evidence="Carta")
        assert self.barred(world)

    def test_counsel_lets_it_be_pursued(self, world: World, old: Installment) -> None:
        install_builtin(world.by, "es")
        assert explain(world.by, old.invoice.customer).decision.why.code == "time_barred"
        lift_time_bar(world.by, old.customer_id, why="Dra. Rojas, correo del 20 de noviembre")
        assert not self.barred(world)
        assert explain(world.by, old.invoice.customer).decision.why.code != "time_barred"
        item, fact = self.said(world, old)
        assert "counsel lets it be pursued" in item and "Dra. Rojas" in fact
        assert time_barred(world.by.organization_id, world.by.today - timedelta(days=1)), "from today, not before"

    def test_what_cannot_be_kept(self, world: World, old: Installment) -> None:
        tomorrow = world.by.today + timedelta(days=1)
        other = world.invoice(_chilean(world, "Maule"), "F-9", 10)
        for problem, given in (
            (FutureDate, {"on": tomorrow, "evidence": "x"}),
            (Problem, {"on": world.by.today, "evidence": " "}),
            (NotOfThisCustomer, {"on": world.by.today, "evidence": "x", "invoice_id": other.invoice_id}),
        ):
            with pytest.raises(problem):
                record_claim_fact(world.by, old.customer_id, "lawsuit", **given)
        assert set(INTERRUPTIONS) - {"part_payment"} == set(ClaimFact.Kind) - {ClaimFact.Kind.LIFTED}
