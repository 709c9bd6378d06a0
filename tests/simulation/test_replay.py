"""A replay gives what really happened, and skipping the days on which nothing can change gives the same as deciding on each."""

import subprocess
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest

from conftest import make_member
from puntual.daily import simulate
from puntual.daily.run import DayReport, run_day
from puntual.daily.simulate import replayed
from puntual.daily.simulate_made import Said
from puntual.daily.simulate_part import Tell
from puntual.kernel.problems import Problem
from puntual.organizations.models import Membership
from puntual.outreach.actions import approve_many, record_result, set_capacity
from puntual.outreach.models import Activity
from puntual.outreach.outbox import send_due
from puntual.parties.actions import set_preference
from puntual.strategies.models import Version
from puntual.strategies.notices import CODES as NOTICES
from tests.scenarios.story import Story
from tests.simulation.test_months import Months


def in_force(story: Story) -> Version:
    with story.inside():
        return Version.objects.get(organization_id=story.organization.id, state="active")


@dataclass(frozen=True)
class Whole:
    """Everything a replay came to."""

    said: list[Said]
    refusals: Counter[str]
    waiting: dict[date, dict[str, int]]
    decisions: int = field(compare=False)


def replay(story: Story, first: date, last: date, *, every_day: bool = False) -> Whole:
    with replayed(story.organization, in_force(story), first, last, every_day=every_day) as played:
        return Whole(sorted(played.said()), played.refusals, played.waiting, played.decisions)


class Diligent(Months):
    """Months in which the team does everything on its day, and books everything on its day, as a replay takes it."""

    def invoice(self, customer, number, due, amount, currency="PEN", issued=None):
        return super().invoice(customer, number, due, amount, currency, issued=self.day)

    def work(self) -> None:
        self.plan()
        with self.inside():
            proposed = list(Activity.objects.filter(state="proposed").values_list("id", flat=True))
        if proposed:
            approve_many(self.by(5), ids=proposed)
        for hour in range(5, 24):
            send_due(self.organization.id, self.by(hour).now)
        with self.inside():
            to_do = list(Activity.objects.filter(state="to_do").order_by("not_before"))
        for one in to_do:
            result = "reached_other" if one.channel == "call" else "task_done"
            record_result(self.by(23), one, result, when=max(one.not_before, self.by(5).now))

    def plan(self) -> DayReport:
        return run_day(self.by(5))


def test_a_replay_gives_what_really_happened(transactional_db: None) -> None:
    first = date(2026, 3, 26)
    months = Diligent(first, 21, customers=10)
    months.go_on(30)
    last = months.day - timedelta(days=1)
    with months.inside():
        really = {
            (one.day, one.customer.code, one.channel, one.step, one.tone)
            for one in Activity.objects.filter(state__in=["sent", "done"]).select_related("customer")
            if one.step not in NOTICES  # what is no step is no part of a replay
        }
    found = replay(months, first, last)
    assert {(one.day, one.customer, one.channel, one.step, one.tone) for one in found.said} == really
    assert len(really) >= 20
    with months.inside():
        assert Activity.objects.filter(state="proposed").count() == 0, "a replay leaves nothing behind"


@pytest.mark.parametrize(("seed", "per_day"), [(31, None), (32, 1)])
def test_neither_skipping_days_nor_playing_in_parts_makes_a_difference(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch, seed: int, per_day: int | None
) -> None:
    """Where nothing can change nobody is asked, and who waits for room only in its turn: with room for all, and for few."""
    months = Months(date(2026, 3, 2), seed, customers=14)
    months.invoices = []
    for _ in range(45):
        months.happen()
        months.day += timedelta(days=1)
    if per_day:
        with months.inside():
            set_capacity(months.by(), "email", per_day)
        make_member(months.organization, "collector", "collector@sembria.example")
        Membership.objects.update(calls_per_day=per_day)
    first, last = date(2026, 3, 2), date(2026, 4, 15)
    skipping = replay(months, first, last)
    daily = replay(months, first, last, every_day=True)
    assert skipping == daily
    assert len(daily.said) > 30
    assert bool(daily.waiting) == bool(per_day)
    assert skipping.decisions < 0.7 * daily.decisions
    monkeypatch.setattr(simulate, "_WORTH_PARTING", 2)
    assert replay(months, first, last) == daily, "played in two parts, which share the room of each channel"


def test_what_ends_one_part_ends_the_replay(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who asks to stop is heard at once; a part that is killed, and what goes wrong in it, are told."""
    months = Months(date(2026, 3, 2), 31, customers=6)
    monkeypatch.setattr(simulate, "_WORTH_PARTING", 2)
    begun: list[subprocess.Popen[bytes]] = []
    begin = subprocess.Popen

    def noted(*args: Any, **options: Any) -> "subprocess.Popen[bytes]":
        begun.append(begin(*args, **options))
        return begun[-1]

    monkeypatch.setattr(subprocess, "Popen", noted)

    def play(tell: Tell = lambda done, days: None, last: date = date(2026, 3, 9)) -> None:
        with replayed(months.organization, in_force(months), date(2026, 3, 2), last, tell=tell):
            pass

    def stop(done: int, _days: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    def kill(done: int, _days: int) -> None:
        if done == 2:
            begun[-1].kill()

    with pytest.raises(KeyboardInterrupt):
        play(stop)
    with pytest.raises(Problem, match="ended from outside"):
        play(kill)
    play()
    assert len(begun) == 3
    assert all(one.returncode is not None for one in begun), "none is left behind"


def test_how_somebody_prefers_to_be_reached_counts_in_a_replay_too(transactional_db: None) -> None:
    """Called at noon rather than written to, as it really was; and the same with room for few, asked each day or in turn."""
    first = date(2026, 3, 26)
    months = Diligent(first, 21, customers=0)
    for number in range(6):
        customer = months.customer(f"C{number}")
        months.invoice(customer, f"F-{number}", first - timedelta(days=9), f"{number + 1}000.00")
        if number < 3:
            set_preference(months.by(), customer.id, channel="call", hours=(12, 15))
    for _ in range(16):
        months.work()
        months.day += timedelta(days=1)
    last = months.day - timedelta(days=1)
    with months.inside():
        real = Activity.objects.filter(state__in=["sent", "done"]).select_related("customer")
        really = {(one.day, one.customer.code, one.channel, one.step) for one in real}
    assert {("C0", "call", "friendly"), ("C3", "email", "friendly")} <= {one[1:] for one in really}
    found = replay(months, first, last)
    assert {(one.day, one.customer, one.channel, one.step) for one in found.said} == really
    assert {one.at.hour for one in found.said if one.channel == "call" and one.customer < "C3"} == {12}
    with months.inside():
        set_capacity(months.by(), "email", 1)
    make_member(months.organization, "collector", "collector@sembria.example")
    Membership.objects.update(calls_per_day=1)
    few = replay(months, first, last, every_day=True)
    assert few.waiting
    assert replay(months, first, last) == few
