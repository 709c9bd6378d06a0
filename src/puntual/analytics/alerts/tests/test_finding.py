"""Alerts from the ledger: what is raised of whom, and what is left in peace."""

from datetime import timedelta
from decimal import Decimal

from puntual.analytics.alerts.models import Alert
from puntual.analytics.alerts.tests.conftest import DAY, END, START, WEEK, WEEKS, Payers
from puntual.analytics.alerts.tests.ledger import Line, write
from puntual.analytics.tests.conftest import customer, pay
from puntual.disputes.actions import open_dispute
from puntual.outreach.models import Activity
from puntual.parties.credit.actions import keep_limit
from puntual.parties.models import Creditor, Customer, Party
from puntual.receivables.actions import hold


def test_one_who_pays_as_ever_is_left_in_peace(payers: Payers) -> None:
    payers.bill(payers.usual, WEEKS)
    for days in (14, 18, 22):
        assert not payers.raised(END + days * DAY, payers.usual)


def test_later_than_its_own_pattern(payers: Payers) -> None:
    for week in range(WEEKS, WEEKS + 3):
        payers.bill(payers.usual, week)
    found = payers.raised(END + 14 * DAY + 25 * DAY, payers.usual)
    assert list(found) == ["later"]
    alert = found["later"]
    assert alert.facts == {"usual": 3, "now": 25, "weeks": 3}
    assert alert.usual == 3 and alert.series[-1] == 11 and alert.series[0] == 3
    assert alert.fresh >= 3 and alert.state == "open"


def test_what_is_disputed_or_not_known_yet_is_not_late(payers: Payers) -> None:
    items = [payers.bill(payers.usual, week) for week in range(WEEKS, WEEKS + 3)]
    day = END + 39 * DAY
    Creditor.objects.filter(id=payers.creditor.id).update(bank_through=END + 16 * DAY)
    assert not payers.raised(day, payers.usual), "the bank has said nothing of it yet"
    Creditor.objects.filter(id=payers.creditor.id).update(bank_through=day)
    for item in items:
        hold(payers.by(day), reason="dispute", installment_id=item.id)
    assert not payers.raised(day, payers.usual)


def test_the_first_date_a_punctual_payer_missed(payers: Payers) -> None:
    who = payers.payer("P", late=0)
    payers.bill(who, WEEKS)
    assert not payers.raised(END + 14 * DAY + 13 * DAY, who)
    found = payers.raised(END + 14 * DAY + 15 * DAY, who)
    assert list(found) == ["missed"] and found["missed"].facts == {"on_time": 12, "now": 15}


def test_one_invoice_gone_astray_is_no_missed_date(payers: Payers) -> None:
    who = payers.payer("P", late=0)
    payers.bill(who, WEEKS)
    payers.bill(who, WEEKS + 1, late=0)
    assert "missed" not in payers.raised(END + 14 * DAY + 15 * DAY, who)


def test_a_balance_that_grows(payers: Payers) -> None:
    for week in range(WEEKS, WEEKS + 2):
        for one in "abc":
            payers.bill(payers.usual, week, name=one)
    found = payers.raised(END + WEEK + DAY, payers.usual)
    assert list(found) == ["growing"]
    alert = found["growing"]
    assert alert.subject == "PEN" and Decimal(alert.facts["now"]) == 4200 and alert.facts["items"] == 6
    assert alert.series[-1] == 4200 and max(alert.series[:-1]) <= 2100


def test_one_large_invoice_is_no_growth(payers: Payers) -> None:
    payers.bill(payers.usual, WEEKS, amount="1200.00")
    assert not payers.raised(END + DAY, payers.usual)


def test_payments_in_part(payers: Payers) -> None:
    for week in (WEEKS, WEEKS + 1):
        item = payers.bill(payers.usual, week)
        pay(payers.by(item.due_on), payers.usual, f"half {week}", item.due_on, "300.00", designated=(item.id, "300.00"))
    found = payers.raised(END + 22 * DAY, payers.usual)
    assert list(found) == ["parts"]
    assert found["parts"].facts["parts"] == 2 and found["parts"].facts["before"] == 0


def test_silence_after_contacts(payers: Payers) -> None:
    payers.bill(payers.usual, WEEKS)
    day = END + 30 * DAY
    for back in (16, 11, 6, 1):
        _contact(payers, payers.usual, day - back * DAY)
    assert "silence" in list(payers.raised(day, payers.usual)) == ["silence"]
    assert Alert.objects.get(kind="silence").facts == {"contacts": 4, "since": (day - 16 * DAY).isoformat()}


def test_who_answered_or_was_not_really_written_to_is_not_silent(payers: Payers) -> None:
    rehearsed = payers.payer("R")
    for who in (payers.usual, rehearsed):
        payers.bill(who, WEEKS)
    day = END + 30 * DAY
    for back in (16, 11, 6, 1):
        _contact(payers, payers.usual, day - back * DAY)
        _contact(payers, rehearsed, day - back * DAY, captured=True)
    _contact(payers, payers.usual, day - 5 * DAY, direction="in")
    assert "silence" not in payers.raised(day, payers.usual) and "silence" not in payers.raised(day, rehearsed)


def _contact(payers: Payers, who: Customer, day, **fields: object) -> None:
    values = {"direction": "out", "channel": "email", "state": "sent", "step": "friendly", **fields}
    Activity.objects.create(
        organization_id=payers.organization_id, customer=who, day=day, created_at=payers.by(day).now, **values
    )


def test_several_disputes(payers: Payers) -> None:
    items = [payers.bill(payers.usual, week) for week in range(WEEKS, WEEKS + 3)]
    day = END + 20 * DAY
    for item in items:
        assert "disputes" not in payers.raised(day, payers.usual)
        open_dispute(payers.by(day), item.invoice_id, reason="price", said="Otro precio")
    found = payers.raised(day, payers.usual)
    assert found["disputes"].facts == {"disputes": 3, "before": 0, "months": 9}
    assert found["disputes"].series[-1] == 3


def test_a_passed_limit(payers: Payers) -> None:
    keep_limit(payers.by(END), payers.usual.id, currency="PEN", amount=Decimal(1500), reason="policy")
    payers.bill(payers.usual, WEEKS)
    assert "limit" not in payers.raised(END + 6 * DAY, payers.usual)
    payers.bill(payers.usual, WEEKS + 1)
    found = payers.raised(END + 8 * DAY, payers.usual)
    assert found["limit"].facts == {"limit": "1500.0000", "now": "2100.0000", "currency": "PEN"}


def test_customers_of_a_tag_that_slip_together(payers: Payers) -> None:
    month, day, lines = timedelta(days=30), START + 8 * timedelta(days=30), []
    for one in range(24):
        who = customer(payers.by(START), payers.creditor, f"S{one}", f"Shop {one}")
        if one < 12:
            Customer.objects.filter(id=who.id).update(tags=["retail"])
        for back in range(7):
            due = day - 20 * DAY - back * month
            slow = back == 0 and one < 12
            lines.append(Line(who, f"S{one}-{back}", due, due, Decimal(100), None if slow else due))
    write(lines, day)
    payers.raised(day)
    groups = {(one.kind, one.subject): one for one in Alert.objects.filter(customer=None)}
    assert set(groups) == {("sector", "retail"), ("creditor", "")}
    assert groups["sector", "retail"].facts == {"usual": 0, "now": 100, "customers": 12, "late": 12, "tag": "retail"}


def test_a_claim_that_will_be_time_barred_at_180_and_at_90_days(payers: Payers) -> None:
    Party.objects.filter(id=payers.usual.party_id).update(country="CL")  # five years
    item = payers.bill(payers.usual, WEEKS)
    last = item.due_on.replace(year=item.due_on.year + 5)
    assert not payers.raised(last - 185 * DAY, payers.usual)
    first = payers.raised(last - 170 * DAY, payers.usual)["limitation"]
    assert first.facts["number"] == f"W-{WEEKS}" and first.facts["last_day"] == last.isoformat()
    assert payers.raised(last - 160 * DAY, payers.usual)["limitation"].id == first.id
    second = payers.raised(last - 80 * DAY, payers.usual)["limitation"]
    first.refresh_from_db()
    assert second.id != first.id and (first.state, first.outcome) == ("closed", "overtaken")
