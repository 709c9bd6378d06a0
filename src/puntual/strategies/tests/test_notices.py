"""A manual's notices: what makes one unsound, that a file keeps them, and that their texts are there."""

from dataclasses import replace

import pytest
from django.utils.translation import override

from puntual.strategies import notice_wording
from puntual.strategies.builtin import KINDS, builtin
from puntual.strategies.changes import changes
from puntual.strategies.faults import Fault
from puntual.strategies.manual import LANGUAGES, check, from_content, from_toml, to_content, to_toml
from puntual.strategies.notices import CHANNELS, OCCASIONS
from puntual.strategies.soundness import faults
from puntual.strategies.steps import Notice
from puntual.strategies.texts import load, variables
from puntual.strategies.words import NOTICES

MANUAL = builtin("es")
GOOD = Notice("thank_you", channels=("email",), template="thank_you", rest_days=30)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({}, ""),
        ({"code": "birthday"}, "code"),
        ({"channels": ()}, "channels"),
        ({"channels": ("email", "email")}, "channels"),
        ({"channels": ("call",)}, "channels"),
        ({"tone": "firm"}, "tone"),
        ({"role": "boss"}, "role"),
        ({"approval": "maybe"}, "approval"),
        ({"template": "Thank You"}, "template"),
        ({"days": 11}, "days"),
        ({"rest_days": 0}, "rest_days"),
        ({"months": 12}, "months"),
        ({"offer": "early"}, "offer"),
        ({"code": "promise_reminder", "rest_days": 0, "days": 0}, "days"),
        ({"code": "promise_reminder", "rest_days": 0, "days": 2}, ""),
        ({"code": "recognition", "months": 12, "offer": "early"}, ""),
        ({"code": "recognition", "months": 12, "offer": "gone"}, "offer"),
        ({"code": "recognition", "months": 2}, "months"),
    ],
)
def test_what_makes_a_notice_unsound(changed: dict[str, object], field: str) -> None:
    manual = replace(MANUAL, notices=(replace(GOOD, **changed),))
    found = [(fault.table, fault.field) for fault in faults(manual)]
    assert found == ([("notice", field)] if field else [])


def test_an_occasion_has_one_notice_and_no_step_takes_its_code() -> None:
    twice = replace(MANUAL, notices=(GOOD, GOOD))
    assert [(fault.number, fault.field) for fault in faults(twice)] == [(1, "code")]
    for code in ("thank_you", "statement"):
        step = replace(MANUAL.steps[0], code=code)
        with pytest.raises(Fault):
            check(replace(MANUAL, steps=(step, *MANUAL.steps[1:])))


def test_a_file_keeps_them_and_says_the_line_of_a_mistake() -> None:
    text = to_toml(replace(MANUAL, notices=(GOOD,)))
    assert from_toml(text).notices == (GOOD,)
    assert to_content(from_content(to_content(MANUAL))) == to_content(MANUAL)
    assert "notice" not in to_content(replace(MANUAL, notices=()))
    with pytest.raises(Fault) as refused:
        from_toml(text.replace("rest_days = 30", "rest_days = 3000"))
    assert text.split("\n")[refused.value.line - 1] == "rest_days = 30"
    with pytest.raises(Fault, match="missing"):
        from_toml(text.replace('template = "thank_you"\n', ""))


def test_what_changed_is_told() -> None:
    after = replace(MANUAL, notices=(*MANUAL.notices[1:-1], replace(MANUAL.notices[-1], months=6)))
    found = [(one.table, one.code, one.kind, [name for name, *_ in one.fields]) for one in changes(MANUAL, after)]
    assert found == [("notice", "recognition", "changed", ["months"]), ("notice", "approval_asked", "removed", [])]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [kind.code for kind in KINDS])
def test_those_that_come_with_puntual(kind: str, language: str) -> None:
    """Every one waits for a person until somebody decides otherwise, and has words by every channel a notice may take."""
    manual = builtin(language, kind)
    assert {notice.code for notice in manual.notices} >= {
        "promise_reminder", "plan_due", "plan_missed", "plan_broken", "plan_completed", "thank_you"
    }  # fmt: skip
    assert {notice.approval for notice in manual.notices} == {"approve"}
    for notice in manual.notices:
        for channel in CHANNELS:
            for consumer in (False, True):
                assert load(notice.template, language, channel, consumer=consumer).body.strip()
        with override(language):
            assert notice_wording.when(notice) and notice_wording.called(notice.code) != notice.code


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_agreed_is_said_with_where_to_pay_and_how_to_answer(language: str) -> None:
    for template in ("promise_reminder", "plan_due", "plan_missed"):
        assert {"agreed_amount", "agreed_date", "payment_details", "signature", "opt_out"} <= variables(
            load(template, language, "email")
        )
    assert "answer_by" in variables(load("plan_missed", language, "email")), "how long there is to stop what follows"
    assert "invoice_list" in variables(load("approval_asked", language, "email"))


def test_every_occasion_has_a_name() -> None:
    assert set(OCCASIONS) < set(NOTICES)
