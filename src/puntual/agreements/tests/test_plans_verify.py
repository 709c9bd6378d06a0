"""What `puntual verify` says of plans that are not as they should be."""

from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import F

from puntual.agreements.models import Plan, PlanItem, PlanPart
from puntual.agreements.tests.plans import Planned
from puntual.agreements.verify import verify
from puntual.receivables.models import Hold

CENT = Decimal("0.01")


def kinds(planned: Planned) -> set[str]:
    return {found.kind for found in verify(planned.books.org)}


@pytest.mark.parametrize(
    ("broken", "kind"),
    [
        (lambda: PlanItem.objects.update(principal=F("principal") - CENT), {"plan_covers"}),
        (
            lambda: PlanPart.objects.filter(position=1).update(
                principal=F("principal") - CENT, amount=F("amount") - CENT
            ),
            {"plan_principal"},
        ),
        (
            lambda: PlanPart.objects.filter(position=1).update(
                interest=F("interest") + CENT, amount=F("amount") + CENT
            ),
            {"plan_interest"},
        ),
        (lambda: Plan.objects.update(discount=F("discount") + CENT), {"plan_discount"}),
        (lambda: PlanItem.objects.update(held=False), {"plan_hold"}),
        (lambda: Hold.objects.update(until_on=None), {"plan_hold"}),
        (lambda: Plan.objects.update(state="offered"), {"plan_hold"}),
    ],
)
def test_a_difference_is_named(planned: Planned, broken, kind: set[str]) -> None:
    planned.active(
        [planned.books.item(planned.books.customer(), "1000")], planned.wish(2, discount=100, yearly_percent=12)
    )
    assert kinds(planned) == set()
    with transaction.atomic():
        broken()
        assert kinds(planned) == kind
        transaction.set_rollback(True)
