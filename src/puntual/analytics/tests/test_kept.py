"""Reports worked out beforehand: the same as asked for then, said to be of then, and only for that very question."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from puntual.analytics import reports
from puntual.analytics.alerts.models import Alert
from puntual.analytics.exports import in_text
from puntual.analytics.kept.keeping import KEPT, LATELY, keep_reports, waited
from puntual.analytics.kept.models import KeptReport, KeptRows, WaitedFor
from puntual.analytics.narrowing import Whose, whose
from puntual.analytics.tables import Question, Report
from puntual.analytics.tests.conftest import Portfolio, customer, invoice, pay
from puntual.outreach.models import Activity
from puntual.parties.models import Customer

DAY = date(2026, 9, 2)
ALWAYS = timedelta(0)
EMPTY = {"fairness", "disputes", "credit-limits", "promises", "agreements", "effectiveness"}
"""Reports of what did not happen to these customers."""


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
            assert kept == rows, name
            assert found.totals == was.totals, name
            assert [list(map(type, row)) for row in kept] == [list(map(type, row)) for row in rows], name
            said = " Calculado a las 21:30; lo que llegó después no está incluido."
            assert found.basis == was.basis + said and found.worked_out in said
            assert found.facts == {**in_text(was.facts), "worked_out_at": "2026-09-02T21:30:00-05:00"}, name
    assert {name for name, (rows, _found) in live.items() if not rows} == EMPTY
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
        assert not build(contacted, "aging", known_on=before, today=DAY).worked_out
        assert not build(contacted, "scores", before, today=DAY).worked_out
        assert not build(contacted, "scores", before, today=before).worked_out
    with translation.override("en"):
        assert not build(contacted, "scores", today=DAY).worked_out, "there are words in its rows"
        assert build(contacted, "forecast", today=DAY).basis.endswith(
            "Worked out at 21:30; what came since is not in it."
        )


def ask(portfolio: Portfolio, name: str, language: str = "es", day: date = DAY, **narrowed: object) -> bool:
    """Somebody waited for a report."""
    ours = whose(portfolio.organization_id, day, **narrowed)
    return waited(portfolio.by(day), name, Question(day, whose=ours), language)


def test_what_somebody_waited_for_is_worked_out_the_next_day(contacted: Portfolio) -> None:
    tomorrow, main = DAY + timedelta(days=1), contacted.main.id
    assert ask(contacted, "scores", creditor=main)
    assert ask(contacted, "scores", "en")
    assert ask(contacted, "aging", country="PE", currency="PEN")
    assert not ask(contacted, "aging", country="PE", currency="PEN"), "said once a day"
    kept = keep_reports(contacted.by(tomorrow), "es", ALWAYS)
    assert sorted(kept[len(KEPT) :]) == sorted([f"scores {main} es", "scores en", "aging PE PEN es"])
    narrowed = Whose(contacted.organization_id, currency="PEN", country="PE")
    with translation.override("es"):
        found = build(contacted, "aging", tomorrow, whose=narrowed, today=tomorrow)
        now = build(contacted, "aging", tomorrow, whose=narrowed)
        assert found.worked_out and found.asked == now.asked and list(found.rows) == list(now.rows)
        assert build(contacted, "scores", tomorrow, creditor=main, today=tomorrow).worked_out
        assert not build(contacted, "scores", tomorrow, creditor=contacted.other.id, today=tomorrow).worked_out
    with translation.override("en"):
        assert build(contacted, "scores", tomorrow, today=tomorrow).worked_out
        assert not build(contacted, "scores", tomorrow, creditor=main, today=tomorrow).worked_out


def test_what_nobody_asks_any_more_is_left_out(contacted: Portfolio) -> None:
    ask(contacted, "scores", creditor=contacted.main.id)
    assert len(keep_reports(contacted.by(DAY + LATELY), "es", ALWAYS)) == len(KEPT) + 1
    later = DAY + LATELY + timedelta(days=1)
    assert len(keep_reports(contacted.by(later), "es", ALWAYS)) == len(KEPT)
    ask(contacted, "scores", "en", later)
    assert WaitedFor.objects.count() == 1, "the old one is forgotten"


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("letter", Question(DAY)),
        ("aging", Question(DAY - timedelta(days=1))),
        ("aging", Question(DAY, known_on=DAY - timedelta(days=1))),
        ("collected", Question(DAY, since=DAY - timedelta(days=3))),
    ],
)
def test_a_day_or_a_period_of_its_own_is_not_worked_out_beforehand(
    contacted: Portfolio, name: str, question: Question
) -> None:
    assert not waited(contacted.by(DAY), name, question, "es")
    assert not WaitedFor.objects.exists()


def test_a_period_that_begins_as_usual_is(contacted: Portfolio) -> None:
    assert waited(contacted.by(DAY), "collected", Question(DAY, since=DAY - timedelta(days=30)), "es")


def test_a_segment_that_is_no_more_is_passed_over(contacted: Portfolio) -> None:
    WaitedFor.objects.create(
        organization_id=contacted.organization_id,
        name="aging",
        language="es",
        narrowed={"segment": "gone"},
        asked_on=DAY,
    )
    assert keep_reports(contacted.by(DAY), "es", ALWAYS) == list(KEPT)


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
