"""The crash matrix in earnest: hundreds of runs, each with a sender killed or a server at fault at a point its seed draws."""

import os
from collections import Counter

import pytest

from conftest import Cast
from puntual.organizations.models import Organization
from puntual.outreach.channels.email import transport as channel
from puntual.outreach.tests.build import make_world
from puntual.outreach.tests.crashes import run
from puntual.outreach.tests.faultyserver import faulty_server
from puntual.tenancy.scope import acting_for

RUNS = int(os.environ.get("PUNTUAL_CRASHES", "500"))


@pytest.mark.soak
def test_nobody_is_written_to_twice_and_nothing_is_lost(transactional_db, cast: Cast, settings, monkeypatch) -> None:
    with acting_for(cast.id):
        world = make_world(cast.actor())
    Organization.objects.filter(pk=cast.id).update(mode="live", live_since=world.by.now)
    monkeypatch.setattr(channel, "_TIMEOUT", 0.3)
    ended: Counter[str] = Counter()
    deliveries: Counter[int] = Counter()
    with faulty_server() as server:
        settings.SMTP_URL = server.url
        for seed in range(1000, 1000 + RUNS):
            outcome = run(world, server, seed)
            assert outcome.faults() == [], f"seed {seed}"
            ended.update(outcome.states.values())
            deliveries.update(outcome.delivered[key] for key in outcome.states)
    print(f"{RUNS} runs, {sum(ended.values())} messages: {dict(ended)}; deliveries per Message-ID: {dict(deliveries)}")  # noqa: T201
