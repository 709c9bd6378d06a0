"""A manual as a file: policies and offers come and go without loss, and a mistake is refused with its line."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puntual.kernel.problems import Problem
from puntual.organizations.roles import ROLES, Permission, may
from puntual.strategies.faults import Fault
from puntual.strategies.lines import places
from puntual.strategies.manual import Manual, Offer, Policy, from_content, from_toml, to_content, to_toml
from puntual.strategies.situations import contradicting
from puntual.strategies.spelling import is_line
from puntual.strategies.steps import ASSIGNEES, CALLERS, GRANTERS, LIMITS
from puntual.strategies.tests.test_properties import manuals

PLAIN = from_toml(Path(__file__).with_name("plain.toml").read_text("utf-8"))
OFFERS = (
    Offer("early", "2 % menos", "early_payment", percent=Decimal("2.5"), days=10, from_day=-20, words="Pague antes."),
    Offer("week", "Una semana", "extension", days=7, times=1, granted_by="collector", words="Una semana más."),
    Offer(
        "parts",
        "Tres partes",
        "plan",
        days=90,
        installments=3,
        down_percent=Decimal(30),
        from_day=10,
        granted_by="collector",
        words="Tres partes, sin interés.",
    ),
    Offer(
        "less", "Quita", "discount", percent=Decimal(10), days=5, from_day=60, granted_by="owner", words="10 % menos."
    ),
)
FULL = replace(
    PLAIN,
    policies=(
        Policy("Crédito", 'A 30 días.\nHasta S/ 5,000 "sin" garantía \\ aval.\n\nY no más.'),
        Policy("Trato", "De usted.", team_only=True),
    ),
    offers=OFFERS,
    steps=tuple(
        replace(step, offer="parts", assignee="collector")
        if step.code == "call"
        else replace(step, assignee="manager")
        if step.internal
        else step
        for step in PLAIN.steps
    ),
)
SOURCE = to_toml(FULL)

_line = st.text(min_size=1, max_size=30).filter(lambda text: is_line(text, 30))
_prose = st.lists(st.text(max_size=20).filter(lambda text: not text or is_line(f"x{text}", 30)), max_size=5).map(
    "\n".join
)
_policies = st.lists(
    st.builds(Policy, _line, _prose.filter(str.strip), st.booleans()), max_size=3, unique_by=lambda policy: policy.title
).map(tuple)


@st.composite
def offers(draw: st.DrawFn) -> tuple[Offer, ...]:
    """Sound offers of any kind."""
    made = []
    for number in range(draw(st.integers(0, 3))):
        kind = draw(st.sampled_from(sorted(LIMITS)))
        limits: dict[str, Decimal | int] = {}
        for name, (low, high) in LIMITS[kind].items():
            if "percent" in name:
                limits[name] = draw(st.decimals(max(low, Decimal("0.1")), high, places=2))
            else:
                limits[name] = draw(st.integers(low, high))
        day = -limits["days"] if kind == "early_payment" else draw(st.integers(0, 90))
        granted = draw(st.sampled_from(GRANTERS))
        amounts = st.dictionaries(st.sampled_from(["PEN", "USD"]), st.decimals(1, 999, places=2))
        made.append(
            Offer(
                *(f"o{number}", draw(_line), kind),
                from_day=int(day),
                to_day=draw(st.none() | st.integers(int(day), 400)),
                balance_from=draw(amounts),
                balance_below={currency: amount + 1000 for currency, amount in draw(amounts).items()},
                segments=draw(st.sampled_from([(), ("shops",), ("shops", "schools")])),
                granted_by=granted,
                words=draw(_line),
                **limits,
            )
        )
    twice = contradicting(made)
    return tuple(offer for place, offer in enumerate(made) if place not in twice)


@settings(max_examples=60, deadline=None)
@given(manuals(), _policies, offers())
def test_policies_and_offers_lose_nothing(
    manual: Manual, policies: tuple[Policy, ...], made: tuple[Offer, ...]
) -> None:
    manual = replace(manual, policies=policies, offers=made)
    text = to_toml(manual)
    again = from_toml(text)
    assert (again.policies, again.offers, again.steps) == (manual.policies, manual.offers, manual.steps)
    assert to_toml(again) == text
    assert from_toml(text.replace("\n", "\r\n")) == manual, "a file saved on Windows"
    content = to_content(manual)
    assert to_content(from_content(content)) == content


@settings(max_examples=40, deadline=None)
@given(manuals(), _policies, offers())
def test_every_key_is_found_on_its_line(manual: Manual, policies: tuple[Policy, ...], made: tuple[Offer, ...]) -> None:
    text = to_toml(replace(manual, policies=policies, offers=made))
    lines = text.split("\n")
    found = places(text)
    for (table, _number, field), line in found.items():
        assert lines[line - 1].startswith((f"{field} = ", f"[[{field or table}]]"))
    assert sum(1 for table, _number, field in found if table == "step" and not field) == len(manual.steps)
    assert sum(1 for table, _number, field in found if table == "offer" and field == "words") == len(made)


def test_lines_of_a_file_as_people_write_it() -> None:
    found = places(
        'code = "x" # [[step]]\n\n# [[step]]\n[[step]]\n  "day"   = 3 # day = 4\nchannels = [\n  "call", # ]\n]\nname = """\n'
        'day = 5\n[[step]]\n""" # x\ntone=\'[[step]]\'\n[[step]] # second\nminimum.PEN = "5"\n[step.extra]\nday = 7\n'
    )
    assert found == {
        ("", 0, "code"): 1,
        ("", 0, "step"): 4,
        ("step", 0, ""): 4,
        ("step", 0, "day"): 5,
        ("step", 0, "channels"): 6,
        ("step", 0, "name"): 9,
        ("step", 0, "tone"): 13,
        ("step", 1, ""): 14,
        ("step", 1, "minimum"): 15,
        ("step", 1, "extra"): 16,
    }


BROKEN = [
    # what stands in the file, what is put there, and where it is refused: table, code, field, and the line's own text
    ("day = 22\n", "", "step", "call", "day", "[[step]]"),
    ("day = 22\n", 'day = "22"\n', "step", "call", "day", 'day = "22"'),
    ("day = 22\n", "day = 2\n", "step", "call", "day", "day = 2"),
    ("day = 22\n", "day = 22\ncolour = 1\n", "step", "call", "colour", "colour = 1"),
    ("day = 22\n", 'day = 22\nminimum = { PEN = "-1" }\n', "step", "call", "minimum", 'minimum = { PEN = "-1" }'),
    ("day = 22\n", 'day = 22\nminimum.PEN = "x"\n', "step", "call", "minimum", 'minimum.PEN = "x"'),
    ('code = "call"\n', "", "step", "5", "code", "[[step]]"),
    ('code = "call"\n', 'code = "firm"\n', "step", "firm", "code", 'code = "firm"'),
    ('offer = "parts"\n', 'offer = "gift"\n', "step", "call", "offer", 'offer = "gift"'),
    ('offer = "parts"\n', 'offer = "less"\n', "step", "call", "offer", 'offer = "less"'),
    ('offer = "parts"\n', 'offer = "early"\n', "step", "call", "offer", 'offer = "early"'),
    ('assignee = "collector"\n', 'assignee = "auditor"\n', "step", "call", "assignee", 'assignee = "auditor"'),
    ('assignee = "collector"\n', 'assignee = "accountant"\n', "step", "call", "assignee", 'assignee = "accountant"'),
    ('assignee = "manager"\n', 'assignee = "auditor"\n', "step", "decision", "assignee", 'assignee = "auditor"'),
    ('tone = "formal"\n', 'tone = "rude"\n', "step", "formal", "tone", 'tone = "rude"'),
    ("entry = true\n", "", "", "", "entry", 'code = "standard-es"'),
    ('title = "Trato"\n', 'title = "Crédito"\n', "policy", "Crédito", "title", 'title = "Crédito"'),
    ('title = "Trato"\n', "", "policy", "2", "title", "[[policy]]"),
    ('text = "De usted."\n', 'text = "  "\n', "policy", "Trato", "text", 'text = "  "'),
    ('kind = "plan"\n', 'kind = "gift"\n', "offer", "parts", "kind", 'kind = "gift"'),
    ("installments = 3\n", "installments = 1\n", "offer", "parts", "installments", "installments = 1"),
    ("installments = 3\n", "", "offer", "parts", "installments", "[[offer]]"),
    ("installments = 3\n", "installments = 3\ntimes = 2\n", "offer", "parts", "times", "times = 2"),
    ('percent = "10"\n', "percent = 10.5\n", "offer", "less", "percent", "percent = 10.5"),
    ('percent = "10"\n', 'percent = "NaN"\n', "offer", "less", "percent", 'percent = "NaN"'),
    ('percent = "10"\n', "percent = 0\n", "offer", "less", "percent", "percent = 0"),
    ('granted_by = "owner"\n', 'granted_by = "auditor"\n', "offer", "less", "granted_by", 'granted_by = "auditor"'),
    ('code = "less"\n', 'code = "week"\n', "offer", "week", "code", 'code = "week"'),
    ("from_day = -20\n", "from_day = -5\n", "offer", "early", "from_day", "from_day = -5"),
    ('words = "Pague antes."\n', "", "offer", "early", "words", "[[offer]]"),
    ('language = "es"\n', 'language = "fr"\n', "", "", "language", 'language = "fr"'),
    ('code = "standard-es"\n', "", "", "", "code", 'name = "Manual estándar"'),
    ('name = "Manual estándar"\n', 'name = "\\u0007"\n', "", "", "name", 'name = "\\u0007"'),
    ("\n[[offer]]\n", "\n[[offers]]\n", "", "", "offers", "[[offers]]"),
    ("day = 22\n", "day = \n", "", "", "", "day = "),
    ("day = 22\n", "day = 22\nday = 22\n", "", "", "", "day = 22"),
]


@pytest.mark.parametrize(("old", "new", "table", "code", "field", "line"), BROKEN)
def test_a_broken_file_is_refused_with_line_field_and_reason(
    old: str, new: str, table: str, code: str, field: str, line: str
) -> None:
    assert SOURCE.count(old) >= 1
    source = SOURCE.replace(old, new, 1)
    with pytest.raises(Problem) as caught:
        from_toml(source)
    fault = caught.value
    assert isinstance(fault, Fault)
    assert (fault.table, fault.code, fault.field) == (table, code, field)
    assert source.split("\n")[fault.line - 1] == line
    assert f"Line {fault.line}." in str(fault) and (field in str(fault)) and fault.reason()


def test_whom_a_step_goes_to_and_who_grants_are_roles_that_may() -> None:
    assert set(GRANTERS) <= set(ROLES) and set(ASSIGNEES) < set(ROLES)
    assert all(may(role, Permission.CONTACT) for role in (*CALLERS, *GRANTERS))
    assert not may("auditor", Permission.HOLD) and "auditor" not in ASSIGNEES
    plan = FULL.offer("parts")
    assert plan and [role for role in ROLES if plan.may_be_granted_by(role)] == ["owner", "manager", "collector"]
    assert not OFFERS[3].may_be_granted_by("manager")
