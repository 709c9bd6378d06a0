"""A letra for a late invoice: nothing is asked for while it runs, its silence becomes a task, its return brings it back."""

from datetime import date, timedelta
from decimal import Decimal

from puntual.outreach.models import Activity
from puntual.payments.instruments import actions
from puntual.payments.instruments.models import Instrument
from puntual.receivables.models import Invoice
from tests.scenarios.story import Story


def tasks(story: Story) -> list[tuple[str, str]]:
    with story.inside():
        found = Activity.objects.filter(step="ask_instrument").order_by("created_at")
        return [(one.why["params"]["number"], one.state) for one in found]


def test_a_letra_from_its_acceptance_to_its_protest(story: Story) -> None:
    customer = story.customer("Quenara")
    invoice = story.invoice(customer, "F001-00000900", date(2026, 2, 27), "4720.00")
    assert story.play(date(2026, 3, 4)), "a reminder leaves"

    # They accept a letra for four days: nothing is asked for while it runs and the bank has its days.
    story.day += timedelta(days=1)
    letra = actions.receive(
        story.by(8),
        customer_id=customer.id,
        kind="bill",
        number="L-0901",
        currency="PEN",
        amount=Decimal(4720),
        matures_on=story.day + timedelta(days=4),
        bank="BCP",
    )
    accepted = story.day
    actions.deposit(story.by(9), letra.id)
    story.day += timedelta(days=1)
    assert story.play(accepted + timedelta(days=12)) == []
    assert tasks(story) == []

    # Neither money nor a word: a task, once; and the invoice is chased again at its age.
    story.day += timedelta(days=1)
    said = story.play(story.day + timedelta(days=3), calls=None)
    assert tasks(story) == [("L-0901", "to_do")]
    assert [one.items for one in said if one.step != "ask_instrument"][:1] == [("F001-00000900",)]

    # The bank returns it: the fee is billed, the task is settled, the age never began anew.
    actions.return_it(story.by(10), letra.id, why="Protestada por falta de pago", fee=Decimal("35.00"))
    story.plan()
    assert tasks(story) == [("L-0901", "lapsed")]
    with story.inside():
        assert Instrument.objects.get().state == "returned"
        charge = Invoice.objects.get(kind="charge")
        assert (charge.amount, charge.charge_for_id) == (35, invoice.id)
    story.day += timedelta(days=1)
    story.play(story.day + timedelta(days=4))
    with story.inside():
        latest = Activity.objects.filter(direction="out", items__len__gte=1).latest("day")
        assert latest.lead_days is not None and latest.lead_days > 18


def test_a_letra_paid_on_its_day_is_never_a_task(story: Story) -> None:
    customer = story.customer("Quenara")
    story.invoice(customer, "F001-00000901", date(2026, 3, 5), "1000.00")
    letra = actions.receive(
        story.by(8),
        customer_id=customer.id,
        kind="bill",
        number="L-0902",
        currency="PEN",
        amount=Decimal(1000),
        matures_on=date(2026, 3, 9),
    )
    assert story.play(date(2026, 3, 9)) == []
    actions.pay(story.by(9), letra.id)
    story.day += timedelta(days=1)
    assert [one.step for one in story.play(date(2026, 3, 19)) if "thank" not in one.step] == []
    assert tasks(story) == []
