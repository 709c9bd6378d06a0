"""Who is settled first, as a table; and what always holds."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puntual.receivables.settling import Designation, OpenItem, spread

DAY = date(2026, 11, 1)


def item(
    n: int, amount: object, late: int = 0, expected: object = 0, currency: str = "PEN", ours: bool = True
) -> OpenItem:
    due_on = DAY - timedelta(days=late)
    return OpenItem(UUID(int=n), due_on, f"F-{n}", Decimal(amount), currency, Decimal(expected), ours)


OLD, MID, NEW = item(1, 100, late=60), item(2, 100, late=30), item(3, 100)
NET_OLD, NET_NEW = item(4, 1000, late=60, expected=120), item(5, 1000, expected=120)

TABLE = [
    # what                                 amount, items, designated, oldest first, parts, rest
    ("the oldest first", 150, [NEW, OLD, MID], [], True, {1: 100, 2: 50}, 0),
    ("the number breaks a tie", 50, [item(9, 50), item(8, 50)], [], True, {8: 50}, 0),
    ("all settled, rest over", 350, [OLD, MID, NEW], [], True, {1: 100, 2: 100, 3: 100}, 50),
    ("designated before oldest", 150, [OLD, NEW], [(3, None)], True, {3: 100, 1: 50}, 0),
    ("a designated amount, then the oldest", 150, [OLD, NEW], [(3, 20)], True, {3: 50, 1: 100}, 0),
    ("more designated than open", 150, [OLD, NEW], [(3, 140)], False, {3: 100}, 50),
    ("two wishes for one item add up", 150, [OLD], [(1, 30), (1, 40)], False, {1: 70}, 80),
    ("nothing but the designated", 150, [OLD, NEW], [(3, None)], False, {3: 100}, 50),
    ("another currency is left alone", 50, [item(7, 50, currency="USD")], [(7, None)], True, {}, 50),
    ("whoever withholds pays each net", 1760, [NET_OLD, NET_NEW], [], True, {4: 880, 5: 880}, 0),
    ("the deduction is not paid by chance", 1000, [NET_OLD], [], True, {4: 880}, 120),
    ("unless the payer says so", 1000, [NET_OLD], [(4, None)], True, {4: 1000}, 0),
    ("two designated, both net", 1760, [NET_OLD, NET_NEW], [(5, None), (4, None)], True, {5: 880, 4: 880}, 0),
    ("a sold claim is not ours to settle", 50, [item(6, 50, ours=False)], [], True, {}, 50),
    ("but the payer may name it", 50, [item(6, 50, ours=False)], [(6, None)], True, {6: 50}, 0),
    ("what is named but not there", 50, [OLD], [(99, None)], True, {1: 50}, 0),
]


@pytest.mark.parametrize("row", TABLE, ids=[row[0] for row in TABLE])
def test_spread(row) -> None:
    _what, amount, items, named, oldest_first, parts, rest = row
    designations = [Designation(UUID(int=n), None if asked is None else Decimal(asked)) for n, asked in named]
    found = spread(Decimal(amount), "PEN", items, designations, oldest_first)
    assert {id.int: part for id, part in found.parts} == parts
    assert found.rest == rest


AMOUNTS = st.integers(0, 500).map(Decimal)
ITEMS = st.lists(
    st.builds(
        item, st.integers(1, 8), AMOUNTS, st.integers(0, 90), AMOUNTS, st.sampled_from(["PEN", "USD"]), st.booleans()
    ),
    max_size=6,
    unique_by=lambda one: one.id,
)
WISHES = st.lists(st.tuples(st.integers(1, 9), st.none() | AMOUNTS), max_size=4)


@given(AMOUNTS, ITEMS, WISHES, st.booleans())
def test_nothing_is_lost_and_no_item_takes_more_than_is_open(amount, items, wishes, oldest_first) -> None:
    found = spread(amount, "PEN", items, [Designation(UUID(int=n), asked) for n, asked in wishes], oldest_first)
    by_id = {one.id: one for one in items}
    assert sum((part for _id, part in found.parts), Decimal(0)) + found.rest == amount
    assert len({id for id, _part in found.parts}) == len(found.parts)
    for id, part in found.parts:
        assert 0 < part <= by_id[id].open
        assert by_id[id].currency == "PEN"
    if oldest_first and found.rest:
        taken = dict(found.parts)
        for one in items:
            if one.ours and one.currency == "PEN":
                assert taken.get(one.id, 0) >= max(one.open - one.expected, 0), "an item was left while money was over"
