"""Promises are judged by the money that came: everybody's at once, in a handful of statements. The rules are `judging`'s."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from puntual.agreements.last_time import LastTime
from puntual.agreements.models import Promise
from puntual.agreements.promises import valuing_sql as sql
from puntual.agreements.promises.judging import GRACE
from puntual.audit.actions import Actor, action
from puntual.kernel.receipts import Receipts
from puntual.organizations.calendars import calendar_of
from puntual.organizations.models import Organization
from puntual.organizations.tolerances import tolerances
from puntual.receivables.bulk import redate_listed, release_listed
from puntual.receivables.models import Hold

_HORIZON = timedelta(days=400)
"""So long after its day a promise is judged anew: within it banks take money back, and a check or a debit is returned."""
_RECENT = timedelta(days=120)
"""So long after it was received money that comes to be known still changes what a promise came to."""


@dataclass(frozen=True, slots=True)
class Valued:
    """How many promises came to what; `again` counts those that had been judged otherwise before."""

    by_state: dict[str, int] = field(default_factory=dict)
    again: int = 0

    def as_json(self) -> dict[str, int]:
        """As a day's report keeps it."""
        return {**self.by_state, "again": self.again} if self.by_state else {}


def value(by: Actor, receipts: Receipts, since: LastTime | None = None) -> Valued:
    """Judge every promise that can be, and judge anew where money was taken back, or came to be known, since that moment.

    What is judged holds nothing any more; what waits for the bank goes on holding. Doing it twice changes nothing.
    """
    with action(by, "agreements.value_promises") as log:
        currencies = _currencies(by)
        if not currencies:
            return Valued()
        values = _values(by, since, currencies)
        moved = since or LastTime(by.now - _RECENT, by.today - _RECENT)
        with _judged_apart(by, values, receipts, moved) as cursor:
            cursor.execute(sql.WRITE, values)
            counted: Counter[str] = Counter()
            again = 0
            for was, state, count in cursor.fetchall():
                counted[state] += count
                again += count if was != Promise.State.OPEN else 0
            release_listed(by, sql.ENDED, reason=Hold.Reason.PROMISE)
            redate_listed(by, sql.WAITING, _review(by), reason=Hold.Reason.PROMISE)
        valued = Valued(dict(counted), again)
        log.say(**valued.as_json())
    return valued


@contextmanager
def _judged_apart(by: Actor, values: dict[str, Any], receipts: Receipts, since: LastTime) -> Iterator[CursorWrapper]:
    """The promises with their verdicts in temporary tables, which are gone afterwards."""
    with connection.cursor() as cursor:
        _set_days(by, cursor, values)
        since.gather_moved(cursor, by.organization_id)
        cursor.execute(sql.LOOKED.format(moved=receipts.moved), values)
        cursor.execute("ANALYZE promise_looked")
        cursor.execute(sql.COLLECT.format(receipts=receipts.standing), values)
        cursor.execute("ANALYZE promise_money")
        cursor.execute(sql.EXPECT, values)
        cursor.execute("ANALYZE promise_expected")
        cursor.execute(sql.COUNTED)
        cursor.execute("SELECT coalesce(max(place), 0) FROM promise_looked")
        places = cursor.fetchone()[0]
        for place in range(1, places + 1):
            cursor.execute(sql.COUNT, {**values, "place": place, "places": places})
        cursor.execute(sql.JUDGE, values)
        yield cursor
        cursor.execute(f"DROP TABLE {sql.TABLES}")


def _set_days(by: Actor, cursor: CursorWrapper, values: dict[str, Any]) -> None:
    """The deadline of each promised day, by the calendar of the creditor's country."""
    cursor.execute(sql.DAYS, values)
    days: list[tuple[str, date]] = cursor.fetchall()
    calendars = {country: calendar_of(by.organization_id, country) for country in {country for country, _day in days}}
    deadlines = [calendars[country].add_business_days(day, GRACE) for country, day in days]
    cursor.execute(
        "CREATE TEMPORARY TABLE promise_days ON COMMIT DROP AS"
        " SELECT * FROM unnest(%s::varchar[], %s::date[], %s::date[]) d (country, promised_for, deadline)",
        [[country for country, _day in days], [day for _country, day in days], deadlines],
    )


def _values(by: Actor, since: LastTime | None, currencies: list[str]) -> dict[str, Any]:
    small = tolerances(by.organization_id, currencies)
    return {
        "org": by.organization_id,
        "today": by.today,
        "now": by.now,
        "horizon": by.today - _HORIZON,
        "recent": by.today - _RECENT,
        "since": since.recorded if since else None,
        "currencies": list(small),
        "tolerances": list(small.values()),
    }


def _currencies(by: Actor) -> list[str]:
    mine = Promise.objects.filter(organization_id=by.organization_id)
    return list(mine.order_by().values_list("currency", flat=True).distinct())


def _review(by: Actor) -> date:
    """When it is looked again whether the bank is known: what waits for it never holds without an end."""
    country = Organization.objects.values_list("country", flat=True).get(id=by.organization_id)
    return calendar_of(by.organization_id, country).add_business_days(by.today, GRACE)
