"""Stories of messages that a person approves when the customer's hours are over: they wait for the next, with one yes."""

from datetime import date, timedelta

from puntual.outreach.actions import lapse_unapproved
from puntual.outreach.models import Activity
from puntual.parties.actions import set_handling, set_preference
from puntual.parties.models import ContactPoint, Customer
from tests.scenarios.story import Story


def _approved_too_late(story: Story, due: date) -> Customer:
    """Somebody who would be written to between nine and eleven only; approved at three, when that is over."""
    customer = story.customer("Quenara", phone=False)
    set_handling(story.by(), customer.pk, Customer.Handling.APPROVE, why="Cliente de años")
    set_preference(story.by(), customer.pk, channel="email", hours=(9, 11))
    story.invoice(customer, "F001-1", due, "4720.00")
    story.plan()
    assert story.approve_all(hour=15) == 1
    assert story.send(15) == {"queued": 1}
    return customer


def _only(story: Story) -> Activity:
    with story.inside():
        return Activity.objects.get(direction="out")


def test_it_leaves_in_the_next_hour_of_the_customer_with_one_yes(story: Story) -> None:
    _approved_too_late(story, story.day - timedelta(days=10))
    waiting = _only(story)
    assert (waiting.state, waiting.result) == ("queued", "outside_hours")
    assert waiting.not_before == story.by(9, date(2026, 3, 3)).now
    story.day = date(2026, 3, 3)
    assert story.plan().planned == 0, "what is approved and waits is not planned a second time"
    assert lapse_unapproved(story.by(8)) == 0
    assert story.send(8) == {}
    assert story.send(10) == {"sent": 1}
    assert _only(story).approved_at == story.by(15, date(2026, 3, 2)).now


def test_over_a_weekend_it_waits_for_monday(story: Story) -> None:
    story.day = date(2026, 3, 6)  # a Friday
    _approved_too_late(story, story.day - timedelta(days=10))
    assert _only(story).not_before == story.by(9, date(2026, 3, 9)).now
    story.day = date(2026, 3, 9)
    assert story.send(9) == {"sent": 1}


def test_what_is_paid_meanwhile_is_not_asked_for(story: Story) -> None:
    customer = _approved_too_late(story, story.day - timedelta(days=10))
    story.day += timedelta(days=1)
    story.pay(customer, "4720.00")
    assert story.send(10) == {"lapsed": 1}
    assert _only(story).result == "settled"


def test_who_says_no_meanwhile_hears_nothing(story: Story) -> None:
    customer = _approved_too_late(story, story.day - timedelta(days=10))
    story.day += timedelta(days=1)
    with story.inside():
        ContactPoint.objects.filter(customer=customer).update(consent="withdrawn")
    assert story.send(10) == {"lapsed": 1}
    assert _only(story).result == "no_point"


def test_a_yes_of_last_week_is_none(story: Story) -> None:
    """Nothing left for a week: it lapses, and is proposed anew with what is true by then."""
    customer = _approved_too_late(story, story.day - timedelta(days=10))
    story.day += timedelta(days=7)
    assert lapse_unapproved(story.by(14)) == 0
    assert lapse_unapproved(story.by(15)) == 1
    assert _only(story).result == "window_over"
    story.day += timedelta(days=1)
    assert story.plan().planned == 1
    with story.inside():
        assert Activity.objects.get(customer=customer, state="proposed").approved_at is None


def test_what_falls_due_is_not_announced_afterwards(story: Story) -> None:
    """Approved on the last day before it is due, at three: the next day its words would speak of what is past."""
    _approved_too_late(story, story.day)
    assert (_only(story).step, _only(story).lead_days) == ("due_today", 0)
    story.day += timedelta(days=1)
    assert story.send(10) == {"lapsed": 1}
    assert _only(story).result == "occasion_over"
