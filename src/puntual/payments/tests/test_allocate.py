"""What a payment settles beyond open items: claims that were written off."""

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puntual.payments.allocate import Designation, Item, allocate
from puntual.receivables.tests.test_settling import AMOUNTS, ITEMS, item

OPEN = Item(item(1, 100))
GONE = Item(item(2, 0, late=90), Decimal(80))
PARTLY_GONE = Item(item(3, 40), Decimal(60))

TABLE = [
    # what                                          items, designated, oldest first, parts (True: recovery), rest
    ("a written-off item is not revived by chance", [OPEN, GONE], [], True, [(1, 100, False)], 50),
    ("but the payer may name it", [OPEN, GONE], [(2, None)], True, [(2, 80, True), (1, 70, False)], 0),
    ("and how much", [OPEN, GONE], [(2, 30)], False, [(2, 30, True)], 120),
    ("no more than was written off", [GONE], [(2, 90)], True, [(2, 80, True)], 70),
    ("twice", [GONE], [(2, 50), (2, 50)], True, [(2, 80, True)], 70),
    ("what is open of an item comes first", [PARTLY_GONE], [(3, None)], True, [(3, 40, False)], 110),
]


@pytest.mark.parametrize("row", TABLE, ids=[row[0] for row in TABLE])
def test_recoveries(row) -> None:
    _what, items, named, oldest_first, parts, rest = row
    designations = [Designation(UUID(int=n), None if asked is None else Decimal(asked)) for n, asked in named]
    found = allocate(Decimal(150), "PEN", items, designations, oldest_first)
    assert [(part.item_id.int, part.amount, part.recovery) for part in found.parts] == parts
    assert found.rest == rest


@given(
    AMOUNTS,
    ITEMS,
    st.lists(AMOUNTS, min_size=6, max_size=6),
    st.lists(st.tuples(st.integers(1, 9), st.none() | AMOUNTS)),
)
def test_nothing_is_lost_and_no_account_is_overdrawn(amount, items, written_off, wishes) -> None:
    candidates = [Item(one, off) for one, off in zip(items, written_off, strict=False)]
    found = allocate(amount, "PEN", candidates, [Designation(UUID(int=n), asked) for n, asked in wishes])
    by_id = {one.id: one for one in candidates}
    assert sum((part.amount for part in found.parts), found.rest) == amount
    assert len({(part.item_id, part.recovery) for part in found.parts}) == len(found.parts)
    for part in found.parts:
        one = by_id[part.item_id]
        assert 0 < part.amount <= (one.written_off if part.recovery else one.open.open)
        assert not part.recovery or any(part.item_id.int == n for n, _asked in wishes)
