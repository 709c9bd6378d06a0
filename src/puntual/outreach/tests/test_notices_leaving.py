"""Notices on their way out: a copy for who agreed, an answer for who objected, each once and behind the steps."""

from decimal import Decimal

from puntual.audit.actions import Actor
from puntual.daily.run import run_day
from puntual.disputes.actions import add_note, credit, open_dispute, reject
from puntual.disputes.queries import untold
from puntual.organizations.models import Organization
from puntual.outreach.actions import approve, approve_many, plan_notices
from puntual.outreach.models import Activity, CapturedMessage
from puntual.outreach.notices.objections import without_answered
from puntual.outreach.outbox import send_due
from puntual.outreach.prepare import prepare
from puntual.outreach.tests.build import World
from puntual.outreach.tests.noticing import on, pay, plan_of, reminded
from puntual.tenancy.scope import acting_for


def test_who_agreed_gets_a_copy_and_who_objected_an_answer(committed: World) -> None:
    world, org = committed, committed.by.organization_id
    with acting_for(org):
        one, two, three = (world.customer(name) for name in ("Uno", "Dos", "Tres"))
        plan = plan_of(world, one, world.invoice(one, "F-1", 40, "900.00"))
        answered = open_dispute(world.by, world.invoice(two, "F-2", 20, "500.00").invoice_id, reason="price")
        reject(world.by, answered.id, cause="customer", why="El precio es el de la orden 81.")
        told = open_dispute(world.by, world.invoice(three, "F-3", 20, "500.00").invoice_id, reason="price")
        credit(world.by, told.id, number="NC-1", cause="pricing", why="Era así.", amount=Decimal(100))
        add_note(world.by, told.id, "Se lo dijimos por teléfono", kind="ours")
        tomorrow = on(world, 1)
        assert plan_notices(tomorrow) == {"dispute_answered": 1, "plan_agreed": 1}
        organization = Organization.objects.get(pk=org)
        said = {
            found.step: (found, prepare(organization, found, tomorrow.now))
            for found in Activity.objects.select_related("customer__party", "customer__creditor")
        }
        answer = said["dispute_answered"][1].wording
        assert answer and "F-2" in answer.text and "corresponde pagarla" in answer.text and "orden 81" in answer.text
        copy = said["plan_agreed"][1].wording
        assert copy and plan.number in copy.text and "900.00" in copy.text
        assert [one.id for one in without_answered(untold(org))] == [answered.id]
        approve_many(tomorrow, ids=[found.id for found, _prepared in said.values()])
    send_due(org, tomorrow.now)
    with acting_for(org):
        assert set(Activity.objects.values_list("state", flat=True)) == {"sent"}
        raw = [bytes(one.raw) for one in CapturedMessage.objects.all()]
        assert sum(b"application/pdf" in one and plan.number.encode() in one for one in raw) == 1, (
            "the agreement goes along"
        )
        assert not without_answered(untold(org)).exists(), "the customer has heard it"
        assert plan_notices(on(world, 2)) == {}


def test_a_step_goes_first_and_a_notice_gives_way_at_the_door(committed: World) -> None:
    world, org = committed, committed.by.organization_id
    with acting_for(org):
        customer = world.customer("Uno")
        item = world.invoice(customer, "F-1", 10)
        reminded(world, customer, item)
        pay(world.by, customer, "4720")
        plan_notices(world.by)
        thanks = Activity.objects.get(step="thank_you")
        approve(world.by, thanks)
        new = world.invoice(customer, "F-2", -1)
        world.plan(customer, [new], step="courtesy", tone="courteous")
    counts = send_due(org, world.by.now).counts
    assert counts["lapsed"] == 1 and counts["sent"] == 1
    with acting_for(org):
        assert Activity.objects.get(pk=thanks.pk).result == "another_contact"


def test_it_leaves_once_and_by_itself_where_the_manual_says_so(committed: World) -> None:
    world, org = committed, committed.by.organization_id
    with acting_for(org):
        customer = world.customer("Uno")
        item = world.invoice(customer, "F-1", 10)
        reminded(world, customer, item)
        pay(world.by, customer, "4720")
    report = run_day(world.by)
    assert report.notices == {"thank_you": 1} and report.as_json()["notices"] == {"thank_you": 1}
    with acting_for(org):
        waiting = Activity.objects.get(step="thank_you")
        assert waiting.state == "proposed"
        approve_many(world.by, ids=[waiting.id])
    assert send_due(org, world.by.now).counts == {"sent": 1}
    assert run_day(on_committed(world, 1)).notices == {}
    with acting_for(org):
        sent = Activity.objects.get(step="thank_you")
        assert (sent.state, sent.captured, sent.demand) == ("sent", True, {})
        assert "Gracias por su pago" in sent.subject


def on_committed(world: World, days: int) -> Actor:
    with acting_for(world.by.organization_id):
        return on(world, days)
