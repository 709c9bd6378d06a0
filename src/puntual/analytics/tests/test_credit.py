"""Credit limits against what is owed: the same figures as the aging has, on every day."""

from datetime import date
from decimal import Decimal

from django.utils import translation

from puntual.analytics import reports
from puntual.analytics.credit import limit_passed, limit_use, use_now
from puntual.analytics.narrowing import Whose, of_creditor
from puntual.analytics.queries import aging_by_customer
from puntual.analytics.tests.conftest import Portfolio
from puntual.parties.credit.actions import keep_limit
from puntual.parties.models import Customer
from puntual.strategies.credit.actions import activate_policy, apply_for_credit, make_policy_draft


def test_use_is_what_the_aging_has_open_less_what_is_not_applied(portfolio: Portfolio) -> None:
    on = portfolio.by(date(2026, 3, 2))
    for one in Customer.objects.filter(organization_id=portfolio.organization_id):
        for currency in ("PEN", "USD", "CLP", "EUR"):
            keep_limit(on, one.id, currency=currency, amount=Decimal(100), reason="All")
    for day in (date(2026, 3, 1), date(2026, 4, 10), date(2026, 6, 10), date(2026, 7, 5), date(2026, 9, 10)):
        owed = {
            (one.creditor, one.code, one.currency): max(Decimal(0), one.total - one.unapplied_credit)
            for one in aging_by_customer(portfolio.organization_id, day)
        }
        found = list(limit_use(portfolio.organization_id, day))
        assert len(found) == (12 if day >= date(2026, 3, 2) else 0)
        for one in found:
            assert one.used == owed.get((one.creditor, one.code, one.currency), 0), (day, one)
            assert one.free + one.used - one.beyond == one.limit
        passed = limit_passed(portfolio.organization_id, day)
        assert passed == [one for one in found if one.used > one.limit]
    mine = list(limit_use(portfolio.organization_id, date(2026, 9, 10), of_creditor(portfolio.other.id)))
    assert {one.creditor for one in mine} == {"other"} and len(mine) == 4


def test_the_page_of_a_customer_has_the_use_of_today(portfolio: Portfolio) -> None:
    today = date(2026, 9, 10)
    for one in Customer.objects.filter(organization_id=portfolio.organization_id):
        for currency in ("PEN", "USD", "CLP", "EUR"):
            keep_limit(portfolio.by(today), one.id, currency=currency, amount=Decimal(1), reason="All")
    for one in limit_use(portfolio.organization_id, today):
        assert use_now(portfolio.organization_id, one.customer_id).get(one.currency, 0) == one.used


def test_the_report_has_use_what_is_passed_what_waits_and_what_is_to_be_reviewed(portfolio: Portfolio) -> None:
    today = date(2026, 6, 10)
    by = portfolio.by(today)
    ana = Customer.objects.get(code="001", creditor=portfolio.main)
    beto = Customer.objects.get(code="002", creditor=portfolio.main)
    early = portfolio.by(date(2026, 3, 2))
    keep_limit(early, ana.id, currency="PEN", amount=Decimal(100), reason="All", valid_until=date(2026, 5, 31))
    keep_limit(early, ana.id, currency="USD", amount=Decimal(1000), reason="All")
    activate_policy(by, make_policy_draft(by, name="Credit", currency="PEN").id)
    apply_for_credit(by, ana.id, currency="USD", limit=Decimal(2000), terms_days=None, asked_by="Ana")
    apply_for_credit(by, beto.id, currency="PEN", limit=Decimal(70), terms_days=None, asked_by="Beto")
    with translation.override("en"):
        found = reports.build("credit-limits", portfolio.organization_id, today)
        rows = [row[1:] for row in found.rows]
        narrowed = reports.build("credit-limits", portfolio.organization_id, today, whose=Whose(currency="PEN"))
        assert len(list(narrowed.rows)) == 2
    used = {one.currency: one.used for one in limit_use(portfolio.organization_id, today)}
    assert rows[0][2:] == (
        "PEN", 100, used["PEN"], used["PEN"], 0, used["PEN"] - 100, "2026-05-31", None, "passed, review overdue"
    )  # fmt: skip
    assert rows[1][2:5] == ("USD", 1000, used["USD"]) and rows[1][-2:] == (2000, "application waits")
    assert rows[2][0] == "002" and rows[2][3] is None and rows[2][-2:] == (70, "application waits")
    assert (found.facts["passed"], found.facts["reviews_overdue"], found.facts["applications_waiting"]) == (1, 1, 2)
    for place in (4, 5, 7):
        for total in found.totals:
            mine = [row[place - 1] for row in rows if row[2] == total[3]]
            assert total[place] == sum(amount or 0 for amount in mine)
