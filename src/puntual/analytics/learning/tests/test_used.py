"""Where a model is in use, the forecast and the order of the work go by it and say so; where none is, as ever."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from puntual.analytics import reports
from puntual.analytics.figures.catalog import behind, leads
from puntual.analytics.figures.lines import Figure
from puntual.analytics.forecasts import forecast_of, standings_of
from puntual.analytics.learning.features import NAMES, Model
from puntual.analytics.learning.models import ScoreModel
from puntual.analytics.learning.tests.worlds import TODAY, make, own_rate_only
from puntual.analytics.tables import Question
from puntual.analytics.work.beside import kept_beside
from puntual.analytics.work.ranking import rank_work
from puntual.analytics.work.words import why_here
from puntual.outreach.models import Activity
from puntual.parties.models import ContactPoint
from puntual.receivables.models import Installment


@pytest.fixture
def by(acting):
    made = acting.actor(today=TODAY, now=datetime.combine(TODAY, time(15), UTC))
    make(made, own_rate_only, customers=30, months=8)
    return made


def use(by, intercept: float) -> None:
    """A model to which everything is late by the same chance."""
    weights = Model(intercept, dict.fromkeys(NAMES, 0.0), {}, dict.fromkeys(NAMES, 0.0)).kept()
    ScoreModel.objects.create(
        organization_id=by.organization_id, day=TODAY, outcome="better", used_since=TODAY, weights=weights
    )


def soon(by) -> float:
    """What is expected to come by the day on which the last of what is open is due."""
    last = Installment.objects.filter(organization_id=by.organization_id, open_amount__gt=0).latest("due_on").due_on
    return sum(week.expected for week in forecast_of(by.organization_id, TODAY)["PEN"] if week.last <= last)


def test_the_forecast_goes_by_the_model_and_its_rows_add_up(by) -> None:
    before = soon(by)
    _added_up(by, "customers of each kind paid before", "learned")
    use(by, 6.0)  # late by 99.8 %
    assert soon(by) < 0.9 * before
    _added_up(by, "in use since October 1, 2026", "")
    _curves, standings = standings_of(by.organization_id, TODAY)
    assert {one.late is None for one in standings["PEN"] if one.expected_on > TODAY} == {False}
    assert {one.late for one in standings["PEN"] if one.expected_on <= TODAY} == {None}, "what is late is late"
    item = Installment.objects.filter(organization_id=by.organization_id, due_on__gt=TODAY, open_amount__gt=0)[0]
    item.extended_to = item.due_on + timedelta(days=10)
    item.save(update_fields=["extended_to"])
    _curves, standings = standings_of(by.organization_id, TODAY)
    put_off = [one for one in standings["PEN"] if one.expected_on == item.extended_to and one.late is None]
    assert sum(one.amount for one in put_off) == pytest.approx(float(item.open_amount)), "the model knows no extension"


def _added_up(by, said: str, not_said: str) -> None:
    with translation.override("en"):
        found = reports.build("forecast", by.organization_id, TODAY)
        assert said in found.basis and (not not_said or not_said not in found.basis)
    rows = [row for row in found.rows if row[0] > TODAY.isoformat()]
    for week, currency, expected, *_band in rows[:5]:
        key = {"week": week, "currency": currency}
        assert leads("forecast", "expected", key, TODAY)
        lines = behind("forecast", Figure(by.organization_id, Question(TODAY), "expected", key))
        assert abs(lines.total() - expected) <= Decimal("0.005"), week


def test_the_order_of_the_work_goes_by_the_model_and_says_so(by) -> None:
    item = Installment.objects.filter(organization_id=by.organization_id, open_amount__gt=0, due_on__lt=TODAY)[0]
    call = Activity.objects.create(
        organization_id=by.organization_id,
        customer_id=item.customer_id,
        day=TODAY,
        channel="call",
        state="to_do",
        step="call",
        lead_id=item.id,
        lead_days=3,
        demand={"PEN": str(item.open_amount)},
        items=[item.id],
        created_at=by.now,
    )
    ContactPoint.objects.create(
        organization_id=by.organization_id, customer_id=item.customer_id, kind="phone", value="+51987654321"
    )
    said = []
    for used in (False, True):
        if used:
            use(by, 0.0)
        rank_work(by)
        worth = kept_beside(by.organization_id, call.id, call.customer_id)[0]
        assert worth is not None and worth.by_model == used
        with translation.override("en"):
            said.append("by the learned model" in why_here(worth, "S/ 1.00", 0))
    assert said == [False, True]
