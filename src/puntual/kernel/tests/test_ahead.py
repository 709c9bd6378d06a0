"""Items made ahead: in their order, no more of them than asked for."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from puntual.kernel.ahead import ahead


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_items_keep_their_order_and_only_so_many_are_made_ahead(depth: int) -> None:
    made: list[int] = []

    def items() -> Iterator[int]:
        for number in range(6):
            made.append(number)
            yield number

    used = []
    with ThreadPoolExecutor(1) as hand:
        for number in ahead(items(), hand, depth):
            hand.submit(int).result()  # whatever was asked for before it has been made by now
            assert made == list(range(min(number + 1 + depth, 6)))
            used.append(number)
    assert used == list(range(6))


def test_what_goes_wrong_ahead_is_raised_where_the_item_is_used() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("the second")

    with ThreadPoolExecutor(1) as hand:
        used = ahead(items(), hand)
        assert next(used) == 1
        with pytest.raises(ValueError, match="the second"):
            next(used)
