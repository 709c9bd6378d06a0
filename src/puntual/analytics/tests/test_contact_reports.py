"""Money by what was said before it came, and what came of each way of saying it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from puntual.analytics import reports
from puntual.analytics.contact_reports import step_names
from puntual.analytics.tests.conftest import Portfolio, customer, invoice, pay
from puntual.outreach.answers.models import Answer
from puntual.outreach.models import Activity
from puntual.receivables.models import Installment
from puntual.strategies.actions import install_builtin
from puntual.tenancy.scope import acting_for

SEPTEMBER = date(2026, 9, 1)


def said(portfolio: Portfolio, item: Installment, day: date, step: str, channel: str = "email", **more) -> Activity:
    by = portfolio.by(day)
    return Activity.objects.create(
        organization_id=portfolio.organization_id,
        customer_id=item.customer_id,
        day=day,
        channel=channel,
        tone="friendly",
        step=step,
        state="sent",
        lead_id=item.id,
        items=[item.id],
        created_at=by.now,
        settled_at=by.now,
        **more,
    )


@pytest.fixture
def three(portfolio: Portfolio) -> Portfolio:
    """One pays in time unasked, one after a call that followed a reminder, one late and unasked for."""
    for number, (code, late) in enumerate((("p", -2), ("q", 12), ("r", 20))):
        who = customer(portfolio.by(SEPTEMBER), portfolio.main, code, f"Customer {code}")
        owed = invoice(portfolio.by(SEPTEMBER), who, f"S{number}", SEPTEMBER, (5, "100.00"))
        item = Installment.objects.get(invoice=owed)
        if code == "q":
            said(portfolio, item, date(2026, 9, 9), "friendly")
            said(portfolio, item, date(2026, 9, 16), "call", "call")
        if code == "r":
            said(portfolio, item, date(2026, 9, 10), "friendly", result="bounced")
        paid_on = item.due_on + timedelta(days=late)
        pay(portfolio.by(paid_on), who, f"S{number}", paid_on, "100.00")
    return portfolio


def rows(portfolio: Portfolio, name: str, **asked):
    with translation.override("en"):
        report = reports.build(name, portfolio.organization_id, date(2026, 9, 30), since=SEPTEMBER, **asked)
        return list(report.rows), report.totals


def test_money_is_counted_after_the_last_word_about_its_item(three: Portfolio) -> None:
    found, totals = rows(three, "collected")
    soles = [(row[0], row[1], row[4], row[5]) for row in found if row[3] == "PEN"]
    assert soles == [
        ("2026-09-04", "nothing, in time", 1, Decimal("100.00")),
        ("2026-09-18", "call", 1, Decimal("100.00")),
        ("2026-09-26", "nothing, late", 1, Decimal("100.00")),
    ]
    assert [total[4:] for total in totals if total[3] == "PEN"] == [(3, Decimal("300.00"), "", "")]


def test_what_came_of_a_step_is_known_once_the_item_is_paid_or_more_is_said(three: Portfolio) -> None:
    found, _totals = rows(three, "effectiveness")
    by_step = {row[1]: row[2:] for row in found if row[0] == "Step"}
    assert by_step == {
        "friendly": (1, 0, 0, 1, 0, 0, "step", "friendly"),
        "call": (1, 0, 0, 1, 1, 100, "step", "call"),
    }, "a bounce was not said"
    assert {row[1] for row in found if row[0] == "Channel"} == {"e-mail", "call"}


@pytest.mark.parametrize(("kind", "answered"), [("reply", 1), ("auto_reply", 0), ("bounce", 0), ("complaint", 0)])
def test_only_somebodys_own_words_are_an_answer(three: Portfolio, kind: str, answered: int) -> None:
    call = Activity.objects.get(channel="call")
    Answer.objects.create(
        organization_id=three.organization_id,
        channel="email",
        digest=kind,
        kind=kind,
        state="noted",
        received_at=call.created_at,
        sender="x@example.com",
        text="",
        activity_id=call.id,
        size=0,
    )
    by_step = {row[1]: row[3] for row in rows(three, "effectiveness")[0] if row[0] == "Step"}
    assert by_step == {"friendly": 0, "call": answered}


def test_of_one_creditor(three: Portfolio) -> None:
    assert rows(three, "collected", creditor=three.other.id)[0] == []
    assert rows(three, "effectiveness", creditor=three.other.id)[0] == []


def test_every_text_the_manual_sends_has_a_name(three: Portfolio) -> None:
    """Those of notices too: their codes say nothing to a reader."""
    install_builtin(three.by(SEPTEMBER), "es")
    with acting_for(three.organization_id), translation.override("es"):
        names = step_names(three.organization_id)
    assert names["welcome_back"] == "Bienvenida de nuevo"
    assert not {text for text in names if names[text] == text}
