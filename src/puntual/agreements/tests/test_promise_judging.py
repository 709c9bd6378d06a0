"""The rules by which a promise is judged, and which items it covers."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from puntual.agreements.promises.covering import cover
from puntual.agreements.promises.judging import Covered, Money, Word, judge, paid
from puntual.receivables.settling import OpenItem

D = Decimal
X, Y, Z = UUID(int=1), UUID(int=2), UUID(int=3)


def on(day: int) -> date:
    return date(2026, 3, day)


def at(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("promised", "expected", "came", "known", "verdict"),
    [
        ("100", "100", "100", True, "kept"),
        ("100", "100", "100", False, "kept"),  # what came came: nobody waits for the bank to say so
        ("100", "100", "99", True, "kept"),  # the tolerance is 1
        ("100", "100", "98.99", True, "partly_kept"),
        ("100", "100", "98.99", False, None),
        ("100", "100", "1.01", True, "partly_kept"),
        ("100", "100", "1", True, "broken"),  # as little as the tolerance is as good as nothing
        ("100", "100", "0", True, "broken"),
        ("100", "100", "0", False, None),
        ("100", "40", "40", False, "kept"),  # 60 were credited meanwhile
        ("100", "40", "0", True, "broken"),
        ("100", "0", "0", False, "withdrawn"),  # all of it was credited, or closed outside
        ("100", "0.50", "0", True, "withdrawn"),
        ("0.80", "0.80", "0", True, "broken"),  # a promise within the tolerance is one all the same
        ("0.80", "0.80", "0.10", True, "kept"),
    ],
)
def test_the_verdict(promised: str, expected: str, came: str, known: bool, verdict: str | None) -> None:
    assert judge(D(promised), D(expected), D(came), D(1), known=known) == verdict


def word(key: int, amount: str, *, made: int = 2, day: int = 10, named: UUID | None = None, item: UUID = X) -> Word:
    covered = {named or item: Covered(D(amount), D(amount))}
    return Word(UUID(int=100 + key), on(made), on(day), on(day + 2), at(made), covered, named is not None)


def came(key: int, amount: str, day: int, item: UUID = X, hour: int = 18) -> Money:
    return Money(UUID(int=200 + key), item, on(day), at(day, hour), D(amount), on(day), at(day, hour))


def lies(key: int, amount: str, day: int, hour: int = 18) -> Money:
    """Received, and on account still."""
    return Money(UUID(int=200 + key), None, on(day), at(day, hour), D(amount), on(day), at(day, hour))


def applied(key: int, amount: str, day: int, received: int, item: UUID = X) -> Money:
    """Received on a day, on account through another."""
    return Money(UUID(int=200 + key), item, on(day), at(day), D(amount), on(received), at(received, 18))


@pytest.mark.parametrize(
    ("words", "money", "counted"),
    [
        ([word(1, "60")], [came(1, "60", 10)], ["60"]),
        ([word(1, "60")], [came(1, "60", 12)], ["60"]),  # booked within the bank's two days
        ([word(1, "60")], [came(1, "60", 13)], ["0"]),
        ([word(1, "60")], [came(1, "60", 1)], ["0"]),  # before it was made
        ([word(1, "60")], [came(1, "60", 2)], ["60"]),  # on that day, and known of later
        ([word(1, "60")], [came(1, "60", 2, hour=9)], ["0"]),  # on that day, and known of already
        ([word(1, "60")], [came(1, "90", 5)], ["60"]),
        ([word(1, "60")], [lies(1, "60", 12)], ["60"]),  # on account: it came all the same
        ([word(1, "60", named=X)], [lies(1, "60", 12)], ["60"]),  # and may be for any item
        ([word(1, "60")], [lies(1, "60", 13)], ["0"]),
        ([word(1, "60")], [lies(1, "60", 1)], ["0"]),
        ([word(1, "60"), word(2, "60", day=11)], [lies(1, "90", 5)], ["60", "30"]),
        ([word(1, "60")], [applied(1, "60", 20, received=9)], ["60"]),  # it came in time, whoever applied it late
        ([word(1, "60", named=X)], [applied(1, "60", 20, received=9, item=Y)], ["0"]),
        (
            [word(1, "60")],
            [applied(1, "60", 5, received=1)],
            ["60"],
        ),  # lay there before, and was taken for what was promised
        ([word(1, "60")], [applied(1, "60", 20, received=1)], ["0"]),
        ([word(1, "60")], [came(1, "20", 5), came(2, "20", 6)], ["40"]),
        ([word(1, "60", named=X)], [came(1, "60", 5, item=Y)], ["0"]),
        ([word(1, "60")], [came(1, "60", 5, item=Y)], ["60"]),
        # money counts once: first for the promise whose day comes first, then for the next
        ([word(1, "60"), word(2, "40", day=20)], [came(1, "100", 9)], ["60", "40"]),
        ([word(1, "60"), word(2, "60", day=20)], [came(1, "60", 9)], ["60", "0"]),
        ([word(1, "60"), word(2, "60", day=20)], [came(1, "60", 15)], ["0", "60"]),
        ([word(1, "60", day=20), word(2, "60", day=10)], [came(1, "80", 9)], ["20", "60"]),
        (
            [word(1, "60", named=X), word(2, "60", named=Y, day=20)],
            [came(1, "70", 9), came(2, "30", 9, Y)],
            ["60", "30"],
        ),
        # what came before the second was made is not for it
        ([word(1, "60"), word(2, "40", made=8, day=20)], [came(1, "100", 5)], ["60", "0"]),
    ],
)
def test_what_counts(words: list[Word], money: list[Money], counted: list[str]) -> None:
    assert paid(words, money) == {one.id: D(amount) for one, amount in zip(words, counted, strict=True)}


def test_what_may_still_be_expected() -> None:
    assert Covered(D(60), open=D(100)).expected == 60
    assert Covered(D(60), open=D(100), paid_since=D(30)).expected == 60
    assert Covered(D(60), open=D(20), paid_since=D(30)).expected == 50, "10 of what it covered were credited"
    assert Covered(D(60), open=D(0)).expected == 0


def item(key: UUID, day: int, amount: str, expected: str = "0", ours: bool = True) -> OpenItem:
    return OpenItem(key, on(day), str(key.int), D(amount), "PEN", D(expected), ours)


ITEMS = [item(X, 1, "100"), item(Y, 2, "100", expected="12"), item(Z, 3, "50")]


@pytest.mark.parametrize(
    ("amount", "named", "promised", "parts", "rest"),
    [
        ("150", (), (), {X: "100", Y: "50"}, "0"),  # the oldest first
        ("238", (), (), {X: "100", Y: "88", Z: "50"}, "0"),  # what the law has withheld is not asked for
        ("240", (), (), {X: "100", Y: "88", Z: "50"}, "2"),
        ("50", (), (X,), {Y: "50"}, "0"),  # what another promise holds comes last
        ("150", (), (X,), {Y: "88", Z: "50", X: "12"}, "0"),
        ("30", (Z,), (), {Z: "30"}, "0"),
        ("100", (Y,), (), {Y: "100"}, "0"),  # named, it may be the whole
        ("60", (Z,), (), {Z: "50"}, "10"),
    ],
)
def test_what_a_promise_covers(
    amount: str, named: tuple[UUID, ...], promised: tuple[UUID, ...], parts: dict[UUID, str], rest: str
) -> None:
    found = cover(D(amount), "PEN", ITEMS, named, promised)
    assert {key: part for key, part in found.parts if part} == {key: D(part) for key, part in parts.items()}
    assert found.rest == D(rest)
