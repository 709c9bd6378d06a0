"""Reports worked out beforehand: the same as asked for then, said to be of then, and only for that very question."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from puntual.analytics import reports
from puntual.analytics.alerts.models import Alert
from puntual.analytics.kept.keeping import keep_reports
from puntual.analytics.kept.models import KeptReport, KeptRows
from puntual.analytics.kept.reading import KEPT
from puntual.analytics.tables import Report
from puntual.analytics.tests.conftest import Portfolio, customer, invoice, pay
from puntual.outreach.models import Activity
from puntual.parties.models import Customer

DAY = date(2026, 9, 2)
ALWAYS = timedelta(0)


@pytest.fixture
def contacted(portfolio: Portfolio) -> Portfolio:
    """Somebody was called on a Sunday, and somebody else on a Monday; one more is billed and pays every month."""
    usual = customer(portfolio.by(date(2026, 4, 1)), portfolio.main, "003", "Cada mes")
    for month in (4, 5, 6):
        issued = date(2026, month, 1)
        invoice(portfolio.by(issued), usual, f"M{month}", issued, (10, "80.00"))
        pay(portfolio.by(date(2026, month, 20)), usual, f"M{month}", date(2026, month, 20), "80.00")
    for code, at in (("001", "2026-08-30 15:00"), ("002", "2026-08-31 15:00")):
        moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
        who = Customer.objects.get(organization_id=portfolio.organization_id, creditor=portfolio.main, code=code)
        Activity.objects.create(
            organization_id=portfolio.organization_id,
            customer=who,
            day=moment.date(),
            channel="call",
            state="done",
            result="no_answer",
            settled_at=moment,
            created_at=moment,
        )
    who = Customer.objects.get(organization_id=portfolio.organization_id, creditor=portfolio.other)
    billed = DAY - timedelta(days=20)
    invoice(portfolio.by(billed), who, "K1", billed, (5, "100.00"))
    pay(portfolio.by(DAY - timedelta(days=3)), who, "K1", DAY - timedelta(days=3), "100.00")
    Alert.objects.create(
        organization_id=portfolio.organization_id,
        kind="missed",
        creditor=portfolio.main,
        customer=Customer.objects.get(organization_id=portfolio.organization_id, creditor=portfolio.main, code="001"),
        raised_on=DAY,
        facts={"now": 12, "on_time": 30},
    )
    return portfolio


def build(portfolio: Portfolio, name: str, as_of: date = DAY, **options: object) -> Report:
    return reports.build(name, portfolio.organization_id, as_of, **options)


def test_kept_is_what_was_asked_for_then(contacted: Portfolio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("puntual.analytics.kept.keeping._CHUNK", 2)
    with translation.override("es"):
        live = {name: (list(found.rows), found) for name in KEPT for found in [build(contacted, name)]}
        assert keep_reports(contacted.by(DAY), "es", ALWAYS) == list(KEPT)
        for name, (rows, was) in live.items():
            found = build(contacted, name, today=DAY)
            kept = list(found.rows)
            assert rows and kept == rows, name
            assert found.totals == was.totals, name
            assert [list(map(type, row)) for row in kept] == [list(map(type, row)) for row in rows], name
            said = " Calculado a las 21:30; lo que llegó después no está incluido."
            assert found.basis == was.basis + said and found.worked_out in said
            assert found.facts == {**was.facts, "worked_out_at": "2026-09-02T21:30:00-05:00"}, name
    assert live["conduct"][1].facts["contacts_with_a_broken_rule"] == 1


def test_what_comes_later_is_in_what_is_asked_anew(contacted: Portfolio) -> None:
    keep_reports(contacted.by(DAY), "es", ALWAYS)
    who = Customer.objects.get(organization_id=contacted.organization_id, creditor=contacted.main, code="002")
    with translation.override("es"):
        before = list(build(contacted, "behavior", today=DAY).rows)
        pay(contacted.by(DAY), who, "P9", DAY, "70.10")
        kept, live = build(contacted, "behavior", today=DAY), build(contacted, "behavior")
        assert kept.worked_out and list(kept.rows) == before
        assert not live.worked_out and "worked_out_at" not in live.facts and list(live.rows) != before


def test_any_other_question_is_answered_now(contacted: Portfolio) -> None:
    keep_reports(contacted.by(DAY), "es", ALWAYS)
    before = DAY - timedelta(days=1)
    with translation.override("es"):
        assert build(contacted, "conduct", since=DAY - timedelta(days=30), today=DAY).worked_out, (
            "the same in other words"
        )
        assert not build(contacted, "conduct", since=DAY - timedelta(days=29), today=DAY).worked_out
        assert not build(contacted, "scores", creditor=contacted.main.id, today=DAY).worked_out
        assert not build(contacted, "aging", today=DAY).worked_out
        assert not build(contacted, "scores", before, today=DAY).worked_out
        assert not build(contacted, "scores", before, today=before).worked_out
    with translation.override("en"):
        assert not build(contacted, "scores", today=DAY).worked_out, "there are words in its rows"
        assert build(contacted, "forecast", today=DAY).basis.endswith(
            "Worked out at 21:30; what came since is not in it."
        )


def test_what_is_quick_is_not_kept(contacted: Portfolio) -> None:
    assert keep_reports(contacted.by(DAY), "es", timedelta(hours=1)) == []
    assert not KeptReport.objects.exists() and not KeptRows.objects.exists()


def test_the_next_day_takes_its_place(contacted: Portfolio) -> None:
    keep_reports(contacted.by(DAY), "es", ALWAYS)
    number = KeptRows.objects.count()
    keep_reports(contacted.by(DAY + timedelta(days=1)), "es", ALWAYS)
    assert set(KeptReport.objects.values_list("as_of", flat=True)) == {DAY + timedelta(days=1)}
    assert KeptRows.objects.count() == number
    assert not build(contacted, "behavior", today=DAY).worked_out


def test_an_empty_portfolio_is_kept_as_well(acting) -> None:
    assert keep_reports(acting.actor(), "es", ALWAYS) == list(KEPT)
    for name in KEPT:
        with translation.override("es"):
            found = reports.build(name, acting.id, acting.actor().today, today=acting.actor().today)
        assert found.worked_out and list(found.rows) == []
