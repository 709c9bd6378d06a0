"""Who leaves hands everything over: at once, after a last day, to somebody or to the portfolios' rules."""

from datetime import timedelta
from uuid import UUID

import pytest

from conftest import NOW, TODAY, Cast, make_member
from puntual.analytics.alerts.models import Alert
from puntual.analytics.handing_over import hand_over_left, leave
from puntual.disputes.actions import open_dispute
from puntual.disputes.models import Dispute
from puntual.kernel.problems import Problem
from puntual.organizations.absences.actions import set_absence
from puntual.organizations.absences.queries import acting_as, authority_of
from puntual.organizations.models import Absence, Membership
from puntual.outreach.models import Activity
from puntual.outreach.tests.build import World
from puntual.outreach.tests.conftest import world as world
from puntual.parties.models import Customer
from puntual.strategies.portfolios.actions import apply_rules, store_rule

DAY = timedelta(days=1)


@pytest.fixture
def theirs(world: World, acting: Cast) -> Customer:
    """A customer of the colleague's, with a call, an alert and a dispute of theirs."""
    customer, user = world.customer("Lucma"), acting.colleague.id
    item = world.invoice(customer, "F-1", 40)
    Customer.objects.filter(pk=customer.pk).update(owner=user)
    world.plan(customer, [item], channel="call", state="to_do", assigned_to=user)
    done = world.plan(customer, [item], channel="call", state="to_do", step="firm", assigned_to=user)
    Activity.objects.filter(pk=done.pk).update(state="done")
    open_dispute(world.by, item.invoice_id, reason="price", owner_id=user)
    Alert.objects.create(
        organization_id=acting.id, kind="later", creditor=world.creditor, customer=customer, raised_on=TODAY,
        assigned_to_id=user, state="open", facts={}, series=[],
    )  # fmt: skip
    return customer


def _whose(customer: Customer) -> dict[str, set[UUID | None]]:
    return {
        "customer": set(Customer.objects.filter(pk=customer.pk).values_list("owner", flat=True)),
        "call": set(Activity.objects.filter(state="to_do").values_list("assigned_to", flat=True)),
        "dispute": set(Dispute.objects.values_list("owner", flat=True)),
        "alert": set(Alert.objects.values_list("assigned_to", flat=True)),
    }


def _membership(cast: Cast) -> Membership:
    return Membership.objects.get(user=cast.colleague, organization=cast.organization)


def test_who_leaves_at_once_hands_everything_over(world: World, acting: Cast, theirs: Customer) -> None:
    by, owner = world.by, acting.owner.id
    bea = make_member(acting.organization, "manager", "bea@sembria.example").id
    store_rule(by, name="Todos", member_id=acting.colleague.id)
    set_absence(by, bea, acting.colleague.id, starts_on=TODAY)
    leave(by, _membership(acting).id, last_day=TODAY - DAY, successor_id=owner)
    assert _whose(theirs) == {key: {owner} for key in ("customer", "call", "dispute", "alert")}
    assert set(Activity.objects.filter(state="done").values_list("assigned_to", flat=True)) == {acting.colleague.id}
    other = world.customer("Otra")
    assert apply_rules(by) == 1
    other.refresh_from_db()
    assert other.owner_id == owner  # the portfolio is the successor's
    assert [(one.user_id, one.substitute_id) for one in Absence.objects.all()] == [(bea, owner)]
    assert hand_over_left(by) == 0


def test_who_leaves_later_is_stood_in_for_until_the_clock_hands_over(
    world: World, acting: Cast, theirs: Customer
) -> None:
    owner, colleague = acting.owner.id, acting.colleague.id
    set_absence(world.by, colleague, owner, starts_on=TODAY + DAY)
    leave(world.by, _membership(acting).id, last_day=TODAY + 2 * DAY, successor_id=owner)
    assert _whose(theirs)["customer"] == {colleague}
    after = world.by.on(TODAY + 3 * DAY, NOW + 3 * DAY)
    assert acting_as(acting.id, owner, TODAY) == {owner}
    assert acting_as(acting.id, owner, after.today) == {owner, colleague}
    assert hand_over_left(world.by) == 0
    assert hand_over_left(after) == 1
    assert _whose(theirs) == {key: {owner} for key in ("customer", "call", "dispute", "alert")}
    assert not Absence.objects.filter(ends_on=None).exists() and hand_over_left(after) == 0


def test_without_a_successor_customers_are_given_away_by_the_rules_again(
    world: World, acting: Cast, theirs: Customer
) -> None:
    Customer.objects.filter(pk=theirs.pk).update(handling="owner_only")
    with pytest.raises(Problem, match="alone handles"):
        leave(world.by, _membership(acting).id, last_day=TODAY - DAY)
    Customer.objects.filter(pk=theirs.pk).update(handling="automatic", owned_by="hand")
    leave(world.by, _membership(acting).id, last_day=TODAY - DAY)
    assert _whose(theirs) == {"customer": {None}, "call": {None}, "dispute": {acting.colleague.id}, "alert": {None}}
    store_rule(world.by, name="Todos", member_id=acting.owner.id)
    assert apply_rules(world.by) == 1


def test_a_substitute_decides_with_the_authority_of_who_is_away(world: World, acting: Cast) -> None:
    asked = (acting.id, acting.colleague.id, "collector", TODAY)
    assert authority_of(*asked) == "collector"
    set_absence(world.by, acting.owner.id, acting.colleague.id, starts_on=TODAY, ends_on=TODAY)
    assert authority_of(*asked) == "owner"
    assert authority_of(acting.id, acting.colleague.id, "collector", TODAY + DAY) == "collector"
