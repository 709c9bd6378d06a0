"""The forecast's curves by hand, and its band on a made-up world whose truth is known."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from random import Random

import pytest

from puntual.analytics.forecasting import (
    UNKNOWN,
    Curve,
    Seen,
    Standing,
    curves,
    forecast,
    kind_of,
    spread_of,
)

MONDAY = date(2026, 3, 2)


def test_the_curve_loses_what_was_paid_of_what_was_still_watched() -> None:
    """Four items: one paid on day 2, one watched until day 5, one paid on day 10, one still watched on day 20."""
    curve = Curve([Seen(0, 2, True, 1), Seen(0, 5, False, 1), Seen(0, 10, True, 1), Seen(0, 20, False, 1)])
    assert [curve.left(day) for day in (1, 2, 9, 10, 400)] == [1, 0.75, 0.75, 0.375, 0.375]
    assert curve.chance(5, 6, 12) == pytest.approx(0.5), "of the two still watched on day 10 one is paid"
    assert curve.chance(20, 21, 27) == 0, "of what is so late nothing was seen to come"


def test_a_kind_of_which_little_was_seen_leans_on_all() -> None:
    everybody = [Seen(0, 0, True, 80), Seen(0, 30, True, 20), Seen(3, 20, True, 1)]
    found = curves(everybody)
    assert found[UNKNOWN].left(0) == pytest.approx(Curve(everybody).left(0))
    assert found[3].left(0) == pytest.approx(found[UNKNOWN].left(0), abs=0.05)
    assert found[0].left(0) == pytest.approx(0.2, abs=0.01), "what is well known speaks for itself"


@pytest.mark.parametrize(
    ("usual", "settled", "kind"),
    [(None, 9, UNKNOWN), (3, 2, UNKNOWN), (-4, 3, 0), (0, 3, 0), (7, 5, 1), (8, 5, 2), (90, 5, 5)],
)
def test_customers_are_told_apart_by_their_usual_days(usual, settled, kind) -> None:
    assert kind_of(usual, settled) == kind


def test_a_week_gets_what_its_days_lose() -> None:
    known = curves([Seen(1, 3, True, 50), Seen(1, 10, True, 50)] * 40)
    weeks = forecast([Standing(1, MONDAY, 1000.0, 1000.0**2)], known, MONDAY, 3)
    assert [round(week.expected) for week in weeks] == [500, 500, 0]
    assert (weeks[0].first, weeks[0].last) == (date(2026, 3, 3), date(2026, 3, 9))
    assert weeks[0].low == 0 and weeks[0].high > 1000, "one payment comes whole or not at all"
    assert weeks[2].low == weeks[2].high == 0


def test_the_past_says_how_wide_the_band_is() -> None:
    assert spread_of([(100, 25, 110)] * 7) == 1, "too little is known"
    assert spread_of([(100, 25, 110)] * 8) == 4
    assert spread_of([(100, 25, 100)] * 8) == 0.25
    assert spread_of([(100, 0, 500)] * 8) == 1, "where nothing was uncertain nothing is learned"


class World:
    """Customers with habits of their own, some invoices very late, half of the customers paying on Fridays."""

    def __init__(self, seed: int, customers: int = 120, weeks: int = 150) -> None:
        draw = Random(seed)
        self.start = date(2023, 1, 2)
        self.items: list[tuple[int, date, date, date, float]] = []
        for customer in range(customers):
            usual, spread = draw.choice([-3, 2, 6, 12, 20, 35, 55]), draw.choice([2, 4, 8])
            size, every = draw.lognormvariate(7, 0.8), draw.choice([7, 14, 30])
            issued = self.start + timedelta(days=draw.randrange(every))
            while issued < self.start + timedelta(weeks=weeks):
                due = issued + timedelta(days=30)
                late = round(draw.gauss(usual, spread)) if draw.random() > 0.03 else draw.randrange(60, 240)
                paid = max(issued, due + timedelta(days=late))
                if customer % 2:
                    paid += timedelta(days=(4 - paid.weekday()) % 7)
                self.items.append((customer, issued, due, paid, size * draw.uniform(0.6, 1.5)))
                issued += timedelta(days=every)

    def on(self, today: date) -> tuple[list[Seen], list[Standing], float]:
        """What was seen and is open on a day, and what comes in the week after it."""
        past: dict[int, list[int]] = defaultdict(list)
        for customer, _issued, due, paid, _amount in self.items:
            if paid <= today:
                past[customer].append((paid - due).days)
        kinds = {one: kind_of(sorted(days)[(len(days) - 1) // 2], len(days)) for one, days in past.items()}
        seen: Counter[tuple[int, int, bool]] = Counter()
        owed: dict[tuple[int, date], dict[int, float]] = defaultdict(lambda: defaultdict(float))
        came = 0.0
        for customer, issued, due, paid, amount in self.items:
            if issued > today:
                continue
            kind = kinds.get(customer, UNKNOWN)
            seen[kind, ((paid if paid <= today else today) - due).days, paid <= today] += 1
            if paid > today:
                owed[kind, due][customer] += amount
                came += amount if paid <= today + timedelta(days=7) else 0
        standings = [
            Standing(kind, due, sum(each.values()), sum(one * one for one in each.values()))
            for (kind, due), each in owed.items()
        ]
        return [Seen(*key, count) for key, count in seen.items()], standings, came


def test_the_band_holds_four_of_five_weeks() -> None:
    """Three seeds, some 80 weeks each: between 75 and 85 of 100, and the sum of what was expected is right within 5 %."""
    inside = weeks = 0
    expected_all = came_all = 0.0
    for seed in (11, 12, 13):
        world = World(seed)
        past: list[tuple[float, float, float]] = []
        for week in range(52, 146):
            today = world.start + timedelta(weeks=week)
            seen, standings, came = world.on(today)
            found = forecast(standings, curves(seen), today, 1, spread_of(past[-26:]))[0]
            if len(past) >= 12:
                weeks += 1
                inside += found.low <= came <= found.high
                expected_all, came_all = expected_all + found.expected, came_all + came
            past.append((found.expected, found.variance, came))
    assert 0.75 <= inside / weeks <= 0.85, f"{inside} of {weeks}"
    assert abs(came_all / expected_all - 1) < 0.05
