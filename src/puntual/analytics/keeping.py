"""Keeping months: the only thing this room writes, and nothing that the entries do not say."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Min

from puntual.analytics.models import MonthCure, MonthEnd, MonthFlow, MonthKept, MonthMove
from puntual.analytics.months import Row, first_billed, month_end, month_of, rows_of
from puntual.audit.actions import Actor, action
from puntual.kernel.ids import earlier
from puntual.receivables.models import Entry

MONTHS = 36
"""How far back months are kept."""
_MARGIN = timedelta(hours=1)
"""A transaction may show its entries this long after it made them: so much is looked at again."""


def keep_months(by: Actor) -> int:
    """Keep every month that is over by `by.today` and is not kept yet, or that an entry made since reaches back into; how many.

    Most days there is nothing to do. Memory stays flat: a month is some hundred rows per creditor.
    """
    with action(by, "analytics.keep_months") as log:
        _one_at_a_time(by.organization_id)
        entries = Entry.objects.filter(organization_id=by.organization_id)
        latest = entries.order_by("-id").values_list("id", flat=True).first()
        wanted = _wanted(by.organization_id, by.today) if latest else []
        for month in wanted:
            _keep(by.organization_id, month)
        if latest:
            MonthKept.objects.filter(organization_id=by.organization_id).update(through_entry=latest)
        log.say(months=len(wanted))
    return len(wanted)


def _wanted(organization_id: UUID, today: date) -> list[date]:
    """The months to work out, the earliest first."""
    begins = first_billed(organization_id)
    if begins is None:
        return []
    kept = dict(MonthKept.objects.filter(organization_id=organization_id).values_list("month", "through_entry"))
    reached = _reached(organization_id, min(kept.values())) if kept else None
    wanted: list[date] = []
    month, running = month_of(begins), month_of(today)
    while month < running:
        if month not in kept or (reached and reached <= month_end(month)):
            wanted.append(month)
        month = month_end(month) + timedelta(days=1)
    return wanted[-MONTHS:]


def _reached(organization_id: UUID, through: UUID) -> date | None:
    """The earliest day on which an entry made since takes effect."""
    made = Entry.objects.filter(organization_id=organization_id, id__gt=earlier(through, _MARGIN))
    found: date | None = made.aggregate(day=Min("effective_on"))["day"]
    return found


def _keep(organization_id: UUID, month: date) -> None:
    for model in (MonthKept, MonthEnd, MonthMove, MonthFlow, MonthCure):
        model.objects.filter(organization_id=organization_id, month=month).delete()
    rows = rows_of(organization_id, month, month_end(month))
    mine: dict[str, Any] = {"organization_id": organization_id, "month": month}

    def whose(row: Row) -> dict[str, Any]:
        return {**mine, "creditor_id": row.creditor_id, "currency": row.currency}

    MonthEnd.objects.bulk_create(
        MonthEnd(**whose(row), bucket=row.bucket, amount=row.amount, items=row.number)
        for row in rows
        if row.what == "end"
    )
    MonthMove.objects.bulk_create(
        MonthMove(**whose(row), bucket=row.bucket, became=row.became, amount=row.amount)
        for row in rows
        if row.what == "move"
    )
    MonthFlow.objects.bulk_create(
        MonthFlow(**whose(row), kind=row.became, amount=row.amount) for row in rows if row.what == "flow"
    )
    customers: dict[tuple[UUID, str], list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        if row.what in ("cured", "still_late"):
            counts = customers[row.creditor_id, row.currency]
            counts[0] += row.number
            counts[1] += row.number if row.what == "cured" else 0
    MonthCure.objects.bulk_create(
        MonthCure(**mine, creditor_id=creditor, currency=currency, delinquent=delinquent, cured=cured)
        for (creditor, currency), (delinquent, cured) in customers.items()
    )
    MonthKept.objects.create(**mine, through_entry=UUID(int=0))


def _one_at_a_time(organization_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('months ' || %s, 0))", [str(organization_id)])
