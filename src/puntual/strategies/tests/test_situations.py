"""Which offers apply in a situation, as a table; and what always holds of it."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puntual.agreements.guardrails import Situation
from puntual.strategies.situations import allowance, applying, contradicting
from puntual.strategies.soundness import faults
from puntual.strategies.steps import Offer
from puntual.strategies.tests.test_manual_files import FULL


def pen(amount: str) -> dict[str, Decimal]:
    return {"PEN": Decimal(amount)}


def plan(code: str, **more: object) -> Offer:
    values = {"days": 90, "installments": 3, "from_day": 10, "granted_by": "collector", "words": "en partes", **more}
    return Offer(code, code, "plan", **values)  # type: ignore[arg-type]


def at(balance: str = "1000", age: int = 30, *segments: str, currency: str = "PEN") -> Situation:
    return Situation(currency, Decimal(balance), age, frozenset(segments))


SMALL = plan("small", balance_below=pen("500"))
MIDDLE = plan("middle", balance_from=pen("500"), balance_below=pen("5000"))
LARGE = plan("large", balance_from=pen("5000"), to_day=60)
OLD = plan("old", balance_from=pen("5000"), from_day=61)
SHOPS = plan("shops", segments=("shops",), installments=6)
LONGER = plan("longer", granted_by="manager", installments=12, days=365)
EARLY = Offer("early", "early", "early_payment", percent=Decimal(2), days=10, from_day=-30, words="antes")
TABLE = (SMALL, MIDDLE, LARGE, OLD, SHOPS, LONGER, EARLY)


@pytest.mark.parametrize(
    ("situation", "codes"),
    [
        (at("499.99"), ["small", "longer", "early"]),
        (at("500"), ["middle", "longer", "early"]),
        (at("4999.99"), ["middle", "longer", "early"]),
        (at("5000"), ["large", "longer", "early"]),
        (at("5000", 60), ["large", "longer", "early"]),
        (at("5000", 61), ["old", "longer", "early"]),
        (at("1000", 9), ["early"]),
        (at("1000", 10), ["middle", "longer", "early"]),
        (at("1000", 30, "shops"), ["shops", "longer", "early"]),
        (at("1000", 30, "schools"), ["middle", "longer", "early"]),
        (at("1000", 30, currency="USD"), ["longer", "early"]),
        (at("1000", 30, "shops", currency="USD"), ["shops", "longer", "early"]),
    ],
)
def test_what_applies(situation: Situation, codes: list[str]) -> None:
    assert [offer.code for offer in applying(TABLE, situation)] == codes


@pytest.mark.parametrize(
    ("one", "other", "contradict"),
    [
        (SMALL, MIDDLE, False),
        (MIDDLE, LARGE, False),
        (LARGE, OLD, False),
        (LARGE, replace(OLD, from_day=60), True),
        (SMALL, replace(MIDDLE, balance_from=pen("499")), True),
        (SMALL, plan("dollars", balance_from={"USD": Decimal(1)}), False),
        (SMALL, plan("any"), True),
        (SMALL, plan("any", granted_by="manager"), False),
        (SMALL, SHOPS, False),
        (SHOPS, plan("more", segments=("shops", "schools")), True),
        (SHOPS, plan("schools", segments=("schools",)), False),
        (EARLY, replace(EARLY, code="again", percent=Decimal(3)), True),
        (EARLY, replace(EARLY, code="tier", percent=Decimal(3), days=20), False),
        (plan("one", to_day=20), replace(EARLY, kind="extension"), False),
    ],
)
def test_two_offers_for_the_same_situation(one: Offer, other: Offer, contradict: bool) -> None:
    assert bool(contradicting([one, other])) is contradict
    assert bool(contradicting([other, one])) is contradict


def test_a_discount_that_says_nothing_of_parts_is_for_one_payment() -> None:
    less = Offer("less", "less", "discount", percent=Decimal(10), days=30, words="menos")
    assert allowance(less).installments == 1 and allowance(replace(less, installments=3)).installments == 3
    assert allowance(SMALL).installments == 3


def test_a_contradiction_is_a_fault_of_the_later_one() -> None:
    manual = replace(FULL, offers=(*FULL.offers, plan("again", from_day=80)))
    (fault,) = faults(manual)
    assert (fault.code, fault.field) == ("again", "from_day") and "Tres partes" in fault.text()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"to_day": 9}, "to_day"),
        ({"to_day": 3651}, "to_day"),
        ({"balance_from": {"XX": Decimal(1)}}, "balance_from"),
        ({"balance_from": pen("NaN")}, "balance_from"),
        ({"balance_below": pen("0")}, "balance_below"),
        ({"balance_from": pen("500"), "balance_below": pen("500")}, "balance_below"),
        ({"segments": ("shops", "shops")}, "segments"),
        ({"segments": ("Shops!",)}, "segments"),
    ],
)
def test_situations_nobody_can_be_in_are_refused(change: dict[str, object], field: str) -> None:
    manual = replace(FULL, offers=(plan("parts", **change),))
    assert [one.field for one in faults(manual) if one.table == "offer"] == [field]


def test_a_step_makes_an_offer_while_it_may_be_made() -> None:
    offers = tuple(replace(one, to_day=21) if one.code == "parts" else one for one in FULL.offers)
    (fault,) = faults(replace(FULL, offers=offers))
    assert (fault.table, fault.code, fault.field) == ("step", "call", "offer")


_amount = st.dictionaries(st.sampled_from(["PEN", "USD"]), st.integers(1, 100).map(Decimal))
_offer = st.builds(
    plan,
    st.sampled_from("abcdef"),
    from_day=st.integers(-5, 60),
    to_day=st.none() | st.integers(-5, 90),
    balance_from=_amount,
    balance_below=_amount,
    segments=st.sets(st.sampled_from(["shops", "schools"])).map(tuple),
    granted_by=st.sampled_from(["collector", "manager"]),
)
_situation = st.builds(
    Situation,
    st.sampled_from(["PEN", "USD"]),
    st.integers(0, 110).map(Decimal),
    st.integers(-10, 100),
    st.frozensets(st.sampled_from(["shops", "schools"])),
)


@given(st.lists(_offer, max_size=4), _situation)
def test_of_each_rung_there_is_one_answer(offers: list[Offer], situation: Situation) -> None:
    """The order of a sound table never decides what is allowed, but where a customer is in two segments."""
    found = applying(offers, situation)
    rungs = [(offer.kind, offer.granted_by) for offer in found]
    assert len(rungs) == len(set(rungs))
    if not contradicting(offers) and len(situation.segments) < 2:
        assert set(map(repr, applying(offers[::-1], situation))) == set(map(repr, found))
