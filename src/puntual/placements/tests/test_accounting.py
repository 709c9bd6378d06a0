"""How it stands with an agency: the commission by placement, what was settled, and what is left."""

from decimal import Decimal

import pytest

from puntual.placements.agencies.accounting import Collected, account


@pytest.mark.parametrize(
    ("currency", "amount", "percent", "due"),
    [
        ("PEN", "100.10", "12.5", "12.51"),
        ("CLP", "1001", "12.5", "125"),  # no decimals in this currency
        ("PEN", "-50.00", "10", "0.00"),  # more went back than came in: nothing is due, nothing is charged back
        ("PEN", "100.00", None, "0.00"),
    ],
)
def test_the_commission_is_exact_in_its_currency(currency: str, amount: str, percent: str | None, due: str) -> None:
    one = Collected(currency, Decimal(amount), None if percent is None else Decimal(percent))
    assert str(one.commission) == due


def test_currencies_are_never_put_together() -> None:
    came = [
        Collected("PEN", Decimal("200.00"), Decimal(10)),
        Collected("PEN", Decimal("50.00"), None),
        Collected("USD", Decimal("30.00"), Decimal(20)),
    ]
    settled = [("remitted", "PEN", Decimal("150.00")), ("kept", "PEN", Decimal("25.00")), ("paid", "USD", Decimal("1"))]
    soles, dollars = account(came, settled)
    assert (soles.collected, soles.unpriced, soles.due) == (Decimal(250), Decimal(50), Decimal(20))
    assert (soles.owed, soles.elsewhere) == (Decimal(-5), Decimal(75))  # it kept 5 too much
    assert (dollars.due, dollars.owed, dollars.remitted) == (Decimal(6), Decimal(5), Decimal(0))
