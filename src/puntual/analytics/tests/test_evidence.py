"""Differences that are there are found; differences that are not are named in at most one experiment in twenty."""

from random import Random

import pytest

from puntual.analytics.evidence import LEAST_CUSTOMERS, Sums, difference, enough, interval


def group(random: Random, customers: int, paid_in_time: float) -> Sums:
    """Customers with one to forty items each, who pay in time by a habit of their own around `paid_in_time`."""
    pairs = []
    for _ in range(customers):
        items = min(40, 1 + int(random.expovariate(0.2)))
        habit = random.betavariate(2 * paid_in_time, 2 * (1 - paid_in_time))
        pairs.append((items, sum(random.random() < habit for _ in range(items))))
    return sums(pairs)


def sums(pairs: list[tuple[int, int]]) -> Sums:
    return Sums(
        len(pairs),
        sum(items for items, _ in pairs),
        sum(hits for _, hits in pairs),
        sum(items * items for items, _ in pairs),
        sum(hits * hits for _, hits in pairs),
        sum(items * hits for items, hits in pairs),
    )


def test_without_an_effect_a_winner_is_declared_in_at_most_one_run_in_twenty() -> None:
    random, runs, winners = Random(7), 400, 0
    for _ in range(runs):
        champion, challenger, holdback = (group(random, 150, 0.6) for _ in range(3))
        winners += difference(challenger, champion).is_sure or difference(holdback, champion).is_sure
    assert winners <= runs * 0.05


def test_items_counted_as_if_they_were_customers_would_name_far_too_many() -> None:
    """The reason for counting customers: the same runs, each item for itself."""
    random, runs, winners = Random(7), 200, 0
    for _ in range(runs):
        a, b = (group(random, 150, 0.6) for _ in range(2))
        each = [Sums(one.items, one.items, one.hits, one.items, one.hits, one.hits) for one in (a, b)]
        winners += difference(*each).is_sure
    assert winners > runs * 0.2


def test_a_real_difference_is_found_and_its_interval_holds_the_truth() -> None:
    random, runs, found, held = Random(11), 100, 0, 0
    for _ in range(runs):
        apart = difference(group(random, 800, 0.75), group(random, 800, 0.6))
        found += apart.low > 0
        held += apart.low <= 0.15 <= apart.high
    assert found > 90
    assert held > 90


@pytest.mark.parametrize(("customers", "answer"), [(LEAST_CUSTOMERS - 1, False), (LEAST_CUSTOMERS, True)])
def test_few_customers_say_nothing(customers: int, answer: bool) -> None:
    few = sums([(2, 1)] * customers)
    assert enough(few, sums([(2, 1)] * 500)) is answer


def test_when_all_are_alike_the_interval_is_a_point() -> None:
    alike = sums([(2, 1)] * 200)
    assert alike.share == 0.5
    assert interval(alike) == (0.5, 0.5)
    assert interval(sums([(1, 1)] * 199 + [(1, 0)])) == (pytest.approx(0.984, abs=1e-3), 1.0)
