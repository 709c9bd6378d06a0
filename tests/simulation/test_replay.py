"""A replay gives what really happened, and skipping the days on which nothing can change gives the same as deciding on each."""

from datetime import date, timedelta

import pytest
from django.db import connection

from puntual.daily.simulate import replayed
from puntual.daily.simulate_made import Said
from puntual.outreach.actions import approve_many, record_result
from puntual.outreach.models import Activity
from puntual.outreach.outbox import send_due
from puntual.strategies.models import Version
from tests.scenarios.story import Story
from tests.simulation.test_months import Months


def in_force(story: Story) -> Version:
    with story.inside():
        return Version.objects.get(organization_id=story.organization.id, state="active")


def replay(story: Story, first: date, last: date, *, every_day: bool = False) -> tuple[list[Said], int]:
    with replayed(story.organization, in_force(story), first, last, every_day=every_day) as played:
        return sorted(one._replace(party="") for one in played.made.said()), played.decisions


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

    def plan(self):
        from puntual.daily.run import run_day

        return run_day(self.by(5))


@pytest.mark.parametrize("seed", [21])
def test_a_replay_gives_what_really_happened(transactional_db: None, seed: int) -> None:
    first = date(2026, 3, 26)
    months = Diligent(first, seed, customers=10)
    months.go_on(40)
    last = months.day - timedelta(days=1)
    with months.inside():
        really = {
            (one.day, one.customer.code, one.channel, one.step, one.tone)
            for one in Activity.objects.filter(state__in=["sent", "done"]).select_related("customer")
        }
    said, decisions = replay(months, first, last)
    played = {(one.day, one.customer, one.channel, one.step, one.tone) for one in said}
    for one in sorted(played ^ really):
        print("replay" if one in played else "really", *one)
    assert played == really
    assert len(really) > 20
    print(decisions)
    daily, all_decisions = replay(months, first, last, every_day=True)
    for one in sorted(set(daily) ^ set(said)):
        print("daily" if one in daily else "skip", *one)
    assert daily == said
    print(all_decisions)
    assert decisions < all_decisions, "it was asked less often"
