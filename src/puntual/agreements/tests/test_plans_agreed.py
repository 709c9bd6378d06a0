"""How a plan comes about, step by step, and every step that is not allowed."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from conftest import Cast
from puntual.agreements.approvals import NotYours, ReasonMissing, decide
from puntual.agreements.guardrails import Allowance, Situation, Within
from puntual.agreements.models import Approval, Plan, PlanItem, Promise
from puntual.agreements.plans.actions import (
    Manner,
    Yes,
    accept,
    agree_plan,
    approve,
    break_plan,
    expire,
    refuse,
    replan,
    value,
    withdraw,
)
from puntual.agreements.plans.problems import (
    CoveredAlready,
    EvidenceMissing,
    NotInThisState,
    NotPlannable,
    OfferOver,
    OpenChanged,
    TooOften,
)
from puntual.agreements.plans.queries import plannable
from puntual.agreements.promises.actions import promise
from puntual.agreements.tests.plans import BY_PHONE, Planned
from puntual.audit.models import Record
from puntual.kernel.problems import Problem
from puntual.receivables.models import Installment

State = Plan.State
SITUATION = Situation("PEN", Decimal(1000), 40)
MANAGERS = Within(
    Allowance("plan", "manager", "plan", installments=3, days=90, down_percent=Decimal(10)), "collector", SITUATION
)


def collectors(**limits: object) -> Within:
    """What a collector may grant alone."""
    given = {"installments": 6, "days": 180, "down_percent": Decimal(10), **limits}
    return Within(Allowance("plan", "collector", "plan", **given), "collector", SITUATION)


@pytest.fixture
def item(planned: Planned) -> Installment:
    return planned.books.item(planned.books.customer(), "1000", late=40)


def offered(planned: Planned, item: Installment, **more: object) -> Plan:
    return agree_plan(planned.by, item.customer_id, [item.id], planned.wish(3, first=20), **more)


def awaiting(planned: Planned, item: Installment) -> Plan:
    return offered(planned, item, within=collectors(installments=2), reason="Lost its largest customer")


MAKE: dict[str, Callable[[Planned, Installment], Plan]] = {
    State.AWAITING: awaiting,
    State.OFFERED: offered,
    State.ACTIVE: lambda planned, item: planned.active([item], planned.wish(3, first=20)),
    State.COMPLETED: lambda planned, item: _completed(planned, item),
    State.BROKEN: lambda planned, item: break_plan(
        planned.by, planned.active([item], planned.wish(3, first=20)).id, why="x"
    ),
    State.REPLANNED: lambda planned, item: _replanned(planned, item),
    State.REFUSED: lambda planned, item: refuse(planned.by, offered(planned, item).id, "Too dear"),
    State.EXPIRED: lambda planned, item: _expired(planned, item),
    State.WITHDRAWN: lambda planned, item: withdraw(planned.by, offered(planned, item).id, "A mistake"),
}


def _completed(planned: Planned, item: Installment) -> Plan:
    plan = planned.active([item], planned.wish(3, first=20))
    planned.pay(item.customer, "1000")
    planned.value()
    return planned.again(plan)


def _replanned(planned: Planned, item: Installment) -> Plan:
    plan = planned.active([item], planned.wish(3, first=20))
    replan(planned.by, plan.id, planned.wish(5, first=25), yes=BY_PHONE)
    return planned.again(plan)


def _expired(planned: Planned, item: Installment) -> Plan:
    plan = offered(planned, item)
    by = planned.books.on(planned.day(8))
    assert expire(by) == 1
    assert expire(by) == 0
    return planned.again(plan)


DO: dict[str, Callable[[Planned, Plan], object]] = {
    "approve": lambda planned, plan: approve(planned.by, plan.id),
    "refuse": lambda planned, plan: refuse(planned.by, plan.id, "No"),
    "withdraw": lambda planned, plan: withdraw(planned.by, plan.id, "No"),
    "accept": lambda planned, plan: accept(planned.by, plan.id, BY_PHONE),
    "break": lambda planned, plan: break_plan(planned.by, plan.id, why="No"),
    "replan": lambda planned, plan: replan(planned.by, plan.id, planned.wish(5, first=25)),
}
ALLOWED = {
    State.AWAITING: {"approve": State.OFFERED, "refuse": State.REFUSED, "withdraw": State.WITHDRAWN},
    State.OFFERED: {"accept": State.ACTIVE, "refuse": State.REFUSED, "withdraw": State.WITHDRAWN},
    State.ACTIVE: {"break": State.BROKEN, "replan": State.ACTIVE},
    State.BROKEN: {"replan": State.BROKEN},
}
"""As in docs/domain.md; what is not here is refused. The clock breaks, completes and expires: see the other tests."""


@pytest.mark.parametrize("state", State.values)
def test_every_step_from_a_state(planned: Planned, item: Installment, state: str) -> None:
    plan = MAKE[state](planned, item)
    assert plan.state == state
    for verb, do in DO.items():
        becomes = ALLOWED.get(state, {}).get(verb)
        with transaction.atomic():
            if becomes is None:
                with pytest.raises(NotInThisState), transaction.atomic():
                    do(planned, plan)
                assert planned.again(plan).state == state
            else:
                do(planned, plan)
                assert planned.again(plan).state == becomes
                assert planned.held(item) == [becomes == State.ACTIVE]
            transaction.set_rollback(True)


def test_an_offer_waits_for_the_customer_and_holds_nothing(planned: Planned, item: Installment) -> None:
    plan = offered(planned, item, asked_by="Ana Ruiz")
    assert (plan.state, plan.number, plan.offered_until) == (State.OFFERED, "PP-2026-0001", planned.day(7))
    assert planned.held(item) == [False]
    accept(planned.by, plan.id, Yes("in_person", "Ana Ruiz", "Signed at our office"), planned.by.now)
    plan = planned.again(plan)
    assert (plan.state, plan.accepted_by, plan.accepted_how) == (State.ACTIVE, "Ana Ruiz", "in_person")
    assert planned.held(item) == [True]


def test_what_a_yes_needs(planned: Planned, item: Installment) -> None:
    plan = offered(planned, item)
    for how, whom, evidence in (("by_phone", "Ana", " "), ("by_phone", " ", "Call"), ("link", "", "")):
        with pytest.raises(EvidenceMissing):
            accept(planned.by, plan.id, Yes(how, whom, evidence))
    assert accept(planned.by, plan.id, Yes("link", "Ana Ruiz")).state == State.ACTIVE


def test_too_late_to_accept(planned: Planned, item: Installment) -> None:
    plan = offered(planned, item)
    planned.to(planned.day(8))
    with pytest.raises(OfferOver):
        accept(planned.by, plan.id, BY_PHONE)


def test_whoever_accepts_days_later_is_not_late_with_the_down_payment(planned: Planned, item: Installment) -> None:
    plan = agree_plan(planned.by, item.customer_id, [item.id], planned.wish(3, first=20, down=100))
    planned.to(planned.day(7))
    accept(planned.by, plan.id, BY_PHONE)
    assert planned.parts(plan)[0].due_on == planned.day(7)


@pytest.mark.parametrize("paid", ["0.01", "100", "1000"])
def test_a_plan_covers_to_the_cent_what_is_open(planned: Planned, item: Installment, paid: str) -> None:
    """Money that came between offer and acceptance: it is written anew, not adjusted in silence."""
    plan = offered(planned, item)
    planned.pay(item.customer, paid)
    with pytest.raises(OpenChanged):
        accept(planned.by, plan.id, BY_PHONE)
    assert planned.again(plan).state == State.OFFERED
    withdraw(planned.by, plan.id, "Paid in part")


def test_one_plan_under_way_for_an_item(planned: Planned, item: Installment) -> None:
    offered(planned, item)
    with pytest.raises(CoveredAlready, match="PP-2026-0001"):
        offered(planned, item)


def test_the_interest_of_a_plan_is_in_no_other(planned: Planned, item: Installment) -> None:
    plan = planned.active([item], planned.wish(2, yearly_percent=12))
    with pytest.raises(CoveredAlready, match=plan.number):
        agree_plan(planned.by, item.customer_id, [planned.charges(plan)[0].id], planned.wish(1))
    free = [one for one in plannable(planned.books.org, item.customer_id) if one.plan is None]
    assert not free


def test_what_cannot_be_covered(planned: Planned, item: Installment) -> None:
    books = planned.books
    stranger = books.item(books.customer("Otra"), "10")
    dollars = books.item(item.customer, "10", currency="USD")
    paid = books.item(item.customer, "10")
    planned.pay(item.customer, "10", paid)
    for ids in ([], [stranger.id], [item.id, stranger.id], [item.id, dollars.id], [item.id, paid.id]):
        with pytest.raises(NotPlannable):
            agree_plan(planned.by, item.customer_id, ids, planned.wish())


def test_beyond_the_limits_it_waits_for_somebody_else(planned: Planned, item: Installment, cast: Cast) -> None:
    with pytest.raises(ReasonMissing):
        offered(planned, item, within=collectors(installments=2))
    plan = awaiting(planned, item)
    assert plan.situation["currency"] == "PEN"
    approval = Approval.objects.get(organization_id=planned.by.organization_id)
    assert (approval.kind, approval.subject_id, approval.needs_role) == ("plan", plan.id, "manager")
    assert approval.beyond == [{"limit": "installments", "allowed": "2", "asked": "3"}]
    with pytest.raises(NotYours):
        decide(planned.by, approval.id, approve=True, why="Fine", role="manager")
    boss = planned.by.__class__(planned.by.organization_id, planned.by.now, planned.by.today, cast.colleague.id, "Boss")
    decide(boss, approval.id, approve=True, why="A good customer", role="manager")
    assert planned.again(plan).state == State.OFFERED


def test_a_refused_approval_ends_it(planned: Planned, item: Installment, cast: Cast) -> None:
    plan = awaiting(planned, item)
    approval = Approval.objects.get(organization_id=planned.by.organization_id)
    boss = planned.by.__class__(planned.by.organization_id, planned.by.now, planned.by.today, cast.colleague.id, "Boss")
    decide(boss, approval.id, approve=False, why="Three parts are one too many", role="manager")
    plan = planned.again(plan)
    assert (plan.state, plan.ended_why) == (State.REFUSED, "Three parts are one too many")


def test_withdrawing_what_waits_takes_the_question_back(planned: Planned, item: Installment) -> None:
    plan = awaiting(planned, item)
    withdraw(planned.by, plan.id, "Not needed")
    assert Approval.objects.get(organization_id=planned.by.organization_id).decision == "lapsed"


def test_an_owners_exception_stands_with_its_reason(planned: Planned, item: Installment) -> None:
    within = Within(MANAGERS.allowance, "owner", SITUATION)
    plan = agree_plan(
        planned.by, item.customer_id, [item.id], planned.wish(4, first=20), within=within, reason="Ours", yes=BY_PHONE
    )
    assert plan.state == State.ACTIVE
    assert Approval.objects.get(organization_id=planned.by.organization_id).decision == "approved"


def test_a_settlement_asks_for_its_discount(planned: Planned, item: Installment) -> None:
    within = Within(
        Allowance("discount", "collector", "quita", percent=Decimal(10), days=30, installments=1),
        "collector",
        SITUATION,
    )
    fine = agree_plan(
        planned.by, item.customer_id, [item.id], planned.wish(1, first=20, discount_percent=10), within=within
    )
    assert (fine.state, fine.kind, fine.discount, fine.misses_allowed) == (State.OFFERED, "settlement", 100, 0)
    withdraw(planned.by, fine.id, "More is needed")
    more = agree_plan(
        planned.by,
        item.customer_id,
        [item.id],
        planned.wish(1, first=20, discount_percent=11),
        within=within,
        reason="Old debt",
    )
    assert (more.state, Approval.objects.get(subject_id=more.id).kind) == (State.AWAITING, "settlement")


def test_a_promise_gives_way_to_a_plan(planned: Planned, item: Installment) -> None:
    given = promise(
        planned.by, item.customer_id, currency="PEN", promised_for=planned.day(5), item_ids=[item.id], made_by="Ana"
    )
    planned.active([item], planned.wish())
    assert Promise.objects.get(id=given.id).state == "replaced"
    assert planned.held(item) == [True]


def test_made_anew_over_what_is_left_with_its_interest(planned: Planned, item: Installment) -> None:
    plan = planned.active([item], planned.wish(2, first=22, yearly_percent=12))
    planned.to(planned.day(22))
    planned.pay(item.customer, "400")
    anew = replan(planned.by, plan.id, planned.wish(4, first=40), yes=BY_PHONE)
    assert (anew.principal, anew.times_replanned, anew.replaces_id) == (Decimal("607.23"), 1, plan.id)
    first, second = planned.charges(plan)
    assert (first.open_amount, second.open_amount) == (Decimal("7.23"), 0)
    assert planned.held(item, first) == [True, True]
    assert set(PlanItem.objects.filter(plan=anew).values_list("installment_id", flat=True)) == {item.id, first.id}
    value(planned.by)
    assert [part.paid for part in planned.parts(anew)] == [0, 0, 0, 0], "what was paid before is the old one's"


def test_made_anew_so_often_and_no_more(planned: Planned, item: Installment) -> None:
    plan = planned.active([item], planned.wish())
    for days in (30, 40):
        plan = replan(planned.by, plan.id, planned.wish(4, first=days), yes=BY_PHONE)
    with pytest.raises(TooOften):
        replan(planned.by, plan.id, planned.wish(4, first=50))


def test_the_old_plan_stands_until_the_new_one_is_accepted(planned: Planned, item: Installment) -> None:
    plan = planned.active([item], planned.wish())
    anew = replan(planned.by, plan.id, planned.wish(5, first=10))
    assert (planned.again(plan).state, anew.state, planned.held(item)) == (State.ACTIVE, State.OFFERED, [True])
    break_plan(planned.by, plan.id, why="No")
    accept(planned.by, anew.id, BY_PHONE)
    assert (planned.again(plan).state, planned.held(item)) == (State.BROKEN, [True])


@pytest.mark.parametrize("days", [-1, 21])
def test_until_when_it_can_be_accepted(planned: Planned, item: Installment, days: int) -> None:
    with pytest.raises(Problem):
        offered(planned, item, offered_until=planned.by.today + timedelta(days=days))


@pytest.mark.parametrize("days", [0, 1, 31])
def test_the_grace_leaves_the_bank_its_time(planned: Planned, item: Installment, days: int) -> None:
    with pytest.raises(Problem):
        offered(planned, item, manner=Manner(grace_days=days))


def test_one_verb_is_one_entry_of_the_log(planned: Planned, item: Installment) -> None:
    planned.active([item], planned.wish(2, yearly_percent=12))
    entry = Record.objects.get(organization_id=planned.by.organization_id, action="agreements.agree_plan")
    assert {part["action"] for part in entry.detail["parts"]} >= {"receivables.hold", "receivables.issue_invoice"}
