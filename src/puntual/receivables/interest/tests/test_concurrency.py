"""Many who charge the same days at once, on real transactions.

Shown by hand that it can fail: without `lock` in `interest.actions._charge` the others run into the key that keeps a period
from being charged twice.
"""

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Sum

from puntual.parties.models import Creditor
from puntual.payments.tests.test_concurrency import all_at_once
from puntual.receivables import actions
from puntual.receivables.interest.models import InterestCharge
from puntual.receivables.tests.build import books_for
from puntual.receivables.verify import verify
from puntual.tenancy.scope import acting_for

TODAY = date(2025, 9, 30)


@pytest.mark.parametrize("chargers", [4])
def test_a_period_is_charged_once_whoever_comes_first(transactional_db, cast, chargers) -> None:
    with acting_for(cast.id):
        books = books_for(cast.actor())
        Creditor.objects.filter(organization_id=books.org).update(country="ES", currency="EUR")
        books.by = books.on(TODAY)
        customer = books.customer()
        for _ in range(5):
            books.item(customer, "10000", late=122, currency="EUR")
        actions.set_interest_terms(books.by, books.creditor.id, "law", from_on=date(2025, 1, 1), fixed=True)
    outcomes = all_at_once([lambda: actions.charge_interest(books.by, TODAY)] * chargers)
    assert sorted(outcome.charges for outcome in outcomes) == [0] * (chargers - 1) + [10]
    with acting_for(books.org):
        kept = InterestCharge.objects.filter(organization_id=books.org)
        assert kept.aggregate(Sum("amount"))["amount__sum"] == 5 * Decimal("387.48")
        assert verify(books.org) == []
