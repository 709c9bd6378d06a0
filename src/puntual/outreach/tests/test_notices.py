"""Messages that are no step: when each is due, to whom, said once, and never once its occasion is over."""

from datetime import date
from decimal import Decimal

import pytest

from puntual.agreements.models import PlanPart, Promise
from puntual.agreements.promises.actions import promise, withdraw
from puntual.daily.valuing import value_agreements
from puntual.kernel.calendars import BusinessCalendar
from puntual.organizations.models import Organization
from puntual.outreach.actions import lapse_over, plan_notices
from puntual.outreach.models import Activity, Mark
from puntual.outreach.notices.kinds import KINDS
from puntual.outreach.notices.told import Occasion, is_due
from puntual.outreach.plan import plan_many
from puntual.outreach.prepare import prepare
from puntual.outreach.tests.build import World
from puntual.outreach.tests.noticing import DAY, on, pay, plan_of, reminded
from puntual.parties.models import ContactPoint, Customer
from puntual.parties.rules import set_payment_rules
from puntual.payments.actions import record_payment, reverse_payment
from puntual.payments.models import Payment
from puntual.receivables.actions import hold
from puntual.receivables.models import Installment
from puntual.receivables.reception import record_reception
from puntual.strategies.actions import activate
from puntual.strategies.builtin import builtin
from puntual.strategies.drafts import make_draft, remove_notice
from puntual.strategies.models import Version
from puntual.strategies.notices import OCCASIONS
from puntual.strategies.steps import Notice

MANUAL = builtin("es")


def notices() -> list[str]:
    return list(Activity.objects.filter(step__in=OCCASIONS).order_by("id").values_list("step", flat=True))


def test_every_occasion_of_a_manual_can_be_found() -> None:
    assert list(KINDS) == list(OCCASIONS)


@pytest.mark.parametrize(
    ("code", "days", "due"),
    [
        ("promise_reminder", 1, {-3, -2, -1}),  # for a Monday: from Friday on
        ("promise_reminder", 2, {-4, -3, -2, -1}),
        ("plan_due", 3, {-3, -2, -1, 0}),
        ("plan_due", 0, {0}),
        ("approval_asked", 2, {-2, -1}),
        ("plan_missed", 0, set(range(8))),
        ("thank_you", 2, set(range(2, 10))),
    ],
)
def test_the_days_a_notice_may_go_out(code: str, days: int, due: set[int]) -> None:
    monday = date(2026, 11, 30)
    occasion = Occasion(code, *[monday] * 3, on=monday)  # type: ignore[arg-type]
    notice = Notice(code, days=days)
    calendar = BusinessCalendar("PE")
    assert {n for n in range(-20, 20) if is_due(occasion, notice, monday + n * DAY, calendar)} == due


def test_a_promise_is_recalled_the_working_day_before(world: World) -> None:
    customer = world.customer("Uno")
    item = world.invoice(customer, "F-1", 10)
    promise(world.by, customer.id, currency="PEN", promised_for=world.by.today + 7 * DAY, item_ids=[item.id])
    told = {days: plan_notices(on(world, days)) for days in (0, 1, 3)}
    assert told == {0: {}, 1: {}, 3: {}}
    friday = on(world, 4)
    assert plan_notices(friday) == {"promise_reminder": 1}
    found = Activity.objects.get()
    assert (found.tone, found.state, found.demand, found.items) == ("courteous", "proposed", {"PEN": "4720.0000"}, [])
    assert plan_notices(friday) == plan_notices(on(world, 5)) == {}, "said once"
    said = prepare(Organization.objects.get(pk=friday.organization_id), found, friday.now)
    assert said.wording and "30 de noviembre de 2026" in said.wording.text and "4,720.00" in said.wording.text
    assert "194-111" in said.wording.text, "where to pay, in the promise's currency"


@pytest.mark.parametrize("over", ["paid", "on_account", "withdrawn", "kept"])
def test_what_is_over_does_not_leave(world: World, over: str) -> None:
    customer = world.customer("Uno")
    item = world.invoice(customer, "F-1", 10)
    made = promise(world.by, customer.id, currency="PEN", promised_for=world.by.today + 2 * DAY, item_ids=[item.id])
    tomorrow = on(world, 1)
    plan_notices(tomorrow)
    match over:
        case "paid":
            pay(tomorrow, customer, "4720")
        case "on_account":
            pay(tomorrow, customer, "4720", on_account=True)
        case "withdrawn":
            withdraw(tomorrow, made.id, why="error")
        case "kept":
            Promise.objects.update(state="kept", ended_on=tomorrow.today, valued_on=tomorrow.today)
    found = Activity.objects.select_related("customer__party", "customer__creditor").get()
    assert prepare(Organization.objects.get(pk=tomorrow.organization_id), found, tomorrow.now).stop == "occasion_over"
    assert lapse_over(tomorrow) == 1 and lapse_over(tomorrow) == 0
    assert Activity.objects.get().result == "occasion_over"


def test_partly_paid_the_rest_is_recalled(world: World) -> None:
    customer = world.customer("Uno")
    item = world.invoice(customer, "F-1", 10)
    promise(
        world.by,
        customer.id,
        currency="PEN",
        promised_for=world.by.today + 2 * DAY,
        amount=Decimal(1000),
        item_ids=[item.id],
    )
    tomorrow = on(world, 1)
    pay(tomorrow, customer, "400")
    plan_notices(tomorrow)
    assert Activity.objects.get().demand == {"PEN": "600.0000"}


def test_money_on_account_is_taken_by_the_promise_whose_day_comes_first(world: World) -> None:
    customer = world.customer("Uno")
    for number, days in (("F-1", 2), ("F-2", 3)):
        promise(
            world.by,
            customer.id,
            currency="PEN",
            promised_for=world.by.today + days * DAY,
            amount=Decimal(1000),
            item_ids=[world.invoice(customer, number, 10).id],
        )
    tomorrow = on(world, 1)
    pay(tomorrow, customer, "1300", on_account=True)
    plan_notices(tomorrow)
    plan_notices(on(world, 2))
    assert [one.demand for one in Activity.objects.all()] == [{"PEN": "700.0000"}]


def test_a_plan_from_its_first_part_to_its_end(world: World) -> None:
    customer = world.customer("Uno")
    item = world.invoice(customer, "F-1", 40, "900.00")
    plan = plan_of(world, customer, item)
    dates = [part.due_on for part in PlanPart.objects.filter(plan=plan).order_by("position")]
    told: list[tuple[int, str]] = []
    for days in range(1, 100):
        by = on(world, days)
        value_agreements(by)
        told += [(days, code) for code in plan_notices(by)]
        for notice in Activity.objects.filter(state="proposed"):
            Activity.objects.filter(pk=notice.pk).update(state="sent", settled_at=by.now)
        if by.today in (dates[0], dates[1], dates[2] + 5 * DAY):
            pay(by, customer, "300", f"r{days}")
    first, second, third = ((due - world.by.today).days for due in dates)
    assert [(days, code) for days, code in told if code != "reactivation"] == [
        (1, "plan_agreed"),
        (first - 3, "plan_due"),
        (second - 3, "plan_due"),
        (third - 2, "plan_due"),  # the day before is a Sunday
        (third + 6, "plan_completed"),
    ], "and no thanks besides"
    assert [days for days, code in told if code == "reactivation"] == [third + 6 + 15]
    assert not Mark.objects.exists(), "no notice is a step"


def test_a_part_that_was_missed_and_a_plan_that_ends(world: World) -> None:
    customer = world.customer("Uno")
    item = world.invoice(customer, "F-1", 40, "900.00")
    plan_of(world, customer, item)
    told: dict[str, tuple[int, str]] = {}
    for days in range(1, 60):
        by = on(world, days)
        value_agreements(by)
        for code in plan_notices(by):
            found = Activity.objects.select_related("customer__party", "customer__creditor").latest("id")
            said = prepare(Organization.objects.get(pk=by.organization_id), found, by.now)
            told.setdefault(code, (days, said.wording.text if said.wording else said.stop))
            Activity.objects.filter(pk=found.pk).update(state="sent", settled_at=by.now)
    assert list(told) == ["plan_agreed", "plan_due", "plan_missed", "plan_broken"]
    missed, broken = told["plan_missed"][1], told["plan_broken"][1]
    assert "1 de 3" in missed and "300.00" in missed and "Cómo evitarlo" in missed and "194-111" in missed
    assert "900.00" in broken and "PP-2026-0001" in broken


def test_thanks_follow_the_payment_of_what_was_asked_for(world: World) -> None:
    customer = world.customer("Uno")
    item = world.invoice(customer, "F-1", 10)
    reminded(world, customer, item)
    pay(world.by, customer, "4720")
    assert plan_notices(world.by) == {"thank_you": 1}
    assert plan_notices(on(world, 1)) == {}
    found = Activity.objects.select_related("customer__party", "customer__creditor").get(step="thank_you")
    said = prepare(Organization.objects.get(pk=world.by.organization_id), found, world.by.now)
    assert found.demand == {} and said.wording and "4,720.00" in said.wording.text


@pytest.mark.parametrize(
    ("what", "thanked"),
    [
        ("nobody asked", False),
        ("something else is overdue", False),
        ("what is left is below the detraction", True),
        ("paid back", False),
        ("an old payment imported today", False),
        ("thanked three weeks ago", False),
        ("thanked long ago", True),
        ("an unread answer", False),
        ("a person said not now", False),
        ("a dispute", True),
        ("insolvent", False),
        ("not to be contacted", False),
        ("bounced", False),
        ("called today", False),
    ],
)
def test_who_is_thanked(world: World, what: str, thanked: bool) -> None:
    customer = world.customer("Uno")
    item = world.invoice(customer, "F-1", 10)
    if what != "nobody asked":
        reminded(world, customer, item)
    match what:
        case "something else is overdue":
            world.invoice(customer, "F-2", 3)
        case "what is left is below the detraction":
            other = world.invoice(customer, "F-2", 3)
            Installment.objects.filter(pk=other.pk).update(expected_deduction=other.open_amount)
        case "thanked three weeks ago" | "thanked long ago":
            ago = 21 if what == "thanked three weeks ago" else 40
            row = world.row(customer, [item], step="thank_you", lead_id=customer.id)
            plan_many(on(world, -ago), [row._replace(items=[], item_steps=[])])
            Activity.objects.filter(step="thank_you").update(state="sent", settled_at=world.by.now - ago * DAY)
        case "an unread answer":
            hold(world.by, reason="reply", customer_id=customer.id)
        case "a person said not now":
            hold(world.by, reason="person", customer_id=customer.id)
        case "a dispute":
            hold(world.by, reason="dispute", customer_id=customer.id)
        case "insolvent":
            type(customer.party).objects.update(status="insolvent", status_on=world.by.today)
        case "not to be contacted":
            Customer.objects.update(handling="none")
        case "bounced":
            ContactPoint.objects.update(bounce="hard")
        case "called today":
            call = world.plan(customer, [item], step="call", channel="call", state="to_do")
            Activity.objects.filter(pk=call.pk).update(state="done", settled_at=world.by.now)
    before = len(notices())
    on(world, 0)
    paid = pay(world.by, customer, "4720")
    if what == "paid back":
        reverse_payment(world.by, paid.id, reason="devuelto")
    if what == "an old payment imported today":
        Payment.objects.update(received_on=world.by.today - 30 * DAY)
        world = World(on(world, 30), world.creditor, world.version)
    plan_notices(world.by)
    assert len(notices()) - before == int(thanked)


def test_a_promise_that_was_kept_is_thanked_for_with_its_day(world: World) -> None:
    customer = world.customer("Uno")
    item = world.invoice(customer, "F-1", 10)
    world.invoice(customer, "F-2", 12, "100.00")
    promise(world.by, customer.id, currency="PEN", promised_for=world.by.today + 2 * DAY, item_ids=[item.id])
    by = on(world, 2)
    record_payment(
        by,
        customer_id=customer.id,
        reference="p",
        received_on=by.today,
        currency="PEN",
        amount=Decimal(4820),
    )
    later = on(world, 3)
    value_agreements(later)
    assert plan_notices(later) == {"thank_you": 1}
    found = Activity.objects.select_related("customer__party", "customer__creditor").get()
    assert found.why["code"] == "thank_you_promise"
    said = prepare(Organization.objects.get(pk=by.organization_id), found, later.now)
    assert said.wording and "25 de noviembre de 2026" in said.wording.text


def test_received_and_approved_is_asked_where_somebody_has_to_approve(world: World) -> None:
    one, two = world.customer("Uno"), world.customer("Dos")
    for customer in (one, two):
        world.invoice(customer, f"F-{customer.code}", -7)
        world.invoice(customer, f"G-{customer.code}", -7, "100.00")
    set_payment_rules(world.by, one.id, needs_order=True)
    set_payment_rules(world.by, two.id, pay_days=[15])
    answered = world.invoice(one, "H-answered", -7, "50.00")
    record_reception(world.by, answered.invoice_id, approved=True)
    held = world.invoice(one, "I-disputed", -7, "70.00")
    hold(world.by, reason="dispute", installment_id=held.id)
    assert plan_notices(world.by) == {"approval_asked": 1}
    found = Activity.objects.select_related("customer__party", "customer__creditor").get()
    assert found.customer_id == one.id and found.demand == {"PEN": "4820.0000"}
    said = prepare(Organization.objects.get(pk=world.by.organization_id), found, world.by.now)
    assert said.wording and "F-C-0001" in said.wording.text and "G-C-0001" in said.wording.text
    assert "H-answered" not in said.wording.text and "I-disputed" not in said.wording.text
    assert sum(said.asked.amounts.values()) == Decimal(4820)
    assert plan_notices(on(world, 1)) == {}


def test_who_always_keeps_their_word_is_told_so_once_a_year(world: World) -> None:
    good, late = world.customer("Puntual"), world.customer("Tarde")
    for customer, delay in ((good, 0), (late, 9)):
        for number, ago in enumerate((300, 200, 100, 30)):
            item = world.invoice(customer, f"F-{customer.code}-{number}", ago)
            when = world.by.today + (delay - ago) * DAY
            record_payment(
                world.by,
                customer_id=customer.id,
                reference=f"{customer.code}-{number}",
                received_on=when,
                currency="PEN",
                amount=item.amount,
            )
    first = on(world, (date(2026, 12, 1) - world.by.today).days)
    assert plan_notices(on(world, 1)) == {}, "only in the first days of a month"
    assert plan_notices(first) == {"recognition": 1}
    found = Activity.objects.select_related("customer__party", "customer__creditor").get(step="recognition")
    assert found.customer_id == good.id
    said = prepare(Organization.objects.get(pk=first.organization_id), found, first.now)
    assert said.wording and "12 meses" in said.wording.text and "2 % menos" in said.wording.text
    Activity.objects.update(state="sent", settled_at=first.now)
    assert plan_notices(on(world, (date(2027, 1, 4) - world.by.today).days)) == {}


def test_the_best_are_recognized_first_and_few_of_them_a_month(world: World) -> None:
    good = [world.customer(name) for name in ("Tres", "Cinco", "Cuatro")]
    for customer, times in zip(good, (3, 5, 4), strict=True):
        for number in range(times):
            item = world.invoice(customer, f"F-{customer.code}-{number}", 320 - 50 * number)
            record_payment(
                world.by,
                customer_id=customer.id,
                reference=f"{customer.code}-{number}",
                received_on=item.due_on,
                currency="PEN",
                amount=item.amount,
            )
    for day, expected in ((date(2026, 12, 1), "Cinco"), (date(2026, 12, 2), ""), (date(2027, 1, 4), "Cuatro")):
        planned = plan_notices(on(world, (day - world.by.today).days))
        assert planned == ({"recognition": 1} if expected else {}), day
        told = Activity.objects.filter(step="recognition").order_by("day").values_list("customer__name", flat=True)
        assert not expected or list(told)[-1] == expected
        Activity.objects.filter(step="recognition", state__in=["queued", "proposed"]).update(state="sent")


def test_without_notices_in_the_manual_nothing_is_looked_for(world: World, django_assert_num_queries) -> None:
    draft = make_draft(world.by, world.version)
    for notice in MANUAL.notices:
        remove_notice(world.by, draft.id, notice.code)
    activate(world.by, Version.objects.get(pk=draft.id))
    with django_assert_num_queries(4):
        assert plan_notices(world.by) == {}
