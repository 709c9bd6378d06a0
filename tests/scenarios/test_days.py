"""Stories of customers, day by day, through the real tables: what they are told, when, and why nothing else."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from django.utils import translation

from puntual.kernel.calendars import BusinessCalendar
from puntual.outreach.models import Activity, Capacity, Mark
from puntual.receivables.actions import release_hold
from tests.scenarios.story import Story

LIMA = BusinessCalendar("PE")


def days_after(story: Story, number: int) -> date:
    return story.day + timedelta(days=number)


def test_one_invoice_from_courtesy_to_the_decision(story: Story) -> None:
    """Nobody pays: each tone once, one at a time, rising; formal and final only with a person's yes; a decision at the end."""
    customer = story.customer("Quenara")
    story.invoice(customer, "F001-1", date(2026, 3, 10), "4720.00")
    story.play(date(2026, 6, 30))
    told = [one for _day, one in story.said]
    assert [one.step for one in told] == [
        "courtesy",
        "due_today",
        "friendly",
        "firm",
        "call",
        "formal",
        "final",
        "decision",
    ]
    assert [one.tone for one in told if one.tone] == ["courteous"] * 2 + ["friendly", "firm", "firm", "formal", "final"]
    assert all(one.demand == {"PEN": "4720.00"} for one in told)
    assert all(LIMA.is_business_day(day) for day, one in story.said if one.channel != "internal")


def test_always_a_bit_late_with_weekly_invoices(story: Story) -> None:
    """Every invoice is paid twelve days late and a new one falls due each week: one friendly word now and then, never firmer."""
    customer = story.customer("Lonkura")
    first = date(2026, 3, 9)
    for week in range(12):
        story.invoice(customer, f"F-{week}", first + timedelta(weeks=week), "1000.00")
    while story.day < first + timedelta(weeks=12):
        for week in range(12):
            if story.day == first + timedelta(weeks=week, days=12):
                story.pay(customer, "1000.00")
        story.play()
        story.day += timedelta(days=1)
    chased = [(day, one) for day, one in story.said if one.tone != "courteous"]
    assert {one.tone for _day, one in chased} == {"friendly"}
    gaps = [(later - sooner).days for (sooner, _), (later, _) in pairwise(chased)]
    assert min(gaps) >= 21, "the same tone rests three weeks, however many invoices fall due"
    assert len(story.said) == len({day for day, _one in story.said}), "never two messages on one day"


def test_a_residue_never_leads(story: Story) -> None:
    """0.40 open for 200 days beside a fresh invoice: the fresh one leads with its own days, the residue rides along."""
    customer = story.customer("Miralba")
    story.invoice(customer, "F-OLD", days_after(story, -200), "500.40")
    story.pay(customer, "500.00")
    assert story.play() == [], "alone it is below the tolerance"
    story.invoice(customer, "F-NEW", days_after(story, -4), "900.00")
    story.day += timedelta(days=8)  # after the rest that follows a large payment
    (said,) = story.play()
    assert (said.step, said.items[0], said.demand) == ("friendly", "F-NEW", {"PEN": "900.40"})


def test_a_credit_covers_the_oldest(story: Story) -> None:
    """A credit note as large as the oldest invoice: the next one leads, and only the net is asked for."""
    customer = story.customer("Pacari")
    story.invoice(customer, "F-1", days_after(story, -40), "300.00")
    story.invoice(customer, "F-2", days_after(story, -5), "450.00")
    story.credit(customer, "NC-1", "300.00")
    (said,) = story.play()
    assert (said.step, said.items, said.demand) == ("friendly", ("F-2",), {"PEN": "450.00"})


def test_a_credit_that_covers_everything_makes_a_task(story: Story) -> None:
    customer = story.customer("Tierravela")
    story.invoice(customer, "F-1", days_after(story, -40), "300.00")
    story.credit(customer, "NC-1", "350.00")
    (said,) = story.play()
    assert (said.step, said.channel, said.demand) == ("credit_to_apply", "internal", {})


def test_the_oldest_is_disputed_while_newer_fall_due(story: Story) -> None:
    """The disputed invoice is not mentioned; newer ones are chased with their own days; once resolved it resumes where it was."""
    customer = story.customer("Valdoro")
    disputed = story.invoice(customer, "F-1", days_after(story, -6), "800.00")
    (said,) = story.play()
    assert said.items == ("F-1",)
    story.day += timedelta(days=1)
    pause = story.dispute(disputed)
    story.invoice(customer, "F-2", days_after(story, 5), "600.00")
    told = story.play(days_after(story, 45))
    assert told and all("F-1" not in one.items for one in told)
    assert all(one.demand == {"PEN": "600.00"} for one in told)
    release_hold(story.by(), pause.id)
    story.day += timedelta(days=1)
    told = story.play(days_after(story, 25))
    assert told[0].items[0] == "F-1"
    assert told[0].demand == {"PEN": "1400.00"}
    assert told[0].tone == "firm", "it had heard the friendly word before the dispute, and hears nothing twice"


def test_part_payments_lower_what_is_asked_and_never_skip_a_step(story: Story) -> None:
    customer = story.customer("Xalmira")
    story.invoice(customer, "F-1", days_after(story, -3), "1000.00")
    (first,) = story.play()
    story.day += timedelta(days=4)
    story.pay(customer, "200.00")
    told = story.play(days_after(story, 60))
    assert (first.step, first.demand) == ("friendly", {"PEN": "1000.00"})
    assert [one.step for one in told[:3]] == ["firm", "call", "formal"]
    assert {one.demand["PEN"] for one in told} == {"800.00"}


def test_two_currencies_are_never_added(story: Story) -> None:
    customer = story.customer("Huamirca")
    story.invoice(customer, "F-1", days_after(story, -9), "100.00", "USD")
    story.invoice(customer, "F-2", days_after(story, -5), "5000.00")
    (said,) = story.play()
    assert said.demand == {"USD": "100.00", "PEN": "5000.00"}
    assert said.items == ("F-1", "F-2")


def test_one_tax_id_under_two_creditors(story: Story) -> None:
    """Two accounts of one company: each hears only of its own creditor, and conduct counts the contacts of both."""
    other = story.add_creditor("lonkura", "CL")
    one = story.customer("Trehuelen", country="CL")
    two = story.customer("Trehuelen-B", country="CL", creditor=other, party=one.party)
    story.invoice(one, "A-1", days_after(story, -8), "100.00")
    story.invoice(two, "B-1", days_after(story, -8), "200.00")
    story.play(days_after(story, 21))
    assert {said.items[0][0] for _day, said in story.said if said.customer == "Trehuelen"} == {"A"}
    assert {said.items[0][0] for _day, said in story.said if said.customer == "Trehuelen-B"} == {"B"}
    with story.inside():
        sent = sorted(Activity.objects.filter(state="sent").values_list("settled_at", flat=True))
    assert len(sent) >= 3
    assert all(later - sooner >= timedelta(days=2) for sooner, later in pairwise(sent)), (
        "Chile: other channels at least two days apart, and the law counts the company, not the account"
    )


def test_without_an_address_somebody_is_to_find_one(story: Story) -> None:
    """No e-mail but a phone: a call. Neither: a task to find a contact, once."""
    phone = story.customer("Cerro", email=False)
    silent = story.customer("Yumari", email=False, phone=False)
    story.invoice(phone, "F-1", days_after(story, -5), "100.00")
    story.invoice(silent, "F-2", days_after(story, -5), "100.00")
    told = {one.customer: (one.step, one.channel) for one in story.play()}
    assert told == {"Cerro": ("friendly", "call"), "Yumari": ("find_contact", "internal")}
    assert "Yumari" not in {one.customer for one in story.play(days_after(story, 20))}


def test_three_days_of_outage_are_caught_up_by_one_step(story: Story) -> None:
    customer = story.customer("Corvo")
    story.invoice(customer, "F-1", story.day - timedelta(days=3), "100.00")
    story.play()
    # The firm step comes on 14 March, a Saturday; nothing ran from then until Wednesday the 18th.
    story.day = date(2026, 3, 18)
    assert [one.step for one in story.play()] == ["firm"]
    story.day += timedelta(days=1)
    assert story.play() == []


def test_a_portfolio_sixty_days_late_starts_gently_within_the_capacity(story: Story) -> None:
    """Imported today with everything long overdue: the entry step for all, spread over the days by value, gravest first."""
    with story.inside():
        Capacity.objects.create(organization_id=story.organization.id, channel="email", per_day=5)
    for number in range(12):
        customer = story.customer(f"C{number:02}")
        story.invoice(customer, f"F-{number}", days_after(story, -60), str(1000 + number * 100))
    report = story.plan()
    assert (report.planned, report.nothing["capacity"]) == (5, 7)
    first = story.play()
    assert {one.step for one in first} == {"friendly"}
    assert {one.customer for one in first} == {"C07", "C08", "C09", "C10", "C11"}
    story.day += timedelta(days=1)
    assert len(story.play()) == 5
    story.day += timedelta(days=1)
    assert len(story.play()) == 2


def test_a_day_run_twice_changes_nothing(story: Story) -> None:
    customer = story.customer("Andahuara")
    story.invoice(customer, "F-1", days_after(story, -5), "100.00")
    assert story.plan().planned == 1
    with story.inside():
        before = list(Activity.objects.values_list("id", "state", "created_at"))
    again = story.plan()
    assert (again.planned, again.customers, again.nothing["no_step_due"]) == (0, 1, 1)
    with story.inside():
        assert list(Activity.objects.values_list("id", "state", "created_at")) == before


def test_what_was_paid_after_planning_is_not_sent(story: Story) -> None:
    customer = story.customer("Lucma")
    story.invoice(customer, "F-1", days_after(story, -5), "100.00")
    story.plan()
    story.pay(customer, "100.00")
    story._live(calls=None, approve=True)
    with story.inside():
        (activity,) = Activity.objects.all()
        assert (activity.state, activity.result) == ("lapsed", "settled")
        assert not Mark.objects.exists()


def test_a_reversed_payment_brings_age_and_steps_back(story: Story) -> None:
    from puntual.payments.actions import reverse_payment

    customer = story.customer("Orconta")
    story.invoice(customer, "F-1", days_after(story, -4), "100.00")
    story.play()
    story.day += timedelta(days=3)
    payment = story.pay(customer, "100.00")
    assert [one.step for one in story.play(days_after(story, 5))] == ["thank_you"]
    reverse_payment(story.by(), payment.id, reason="cheque devuelto")
    story.day += timedelta(days=12)
    told = story.play(days_after(story, 3))
    assert [(one.step, one.tone) for one in told] == [("call", "firm")], (
        "by its real age, and the friendly word never again"
    )


def test_a_rehearsal_date_writes_nothing(story: Story) -> None:
    from puntual.daily.run import run_day

    customer = story.customer("Saloria")
    story.invoice(customer, "F-1", days_after(story, 20), "100.00")
    report = run_day(story.by(day=days_after(story, 24)), dry_run=True)
    assert [(do.step, do.days) for _customer, do in report.decisions or []] == [("friendly", 4)]
    with story.inside():
        assert not Activity.objects.exists()


def test_a_past_day_is_seen_as_it_was(story: Story) -> None:
    """Paid on the 20th; asked on the 10th what was to be done that day, it was still owed."""
    customer = story.customer("Vinas")
    story.invoice(customer, "F-1", days_after(story, -2), "100.00")
    story.day = date(2026, 3, 20)
    story.pay(customer, "100.00")
    assert story.plan().planned == 0
    story.day = date(2026, 3, 10)
    assert [one.step for one in story.play()] == ["friendly"]


def test_everybody_can_ask_why(story: Story) -> None:
    customer = story.customer("Montoya")
    story.invoice(customer, "F-1", days_after(story, -18), "100.00")
    with translation.override("es"):
        text = story.why(customer).text
    assert "18 días" in text
    story.play()
    with translation.override("es"):
        assert story.why(customer).text != text


def test_the_demand_is_net_of_what_the_law_withholds(story: Story) -> None:
    """A Lima customer deposits 12 % of the invoice as detracción elsewhere: only the net is asked for."""
    from puntual.receivables.actions import Deduction, Part, issue_invoice

    customer = story.customer("Detraccion")
    issue_invoice(
        story.by(),
        customer_id=customer.id,
        number="F-1",
        issued_on=days_after(story, -35),
        currency="PEN",
        parts=[Part(days_after(story, -5), Decimal(1000), (Deduction("detraction", Decimal(120)),))],
    )
    (said,) = story.play()
    assert said.demand == {"PEN": "880.00"}
