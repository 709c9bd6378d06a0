"""The only items that add up."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puntual.payments.matching.subsets import MOST_ITEMS, only_subset


@pytest.mark.parametrize(
    ("amounts", "total", "places"),
    [
        ([100], 100, (0,)),
        ([100, 250, 475], 725, (1, 2)),
        ([100, 250, 475], 825, (0, 1, 2)),
        ([100, 100], 100, None),  # which one?
        ([100, 200, 300], 300, None),  # the third, or the first two
        ([100, 200], 150, None),
        ([100, 200], 0, None),
        ([], 100, None),
        ([7] + [1000 + number for number in range(MOST_ITEMS)], 7, None),  # too many to be sure
    ],
)
def test_table(amounts: list[int], total: int, places: tuple[int, ...] | None) -> None:
    found = only_subset(amounts, total)
    assert (found.places if found else None) == places


@given(st.lists(st.integers(1, 60), min_size=1, max_size=9), st.integers(1, 200))
def test_it_is_the_only_one(amounts: list[int], total: int) -> None:
    every = [
        places
        for size in range(1, len(amounts) + 1)
        for places in combinations(range(len(amounts)), size)
        if sum(amounts[place] for place in places) == total
    ]
    found = only_subset(amounts, total)
    assert (found.places if found else None) == (every[0] if len(every) == 1 else None)


def test_many_items_add_up_to_anything() -> None:
    few = only_subset([118_00, 250_13, 999_99], 368_13)
    many = [100_00 * number + 100_00 for number in range(12)]
    assert few
    assert few.chance < 0.001
    round_ones = only_subset([*many, 37_00], 137_00)
    assert round_ones
    assert round_ones.chance > 0.001
