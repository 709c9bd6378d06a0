"""UUIDv7: the layout of RFC 9562, in order, without repeats."""

import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puntual.kernel import ids
from puntual.kernel.ids import uuid7, uuid7_batch


def milliseconds(made: UUID) -> int:
    return made.int >> 80


@given(st.integers(0, 2**48 - 1))
def test_the_layout(now_ms):
    made = uuid7(now_ms)
    assert (made.version, made.variant) == (7, RFC_4122)
    assert milliseconds(made) == now_ms
    assert UUID(str(made)) == made


def test_ids_carry_the_time_they_were_made():
    before = time.time_ns() // 1_000_000
    made = [uuid7(), *uuid7_batch(3)]
    after = time.time_ns() // 1_000_000
    assert all(before <= milliseconds(one) <= after + 1 for one in made)
    assert {(one.version, one.variant) for one in made} == {(7, RFC_4122)}


@given(st.lists(st.integers(0, 50), min_size=2, max_size=20))
def test_one_after_the_other_however_they_are_made(sizes):
    made = [one for size in sizes for one in (*uuid7_batch(size), uuid7())]
    assert all(before < after for before, after in pairwise(made))
    assert all(str(before) < str(after) for before, after in pairwise(made))


def test_a_time_given_from_outside_leaves_the_order_alone():
    far_ahead = uuid7(2**48 - 1)
    assert uuid7() < far_ahead


def test_a_clock_that_goes_back_does_not(monkeypatch):
    first = uuid7()
    monkeypatch.setattr(time, "time_ns", lambda: 0)
    assert first < uuid7() < uuid7()


def test_a_full_millisecond_runs_over_into_the_next(monkeypatch):
    now = time.time_ns() // 1_000_000 + 5
    monkeypatch.setattr(ids, "_last", (now + 1 << 74) - 1)
    made = uuid7_batch(2)
    assert made[0] < made[1]
    assert milliseconds(made[0]) == now + 1


@pytest.fixture
def no_chance(monkeypatch):
    """The clock stands still and every random step is the smallest: only the order itself keeps ids apart."""
    now = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: now)
    monkeypatch.setattr(ids, "_last", 0)
    monkeypatch.setattr(os, "urandom", bytes)


def test_ids_rise_without_the_help_of_chance(no_chance):
    made = [*uuid7_batch(100), uuid7(), uuid7()]
    assert all(before < after for before, after in pairwise(made))


def test_a_batch_that_runs_over_into_the_next_millisecond_rises_too(no_chance, monkeypatch):
    now = time.time_ns() // 1_000_000
    monkeypatch.setattr(ids, "_last", (now + 6 << 74) - 3)
    made = uuid7_batch(4)
    assert [milliseconds(one) for one in made] == [now + 5, now + 5, now + 6, now + 6]
    assert all(before < after for before, after in pairwise(made))


def test_threads_share_one_order_without_repeats(no_chance):
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            batches = list(pool.map(lambda size: [*uuid7_batch(size), uuid7()], [200] * 80))
    finally:
        sys.setswitchinterval(usual)
    assert len({one for batch in batches for one in batch}) == 80 * 201
    assert all(batch == sorted(batch) for batch in batches)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_child_makes_ids_of_its_own(monkeypatch):
    # The clock stands still: a child that inherited the order would stay within a few steps of its parent.
    now = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: now)
    monkeypatch.setattr(ids, "_last", 0)
    parent = uuid7()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, uuid7().bytes)
        os._exit(0)
    os.waitpid(child, 0)
    made = UUID(bytes=os.read(reader, 16))
    assert abs(made.int - parent.int) > 2**40


def test_none_are_made_for_nothing():
    assert uuid7_batch(0) == []
