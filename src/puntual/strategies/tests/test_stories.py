"""Customers over weeks: the built-in manual, day by day."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from puntual.strategies.manual import RANK
from puntual.strategies.tests.build import DAY, Replay, item


def test_an_invoice_nobody_pays_climbs_every_step_and_ends_in_a_decision() -> None:
    replay = Replay([item(-10)]).run(DAY, 120)
    assert replay.steps() == [
        (-5, "courtesy"),
        (0, "due_today"),
        (3, "friendly"),
        (15, "firm"),
        (22, "call"),
        (35, "formal"),
        (60, "final"),
        (75, "decision"),
    ]


def test_a_portfolio_imported_old_starts_friendly_and_rises_by_one_tone() -> None:
    replay = Replay([item(60)]).run(DAY, 90)
    assert [(day - DAY).days for day, _ in replay.log] == [0, 5, 12, 26, 27]
    assert [do.step for _, do in replay.log] == ["friendly", "call", "formal", "final", "decision"]


def test_three_days_of_outage_are_caught_up_by_one_step() -> None:
    replay = Replay([item(-1)]).run(DAY, 1)
    replay.run(DAY + timedelta(days=7), 20)  # the friendly day came and went
    assert replay.steps() == [(-1, "courtesy"), (6, "friendly"), (15, "firm"), (22, "call")]


def test_weekly_invoices_always_a_bit_late() -> None:
    """Paid ten days late each week: a word now and then, never a letter a week, and no tone above friendly."""

    def week(replay: Replay, day: date) -> None:
        if (day - DAY).days % 7 == 0:
            replay.items.append(item(-15, day=day, id=day.isoformat()))
        replay.items = [one for one in replay.items if (day - one.due_on).days <= 10]

    replay = Replay([]).run(DAY, 180, week)
    chased = [(day, do) for day, do in replay.log if do.days > 0]
    assert {do.tone for _, do in chased} == {"friendly"}
    gaps = [(later - sooner).days for (sooner, _), (later, _) in pairwise(chased)]
    assert min(gaps) >= 21
    assert [do.channel for _, do in chased][:3] == ["email", "email", "call"]  # the third is a conversation


def test_the_oldest_disputed_while_newer_ones_fall_due() -> None:
    disputed = item(30, "500", "friendly", "firm", hold="dispute")
    replay = Replay([disputed, item(-1, "80", "courtesy")]).run(DAY, 25)
    assert replay.steps() == [(3, "friendly"), (15, "firm"), (22, "call")]
    assert all(do.demand == {"PEN": Decimal(80)} for _, do in replay.log)


def test_part_payments_neither_skip_a_step_nor_repeat_one() -> None:
    def pays(replay: Replay, day: date) -> None:
        if (day - DAY).days in (4, 17):
            replay.items = [one._replace(askable=one.askable - 30) for one in replay.items]

    replay = Replay([item(0, "100", "courtesy")]).run(DAY, 40, pays)
    assert [(do.step, str(do.demand["PEN"])) for _, do in replay.log] == [
        ("due_today", "100"),
        ("friendly", "100"),
        ("firm", "70"),
        ("call", "40"),
        ("formal", "40"),
    ]


def test_when_the_lead_is_paid_the_next_leads_with_its_own_age() -> None:
    def pays(replay: Replay, day: date) -> None:
        if (day - DAY).days == 16:
            replay.items = replay.items[1:]

    replay = Replay([item(0, "100", "due_today", id="old"), item(-10, "50", id="new")]).run(DAY, 40, pays)
    chased = [(do.lead.id, do.days, do.step) for _, do in replay.log if do.days > 0]
    assert chased == [
        ("old", 3, "friendly"),
        ("old", 15, "firm"),
        ("new", 26, "call"),  # it heard the firm letter to the old one as friendly, then the firm tone rested
    ]


def test_two_currencies_are_never_added_up() -> None:
    replay = Replay([item(2, "100"), item(20, "30", currency="USD", id="usd")]).run(DAY, 1)
    (_, do) = replay.log[0]
    assert (do.lead.id, do.demand) == ("usd", {"USD": Decimal(30), "PEN": Decimal(100)})


def test_no_tone_is_ever_softer_than_the_one_before_for_the_same_item() -> None:
    replay = Replay([item(n * 9, id=str(n)) for n in range(8)]).run(DAY, 120)
    heard = [RANK[do.tone] for _, do in replay.log if do.tone and do.lead.id == "7"]
    assert heard == sorted(heard) and heard[-1] == RANK["final"]
