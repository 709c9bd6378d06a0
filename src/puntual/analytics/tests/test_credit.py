"""Credit limits against what is owed: the same figures as the aging has, on every day."""

from datetime import date
from decimal import Decimal

from puntual.analytics.credit import limit_passed, limit_use, use_now
from puntual.analytics.queries import aging_by_customer
from puntual.analytics.tests.conftest import Portfolio
from puntual.parties.credit.actions import keep_limit
from puntual.parties.models import Customer


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
    mine = list(limit_use(portfolio.organization_id, date(2026, 9, 10), portfolio.other.id))
    assert {one.creditor for one in mine} == {"other"} and len(mine) == 4


def test_the_page_of_a_customer_has_the_use_of_today(portfolio: Portfolio) -> None:
    today = date(2026, 9, 10)
    for one in Customer.objects.filter(organization_id=portfolio.organization_id):
        for currency in ("PEN", "USD", "CLP", "EUR"):
            keep_limit(portfolio.by(today), one.id, currency=currency, amount=Decimal(1), reason="All")
    for one in limit_use(portfolio.organization_id, today):
        assert use_now(portfolio.organization_id, one.customer_id).get(one.currency, 0) == one.used
