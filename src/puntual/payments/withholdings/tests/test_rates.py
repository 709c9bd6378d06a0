"""Rates of withholding: every shipped one is sound and sourced, and what was withheld by them is recognized."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puntual.payments.matching.adjusting import Kind, Limits, explain
from puntual.payments.matching.portfolio import OpenItem
from puntual.payments.withholdings.rates import CONFIDENCES, Base, Rate, in_force, shipped
from puntual.receivables.models import ExpectedDeduction

DAY = date(2026, 11, 23)
RATES = [rate for rates in shipped().values() for rate in rates]


def limits(country: str) -> Limits:
    return Limits(withholdings=tuple(rate.as_withholding() for rate in in_force(country, DAY)))


def item(amount: int, number: str = "F-1", currency: str = "PEN") -> OpenItem:
    return OpenItem(UUID(int=abs(hash(number))), UUID(int=1), number, DAY, currency, amount)


@pytest.mark.parametrize("rate", RATES, ids=lambda rate: f"{rate.country}-{rate.code}")
def test_every_shipped_rate_is_sound(rate: Rate) -> None:
    assert 0 < rate.percent <= 100
    assert 0 < rate.share < 1
    assert rate.kind in ExpectedDeduction.Kind.values
    assert rate.confidence in CONFIDENCES
    assert rate.source.strip()
    assert len(rate.source) <= 300
    assert rate.name.strip()
    assert rate.from_on < DAY
    assert rate.base == Base.TOTAL or rate.tax_percent or rate.code == "retefuente_1"


def test_a_country_has_no_code_twice() -> None:
    for rates in shipped().values():
        assert len({rate.code for rate in rates}) == len(rates)


@pytest.mark.parametrize(
    ("country", "total", "came_in", "codes"),
    [
        ("PE", 118_000, 114_460, ["retencion_igv"]),  # 3 % of the total
        ("PE", 118_000, 103_840, ["detraccion_12"]),
        ("PE", 123_456, 108_656, ["detraccion_12"]),  # 148.15, deposited as 148
        ("PE", 118_000, 100_000, []),  # 15.25 %: no rate
        ("CO", 11_900_000, 11_650_000, ["retefuente_2_5"]),  # 2.5 % of 10,000,000 net
        ("CO", 11_900_000, 11_215_000, ["retefuente_4", "reteiva"]),  # 400,000 and 15 % of 1,900,000
        ("MX", 116_000, 95_333, ["isr_honorarios", "iva_dos_tercios"]),  # 10,000 and 10,667
        ("AR", 118_000, 114_460, []),  # nothing sourced there
    ],
)
def test_what_was_withheld_is_named(country: str, total: int, came_in: int, codes: list[str]) -> None:
    found = explain([item(total)], came_in, DAY, limits(country))
    assert ([one.code for one in found.adjustments] if found else []) == codes
    if found:
        assert sum(amount for _item, amount in found.parts) == came_in
        assert sum(one.amount for one in found.adjustments) == total - came_in
        assert all(one.kind in (Kind.WITHHOLDING, Kind.DETRACTION) for one in found.adjustments)


@given(
    country=st.sampled_from(["PE", "CO", "MX"]),
    totals=st.lists(st.integers(20_000, 90_000_000), min_size=1, max_size=4),
    data=st.data(),
)
def test_what_a_rate_takes_is_always_explained_to_the_cent(
    country: str, totals: list[int], data: st.DataObject
) -> None:
    rate = data.draw(st.sampled_from(in_force(country, DAY)))
    items = [item(total, f"F-{n}") for n, total in enumerate(totals)]
    withheld = [int((total * rate.share).to_integral_value(ROUND_HALF_UP)) for total in totals]
    found = explain(items, sum(totals) - sum(withheld), DAY, limits(country))
    assert found is not None
    assert sum(amount for _item, amount in found.parts) == sum(totals) - sum(withheld)
    by_item = {each.id: each.open for each in items}
    for item_id, amount in found.parts:
        taken = sum(one.amount for one in found.adjustments if one.item_id == item_id)
        assert amount + taken == by_item[item_id]


def test_rates_of_one_group_never_come_together() -> None:
    both = 10_000_000 * 25 // 1000 + 10_000_000 * 4 // 100  # 2.5 % and 4 % of the same invoice
    assert explain([item(11_900_000)], 11_900_000 - both, DAY, limits("CO")) is None


def test_an_own_rate_stands_in_the_place_of_a_shipped_one() -> None:
    own = Rate("PE", "retencion_igv", "x", "withholding", Decimal(6), Base.TOTAL, DAY, "s", "", own=True)
    before = in_force("PE", date(2026, 11, 22), [own])
    assert next(one for one in before if one.code == "retencion_igv").percent == 3
    assert next(one for one in in_force("PE", DAY, [own]) if one.code == "retencion_igv").percent == 6
