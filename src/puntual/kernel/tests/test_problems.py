"""Which of the values that were given a refusal is about."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from puntual.kernel.problems import Problem

MONDAY = date(2026, 11, 23)
GIVEN = {
    "amount": Decimal("0"),
    "received_on": MONDAY,
    "number": "F-1",
    "memo": "F-1",
    "days": 60,
    "percent": 60,
    "file": SimpleNamespace(name="voucher.exe"),
    "shared": True,
}


@pytest.mark.parametrize(
    ("details", "about"),
    [
        ({"amount": Decimal("0.00")}, "amount"),
        ({"value": Decimal(0)}, "amount"),  # by its value alone, where it was given once
        ({"day": MONDAY, "today": MONDAY}, "received_on"),
        ({"number": "F-1"}, "number"),  # given twice, and the name says which
        ({"reference": "F-1"}, None),  # given twice: it could be either
        ({"days": 60}, "days"),
        ({"most": 60}, None),  # a number that is the same by chance
        ({"name": "voucher.exe"}, "file"),
        ({"beside": "percent", "amount": Decimal(0)}, "percent"),  # of several, the one it names
        ({"beside": "rate"}, None),  # a form that does not ask for it
        ({"one": 1}, None),  # a tick is no number
        ({"currency": ""}, None),
        ({}, None),
    ],
)
def test_a_refusal_names_what_it_is_about(details: Mapping[str, object], about: str | None) -> None:
    assert Problem("No.", **details).about(GIVEN) == about
