"""What the laws grant, worked out: the cases of the facts, and why nothing is offered elsewhere."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from puntual.kernel.interest import Change, Pause, Rate
from puntual.receivables.interest.laws import laws, series
from puntual.receivables.interest.working import AGREED, BY_LAW, LateItem, Terms, work_out

NOBODY = UUID(int=0)
SHIPPED = {name: one.rates for name, one in series().items()}
LAW = Terms(BY_LAW, date(2020, 1, 1), fixed=True)


def item(country="ES", currency="EUR", due_on=date(2025, 5, 31), amount="10000", terms=LAW, **more):
    changes = more.pop("changes", (Change(due_on - timedelta(days=30), Decimal(amount)),))
    return LateItem(NOBODY, NOBODY, NOBODY, NOBODY, "F-1", 1, due_on, currency, country, False, terms, changes, **more)


def worked(one, as_of, rates=SHIPPED):
    return work_out(one, laws().get(one.country), rates, as_of)


@pytest.mark.parametrize(
    ("country", "currency", "rates", "terms", "percents", "amounts", "once"),
    [
        # ECB 3.15 + 8 for 30 days of June, 2.15 + 8 for 31 of July; 40 EUR
        ("ES", "EUR", {}, LAW, ["11.15", "10.15"], ["91.64", "86.21"], "40"),
        ("PT", "EUR", {}, LAW, ["11.15", "10.15"], ["91.64", "86.21"], "40"),
        # the agreed rate goes first
        ("ES", "EUR", {}, Terms(AGREED, date(2020, 1, 1), Decimal(6), "Clause 9"), ["6"], ["100.27"], None),
        # interés corriente, as entered; 1 % of what is unpaid
        ("CL", "CLP", {"cl-corriente": "12"}, LAW, ["12"], ["201"], "100"),
        # one and a half times the current banking rate
        ("CO", "COP", {"co-bancario-corriente": "18"}, LAW, ["27.0"], ["451.23"], None),
        # an agreed rate above the cap is brought down to it
        (
            "CO",
            "COP",
            {"co-bancario-corriente": "18"},
            Terms(AGREED, date(2020, 1, 1), Decimal(40), "Clause 9"),
            ["27.0"],
            ["451.23"],
            None,
        ),
        (
            "PE",
            "PEN",
            {"pe-maximum": "90"},
            Terms(AGREED, date(2020, 1, 1), Decimal(24), "C."),
            ["24"],
            ["401.10"],
            None,
        ),
        ("MX", "MXN", {}, LAW, ["6"], ["100.27"], None),
        ("BR", "BRL", {"br-legal": "-0.5"}, LAW, ["0"], ["0.00"], None),  # floor 0
    ],
)
def test_what_the_law_grants_for_61_days(country, currency, rates, terms, percents, amounts, once):
    entered = {
        name: (Rate(country, name, date(2025, 1, 1), Decimal(value), "Entered"),) for name, value in rates.items()
    }
    found = worked(item(country, currency, terms=terms), date(2025, 7, 31), {**SHIPPED, **entered})
    assert found.why_not is None
    assert [str(line.percent) for line in found.lines] == percents
    assert [str(line.amount) for line in found.lines] == amounts
    assert (str(found.once.amount) if found.once else None) == once


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"country": "AR", "currency": "ARS"}, "No late-payment law with a source is kept for AR"),
        ({"currency": "USD"}, "are for EUR"),
        ({"country": "CL", "currency": "CLP"}, "“cl-corriente” is not known"),
        (
            {"country": "CL", "currency": "CLP", "terms": replace(LAW, basis=AGREED, percent=Decimal(9))},
            "own rate only",
        ),
        ({"country": "PE", "currency": "PEN"}, "only where a rate was agreed"),
        (
            {"country": "PE", "currency": "PEN", "terms": replace(LAW, basis=AGREED, percent=Decimal(9), clause="C.")},
            "“pe-maximum” is not known",
        ),
    ],
)
def test_where_nothing_is_offered_it_says_why(change, why):
    found = worked(item(**change), date(2025, 7, 31))
    assert found.lines == () and found.amount == 0
    assert why in found.why_not.message.format(**found.why_not.details)


def test_consumers_are_not_charged():
    found = worked(replace(item(), consumer=True), date(2025, 7, 31))
    assert found.total == 0 and "consumers" in found.why_not.message


def test_as_far_as_the_rates_are_known_and_no_further():
    found = worked(item(due_on=date(2025, 12, 21)), date(2026, 3, 1))
    assert (found.lines[-1].last_day, found.through) == (date(2025, 12, 31), date(2025, 12, 31))
    assert found.why_not.details["day"] == date(2025, 12, 31)


def test_days_charged_before_and_days_before_the_terms_bear_nothing_more():
    charged = worked(replace(item(), charged_through=date(2025, 6, 30), fixed_charged=True), date(2025, 7, 31))
    assert (charged.first_day, charged.once) == (date(2025, 7, 1), None)
    began = worked(item(terms=replace(LAW, from_on=date(2025, 7, 15))), date(2025, 7, 31))
    assert (began.first_day, began.once) == (date(2025, 7, 15), None)


def test_the_principal_paid_late_still_owes_what_had_accrued():
    changes = (Change(date(2025, 5, 1), Decimal(10000)), Change(date(2025, 6, 10), Decimal(-10000)))
    found = worked(item(changes=changes), date(2025, 9, 30))
    assert [(line.days, str(line.amount)) for line in found.lines] == [(10, "30.55")]
    assert found.through == date(2025, 9, 30)


def test_a_dispute_stops_interest_on_its_amount():
    found = worked(item(pauses=(Pause(date(2025, 6, 1), None, Decimal(4000)),)), date(2025, 6, 30))
    assert [line.principal for line in found.lines] == [6000]


def test_every_law_and_rate_names_its_source_and_fits_together():
    for law in laws().values():
        assert law.source and law.confidence in "VQS" and law.checked
        assert {name for name in (law.series, law.cap) if name} <= series().keys()
        assert law.series or law.agreed
    for one in series().values():
        assert one.source and one.checked
        assert len({rate.valid_from for rate in one.rates}) == len(one.rates)
