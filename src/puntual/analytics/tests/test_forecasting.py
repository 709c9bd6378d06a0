"""The forecast's curves by hand, and its band on a made-up world whose truth is known."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puntual.analytics.forecasting import (
    UNKNOWN,
    Z80,
    Curve,
    Seen,
    Standing,
    bank_days_from,
    curves,
    forecast,
    kind_of,
    reach_of,
    weeks_from,
)
from puntual.kernel.calendars import BusinessCalendar

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
    weeks = forecast([Standing(1, MONDAY, 1000.0, 1000.0**2)], known, MONDAY, weeks_from(MONDAY, 3))
    assert [round(week.expected) for week in weeks] == [500, 500, 0]
    assert (weeks[0].first, weeks[0].last) == (date(2026, 3, 3), date(2026, 3, 9))
    assert weeks[0].low == 0 and weeks[0].high > 1000, "one payment comes whole or not at all"
    assert weeks[2].low == weeks[2].high == 0


def test_days_without_banks_bring_their_money_on_the_next_one_and_days_add_up_to_their_weeks() -> None:
    """Holy Week of 2026 in Peru: Thursday and Friday without banks, then the weekend."""
    spans = bank_days_from(date(2026, 3, 30), 3, BusinessCalendar("PE"))
    assert [(first.day, last.day) for first, last in spans] == [(31, 31), (1, 1), (2, 6)]
    known = curves([Seen(1, day, True, 10) for day in range(1, 15)])
    standings = [Standing(1, MONDAY, 1400.0, 1400.0**2)]
    days = bank_days_from(MONDAY, 10, BusinessCalendar("PE"))
    assert (days[0][0], days[-1][1]) == (date(2026, 3, 3), MONDAY + timedelta(days=14))
    by_day, by_week = (forecast(standings, known, MONDAY, spans) for spans in (days, weeks_from(MONDAY, 2)))
    assert sum(one.expected for one in by_day) == pytest.approx(sum(one.expected for one in by_week))
    assert by_day[4].expected == pytest.approx(3 * by_day[3].expected), "a Monday brings the weekend's"


def test_the_past_says_how_wide_the_band_is() -> None:
    away = [(100.0, 25.0, 100.0 + 5 * far) for far in (-1, 2, -3, 4, -5, 6, 7, -8, 9)]
    assert reach_of(away[:7]) == Z80, "too little is known"
    assert reach_of(away[:8]) == 8, "the farthest of eight: with fewer than nine nothing less holds four of five"
    assert reach_of(away) == 8, "the eighth of nine"
    assert reach_of([(100, 25, 100)] * 8) == Z80 / 2
    assert reach_of([(100, 25, 900)] * 8) == 10 * Z80
    assert reach_of([(100, 0, 500)] * 8) == Z80, "where nothing was uncertain nothing is learned"


def test_a_model_bends_the_curve_at_the_expected_day() -> None:
    """Half came in time, on days -2 and 0; half late, on days 5 and 20."""
    curve = Curve([Seen(0, day, True, 1) for day in (-2, 0, 5, 20)])
    for late in (0.0, 0.2, 0.5, 0.9, 1.0):
        assert curve.chance(-10, -9, 0, late) == pytest.approx(1 - late), "in time, as the model says"
        assert curve.chance(-10, 1, 10, late) == pytest.approx(late / 2), "late, on the days of the kind"
        assert not late or curve.chance(3, 4, 10, late) == pytest.approx(curve.chance(3, 4, 10)), (
            "of what is late already it says nothing"
        )
    assert curve.chance(-1, 0, 0, 0.2) == pytest.approx(0.4 / 0.6), "of what did not come two days before"
    never = Curve([Seen(0, -1, True, 3)])
    assert never.chance(-5, -4, 0, 0.9) == 1, "nobody knows when those would pay who never were late"


@given(
    st.lists(st.tuples(st.integers(-95, 400), st.booleans(), st.integers(1, 9)), min_size=1, max_size=12),
    st.floats(0, 1),
    st.integers(-60, 120),
)
def test_bent_chances_stay_chances(seen: list[tuple[int, bool, int]], late: float, age: int) -> None:
    curve = Curve([Seen(0, *one) for one in seen])
    weeks = [curve.chance(age, age + 1 + 7 * week, age + 7 * (week + 1), late) for week in range(80)]
    assert all(-1e-9 <= chance <= 1 + 1e-9 for chance in weeks) and sum(weeks) <= 1 + 1e-9


class World:
    """Customers with habits of their own, some invoices very late, half of the customers paying on Fridays."""

    def __init__(self, seed: int, customers: int = 120, weeks: int = 150, *, told: bool = False) -> None:
        """Where a model has `told`, each invoice is late by a chance of its own, which is known; it comes within a few weeks."""
        draw = Random(seed)
        self.told: dict[tuple[int, date], float] = {}
        self.start = date(2023, 1, 2)
        self.items: list[tuple[int, date, date, date, float]] = []
        for customer in range(customers):
            usual, spread = draw.choice([-3, 2, 6, 12, 20, 35, 55]), draw.choice([2, 4, 8])
            size, every = draw.lognormvariate(7, 0.8), draw.choice([7, 14, 30])
            issued = self.start + timedelta(days=draw.randrange(every))
            while issued < self.start + timedelta(weeks=weeks):
                due = issued + timedelta(days=30)
                late = round(draw.gauss(usual, spread)) if draw.random() > 0.03 else draw.randrange(60, 240)
                if told:
                    self.told[customer, due] = chance = draw.betavariate(0.5, 0.7)
                    late = draw.randrange(1, 40) if draw.random() < chance else -draw.randrange(6)
                paid = max(issued, due + timedelta(days=late))
                if customer % 2 and not told:
                    paid += timedelta(days=(4 - paid.weekday()) % 7)
                self.items.append((customer, issued, due, paid, size * draw.uniform(0.6, 1.5)))
                issued += timedelta(days=every)

    def on(self, today: date, *, by_model: bool = False) -> tuple[list[Seen], list[Standing], float]:
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
        if by_model:
            standings = [
                Standing(kind, due, amount, amount * amount, 0, self.told[customer, due] if due > today else None)
                for (kind, due), each in owed.items()
                for customer, amount in each.items()
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
            found = forecast(standings, curves(seen), today, weeks_from(today, 1), reach_of(past[-26:]))[0]
            if len(past) >= 12:
                weeks += 1
                inside += found.low <= came <= found.high
                expected_all, came_all = expected_all + found.expected, came_all + came
            past.append((found.expected, found.variance, came))
    assert 0.75 <= inside / weeks <= 0.85, f"{inside} of {weeks}"
    assert abs(came_all / expected_all - 1) < 0.05


def test_a_model_that_is_right_makes_the_forecast_better() -> None:
    """Two seeds, some 80 weeks each: the mean error is smaller by a twentieth at least, and the band holds four of five weeks."""
    errors, inside, weeks = {False: 0.0, True: 0.0}, 0, 0
    for seed in (21, 22):
        world = World(seed, customers=60, told=True)
        past: dict[bool, list[tuple[float, float, float]]] = {False: [], True: []}
        for week in range(52, 146):
            today = world.start + timedelta(weeks=week)
            for by_model, before in past.items():
                seen, standings, came = world.on(today, by_model=by_model)
                found = forecast(standings, curves(seen), today, weeks_from(today, 1), reach_of(before[-26:]))[0]
                if len(before) >= 12:
                    errors[by_model] += abs(found.expected - came)
                    weeks += by_model
                    inside += by_model and found.low <= came <= found.high
                before.append((found.expected, found.variance, came))
    assert errors[True] < 0.95 * errors[False], errors
    assert 0.75 <= inside / weeks <= 0.85, f"{inside} of {weeks}"
