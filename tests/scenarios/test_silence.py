"""Nobody answers: the step goes on by its next channel, told by the days."""

from dataclasses import replace
from datetime import date

import pytest

from puntual.daily.run import run_day
from puntual.outreach.actions import record_contact
from puntual.outreach.models import Activity
from puntual.strategies import drafts
from puntual.strategies.actions import activate
from puntual.strategies.manual import from_content
from puntual.strategies.models import Version
from tests.scenarios.story import Story

DUE = date(2026, 2, 26)


@pytest.fixture
def after_four(story: Story) -> Story:
    """The friendly step goes by e-mail and, after four days of silence, by phone."""
    with story.inside():
        version = Version.objects.get(state="active")
    draft = drafts.make_draft(story.by(), version.id)
    friendly = from_content(draft.content).step("friendly")
    assert friendly
    drafts.change_step(story.by(), draft.id, replace(friendly, channels=("email", "call"), next_after_days=4))
    activate(story.by(), draft)
    return story


def _contacts(story: Story) -> list[tuple[date, str, str, int, str]]:
    with story.inside():
        rows = Activity.objects.filter(direction="out").exclude(channel="internal").order_by("day", "attempt")
        return [(one.day, one.step, one.channel, one.attempt, one.state) for one in rows]


def test_four_silent_days_make_a_call_of_the_mail(after_four: Story) -> None:
    story = after_four
    customer = story.customer("Quenara")
    story.invoice(customer, "F001-1", DUE, "4720.00")
    story.play(date(2026, 3, 5))
    assert _contacts(story) == [(date(2026, 3, 2), "friendly", "email", 1, "sent")]
    story.day = date(2026, 3, 6)
    report = story.plan()
    assert report.by_channel == {"call": 1}
    run_day(story.by())  # a day run twice changes nothing
    story.play(calls="reached_other")
    assert _contacts(story)[1:] == [(date(2026, 3, 6), "friendly", "call", 2, "done")]
    story.day = date(2026, 3, 7)
    story.play(date(2026, 3, 12))
    assert len(_contacts(story)) == 2, "they spoke; what follows is the next step, on its own day"
    story.day = date(2026, 3, 13)
    story.play(date(2026, 3, 16))
    assert _contacts(story)[2][1] == "firm"


@pytest.mark.parametrize("what", ["payment", "answer"])
def test_a_sign_of_life_keeps_the_phone_silent(after_four: Story, what: str) -> None:
    story = after_four
    customer = story.customer("Pacari")
    story.invoice(customer, "F001-2", DUE, "900.00")
    story.play(date(2026, 3, 3))
    if what == "payment":
        story.pay(customer, "100.00")
    else:
        record_contact(story.by(9), customer, channel="email", direction="in", note="Lo vemos esta semana")
    story.day = date(2026, 3, 4)
    story.play(date(2026, 3, 12))
    assert [contact[2] for contact in _contacts(story)] == ["email"]


def test_a_phone_nobody_answers_gives_way_to_mail(after_four: Story) -> None:
    """The order is the step's: here the phone comes first, and after four days of ringing the mail."""
    story = after_four
    with story.inside():
        version = Version.objects.get(state="active")
    draft = drafts.make_draft(story.by(), version.id)
    friendly = from_content(draft.content).step("friendly")
    assert friendly
    drafts.change_step(story.by(), draft.id, replace(friendly, channels=("call", "email")))
    activate(story.by(), draft)
    customer = story.customer("Illari")
    story.invoice(customer, "F001-3", DUE, "900.00")
    story.play(date(2026, 3, 6), calls="no_answer")
    channels = [contact[2] for contact in _contacts(story)]
    assert channels[-1] == "email" and set(channels[:-1]) == {"call"}
