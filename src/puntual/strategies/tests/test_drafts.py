"""Drafts: made from a version, changed part by part, on record, and never what is in force."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from conftest import Cast
from puntual.audit.models import Record
from puntual.kernel.problems import Problem
from puntual.strategies import drafts
from puntual.strategies.actions import activate, import_draft, install_builtin
from puntual.strategies.changes import changes
from puntual.strategies.faults import Fault
from puntual.strategies.manual import Manual, Step, faults, from_content, read_content, to_toml
from puntual.strategies.models import Strategy, Version
from puntual.strategies.tests.test_manual_files import FULL, OFFERS


@pytest.fixture
def active(acting: Cast) -> Version:
    install_builtin(acting.actor(), "es")
    return activate(acting.actor(), import_draft(acting.actor(), to_toml(FULL)))


def _manual(draft: Version) -> Manual:
    return read_content(Version.objects.get(pk=draft.pk).content)


def test_a_draft_is_changed_step_by_step_and_activated(acting: Cast, active: Version) -> None:
    by = acting.actor()
    draft = drafts.make_draft(by, active.id)
    assert (draft.number, draft.state, _manual(draft)) == (active.number + 1, "draft", FULL)
    drafts.move_step(by, draft.id, "call", 30)
    drafts.change_step(by, draft.id, replace(FULL.step("firm"), name="Pedido", gap_days=5))  # type: ignore[type-var]
    drafts.add_step(by, draft.id, Step("", "Avisar al vendedor", 40, internal="tell_salesperson"))
    drafts.remove_step(by, draft.id, "due_today")
    drafts.change_heading(by, draft.id, name=" Otro nombre ", language="es")
    drafts.put_policy(by, draft.id, replace(FULL.policies[0], title="Crédito y plazos"), replaces="Crédito")
    drafts.remove_policy(by, draft.id, "Trato")
    drafts.put_offer(by, draft.id, replace(OFFERS[1], code="", name="Dos semanas", days=14, granted_by="manager"))
    drafts.remove_offer(by, draft.id, "less")
    manual = _manual(draft)
    assert [step.code for step in manual.steps] == [
        "courtesy",
        "friendly",
        "firm",
        "call",
        "formal",
        "avisar-al-vendedor",
        "final",
        "decision",
    ]
    assert [policy.title for policy in manual.policies] == ["Crédito y plazos"]
    assert [offer.code for offer in manual.offers] == ["early", "week", "parts", "dos-semanas"]
    assert list(faults(manual)) == []
    found = {(one.table, one.code): (one.kind, [name for name, *_ in one.fields]) for one in changes(FULL, manual)}
    assert found == {
        ("", ""): ("changed", ["name"]),
        ("step", "firm"): ("changed", ["name", "gap_days"]),
        ("step", "call"): ("changed", ["day"]),
        ("step", "avisar-al-vendedor"): ("added", []),
        ("step", "due_today"): ("removed", []),
        ("offer", "dos-semanas"): ("added", []),
        ("offer", "less"): ("removed", []),
        ("policy", "Crédito y plazos"): ("added", []),
        ("policy", "Crédito"): ("removed", []),
        ("policy", "Trato"): ("removed", []),
    }
    activate(by, draft)
    assert from_content(Version.objects.get(pk=draft.pk).content) == manual
    assert Version.objects.get(pk=active.pk).content == active.content
    log = list(Record.objects.filter(action__startswith="strategies.draft_").order_by("id"))
    assert len(log) == 9 and all(one.object_id == draft.id for one in log)
    moved = next(one for one in log if one.action == "strategies.draft_step_move")
    assert moved.detail["changes"] == [{"part": "step", "code": "call", "kind": "changed", "fields": ["day"]}]


def test_a_draft_may_be_unsound_until_it_is_activated(acting: Cast, active: Version) -> None:
    by = acting.actor()
    draft = drafts.make_draft(by, active.id)
    drafts.move_step(by, draft.id, "formal", 5)
    found = {(fault.code, fault.field) for fault in faults(_manual(draft))}
    assert found == {("firm", "tone"), ("formal", "tone"), ("final", "tone")}
    with pytest.raises(Fault):
        activate(by, draft)
    assert Version.objects.get(pk=active.pk).state == "active"
    drafts.move_step(by, draft.id, "formal", 35)
    activate(by, draft)


def test_steps_keep_the_order_of_their_days(acting: Cast, active: Version) -> None:
    by = acting.actor()
    draft = drafts.make_draft(by, active.id)
    for day in range(15, 60, 7):
        drafts.move_step(by, draft.id, "firm", day)
        days = [step.day for step in _manual(draft).steps]
        assert days == sorted(days)


def test_a_code_that_any_version_used_is_not_given_again(acting: Cast, active: Version) -> None:
    by = acting.actor()
    draft = drafts.make_draft(by, active.id)
    drafts.remove_step(by, draft.id, "call")
    drafts.add_step(by, draft.id, replace(FULL.step("call"), code="", name="Call", offer=""))  # type: ignore[type-var]
    assert [step.code for step in _manual(draft).steps if step.name == "Call"] == ["call-2"]
    with pytest.raises(Problem, match="has the code"):
        drafts.add_step(by, draft.id, Step("firm", "x", 3))


def test_what_is_not_there_or_taken_is_refused(acting: Cast, active: Version) -> None:
    by = acting.actor()
    draft = drafts.make_draft(by, active.id)
    for act in (
        lambda: drafts.move_step(by, draft.id, "gone", 3),
        lambda: drafts.remove_step(by, draft.id, "gone"),
        lambda: drafts.remove_policy(by, draft.id, "gone"),
        lambda: drafts.put_offer(by, draft.id, OFFERS[0], replaces="gone"),
    ):
        with pytest.raises(Problem):
            act()
    with pytest.raises(Problem, match="there already"):
        drafts.put_offer(by, draft.id, OFFERS[0])
    with pytest.raises(Problem, match="makes this offer"):
        drafts.remove_offer(by, draft.id, "parts")
    assert _manual(draft) == FULL


def test_what_was_in_force_cannot_be_touched_by_anything(acting: Cast, active: Version) -> None:
    by = acting.actor()
    with pytest.raises(Problem, match="not a draft"):
        drafts.move_step(by, active.id, "firm", 16)
    with pytest.raises(Problem, match="not a draft"):
        drafts.discard_draft(by, active.id)
    rows = Version.objects.filter(organization_id=acting.id, pk=active.pk)
    for change in ({"content": {}}, {"state": "draft"}, {"number": 99}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.delete()
    rows.update(state="retired")
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(state="active")


def test_a_discarded_draft_leaves_no_empty_strategy(acting: Cast, active: Version) -> None:
    by = acting.actor()
    draft = drafts.make_draft(by, active.id)
    drafts.discard_draft(by, draft.id)
    assert Strategy.objects.filter(organization_id=acting.id, pk=active.strategy_id).exists()
    other = import_draft(by, to_toml(replace(FULL, code="other")))
    drafts.discard_draft(by, other.id)
    assert not Strategy.objects.filter(organization_id=acting.id, code="other").exists()
    assert Record.objects.filter(action="strategies.discard").count() == 2
