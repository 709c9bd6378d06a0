"""What is called proved: rarely anything that is not so, and what plainly is."""

import random
from statistics import NormalDist

import pytest

from puntual.analytics.evidence import Sums
from puntual.analytics.letter.proving import LEAST, Findings, Way, prove


def sums(customers: int, hits: int, contacts: int = 1) -> Sums:
    """Customers with as many contacts each, of which either all or none have the outcome."""
    return Sums(
        customers,
        customers * contacts,
        hits * contacts,
        customers * contacts**2,
        hits * contacts**2,
        hits * contacts**2,
    )


def way(channel: str, made: Sums, step: str = "m:3", outcome: str = "answered") -> Way:
    return Way(step, channel, outcome, made)  # type: ignore[arg-type]


def test_twice_as_often_is_said_with_its_interval() -> None:
    found = prove([way("whatsapp", sums(206, 82)), way("email", sums(206, 41))])
    (one,) = found.proofs
    assert (one.better, one.worse, one.contacts, found.comparisons) == ("whatsapp", "email", 412, 1)
    assert one.times == pytest.approx(2.0)
    # By the usual formula for two independent binomials, whose variance has n where this one has n - 1.
    z = NormalDist().inv_cdf(0.975)
    half = z * (1 / 82 - 1 / 206 + 1 / 41 - 1 / 206) ** 0.5
    assert one.low == pytest.approx(2 * 2.718281828**-half, rel=0.005)
    assert one.high == pytest.approx(2 * 2.718281828**half, rel=0.005)
    assert (round(one.low, 1), round(one.high, 1)) == (1.4, 2.8)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (way("whatsapp", sums(206, 50)), way("email", sums(206, 41))),  # the interval includes no difference
        (way("whatsapp", sums(99, 60)), way("email", sums(206, 20))),  # too few customers
        (way("whatsapp", sums(206, 82)), way("email", sums(206, LEAST - 1))),  # hardly anybody answered
        (way("whatsapp", sums(206, 82)), way("email", sums(206, 41), step="m:4")),  # another step
        (way("whatsapp", sums(206, 82)), way("email", sums(206, 41), outcome="paid")),  # another question
        (way("call", sums(206, 11)), way("email", sums(206, 82))),  # nobody answers a call in writing
    ],
)
def test_nothing_is_proposed_without_proof(one: Way, other: Way) -> None:
    assert prove([one, other]).proofs == ()


def test_calls_are_compared_by_what_was_paid() -> None:
    found = prove([way("call", sums(300, 150), outcome="paid"), way("email", sums(300, 60), outcome="paid")])
    assert [(one.better, one.outcome) for one in found.proofs] == [("call", "paid")]


def test_many_contacts_with_few_customers_prove_less() -> None:
    """The same shares, 60 contacts per customer: the contacts are many and the evidence is that of 103 customers."""
    assert prove([way("whatsapp", sums(206, 60)), way("email", sums(206, 38))]).proofs
    assert not prove([way("whatsapp", sums(103, 30, 60)), way("email", sums(103, 19, 60))]).proofs


def test_the_more_is_compared_the_more_it_takes() -> None:
    pair = [way("whatsapp", sums(206, 60)), way("email", sums(206, 40))]
    others = [
        way(channel, sums(150, 30), step=f"x:{number}") for number in range(20) for channel in ("whatsapp", "email")
    ]
    assert len(prove(pair).proofs) == 1
    found = prove([*pair, *others])
    assert (found.proofs, found.comparisons) == ((), 21)


def test_of_letters_without_any_difference_at_most_one_in_twenty_names_one() -> None:
    luck = random.Random(7)
    wrong = 0
    for _letter in range(400):
        ways = [
            way(channel, sums(200, sum(luck.random() < 0.3 for _each in range(200))), step=f"m:{number}")
            for number in range(3)
            for channel in ("email", "whatsapp")
        ]
        wrong += bool(prove(ways).proofs)
    assert wrong <= 400 * 0.05 + 3 * (400 * 0.05 * 0.95) ** 0.5


def test_without_contacts_nothing_was_compared() -> None:
    assert prove([]) == Findings((), 0)
