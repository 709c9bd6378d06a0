"""An organization's own rates: entered with a source, in the place of shipped ones, not used, taken back."""

from decimal import Decimal

import pytest

from puntual.kernel.problems import Problem
from puntual.payments.withholdings.actions import set_rate, use_rate, withdraw_rate
from puntual.payments.withholdings.models import WithholdingRate
from puntual.payments.withholdings.queries import limits_for, rates_of
from puntual.receivables.tests.build import Books

ICA = {
    "name": "ReteICA Bogotá",
    "percent": Decimal("0.966"),
    "base": "net",
    "tax_percent": Decimal(19),
    "source": "Acuerdo",
}


def codes(books: Books, country: str) -> list[str]:
    return sorted(one.code for one in limits_for(books.org, country, books.by.today).withholdings)


def test_an_own_rate_is_recognized_from_its_day(books: Books) -> None:
    before = codes(books, "CO")
    made = set_rate(books.by, "CO", group="reteica", **ICA)
    assert codes(books, "CO") == sorted([*before, "own_reteica_bogota"])
    assert [rate.own for rate in rates_of(books.org, "CO", books.ago(1))].count(True) == 0
    withdraw_rate(books.by, made.id)
    assert codes(books, "CO") == before


def test_a_shipped_rate_can_be_left_out_and_taken_up_again(books: Books) -> None:
    use_rate(books.by, "PE", "detraccion_15", used=False)
    assert "detraccion_15" not in codes(books, "PE")
    assert "detraccion_15" in [rate.code for rate in rates_of(books.org, "PE", books.by.today)]
    use_rate(books.by, "PE", "detraccion_15", used=True)
    assert "detraccion_15" in codes(books, "PE")
    assert WithholdingRate.objects.filter(withdrawn_at=None).count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"percent": Decimal(0)},
        {"percent": Decimal(101)},
        {"tax_percent": Decimal(0)},
        {"source": " "},
        {"name": ""},
    ],
)
def test_what_is_refused(books: Books, wrong: dict[str, object]) -> None:
    with pytest.raises(Problem):
        set_rate(books.by, "CO", **{**ICA, **wrong})
    with pytest.raises(Problem):
        use_rate(books.by, "CO", "nobody", used=True)
    assert not WithholdingRate.objects.exists()
