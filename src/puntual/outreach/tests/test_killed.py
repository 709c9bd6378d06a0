"""Senders killed at every point around a send, servers that do everything wrong: nobody is written to twice, nothing is lost
without a trace. A few tens of runs here, hundreds in `make soak`.
"""

from collections import Counter
from datetime import timedelta

import pytest

from conftest import NOW
from puntual.outreach.actions import sweep_stalled
from puntual.outreach.channels.email import transport as channel
from puntual.outreach.models import Activity, Mark
from puntual.outreach.outbox import send_due
from puntual.outreach.tests import crashes
from puntual.outreach.tests.build import World
from puntual.outreach.tests.crashes import run
from puntual.outreach.tests.faultyserver import FaultyServer, faulty_server
from puntual.tenancy.scope import acting_for

PLANNED, NTH = 4, 2
# How many messages are then in doubt, and how many of those have arrived all the same.
DOUBT = {
    "before the claim": (0, 0),
    "claimed": (0, 0),
    "looked at": (0, 0),
    "rendered": (0, 0),
    "before it is handed over": (0, 0),
    "handed over": (1, 0),
    "before MAIL": (1, 0),
    "after DATA": (1, 0),
    "before END": (1, 0),
    "after END": (1, 1),
    "delivered": (1, 1),
    "before it is settled": (1, 1),
    "settling, not committed": (1, 1),
    "settled": (0, 0),
}


@pytest.fixture
def faulty(live: World, settings, monkeypatch):
    monkeypatch.setattr(channel, "_TIMEOUT", 0.3)
    with faulty_server() as server:
        settings.SMTP_URL = server.url
        yield server


@pytest.mark.parametrize("point", DOUBT)
def test_killed_anywhere_nobody_is_written_to_twice(live: World, faulty: FaultyServer, point: str) -> None:
    organization = live.by.organization_id
    with acting_for(organization):
        for number in range(PLANNED):
            customer = live.customer(f"Cliente {number}")
            live.plan(customer, [live.invoice(customer, f"F001-{number}", late=10)])
    crashes._sender_killed_at(point, NTH, organization)
    send_due(organization, NOW + timedelta(minutes=1))  # another sender goes on at once, and again after the sweeper
    unknown = sweep_stalled(live.by.on(live.by.today, NOW + timedelta(minutes=20)))
    send_due(organization, NOW + timedelta(minutes=30))
    with acting_for(organization):
        states = Counter(Activity.objects.values_list("state", flat=True))
        marked = Mark.objects.count()
    in_doubt, arrived = DOUBT[point]
    assert unknown == in_doubt
    assert states == +Counter({"sent": PLANNED - in_doubt, "unknown": in_doubt})
    assert marked == states["sent"]
    assert set(faulty.deliveries.values()) == {1}
    assert len(faulty.deliveries) == states["sent"] + arrived


def test_runs_drawn_by_a_seed(live: World, faulty: FaultyServer) -> None:
    for seed in range(16):
        outcome = run(live, faulty, seed)
        assert outcome.faults() == [], f"seed {seed}"
