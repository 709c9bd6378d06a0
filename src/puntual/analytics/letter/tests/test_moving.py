"""How figures moved: every part of a change, and that the parts add up."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from puntual.analytics.letter.moving import FIGURES, change, figures, largest, made_of, measures
from puntual.analytics.months import BUCKETS, OUT, Period

PLACES = len(BUCKETS.names)
STATES = (*map(str, range(PLACES)), *OUT)


def month(amounts: bytes) -> Period:
    """Any month: what was open becomes something, and something new may be open at its end."""
    one, left = Period(date(2026, 10, 1), date(2026, 10, 31)), list(map(Decimal, amounts))
    for place in range(PLACES):
        for became in STATES:
            amount = left.pop()
            one.moves[place, became] += amount
            one.began[place] += amount
            if became.isdigit():
                one.ended[int(became)] += amount
        one.ended[place] += left.pop()
    return one


@given(st.binary(min_size=PLACES * (len(STATES) + 1), max_size=PLACES * (len(STATES) + 1)))
def test_what_the_overdue_part_changed_by_adds_up(amounts: bytes) -> None:
    one = month(amounts)
    assert sum(made_of(one).values()) == change(one)
    assert change(one) == sum(one.ended[1:]) - sum(one.began[1:])


@given(st.dictionaries(st.text("abc", min_size=1, max_size=3), st.integers(-50, 50).map(Decimal)), st.integers(-99, 99))
def test_the_largest_and_the_rest_add_up(parts: dict[str, Decimal], beyond: int) -> None:
    total = sum(parts.values(), Decimal(beyond))
    found = largest(parts, total)
    assert sum(amount for _key, amount in found) == total and len(found) <= 4
    named = [abs(amount) for key, amount in found if key]
    assert named == sorted(named, reverse=True)


def test_one_month_by_hand() -> None:
    one = Period(date(2026, 10, 1), date(2026, 10, 31))
    one.began[:2] = [Decimal(1000), Decimal(300)]
    one.moves[0, "1"], one.moves[0, "paid"] = Decimal(200), Decimal(800)
    one.moves[1, "paid"], one.moves[1, "2"], one.moves[1, "0"] = Decimal(150), Decimal(100), Decimal(50)
    one.ended[:3] = [Decimal(950), Decimal(230), Decimal(100)]  # 30 of it billed in the month, and late already
    assert {key: int(amount) for key, amount in made_of(one).items() if amount} == {
        "fell_due": 200,
        "new": 30,
        "paid": -150,
        "put_off": -50,
    }
    assert change(one) == 30
    one.flows.update(issued=Decimal(930), payment=Decimal(-950))
    found = figures([one])
    assert (found["balance"], found["overdue"], found["collected"]) == (1280, 330, 950)
    assert found["dso"] == Decimal(1280) / 930 * 31
    assert found["cei"] == (Decimal(1300 + 930 - 1280)) / (1300 + 930 - 950) * 100


def test_a_mean_is_of_the_months_before_and_leaves_out_what_there_is_not() -> None:
    series: dict[str, list[Decimal | None]] = {key: [None] * 14 for key in FIGURES}
    series["overdue"] = [Decimal(999), *(Decimal(10 * n) for n in range(12)), Decimal(500)]
    series["promises_kept"] = [None] * 11 + [Decimal(40), Decimal(60), None]
    found = {one.key: one for one in measures(series)}
    assert (found["overdue"].now, found["overdue"].before, found["overdue"].mean) == (500, 110, 55)
    assert (found["promises_kept"].now, found["promises_kept"].mean, found["promises_kept"].months) == (None, 50, 2)
    assert found["dso"].mean is None
