"""The manual as text: it reads and writes without loss, and what cannot be followed is refused by step and field."""

import json
import tomllib
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puntual.kernel.problems import Problem
from puntual.strategies.manual import Manual, Step, check, from_content, from_toml, to_content, to_toml
from puntual.strategies.spelling import is_line
from puntual.strategies.tests.build import MANUAL
from puntual.strategies.tests.test_properties import manuals


@settings(max_examples=40, deadline=None)
@given(manuals(), st.text(min_size=1, max_size=20).filter(lambda text: is_line(text, 20)))
def test_writing_and_reading_lose_nothing(manual: Manual, name: str) -> None:
    manual = replace(manual, name=name, steps=(replace(manual.steps[0], name=name, proof=name), *manual.steps[1:]))
    text = to_toml(manual)
    again = from_toml(text)
    assert again == manual and again.steps == manual.steps
    assert to_toml(again) == text
    stored = json.loads(json.dumps(to_content(manual)))
    assert from_content(stored) == manual and to_content(from_content(stored)) == stored
    assert tomllib.loads(text) == stored


def test_every_field_comes_back() -> None:
    full = Step(
        code="formal",
        name='Carta «formal», la "A\\B"',
        day=35,
        business_days=True,
        channels=("letter", "email"),
        tone="formal",
        template="formal",
        role="notices",
        required=True,
        proof="acuse de recibo",
        gap_days=0,
        needs_delivered=2,
        attach_statement=True,
    )
    steps = tuple(full if step.code == "formal" else step for step in MANUAL.steps)
    minimum = {"PEN": Decimal("50.00"), "CLP": Decimal("5E+4")}
    steps = tuple(replace(step, minimum=minimum) if step.code == "final" else step for step in steps)
    again = from_toml(to_toml(replace(MANUAL, steps=steps)))
    assert again.steps == steps
    assert again.step("formal").gap_days == 0 and again.step("friendly").gap_days is None
    assert again.step("nothing") is None


WRONG = [
    ("formal", {"code": "firm"}, "code"),
    ("formal", {"code": "Formal letter"}, "code"),
    ("formal", {"code": "find_contact"}, "code"),
    ("formal", {"name": " "}, "name"),
    ("formal", {"day": 10}, "day"),
    ("decision", {"day": 4000}, "day"),
    ("courtesy", {"day": -31}, "day"),
    ("courtesy", {"day": -19, "business_days": True}, "day"),
    ("courtesy", {"tone": "friendly"}, "tone"),
    ("call", {"tone": "friendly"}, "tone"),
    ("call", {"tone": "formal"}, "approval"),
    ("call", {"tone": "rude"}, "tone"),
    ("call", {"channels": ()}, "channels"),
    ("call", {"channels": ("call", "call")}, "channels"),
    ("call", {"channels": ("fax",)}, "channels"),
    ("call", {"template": ""}, "template"),
    ("call", {"template": "../secret"}, "template"),
    ("call", {"role": "boss"}, "role"),
    ("call", {"gap_days": -1}, "gap_days"),
    ("call", {"minimum": {"PEN": Decimal(-1)}}, "minimum"),
    ("call", {"minimum": {"XXX": Decimal(1)}}, "minimum"),
    ("call", {"required": True}, "proof"),
    ("call", {"required": True, "proof": "x", "minimum": {"PEN": Decimal(1)}}, "minimum"),
    ("formal", {"approval": "automatic"}, "approval"),
    ("final", {"approval": "automatic"}, "approval"),
    ("final", {"approval": "perhaps"}, "approval"),
    ("formal", {"needs_delivered": 0}, "needs_delivered"),
    ("formal", {"needs_delivered": 3}, "needs_delivered"),
    ("firm", {"needs_delivered": 2}, "needs_delivered"),
    ("friendly", {"tone": "firm"}, "entry"),
    ("friendly", {"minimum": {"PEN": Decimal(1)}}, "minimum"),
    ("firm", {"entry": True}, "entry"),
    ("decision", {"internal": "credit_block"}, "internal"),
    ("decision", {"internal": "sue"}, "internal"),
    ("decision", {"tone": "final"}, "tone"),
    ("decision", {"channels": ("email",)}, "channels"),
]


@pytest.mark.parametrize(("step", "change", "field"), WRONG)
def test_what_cannot_be_followed_is_refused(step: str, change: dict[str, object], field: str) -> None:
    changed = {"approval": "automatic"} | change if field == "approval" and "tone" in change else change
    steps = tuple(replace(one, **changed) if one.code == step else one for one in MANUAL.steps)
    with pytest.raises(Problem) as caught:
        check(replace(MANUAL, steps=steps))
    assert caught.value.details["field"] == field
    assert caught.value.details["step"] == change.get("code", step)
    assert field in str(caught.value)


@pytest.mark.parametrize(
    ("left_out", "field"),
    [(("friendly",), "entry"), (("firm", "call"), "tone"), (("decision",), "internal")],
)
def test_a_manual_without_entry_tone_or_end_is_refused(left_out: tuple[str, ...], field: str) -> None:
    steps = tuple(step for step in MANUAL.steps if step.code not in left_out)
    with pytest.raises(Problem) as caught:
        check(replace(MANUAL, steps=steps))
    assert caught.value.details["field"] == field


@pytest.mark.parametrize(
    ("old", "new", "step", "field"),
    [
        ("day = 22\n", "", "call", "day"),
        ("day = 22\n", 'day = "22"\n', "call", "day"),
        ("day = 22\n", "day = true\n", "call", "day"),
        ("day = 22\n", "day = 22.5\n", "call", "day"),
        ("day = 22\n", "day = 22\ncolour = 1\n", "call", "colour"),
        ("day = 22\n", 'day = 22\nchannel = "call"\n', "call", "channel"),
        ("day = 22\n", 'day = 22\nminimum = { PEN = "much" }\n', "call", "minimum"),
        ("day = 22\n", "day = 22\nminimum = { PEN = 5 }\n", "call", "minimum"),
        ("day = 22\n", "day = 22\nrequired = 1\n", "call", "required"),
        ('code = "call"\n', "", "5", "code"),
        ('code = "standard-es"\n', "", "", "code"),
        ('language = "es"\n', 'language = "fr"\n', "", "language"),
        ('name = "Manual estándar"\n', 'name = ""\n', "", "name"),
        ('code = "standard-es"\n', 'code = "My manual"\n', "", "code"),
    ],
)
def test_a_bad_file_says_where(old: str, new: str, step: str, field: str) -> None:
    source = to_toml(MANUAL)
    assert old in source
    with pytest.raises(Problem) as caught:
        from_toml(source.replace(old, new))
    assert (caught.value.details["step"], caught.value.details["field"]) == (step, field)
    assert str(caught.value)


@pytest.mark.parametrize(
    "source", ["", "code =", "step = 3", "step = [1]", 'code = "x"\nname = "x"\nlanguage = "es"\nstep = []']
)
def test_no_manual_at_all(source: str) -> None:
    with pytest.raises(Problem):
        from_toml(source)
