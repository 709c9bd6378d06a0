"""What comes back, told by the days: a message bounces, somebody writes on a Saturday, a promise is confirmed."""

from datetime import UTC, date, datetime

from puntual.outreach.answers.actions import land, record_outcome
from puntual.outreach.answers.tests.post import letter, report
from puntual.outreach.models import Activity
from puntual.outreach.promising import Word
from puntual.parties.models import ContactPoint, Customer
from puntual.receivables.models import Hold
from tests.scenarios.story import Story


def _message_id(story: Story, customer: Customer) -> str:
    with story.inside():
        return Activity.objects.filter(customer=customer, state="sent").latest("day").message_id


def _written(story: Story, text: str, answers: str, hour: int = 11) -> bytes:
    at = datetime(story.day.year, story.day.month, story.day.day, hour + 5, tzinfo=UTC)
    return letter(text, answers=answers, date=at.strftime("%a, %d %b %Y %H:%M:%S +0000"))


def test_an_answer_on_saturday_stops_mondays_step(story: Story) -> None:
    """They write on Saturday; what was due on Monday stays unsaid until somebody has read it, and through the promise."""
    customer = story.customer("Quenara", phone=False)
    story.invoice(customer, "F001-1", date(2026, 2, 26), "4720.00")
    story.play(date(2026, 3, 6))
    silent = story.steps("Quenara")
    told = _message_id(story, customer)
    story.day = date(2026, 3, 7)  # a Saturday
    answer, _new = land(story.by(11), _written(story, "Pagaremos el viernes 20 de marzo.", told))
    assert answer.customer_id == customer.id
    story.day = date(2026, 3, 9)
    story.play(date(2026, 3, 19))
    assert story.steps("Quenara") == silent
    assert story.why(customer).decision.reason == "held"

    (suggestion,) = answer.suggestions
    assert (suggestion["outcome"], suggestion["day"]) == ("promises", "2026-03-20")
    record_outcome(story.by(9), answer, "promises", word=Word(date(2026, 3, 20)))
    story.play(date(2026, 3, 23))
    assert story.steps("Quenara") == silent, "the promise holds through its day and the bank's two"
    story.day = date(2026, 3, 24)
    story.play(date(2026, 4, 10))
    assert story.steps("Quenara") != silent, "and then it goes on"


def test_what_bounced_is_said_again_where_it_can_be_heard(story: Story) -> None:
    """The address died: nobody heard the friendly word, so it is said again, to the new address, and nothing firmer before it."""
    customer = story.customer("Pacari", phone=False)
    story.invoice(customer, "F001-2", date(2026, 2, 20), "900.00")
    (said,) = story.play()
    assert said.step == "friendly"
    land(story.by(17), report(to="pagos@pacari.example", returned=_message_id(story, customer)))
    with story.inside():
        assert ContactPoint.objects.get(customer=customer).bounce == "hard"
    story.day = date(2026, 3, 3)
    found = story.play(date(2026, 3, 6))
    assert [one.step for one in found] == ["find_contact"], "somebody has to find out where they are"
    with story.inside():
        ContactPoint.objects.create(
            organization_id=story.organization.id, customer=customer, kind="email", value="tesoreria@pacari.example"
        )
    story.day = date(2026, 3, 9)
    again = story.play(date(2026, 3, 13))
    assert [(one.step, one.channel) for one in again] == [("friendly", "email")]


def test_an_answer_holds_what_was_already_approved(story: Story) -> None:
    """Approved in the morning, answered at noon: at three nothing leaves."""
    customer = story.customer("Lonkura", phone=False)
    story.invoice(customer, "F001-3", date(2026, 2, 20), "900.00")
    story.play()
    told = _message_id(story, customer)
    story.invoice(customer, "F001-4", date(2026, 2, 1), "5000.00")
    with story.inside():
        Activity.objects.filter(customer=customer).update(state="queued", settled_at=None, not_before=story.by(15).now)
    land(story.by(12), _written(story, "Hola, llámenme.", told, hour=12))
    story._live(calls=None, approve=False)
    with story.inside():
        assert Activity.objects.get(customer=customer, direction="out").result == "held"
        assert Hold.objects.get(customer=customer).reason == "reply"


def test_one_word_for_silence_and_the_manual_goes_another_way(story: Story) -> None:
    """They answer BAJA: no e-mail any more, a task to agree on another way, and the next step is a call, the task undone."""
    customer = story.customer("Miralba")
    story.invoice(customer, "F001-5", date(2026, 2, 26), "4720.00")
    story.play(date(2026, 3, 6), calls=None)
    assert [one.channel for _day, one in story.said] == ["email"]
    land(story.by(17), _written(story, "BAJA", _message_id(story, customer)))
    with story.inside():
        task = Activity.objects.get(customer=customer, step="other_way")
        assert (task.state, task.channel) == ("to_do", "internal")
        assert ContactPoint.objects.get(customer=customer, kind="email").consent == "withdrawn"
    story.day = date(2026, 3, 9)
    said = story.play(date(2026, 3, 20), calls=None)
    assert [(one.step, one.channel) for one in said] == [("firm", "call")]


def test_an_out_of_office_waits_for_a_persons_word(story: Story) -> None:
    """Away until the 16th: a person decides to wait, and the step comes after it."""
    customer = story.customer("Valdoro", phone=False)
    story.invoice(customer, "F001-6", date(2026, 2, 24), "900.00")
    story.play(date(2026, 3, 3))
    away = letter(
        "Estaré fuera de la oficina hasta el 16 de marzo.",
        answers=_message_id(story, customer),
        date="Tue, 3 Mar 2026 15:00:00 +0000",
        Auto_Submitted="auto-replied",
    )
    answer, _new = land(story.by(16), away)
    assert (answer.state, answer.until) == ("unread", date(2026, 3, 16))
    with story.inside():
        assert not Hold.objects.exists(), "nobody waits for a machine to be read"
    silent = story.steps("Valdoro")
    record_outcome(story.by(17), answer, "away", until=answer.until)
    story.day = date(2026, 3, 4)
    story.play(date(2026, 3, 16))
    assert story.steps("Valdoro") == silent
    story.day = date(2026, 3, 17)
    story.play(date(2026, 3, 20))
    assert story.steps("Valdoro") != silent
