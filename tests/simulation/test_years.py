"""Simulated years of every pack in every zone, three debts each: years with a leap day, moved Easters, changes of the clocks."""

from datetime import date

import pytest

from puntual.conduct.packs import pack_for
from puntual.conduct.tests.naive import violations
from puntual.conduct.tests.test_simulation import ZONES, hash_of, simulate


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("country", "zone"), ZONES)
def test_years_without_a_violation(country: str, zone: str, seed: int) -> None:
    pack = pack_for(country)
    first = date(2026, 1, 1)
    days = (date(2033, 1, 1) - first).days
    year = simulate(pack, country, zone, hash_of(zone) + seed, days, start=first)
    assert violations(pack.country, country, zone, year.log) == []
    assert year.allowed.total() > 400
