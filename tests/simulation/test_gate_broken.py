"""The judge is worth something: whichever kind of rule the gate forgets, or counts wrongly, simulated months show it.

The gate's own parts are broken here, one at a time, on purpose; the judge shares no code with them.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from puntual.conduct import gate
from puntual.conduct.packs import pack_for
from puntual.conduct.rules import DaysOff, Frequency, Hours, Rule, Spacing
from puntual.conduct.tests.naive import violations
from puntual.conduct.tests.test_simulation import simulate

PLACES = {
    "": ("UY", "America/Montevideo"),
    "PE": ("PE", "America/Lima"),
    "CL": ("CL", "America/Santiago"),
    "CO": ("CO", "America/Bogota"),
    "EC": ("EC", "America/Guayaquil"),
    "DO": ("DO", "America/Santo_Domingo"),
    "US": ("US", "America/New_York"),
    "ES": ("ES", "Europe/Madrid"),
}


def found(pack: str, broken: Callable[..., Any] | None = None) -> list[str]:
    """What the judge says of months in a country; `broken` changes the pack first."""
    country, zone = PLACES[pack]
    rules = pack_for(country)
    year = simulate(
        replace(rules, rules=tuple(map(broken, rules.rules))) if broken else rules, country, zone, 7, days=250
    )
    return violations(pack, country, zone, year.log)


@pytest.mark.parametrize("pack", sorted(PLACES))
def test_unbroken_it_is_silent(pack: str) -> None:
    assert found(pack) == []


@pytest.mark.parametrize(
    ("pack", "part"), [("CO", "never"), ("CO", "consent"), ("CO", "timed"), ("CL", "limits"), ("ES", "timed")]
)
def test_a_gate_that_forgets_a_kind_of_rule(monkeypatch: pytest.MonkeyPatch, pack: str, part: str) -> None:
    whole = gate.plan_for
    monkeypatch.setattr(gate, "plan_for", lambda *asked: replace(whole(*asked), **{part: ()}))
    assert found(pack) != []


_COUNTS: dict[str, Callable[[Any], Any]] = {
    "one more than allowed": lambda limit: limit._replace(times=limit.times + 1),
    "a day less": lambda limit: limit._replace(days=max(limit.days - 1, 1)),
    "this debt only": lambda limit: limit._replace(any_debt=False),
    "calendar days for full ones": lambda limit: limit._replace(full_days=False),
    "this channel only": lambda limit: limit._replace(counted=frozenset({"letter"})),
    "their contacts for conversations": lambda limit: limit._replace(conversations=not limit.conversations),
}


@pytest.mark.parametrize(
    ("pack", "wrong"),
    [
        ("EC", "one more than allowed"),
        ("DO", "one more than allowed"),
        ("US", "one more than allowed"),
        ("CL", "a day less"),
        ("CO", "a day less"),
        ("EC", "this debt only"),
        ("CO", "this debt only"),
        ("CL", "calendar days for full ones"),
        ("CO", "this channel only"),
        ("CL", "this channel only"),
        ("US", "their contacts for conversations"),
    ],
)
def test_a_gate_that_counts_wrongly(monkeypatch: pytest.MonkeyPatch, pack: str, wrong: str) -> None:
    whole = gate.plan_for

    def plan_for(*asked: Any) -> Any:
        plan = whole(*asked)
        return replace(plan, limits=tuple(map(_COUNTS[wrong], plan.limits)))

    monkeypatch.setattr(gate, "plan_for", plan_for)
    assert found(pack) != []


def test_a_gate_that_forgets_yesterday(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = gate.ends_of_weight

    def forgets(limit: Any, history: gate.ContactHistory, day: Any, moment: Any, zone: Any) -> Any:
        recent = tuple(one for one in history.contacts if moment - one.at < timedelta(hours=12))
        return whole(limit, gate.ContactHistory(recent), day, moment, zone)

    monkeypatch.setattr(gate, "ends_of_weight", forgets)
    assert found("CL") != []


def _wider(rule: Rule) -> Rule:
    if not isinstance(rule.value, Hours):
        return rule
    week = tuple(tuple((start, end + 1) for start, end in spans) for spans in rule.value.week)
    return replace(rule, value=Hours(week))


def _works_on_holidays(rule: Rule) -> Rule:
    return replace(rule, value=replace(rule.value, holidays=False)) if isinstance(rule.value, DaysOff) else rule


def _once_more(rule: Rule) -> Rule:
    return (
        replace(rule, value=replace(rule.value, times=rule.value.times + 1))
        if isinstance(rule.value, Frequency)
        else rule
    )


def _sooner(rule: Rule) -> Rule:
    return (
        replace(rule, value=replace(rule.value, days=rule.value.days - 1)) if isinstance(rule.value, Spacing) else rule
    )


_LOOSER = {
    f"{pack or 'elsewhere'}-{broken.__name__[1:]}": (pack, broken)
    for pack in sorted(PLACES)
    for broken in (_wider, _works_on_holidays, _once_more, _sooner)
    if any(broken(rule) != rule for rule in pack_for(PLACES[pack][0]).rules)  # no pack has every kind
}


@pytest.mark.soak
@pytest.mark.parametrize(("pack", "broken"), _LOOSER.values(), ids=_LOOSER.keys())
def test_a_rule_that_is_looser_than_the_law(pack: str, broken: Callable[[Rule], Rule]) -> None:
    country, zone = PLACES[pack]
    rules = pack_for(country)
    looser = replace(rules, rules=tuple(map(broken, rules.rules)))
    year = simulate(looser, country, zone, 7, days=1500)
    assert violations(pack, country, zone, year.log) != []
