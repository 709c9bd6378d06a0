"""Limitation periods: from the due date, started anew by what the pack recognizes, unknown where nothing is known."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puntual.conduct.limitation import Interruption, days_left, limitation, shortest, years_after
from puntual.conduct.packs import pack_for, packs, read_pack
from puntual.conduct.rules import INTERRUPTIONS
from puntual.kernel.problems import Problem

DUE = date(2016, 3, 10)


def _facts(*texts: str) -> list[Interruption]:
    return [Interruption(kind, date.fromisoformat(on)) for kind, on in (text.split() for text in texts)]


@pytest.mark.parametrize(
    ("country", "claim", "interruptions", "last"),
    [
        ("PE", "ordinary", (), "2026-03-10"),
        ("CL", "ordinary", (), "2021-03-10"),
        ("CL", "executive", (), "2019-03-10"),
        ("CO", "ordinary", (), "2026-03-10"),
        ("CO", "executive", (), "2021-03-10"),
        ("EC", "ordinary", (), "2026-03-10"),
        ("AR", "ordinary", (), "2021-03-10"),
        ("BR", "ordinary", (), "2021-03-10"),
        ("ES", "ordinary", (), "2021-03-10"),
        ("CL", "ordinary", ("part_payment 2018-05-02",), "2023-05-02"),
        ("CL", "ordinary", ("part_payment 2018-05-02", "lawsuit 2023-05-02"), "2028-05-02"),
        ("CL", "ordinary", ("part_payment 2018-05-02", "lawsuit 2023-05-03"), "2023-05-02"),  # too late by a day
        ("CL", "ordinary", ("demand 2018-05-02",), "2021-03-10"),  # a demand out of court is none there
        ("ES", "ordinary", ("demand 2018-05-02",), "2023-05-02"),
        ("BR", "ordinary", ("part_payment 2018-05-02", "lawsuit 2020-01-01"), "2023-05-02"),  # only once
        ("PE", "ordinary", ("part_payment 2016-01-05",), "2026-03-10"),  # before it was due
    ],
)
def test_the_last_day(country: str, claim: str, interruptions: tuple[str, ...], last: str) -> None:
    assert limitation(pack_for(country), claim, DUE, _facts(*interruptions)) == date.fromisoformat(last)


@pytest.mark.parametrize("country", ["", "US", "DO", "MX", "UY"])
def test_where_nothing_is_known_nothing_is_said(country: str) -> None:
    assert limitation(pack_for(country), "ordinary", DUE) is None


def test_leap_days_and_the_days_left() -> None:
    assert years_after(date(2020, 2, 29), 5) == date(2025, 2, 28)
    assert years_after(date(2020, 2, 29), 4) == date(2024, 2, 29)
    assert days_left(date(2026, 3, 10), date(2026, 3, 10)) == 1
    assert days_left(date(2026, 3, 10), date(2026, 3, 11)) == 0
    assert shortest(packs().values(), "ordinary") == 5


def test_every_period_says_where_it_stands_and_that_paying_a_part_interrupts() -> None:
    for pack in packs().values():
        for one in pack.limitations:
            assert one.article and one.source and one.checked == date(2026, 11, 21)
            assert {"part_payment", "lawsuit"} <= one.interrupted_by, pack.country


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('claim = "ordinary"', "“years” is missing"),
        ('claim = "moral"', "“claim” cannot be “moral”"),
        ('claim = "ordinary"\nyears = 5\ninterrupted_by = ["wish"]', "“interrupted_by” cannot be"),
        (
            'claim = "ordinary"\nyears = 5\ninterrupted_by = []\narticle = "a"\nsource = "s"\nconfidence = "M"',
            "cannot be “M”",
        ),
    ],
)
def test_a_bad_period_is_refused(line: str, fault: str) -> None:
    with pytest.raises(Problem) as caught:
        read_pack(f'country = "XX"\nchecked = 2026-11-21\nrules = []\n[[limitations]]\n{line}', "xx.toml")
    assert fault in str(caught.value)


_interruptions = st.builds(
    Interruption, st.sampled_from(sorted(INTERRUPTIONS)), st.dates(date(2000, 1, 1), date(2060, 1, 1))
)


@given(
    st.sampled_from(["PE", "CL", "CO", "EC", "AR", "BR", "ES"]),
    st.dates(date(2000, 1, 1), date(2040, 1, 1)),
    st.lists(_interruptions, max_size=6),
    _interruptions,
)
def test_an_interruption_never_shortens_and_never_adds_more_than_one_period(
    country: str, due_on: date, earlier: list[Interruption], one: Interruption
) -> None:
    pack = pack_for(country)
    without = limitation(pack, "ordinary", due_on, [])
    last = limitation(pack, "ordinary", due_on, [*earlier, one])
    assert without and last and last >= without
    latest = max([due_on, one.on, *(other.on for other in earlier)])
    assert last <= years_after(latest, 10) + timedelta(days=1)
