"""Trying a manual against another: set up on the page, read when its time has come, stopped with a reason."""

from datetime import timedelta

import pytest

from conftest import TODAY
from puntual.analytics.experiments import readable_on
from puntual.strategies.actions import install_builtin
from puntual.strategies.models import Experiment
from puntual.tenancy.scope import acting_for

PAGE = "/o/sembria/manual/experiments/"


@pytest.fixture
def manual(cast, morning):
    with acting_for(cast.id):
        return str(install_builtin(cast.actor(), "en").strategy_id)


def wish(manual: str, **changes: object) -> dict[str, object]:
    return {
        "name": "A week later",
        "champion": manual,
        "challenger": "",
        "challenger_share": 0,
        "holdback_share": 10,
        "holdback_days": 7,
        "starts_on": TODAY + timedelta(days=1),
        "ends_on": TODAY + timedelta(days=91),
        "within_days": 30,
        **changes,
    }


def test_it_begins_runs_and_is_stopped(owner, manual, cast) -> None:
    assert "Todavía no se ha probado nada" in owner.get(PAGE).content.decode()
    answer = owner.post(f"{PAGE}begin", wish(manual), follow=True)
    found = answer.content.decode()
    assert "aún no comienza" in found and "7 días después" in found
    with acting_for(cast.id):
        one = Experiment.objects.get(name="A week later")
    address = f"{PAGE}{one.id}"
    assert "Detenerla" in found
    assert "10 % lo recibe todo 7 días después" in owner.get(PAGE).content.decode()
    assert "se detuvo" in owner.post(f"{address}/stop", {"why": "Complaints"}, follow=True).content.decode()
    assert "detenida" in owner.get(PAGE).content.decode()
    assert readable_on(one) > one.ends_on


def test_a_design_that_shows_nothing_comes_back_with_the_reason(owner, manual) -> None:
    answer = owner.post(f"{PAGE}begin", wish(manual, holdback_share=0, holdback_days=0))
    assert "no hay nada que comparar" in answer.content.decode()


def test_a_collector_reads_and_does_not_begin(cast, manual, client) -> None:
    client.force_login(cast.colleague)
    assert "Probar algo" not in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}begin", wish(manual)).status_code == 403
