"""A partial dispute won, day by day: what is disputed is asked for by nobody, the rest is, and nothing twice."""

from datetime import date, timedelta
from decimal import Decimal

from puntual.disputes import actions
from puntual.disputes.models import Dispute
from puntual.disputes.queries import causes, untold
from puntual.organizations.models import Membership, User
from puntual.outreach.actions import approve_many, record_result
from puntual.outreach.models import Activity
from puntual.outreach.objecting import Objection
from puntual.outreach.outbox import send_due
from puntual.receivables.models import CreditNote, Hold, Installment
from puntual.receivables.verify import verify
from tests.scenarios.story import Story

DAY = timedelta(days=1)


def a_call(story: Story) -> Activity:
    with story.inside():
        return Activity.objects.get(state="to_do", channel="call")


def open_of(story: Story, number: str) -> Decimal:
    with story.inside():
        return Installment.objects.get(invoice__number=number).open_amount


def dispute_of(story: Story) -> Dispute:
    with story.inside():
        return Dispute.objects.get()


def standing(story: Story) -> list[tuple[str, Decimal | None]]:
    with story.inside():
        return list(Hold.objects.filter(released_on=None).values_list("reason", "amount"))


def until_a_call(story: Story) -> None:
    """Days go by as the manual says, until it wants a call."""
    for _day in range(60):
        story.plan()
        with story.inside():
            waiting = Activity.objects.filter(state="to_do", channel="call").exists()
            planned = list(Activity.objects.filter(state="proposed").values_list("id", flat=True))
        if waiting:
            return
        if planned:
            approve_many(story.by(9), ids=planned)
        for hour in (10, 15):
            send_due(story.organization.id, story.by(hour).now)
        story.day += DAY
    raise AssertionError("the manual never asked for a call")


def asked(story: Story, until: date) -> list[tuple[tuple[str, ...], dict[str, str]]]:
    """What was asked for from today on; thanks and the like ask for nothing."""
    return [(said.items, said.demand) for said in story.play(until) if said.demand]


def test_a_partial_dispute_won(story: Story) -> None:
    customer = story.customer("Viñas Trehuelén")
    invoice = story.invoice(customer, "F001-254", date(2026, 2, 20), "1180.00")
    until_a_call(story)

    # Day 1: on the phone they say that the price was another one, for 300 of 1,180.
    said = Objection("price", invoice.id, Decimal(300))
    record_result(story.by(10), a_call(story), "reached_disputes", "El precio acordado era otro.", objection=said)
    opened = story.day
    made = dispute_of(story)
    assert (made.amount, made.reason, made.source, made.state) == (300, "price", "contact", "open")
    assert standing(story) == [("dispute", Decimal(300))]

    # The days after: the rest is asked for, never the 300; nobody answers, and it goes to the manager.
    with story.inside():
        manager = User.objects.create_user("gerencia@sembria.example", "correct horse battery", name="Gerencia")
        Membership.objects.create(user=manager, organization=story.organization, role="manager")
        actions.add_evidence(story.by(11), made.id, "orden.pdf", b"%PDF-1.4 orden de compra", theirs=True)
    story.day += DAY
    told = asked(story, made.deadline + 14 * DAY)
    assert told and all(demand == {"PEN": "880.00"} for _items, demand in told), told
    late = dispute_of(story)
    assert (late.escalated_to, late.escalated_on) == (manager.id, made.deadline + DAY)
    assert standing(story) == [("dispute", Decimal(300))], "still held: nobody decided"

    # The manager looks: they are right about 250. Until the credit note is there that much is held.
    with story.inside():
        actions.accept(story.by(9), made.id, cause="pricing", why="La orden dice 250 menos.", amount=Decimal(250))
    assert standing(story) == [("dispute", Decimal(250))]
    story.day += DAY
    assert all(demand == {"PEN": "930.00"} for _items, demand in asked(story, story.day + 15 * DAY))

    # Two days later accounting issues it: the balance falls, nothing is held, and somebody has to tell them.
    with story.inside():
        actions.credit(story.by(9), made.id, number="FC01-12")
        assert list(untold(story.organization.id)) == [made]
        actions.add_note(story.by(9), made.id, "Le enviamos la nota de crédito FC01-12 por S/ 250.", kind="ours")
        assert not untold(story.organization.id).exists() and CreditNote.objects.get().unapplied == 0
    assert open_of(story, "F001-254") == 930 and standing(story) == []

    # What is left is paid; a day twice changes nothing, and the books are sound.
    story.pay(customer, "930.00")
    story.day += DAY
    assert asked(story, story.day + 10 * DAY) == []
    story.plan()
    with story.inside():
        assert verify(story.organization.id) == []
        assert Hold.objects.exclude(released_on=None).count() == Hold.objects.count() == 2
        (line,) = causes(story.organization.id, opened, story.day, story.day)
    assert (line.cause, line.won, line.late, line.amount, line.granted) == ("pricing", 1, 1, 300, 250)


def test_a_rejected_dispute_is_asked_for_at_its_age(story: Story) -> None:
    customer = story.customer("Quenara")
    invoice = story.invoice(customer, "F001-300", date(2026, 2, 20), "500.00")
    with story.inside():
        made = actions.open_dispute(story.by(9), invoice.id, reason="delivery", said="No llegó")
    story.day += DAY
    assert asked(story, story.day + 5 * DAY) == [], "all of it is in dispute"
    with story.inside():
        actions.reject(story.by(9), made.id, cause="customer", why="La guía está firmada")
    story.day += DAY
    told = asked(story, story.day + 5 * DAY)
    assert [demand for _items, demand in told][:1] == [{"PEN": "500.00"}]
    with story.inside():
        first = Activity.objects.filter(direction="out").earliest("created_at")
    assert first.lead_days is not None and first.lead_days >= 16, "its age never began anew"
