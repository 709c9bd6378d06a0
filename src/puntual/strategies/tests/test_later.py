"""Notices that came later: manuals in force from before say them, a draft has them as its own, and without them none goes out."""

from dataclasses import replace

import pytest

from conftest import Cast
from puntual.strategies.actions import activate, import_draft
from puntual.strategies.builtin import builtin
from puntual.strategies.document import document
from puntual.strategies.drafts import make_draft, remove_notice
from puntual.strategies.later import LATER, manual_of, with_later
from puntual.strategies.manual import from_content, to_toml
from puntual.strategies.models import Version
from puntual.strategies.queries import in_force

BEFORE = replace(
    builtin("es"), code="de-antes", notices=tuple(one for one in builtin("es").notices if one.code not in LATER)
)


@pytest.fixture
def old(acting: Cast) -> Version:
    """In force since before there were the later notices."""
    version = activate(acting.actor(), import_draft(acting.actor(), to_toml(BEFORE)))
    Version.objects.filter(pk=version.pk).update(predates_notices=True)
    return Version.objects.get(pk=version.pk)


def said(acting: Cast, version: Version) -> set[str]:
    """The later notices that go out by it."""
    return {one.code for one in in_force(acting.id)[version.strategy_id][1].notices} & {*LATER}


def test_a_manual_from_before_says_them_unchanged(acting: Cast, old: Version) -> None:
    assert said(acting, old) == {*LATER}
    assert from_content(old.content) == BEFORE, "a version that is in force stays as it is"
    team = str(document(acting.organization, old, "team", "es"))
    assert "Copia del acuerdo" in team and "Respuesta a una observación" in team
    assert all(manual_of(old).notice(code) == builtin("es").notice(code) for code in LATER)


def test_a_draft_of_it_has_them_and_may_take_them_out(acting: Cast, old: Version) -> None:
    draft = make_draft(acting.actor(), old.id)
    assert not draft.predates_notices and {*LATER} <= {one.code for one in from_content(draft.content).notices}
    remove_notice(acting.actor(), draft.id, "plan_agreed")
    activate(acting.actor(), draft)
    assert said(acting, old) == {"dispute_answered"}


def test_what_is_made_now_says_what_stands_in_it(acting: Cast) -> None:
    version = activate(acting.actor(), import_draft(acting.actor(), to_toml(BEFORE)))
    assert not version.predates_notices and said(acting, version) == set()


def test_its_own_words_for_the_occasion_stay() -> None:
    own = replace(
        builtin("es"), notices=tuple(replace(one, days=3) for one in builtin("es").notices if one.code in LATER)
    )
    assert with_later(own) == own
