"""What the sample leaves under way: each page of a working day has something to do; a small sample goes without."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from conftest import TODAY, Cast
from puntual.agreements.models import Promise
from puntual.analytics.alerts.models import Alert
from puntual.audit.actions import Actor
from puntual.cli.sample.under_way import leave_under_way
from puntual.desk.tests.book import Book
from puntual.desk.tests.conftest import book as book
from puntual.desk.tests.conftest import morning as morning
from puntual.disputes.models import Dispute
from puntual.payments.claims.models import PaymentClaim
from puntual.payments.models import Payment
from puntual.placements.models import Placement
from puntual.strategies.models import Experiment


def somebody(cast: Cast) -> Callable[..., Actor]:
    def by(day: date, at: time = time(7), email: str = "") -> Actor:
        user = cast.colleague if email else cast.owner
        now = datetime.combine(day, at, ZoneInfo("America/Lima"))
        return Actor(cast.id, now=now, today=day, user_id=user.id, name=str(user))

    return by


@pytest.mark.parametrize(
    ("customers", "made"), [(12, (3, 1, 1, 2, 1, 1)), (2, (1, 0, 0, 0, 1, 0)), (0, (0, 0, 0, 0, 0, 0))]
)
def test_a_day_begins_with_something_to_do(book: Book, cast: Cast, customers: int, made: tuple[int, ...]) -> None:
    for number in range(customers):
        owed = book.customer(f"Cliente {number}", owner=cast.colleague)
        book.invoice(owed, f"F-{number}", "2000.00", due=-40 - number)
    leave_under_way(somebody(cast), TODAY, TODAY + timedelta(days=1), collector="collector")
    kinds = (Dispute, PaymentClaim, Payment, Promise, Placement, Alert)
    with book.inside():
        assert tuple(kind.objects.filter(organization_id=cast.id).count() for kind in kinds) == made
        assert Experiment.objects.filter(organization_id=cast.id).count() == 1
