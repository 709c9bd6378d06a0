"""Limits: what is within them, what passes which, and who decides then."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puntual.agreements.guardrails import (
    AT_LEAST,
    AT_MOST,
    Allowance,
    Situation,
    Within,
    closest,
    excess,
    nothing,
    who_decides,
)
from puntual.organizations.roles import AUTHORITY

HERE = Situation("PEN", Decimal("1200.50"), 40, frozenset({"shops"}))
PLAN = Allowance("plan", "collector", "plan", installments=3, days=90, down_percent=Decimal(30))
MORE = Allowance("plan", "manager", "longer", installments=6, days=180, down_percent=Decimal(20))


def of(allowance: Allowance, role: str) -> Within:
    return Within(allowance, role, HERE)


def asked(installments: int = 3, days: int = 90, down: str = "30") -> dict[str, int | Decimal]:
    return {"installments": installments, "days": days, "down_percent": Decimal(down)}


@pytest.mark.parametrize(
    ("within", "wanted", "passed", "decides"),
    [
        (of(PLAN, "collector"), asked(), [], ""),
        (of(PLAN, "collector"), asked(2, 30, "50"), [], ""),
        (of(PLAN, "collector"), asked(4), ["installments"], "manager"),
        (of(PLAN, "collector"), asked(3, 91, "29.99"), ["days", "down_percent"], "manager"),
        (of(PLAN, "manager"), asked(4), ["installments"], "manager"),
        (of(PLAN, "owner"), asked(4), ["installments"], ""),
        (of(MORE, "collector"), asked(5), ["role"], "manager"),
        (of(MORE, "collector"), asked(7, 90), ["installments", "role"], "owner"),
        (of(MORE, "manager"), asked(7, 90), ["installments"], "owner"),
        (of(MORE, "accountant"), asked(), ["role"], "manager"),
        (nothing("plan", "collector", HERE), asked(2), ["days", "installments"], "manager"),
    ],
)
def test_what_passes_a_limit_and_who_decides(
    within: Within, wanted: dict[str, int | Decimal], passed: list[str], decides: str
) -> None:
    found = excess(within, wanted)
    assert [one.limit for one in found] == passed
    assert who_decides(within, found) == decides


def test_what_is_kept_says_the_limit_and_what_was_asked() -> None:
    found = excess(of(PLAN, "collector"), asked(4, 90, "12.50"))
    assert [one.as_json() for one in found] == [
        {"limit": "installments", "allowed": "3", "asked": "4"},
        {"limit": "down_percent", "allowed": "30", "asked": "12.5"},
    ]
    assert Situation.from_json(HERE.as_json()) == HERE and Situation.from_json({}) is None


def test_a_limit_nobody_knows_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="weeks"):
        excess(of(PLAN, "owner"), {"weeks": 3})


@pytest.mark.parametrize(
    ("role", "wanted", "offer"),
    [
        ("collector", asked(), "plan"),
        ("collector", asked(5), "longer"),
        ("collector", asked(9, 400), "longer"),
        ("manager", asked(5), "longer"),
    ],
)
def test_of_several_offers_the_one_to_go_by(role: str, wanted: dict[str, int | Decimal], offer: str) -> None:
    found = closest((of(PLAN, role), of(MORE, role)), wanted)
    assert found and found.allowance.offer == offer


_numbers = st.fixed_dictionaries({name: st.integers(0, 20).map(Decimal) for name in (*AT_MOST, *AT_LEAST)})


@given(_numbers, _numbers, st.sampled_from(AUTHORITY), st.sampled_from(AUTHORITY))
def test_asking_for_less_never_passes_more(
    limits: dict[str, Decimal], wanted: dict[str, Decimal], role: str, least: str
) -> None:
    within = of(Allowance("plan", least, **limits), role)  # type: ignore[arg-type]
    passed = {one.limit for one in excess(within, wanted)}
    milder = {name: min(wanted[name], limits[name]) for name in AT_MOST} | {
        name: max(wanted[name], limits[name]) for name in AT_LEAST
    }
    assert {one.limit for one in excess(within, milder)} == passed & {"role"}
    assert not passed or who_decides(within, excess(within, wanted)) in ("", *AUTHORITY)


@given(_numbers, st.sampled_from(AUTHORITY))
def test_who_stands_further_on_passes_no_more(wanted: dict[str, Decimal], least: str) -> None:
    counts = [len(excess(of(Allowance("plan", least), role), wanted)) for role in AUTHORITY]
    assert counts == sorted(counts, reverse=True)
