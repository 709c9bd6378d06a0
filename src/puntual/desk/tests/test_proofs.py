"""Required notices: they wait for their proof on a page of their own, and count once it is there."""

from dataclasses import replace

import pytest

from conftest import NOW
from puntual.outreach.models import Activity, Mark
from puntual.strategies.actions import activate, import_draft, install_builtin
from puntual.strategies.manual import from_content, to_toml
from puntual.tenancy.scope import acting_for

PAGE = "/o/sembria/activities/proofs/"


@pytest.fixture
def notice(world, cast):
    """A formal notice that the manual requires, sent a moment ago."""
    by = cast.actor()
    with acting_for(cast.id):
        manual = from_content(install_builtin(by, "es").content)
        formal = next(step for step in manual.steps if step.tone == "formal")
        asked = replace(formal, required=True, proof="El cargo notarial", minimum={})
        steps = tuple(asked if step is formal else step for step in manual.steps)
        version = activate(by, import_draft(by, to_toml(replace(manual, steps=steps))))
        customer = world.customer("Quenara")
        item = world.invoice(customer, "F-1", 40)
        made = world.plan(customer, [item], step=formal.code, tone="formal", version_id=version.id)
        Activity.objects.filter(pk=made.pk).update(state="sent", settled_at=NOW)
        return made


def test_it_waits_until_its_proof_is_kept(owner, notice, cast) -> None:
    assert "Avisos sin su prueba" in owner.get("/o/sembria/").content.decode()
    shown = owner.get(PAGE).content.decode()
    assert "1 aviso sin su prueba" in shown and "El cargo notarial" in shown
    answer = owner.post(f"{PAGE}{notice.pk}", {"proof": "Cargo 4411 del 23 de noviembre"}, follow=True)
    assert "Todo aviso obligatorio tiene su prueba" in answer.content.decode()
    with acting_for(cast.id):
        assert Mark.objects.filter(activity_id=notice.pk, step=notice.step).exists()
    assert "Avisos sin su prueba" not in owner.get("/o/sembria/").content.decode()


def test_a_proof_has_words(owner, notice) -> None:
    assert "Este campo es obligatorio" in owner.post(f"{PAGE}{notice.pk}", {"proof": " "}).content.decode()
