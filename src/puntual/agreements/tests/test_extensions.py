"""More time for an invoice: what it moves and what it leaves, its limits, its chain, and what is refused in each state."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from puntual.agreements import approvals
from puntual.agreements.approvals import NotYours, ReasonMissing
from puntual.agreements.extensions import actions
from puntual.agreements.extensions.chain import Chain, longest
from puntual.agreements.extensions.problems import AskedAlready, NotExtendable, NotInThisState, NotLater, NotTheLast
from puntual.agreements.extensions.queries import chains
from puntual.agreements.guardrails import Allowance, Situation, Within
from puntual.agreements.models import Approval, Extension
from puntual.audit.actions import Actor
from puntual.kernel.problems import Problem
from puntual.receivables.actions import set_claim_owner
from puntual.receivables.grouping import grouped
from puntual.receivables.models import Hold
from puntual.receivables.portfolio import portfolio
from puntual.receivables.queries import active_holds, open_items
from puntual.receivables.tests.build import Books

SITUATION = Situation("PEN", Decimal(100), 10)


def within(days: int = 15, times: int = 1, role: str = "collector", granted_by: str = "collector") -> Within:
    return Within(Allowance("extension", granted_by, offer="more_time", days=days, times=times), role, SITUATION)


def manager(books: Books) -> Actor:
    """Somebody else than who asks."""
    return replace(books.by, user_id=uuid4(), name="Carla Ríos")


def asked(books: Books, **options: object) -> Extension:
    """One beyond the limits, waiting for a manager."""
    item = books.item(books.customer(), late=10)
    return actions.grant_extension(
        books.by, item.id, books.ago(-40), within=within(), reason="Its own customer pays in January", **options
    )


@pytest.mark.parametrize(
    ("days", "limits", "expected"),
    [
        ((), (15, 2), date(2026, 11, 28)),
        ((date(2026, 11, 20),), (15, 2), date(2026, 12, 5)),
        ((date(2026, 11, 20), date(2026, 11, 30)), (15, 2), None),
    ],
)
def test_the_latest_day_within_the_limits(days: tuple[date, ...], limits: tuple[int, int], expected: date) -> None:
    chain = Chain(date(2026, 11, 13), days)
    assert longest(chain, *limits) == expected
    if expected:
        assert chain.asked(expected) == {"days": limits[0], "times": len(days) + 1}


def test_the_manual_counts_from_the_new_day_and_aging_from_the_old(books: Books) -> None:
    item = books.item(books.customer(), late=10)
    aged = portfolio(books.org)
    made = actions.grant_extension(books.by, item.id, books.ago(-5), within=within(), asked_by="Rosa Medina")
    moved = books.again(item)
    assert (made.state, made.granted_on, made.from_due) == ("granted", books.by.today, item.due_on)
    assert (made.offer, made.situation["age"]) == ("more_time", 10)
    assert (moved.due_on, moved.expected_on, moved.due_generation) == (item.due_on, books.ago(-5), 2)
    assert portfolio(books.org) == aged
    assert not active_holds(books.org, books.by.today).exists()  # it is not demanded: nothing needs to be paused


def test_interest_goes_on_unless_it_was_agreed_otherwise(books: Books) -> None:
    customer = books.customer()
    plain, spared = books.item(customer), books.item(customer)
    actions.grant_extension(books.by, plain.id, books.ago(-5))
    made = actions.grant_extension(books.by, spared.id, books.ago(-5), stops_interest=True)
    hold = active_holds(books.org, books.by.today).get()
    assert (hold.installment_id, hold.source_id, hold.until_on) == (spared.id, made.id, made.to_due)
    assert (hold.stops_interest, hold.stops_chasing, hold.stops_pre_due) == (True, False, False)
    actions.withdraw(books.by, made.id, why="Typed in the wrong invoice")
    assert not active_holds(books.org, books.by.today).exists()


def test_beyond_the_limits_somebody_has_to_approve(books: Books) -> None:
    waiting = asked(books)
    item = waiting.installment
    assert (waiting.state, waiting.granted_on) == ("awaiting", None)
    assert books.again(item).expected_on == item.due_on
    hold = active_holds(books.org, books.by.today).get()
    assert (hold.reason, hold.stops_chasing, hold.until_on) == (Hold.Reason.EXTENSION, True, date(2026, 11, 30))
    approval = Approval.objects.get(subject_id=waiting.id)
    assert approval.needs_role == "manager"
    assert [(one["limit"], one["allowed"], one["asked"]) for one in approval.beyond] == [("days", "15", "50")]
    decided = approvals.decide(manager(books), approval.id, approve=True, why="They told us in time", role="manager")
    assert decided.decision == "approved"
    waiting.refresh_from_db()
    assert (waiting.state, waiting.granted_on) == ("granted", books.by.today)
    assert books.again(item).expected_on == waiting.to_due
    assert not active_holds(books.org, books.by.today).exists()


def test_what_was_refused_is_chased_as_it_was(books: Books) -> None:
    waiting = asked(books)
    approval = Approval.objects.get(subject_id=waiting.id)
    approvals.decide(manager(books), approval.id, approve=False, why="The third time this year", role="manager")
    waiting.refresh_from_db()
    assert (waiting.state, books.again(waiting.installment).due_generation) == ("refused", 1)
    assert not active_holds(books.org, books.by.today).exists()


@pytest.mark.parametrize(
    ("limits", "needs"),
    [
        (within(days=60), None),
        (within(days=60, granted_by="manager"), "manager"),
        (within(days=60, role="manager", granted_by="manager"), None),
        (within(days=10, role="manager"), "manager"),
        (within(days=10, role="manager", granted_by="manager"), "owner"),
        (within(days=10, role="owner"), None),
        (None, None),
    ],
)
def test_who_decides(books: Books, limits: Within | None, needs: str | None) -> None:
    item = books.item(books.customer(), late=10)
    made = actions.grant_extension(books.by, item.id, books.ago(-40), within=limits, reason="Seasonal")
    assert made.state == ("awaiting" if needs else "granted")
    found = Approval.objects.filter(subject_id=made.id, decision="waiting").first()
    assert (found.needs_role if found else None) == needs


def test_an_exception_without_a_reason_is_no_exception(books: Books) -> None:
    item = books.item(books.customer())
    with pytest.raises(ReasonMissing):
        actions.grant_extension(books.by, item.id, books.ago(-40), within=within(), reason="  ")
    assert not Extension.objects.exists()


def test_nobody_approves_what_they_asked_for(books: Books, cast) -> None:
    me = replace(books.by, user_id=cast.owner.id)
    item = books.item(books.customer())
    made = actions.grant_extension(me, item.id, books.ago(-40), within=within(), reason="Seasonal")
    approval = Approval.objects.get(subject_id=made.id)
    with pytest.raises(NotYours):
        approvals.decide(me, approval.id, approve=True, why="Mine", role="owner")


def test_the_chain_grows_and_only_its_end_is_taken_back(books: Books) -> None:
    item = books.item(books.customer(), late=0)
    first = actions.grant_extension(books.by, item.id, books.ago(-10), within=within(days=10, times=2))
    second = actions.grant_extension(books.by, item.id, books.ago(-20), within=within(days=10, times=2))
    assert (first.state, second.state, second.from_due) == ("granted", "granted", first.to_due)
    third = actions.grant_extension(
        books.by, item.id, books.ago(-30), within=within(days=10, times=2), reason="Once more"
    )
    assert third.state == "awaiting"
    assert chains(books.org, [item.id])[item.id] == Chain(item.due_on, (first.to_due, second.to_due))
    with pytest.raises(NotTheLast):
        actions.withdraw(books.by, first.id, why="Wrong")
    actions.withdraw(books.by, third.id, why="They paid")
    assert Approval.objects.get(subject_id=third.id).decision == "lapsed"
    actions.withdraw(books.by, second.id, why="Wrong")
    assert books.again(item).expected_on == first.to_due
    actions.withdraw(books.by, first.id, why="Wrong")
    assert (books.again(item).extended_to, books.again(item).expected_on) == (None, item.due_on)


def test_all_of_them_or_none(books: Books) -> None:
    customer = books.customer()
    one, other = books.item(customer), books.item(customer)
    stranger = books.item(books.customer())
    with pytest.raises(Problem):
        actions.extend_many(books.by, customer.id, [one.id, stranger.id], books.ago(-5), withins={})
    books.customer()
    actions.grant_extension(books.by, other.id, books.ago(-40), within=within(), reason="Asked before")
    with pytest.raises(AskedAlready):
        actions.extend_many(books.by, customer.id, [one.id, other.id], books.ago(-5), withins={})
    assert books.again(one).extended_to is None
    made = actions.extend_many(books.by, customer.id, [one.id], books.ago(-5), withins={"PEN": within()})
    assert [each.state for each in made] == ["granted"]


@pytest.mark.parametrize("late", [0, 10])
def test_it_has_to_be_later(books: Books, late: int) -> None:
    item = books.item(books.customer(), late=late)
    for day in (item.due_on, books.by.today):
        with pytest.raises(NotLater):
            actions.grant_extension(books.by, item.id, day)
    with pytest.raises(Problem):
        actions.grant_extension(books.by, item.id, books.ago(-366))


def test_what_cannot_be_extended(books: Books) -> None:
    customer = books.customer()
    sold = books.item(customer)
    set_claim_owner(books.by, sold.invoice_id, "sold", books.ago(1))
    with pytest.raises(NotExtendable):
        actions.grant_extension(books.by, sold.id, books.ago(-5))


STATES = {
    "awaiting": lambda books: asked(books),
    "granted": lambda books: actions.grant_extension(books.by, books.item(books.customer()).id, books.ago(-5)),
    "refused": lambda books: actions.refuse(books.by, asked(books).id, "No"),
    "withdrawn": lambda books: actions.withdraw(books.by, asked(books).id, why="Mistake"),
}
VERBS = {
    "apply": lambda books, one: actions.apply(books.by, one.id),
    "refuse": lambda books, one: actions.refuse(books.by, one.id, "No"),
    "withdraw": lambda books, one: actions.withdraw(books.by, one.id, why="Mistake"),
}
ALLOWED = {
    ("awaiting", "apply"): "granted",
    ("awaiting", "refuse"): "refused",
    ("awaiting", "withdraw"): "withdrawn",
    ("granted", "withdraw"): "withdrawn",
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", STATES)
def test_every_transition_and_no_other(books: Books, state: str, verb: str) -> None:
    one = STATES[state](books)
    assert one.state == state
    if to := ALLOWED.get((state, verb)):
        assert VERBS[verb](books, one).state == to
    else:
        with pytest.raises(NotInThisState):
            VERBS[verb](books, one)
        one.refresh_from_db()
        assert one.state == state


def test_listed_apart_until_its_day(books: Books) -> None:
    item = books.item(books.customer())
    actions.grant_extension(books.by, item.id, books.ago(-5))
    found = open_items(books.org)
    assert [(one.expected_on, one.extended_to) for one in found] == [(books.ago(-5), books.ago(-5))]
    assert [group.name for group in grouped(found, [], books.by.today)] == ["to_come"]
    assert [group.name for group in grouped(found, [], books.ago(-6))] == ["overdue"]
