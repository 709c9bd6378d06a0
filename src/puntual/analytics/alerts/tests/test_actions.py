"""Alerts are raised once, given to people, closed with what came of them; how many were right follows from that."""

from datetime import timedelta

import pytest

from conftest import Cast, make_member, make_organization
from puntual.analytics.alerts.actions import (
    assign_alert,
    assign_many,
    close_alert,
    close_many,
    raise_alerts,
    reopen_alert,
)
from puntual.analytics.alerts.kinds import Kind
from puntual.analytics.alerts.models import Alert
from puntual.analytics.alerts.problems import AlreadyClosed, NotAMember, NotAnOutcome, StillOpen
from puntual.analytics.alerts.queries import hit_rates, open_for, wilson
from puntual.analytics.alerts.tests.conftest import DAY, END, WEEK, WEEKS, Payers
from puntual.audit.models import Record
from puntual.parties.models import Customer

LATE = END + 39 * DAY


@pytest.fixture
def alert(payers: Payers) -> Alert:
    for week in range(WEEKS, WEEKS + 3):
        payers.bill(payers.usual, week)
    return payers.raised(LATE, payers.usual)["later"]


def test_the_same_is_raised_once_while_it_is_open_and_not_while_its_closing_is_fresh(payers: Payers, alert) -> None:
    assert raise_alerts(payers.by(LATE)) == 0, "the job may run again"
    assert raise_alerts(payers.by(LATE + DAY)) == 0
    close_alert(payers.by(LATE + DAY), alert.id, "false_alarm")
    assert raise_alerts(payers.by(LATE + 2 * DAY)) == 0, "somebody just said what came of it"
    for week in range(WEEKS + 9, WEEKS + 13):
        payers.bill(payers.usual, week)
    later = LATE + 62 * DAY
    assert raise_alerts(payers.by(later)) >= 1
    assert Alert.objects.filter(customer=payers.usual, kind="later").count() == 2


def test_what_belongs_to_a_member_is_the_members(payers: Payers, cast: Cast) -> None:
    Customer.objects.filter(id=payers.usual.id).update(owner=cast.colleague)
    for week in range(WEEKS, WEEKS + 3):
        payers.bill(payers.usual, week)
    alert = payers.raised(LATE, payers.usual)["later"]
    assert alert.assigned_to_id == cast.colleague.id
    assert open_for(cast.id, [cast.colleague.id]) == (1, 1) and open_for(cast.id, [cast.owner.id]) == (1, 0)


def test_it_is_given_to_members_alone(payers: Payers, alert, cast: Cast) -> None:
    stranger = make_member(make_organization("elsewhere"), "collector", "stranger@elsewhere.example")
    with pytest.raises(NotAMember):
        assign_alert(payers.by(LATE), alert.id, stranger.id)
    assert assign_alert(payers.by(LATE), alert.id, cast.colleague.id).assigned_to_id == cast.colleague.id
    assert assign_alert(payers.by(LATE), alert.id, None).assigned_to_id is None


def test_closed_with_an_outcome_and_taken_up_again(payers: Payers, alert) -> None:
    by = payers.by(LATE)
    with pytest.raises(NotAnOutcome):
        close_alert(by, alert.id, "overtaken")
    closed = close_alert(by, alert.id, "acted", "  Called, a plan is agreed. ")
    assert (closed.state, closed.outcome, closed.note, closed.closed_on) == (
        "closed",
        "acted",
        "Called, a plan is agreed.",
        LATE,
    )
    assert Record.objects.filter(action="alerts.close", object_id=alert.id).count() == 1
    with pytest.raises(AlreadyClosed):
        close_alert(by, alert.id, "acted")
    opened = reopen_alert(by, alert.id)
    assert (opened.state, opened.outcome, opened.closed_on) == ("open", "", None)
    with pytest.raises(StillOpen):
        reopen_alert(by, alert.id)


def test_one_that_was_raised_again_is_not_taken_up_a_second_time(payers: Payers, alert) -> None:
    close_alert(payers.by(LATE), alert.id, "true_alarm")
    for week in range(WEEKS + 9, WEEKS + 13):
        payers.bill(payers.usual, week)
    assert raise_alerts(payers.by(LATE + 62 * DAY)) >= 1
    with pytest.raises(StillOpen):
        reopen_alert(payers.by(LATE + 62 * DAY), alert.id)


def test_many_at_once(payers: Payers, alert, cast: Cast) -> None:
    other = _copy(alert, "growing")
    by = payers.by(LATE)
    assert assign_many(by, [alert.id, other.id], cast.colleague.id).done == 2
    assert close_many(by, [other.id], "false_alarm").done == 1
    done = close_many(by, [alert.id, other.id], "acted", "Seen")
    assert (done.done, sum(done.left.values())) == (1, 1)
    done = assign_many(by, [alert.id], cast.owner.id)
    assert (done.done, sum(done.left.values())) == (0, 1)


def _copy(alert: Alert, kind: str, **fields: object) -> Alert:
    values = {"customer": alert.customer, "creditor": alert.creditor, "raised_on": alert.raised_on, "facts": {}}
    return Alert.objects.create(organization_id=alert.organization_id, kind=kind, **{**values, **fields})


def test_hit_rates_say_how_sure_they_are(payers: Payers, alert) -> None:
    by = payers.by(LATE)
    close_alert(by, alert.id, "acted")
    for subject, outcome in (("a", "true_alarm"), ("b", "true_alarm"), ("c", "false_alarm"), ("d", "")):
        made = _copy(alert, "later", subject=subject)
        if outcome:
            close_alert(by, made.id, outcome)
    (found,) = hit_rates(payers.organization_id, LATE - WEEK, LATE)
    assert (found.kind, found.raised, found.open, found.right, found.judged) == (Kind.LATER, 5, 1, 3, 4)
    assert found.rate == 0.75 and found.interval == wilson(3, 4)
    before = hit_rates(payers.organization_id, LATE - WEEK, LATE - timedelta(days=1))
    assert before == []


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"), [(0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (81, 263, 0.255, 0.366)]
)
def test_the_interval_is_wilsons(hits: int, of: int, low: float, high: float) -> None:
    """Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263 is 0.2553 to 0.3662."""
    assert wilson(hits, of) == pytest.approx((low, high), abs=0.001)
