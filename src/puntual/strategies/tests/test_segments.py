"""Segments as values: what they mean, how they are written, what is refused; and steps and strategies that are for some only."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import Cast
from puntual.kernel.problems import Problem
from puntual.strategies.actions import activate, assign, import_draft, install_builtin
from puntual.strategies.builtin import builtin
from puntual.strategies.facts import Mark
from puntual.strategies.manual import Manual, Step, check, from_toml, to_toml
from puntual.strategies.models import Assignment, StoredSegment
from puntual.strategies.outcomes import Do
from puntual.strategies.queries import Scope, assignments
from puntual.strategies.segment_actions import delete_segment, order_segments, store_segment
from puntual.strategies.segment_queries import kept_segments
from puntual.strategies.segments import (
    FIELDS,
    OPERATORS,
    Condition,
    Figures,
    Kind,
    Segment,
    from_content,
    segments_of,
    to_content,
)
from puntual.strategies.segments import from_toml as segments_from_toml
from puntual.strategies.segments import to_toml as segments_to_toml
from puntual.strategies.tests.build import DAY, MANUAL, Replay, item, outcome

ANA = Figures(
    open={"PEN": Decimal(900), "USD": Decimal(50)},
    overdue={"PEN": Decimal(500)},
    days_overdue=45,
    known_days=400,
    invoices=1,
    usual_delay=None,
    paid_late=None,
    creditor="main",
    country="PE",
    language="es",
    party="legal",
    consumer=False,
    handling="automatic",
    tags=("vip", "north"),
    willing=True,
    arrears_reason="late_income",
    broken_promises=2,
)
MEANS = [
    ("broken_promises", "at_least", 2, True),
    ("broken_promises", "at_most", 1, False),
    ("promises_kept", "at_most", 50, False),  # none was judged
    ("willing", "is", True, True),
    ("willing", "is", False, False),
    ("able", "is", True, False),  # nobody knows
    ("able", "is", False, False),
    ("arrears_reason", "is", ("late_income", "illness"), True),
    ("arrears_reason", "is_not", ("illness",), True),
    ("arrears_reason", "is_not", ("late_income",), False),
    ("overdue", "at_least", {"PEN": Decimal(500)}, True),
    ("overdue", "at_least", {"PEN": Decimal("500.01")}, False),
    ("overdue", "at_least", {"PEN": Decimal(501), "USD": Decimal(1)}, False),
    ("open", "at_least", {"PEN": Decimal(901), "USD": Decimal(50)}, True),  # one of them is enough
    ("open", "below", {"PEN": Decimal(901), "USD": Decimal(50)}, False),  # none may be reached
    ("overdue", "below", {"USD": Decimal(1)}, True),
    ("days_overdue", "at_least", 45, True),
    ("days_overdue", "at_least", 46, False),
    ("days_overdue", "at_most", 45, True),
    ("invoices", "at_most", 1, True),
    ("usual_delay", "at_least", -3650, False),  # what is not known meets no condition
    ("usual_delay", "at_most", 3650, False),
    ("country", "is", ("CL", "PE"), True),
    ("country", "is_not", ("CL", "PE"), False),
    ("creditor", "is_not", ("other",), True),
    ("tags", "has", ("school", "vip"), True),
    ("tags", "has_not", ("school",), True),
    ("tags", "has_not", ("school", "vip"), False),
    ("consumer", "is", False, True),
    ("party", "is", ("natural",), False),
]


@pytest.mark.parametrize(("field", "operator", "value", "wanted"), MEANS)
def test_what_a_condition_means(field: str, operator: str, value: object, wanted: bool) -> None:
    assert Condition(field, operator, value).holds(ANA) is wanted


def test_all_conditions_hold_and_none_means_everybody() -> None:
    late = Condition("days_overdue", "at_least", 30)
    vip = Condition("tags", "has", ("vip",))
    school = Condition("tags", "has", ("school",))
    found = [Segment("a", "a", (late, vip)), Segment("b", "b", (late, school)), Segment("c", "c")]
    assert segments_of(found, ANA) == {"a", "c"}


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    name = draw(st.sampled_from(list(FIELDS)))
    known = FIELDS[name]
    word = st.sampled_from(known.choices) if known.choices else st.text(min_size=1, max_size=9).filter(str.strip)
    values = {
        Kind.AMOUNT: st.dictionaries(
            st.sampled_from(["PEN", "USD", "CLP"]), st.decimals("0.01", 10**9, places=2), min_size=1
        ),
        Kind.NUMBER: st.integers(known.low, known.high),
        Kind.CHOICE: st.lists(word, min_size=1, max_size=3, unique=True).map(tuple),
        Kind.TAGS: st.lists(word, min_size=1, max_size=3, unique=True).map(tuple),
        Kind.FLAG: st.booleans(),
    }
    return Condition(name, draw(st.sampled_from(OPERATORS[known.kind])), draw(values[known.kind]))


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(st.text(min_size=1, max_size=20).filter(str.strip), st.lists(conditions(), max_size=3)), max_size=3
    )
)
def test_writing_and_reading_lose_nothing(drawn: list[tuple[str, list[Condition]]]) -> None:
    segments = tuple(Segment(f"s{number}", name, tuple(found)) for number, (name, found) in enumerate(drawn))
    text = segments_to_toml(segments)
    again = segments_from_toml(text)
    assert again == segments and [one.conditions for one in again] == [one.conditions for one in segments]
    assert segments_to_toml(again) == text
    for segment in segments:
        assert from_content(to_content(segment)) == segment


GOOD = {"code": "s", "name": "S", "condition": []}
WRONG = [
    ({"code": "Big ones"}, "code", "small letters"),
    ({"name": " "}, "name", "1 to 100"),
    ({"color": "red"}, "color", "no field"),
    ({"condition": [{"field": "shoe_size", "operator": "is", "value": 1}]}, "shoe_size", "nothing of that name"),
    ({"condition": [{"field": "country", "operator": "at_least", "value": ["PE"]}]}, "country", "does not compare"),
    ({"condition": [{"field": "country", "operator": "is", "value": "PE"}]}, "country", "kind expected"),
    ({"condition": [{"field": "country", "operator": "is"}]}, "country", "compare with"),
    ({"condition": [{"field": "country", "operator": "is", "value": []}]}, "country", "at least one"),
    ({"condition": [{"field": "party", "operator": "is", "value": ["ghost"]}]}, "party", "not known"),
    ({"condition": [{"field": "paid_late", "operator": "at_most", "value": 101}]}, "paid_late", "0 to 100"),
    ({"condition": [{"field": "consumer", "operator": "is", "value": 1}]}, "consumer", "kind expected"),
    ({"condition": [{"field": "open", "operator": "below", "value": {"XXX": "1"}}]}, "open", "by currency"),
    ({"condition": [{"field": "open", "operator": "below", "value": {"PEN": "0"}}]}, "open", "above zero"),
    ({"condition": [{"field": "open", "operator": "below", "value": {"PEN": 5}}]}, "open", "kind expected"),
]


@pytest.mark.parametrize(("change", "field", "says"), WRONG)
def test_what_cannot_be_used_is_refused_by_field(change: dict[str, object], field: str, says: str) -> None:
    with pytest.raises(Problem, match=says) as caught:
        from_content({**GOOD, **change})
    assert caught.value.details["field"] == field


def test_two_segments_of_one_code_are_refused() -> None:
    text = segments_to_toml([Segment("a", "A"), Segment("a", "B")])
    with pytest.raises(Problem, match="another one"):
        segments_from_toml(text)


def only_for(code: str, *segments: str, manual: Manual = MANUAL) -> Manual:
    """The manual with one step for some customers only."""
    steps = (replace(step, segments=segments) if step.code == code else step for step in manual.steps)
    return replace(manual, steps=tuple(steps))


def test_a_limited_step_is_read_and_written() -> None:
    manual = only_for("call", "large", "late")
    text = to_toml(manual)
    assert 'segments = ["large", "late"]' in text
    again = from_toml(text)
    assert again.steps == manual.steps and to_toml(again) == text and again.segments == {"large", "late"}


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("friendly", "for everyone"),
        ("decision", "for everyone"),
        ("firm", None),
        ("formal", "only limited steps lead"),
    ],
)
def test_what_may_be_limited(code: str, says: str | None) -> None:
    """A firm call for everyone stands beside the firm letter; the formal letter is the only one of its tone."""
    manual = only_for(code, "large")
    if says is None:
        check(manual)
        return
    with pytest.raises(Problem, match=says) as caught:
        check(manual)
    assert caught.value.details["field"] == "segments"


def test_a_required_step_is_for_everyone() -> None:
    steps = (
        replace(step, required=True, proof="x", segments=("a",)) if step.code == "firm" else step
        for step in MANUAL.steps
    )
    with pytest.raises(Problem, match="for everyone"):
        check(replace(MANUAL, steps=tuple(steps)))


def test_a_step_reaches_only_its_segments() -> None:
    manual = only_for("firm", "large")
    inside = outcome(item(16, "100", "friendly"), manual=manual, segments=frozenset({"large", "other"}))
    assert isinstance(inside, Do) and inside.step == "firm"
    outside = outcome(item(16, "100", "friendly"), manual=manual, segments=frozenset({"other"}))
    assert not isinstance(outside, Do)
    call = next(step for step in manual.steps if step.code == "call")
    assert outside.why.code == "next_step" and outside.why.params["step"] == call.name
    later = outcome(item(call.day, "100", "friendly"), manual=manual)
    assert isinstance(later, Do) and later.step == "call"


def test_what_was_heard_before_leaving_a_segment_counts() -> None:
    manual = only_for("firm", "large")
    had = item(36, "100")._replace(marks=(Mark("friendly", "friendly"), Mark("firm", "firm")))
    found = outcome(had, manual=manual, delivered=3)
    assert isinstance(found, Do) and found.step == "formal"


def test_items_ride_along_with_the_step_their_customer_could_have_had() -> None:
    manual = only_for("firm", "large")
    old, younger = item(23, "100", "friendly"), item(17)
    for segments, mark in ((frozenset({"large"}), "firm"), (frozenset(), "friendly")):
        found = outcome(old, younger, manual=manual, segments=segments)
        assert isinstance(found, Do)
        assert dict(found.items)[younger.id] == mark


def test_a_notice_before_the_due_date_for_some() -> None:
    pre_due = next(step for step in MANUAL.steps if step.day < 0)
    manual = only_for(pre_due.code, "large")
    assert isinstance(outcome(item(pre_due.day), manual=manual, segments=frozenset({"large"})), Do)
    assert not isinstance(outcome(item(pre_due.day), manual=manual), Do)
    due_today = outcome(item(0), manual=manual)
    assert isinstance(due_today, Do) and due_today.step == "due_today"


@st.composite
def limited(draw: st.DrawFn) -> Manual:
    """The built-in manual with steps for some only added wherever that is sound."""
    steps: list[Step] = []
    for step in MANUAL.steps:
        if step.day > 0 and step.tone and draw(st.booleans()):
            extra = replace(step, code=f"{step.code}-x", entry=False, required=False, proof="", segments=("a",))
            steps.append(replace(extra, needs_delivered=min(extra.needs_delivered, 1)))
        steps.append(step)
    manual = replace(MANUAL, steps=tuple(steps))
    check(manual)
    return manual


@settings(max_examples=30, deadline=None)
@given(limited(), st.booleans(), st.integers(0, 30))
def test_a_ladder_never_ends_in_silence_for_anybody(manual: Manual, inside: bool, late: int) -> None:
    segments = frozenset({"a"}) if inside else frozenset()
    replay = Replay([item(late, manual=manual)], manual, values={"segments": segments}).run(DAY, 300)
    codes = [do.step for _, do in replay.log]
    assert codes[-1] == "decision"
    assert inside or not any(manual.step(code).segments for code in codes if manual.step(code))


def test_the_first_segment_with_a_strategy_counts(acting: Cast) -> None:
    by = acting.actor()
    general = install_builtin(by, "es")
    of_vip = activate(by, import_draft(by, to_toml(builtin("en"))))
    of_late = activate(by, import_draft(by, to_toml(builtin("pt"))))
    for code in ("plain", "late", "vip"):
        store_segment(by, Segment(code, code.title()))
    row = {one.code: one for one in StoredSegment.objects.filter(organization_id=acting.id)}
    assign(by, of_vip.strategy, segment=row["vip"])
    assign(by, of_late.strategy, segment=row["late"])
    found = assignments(acting.id)
    both = frozenset({"plain", "vip", "late"})
    assert found.of("c", "d", both)[0] == of_late.id and found.scope("c", "d", both) == (Scope.SEGMENT, "late")
    assert found.of("c", "d", frozenset({"plain"}))[0] == general.id
    assert found.scope("c", "d") == (Scope.ORGANIZATION, "")
    order_segments(by, ["vip", "late", "plain"])
    assert [one.code for one in kept_segments(acting.id)] == ["vip", "late", "plain"]
    found = assignments(acting.id)
    assert found.of("c", "d", both)[0] == of_vip.id
    with pytest.raises(Problem, match="meanwhile"):
        order_segments(by, ["vip", "late"])
    delete_segment(by, "vip")
    assert assignments(acting.id).of("c", "d", both)[0] == of_late.id
    assert Assignment.objects.filter(organization_id=acting.id).count() == 2


def test_a_segment_in_use_by_a_step_stays(acting: Cast) -> None:
    by = acting.actor()
    store_segment(by, Segment("large", "Large"))
    draft = import_draft(by, to_toml(only_for("firm", "large", manual=builtin("es"))))
    with pytest.raises(Problem, match="only for it"):
        delete_segment(by, "large")
    store_segment(by, Segment("large", "Larger", (Condition("invoices", "at_least", 2),)))
    assert [one.name for one in kept_segments(acting.id)] == ["Larger"]
    activate(by, draft)


def test_a_manual_that_names_an_unknown_segment_is_not_put_into_force(acting: Cast) -> None:
    by = acting.actor()
    draft = import_draft(by, to_toml(only_for("firm", "large", manual=builtin("es"))))
    with pytest.raises(Problem, match="no segment “large”"):
        activate(by, draft)
    store_segment(by, Segment("large", "Large"))
    assert activate(by, draft).state == "active"
