"""The cash forecast: made once a week and kept, compared with what came when its weeks are over, and read.

Everything runs inside `acting_for` and names its organization.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Max, Min

from puntual.analytics.forecast_sql import CAME, habits_and_standings_sql
from puntual.analytics.forecasting import (
    Z80,
    Curve,
    Seen,
    Span,
    Standing,
    bank_days_from,
    curves,
    forecast,
    reach_of,
    weeks_from,
)
from puntual.analytics.learning.history import AS_BEFORE, SETTINGS
from puntual.analytics.learning.scored import model_of
from puntual.analytics.learning.scored import values_of as model_values
from puntual.analytics.models import ForecastWeek
from puntual.analytics.narrowing import EVERYBODY, Whose
from puntual.audit.actions import Actor, action
from puntual.kernel.money import round_money
from puntual.kernel.remembering import remembered
from puntual.organizations.calendars import calendar_of
from puntual.organizations.queries import organization_of
from puntual.receivables.models import Invoice

DAYS = 10
"""Bank days of the forecast by day."""
WEEKS = 13
HISTORY = timedelta(days=730)
"""How far back customers' habits are read."""
LEARNED = 26
"""So many past weeks say how wide the band has to be; and so many are worked out afterwards, the first time."""


def forecast_of(organization_id: UUID, day: date, *, whose: Whose = EVERYBODY) -> dict[str, list[Span]]:
    """What will come in during each of the next `WEEKS` weeks of what is open at the end of `day`, by currency, with a band as
    wide as the past weeks ask for.

    How customers pay is learned from all of them; with `whose` only what those owe is expected.
    """
    return _forecast(organization_id, day, weeks_from(day, WEEKS), whose)


def forecast_by_day(organization_id: UUID, day: date, *, whose: Whose = EVERYBODY) -> dict[str, list[Span]]:
    """The same for each of the next `DAYS` bank days of the organization's country, its band by the past weeks too."""
    calendar = calendar_of(organization_id, organization_of(organization_id).country)
    return _forecast(organization_id, day, bank_days_from(day, DAYS, calendar), whose)


def _forecast(
    organization_id: UUID, day: date, spans: Sequence[tuple[date, date]], whose: Whose
) -> dict[str, list[Span]]:
    known, by_currency = standings_of(organization_id, day, whose)
    reaches = _reaches(organization_id, day)
    return {
        currency: forecast(by_currency[currency], known, day, spans, reaches.get(currency, Z80))
        for currency in sorted(by_currency)
    }


@remembered
def standings_of(
    organization_id: UUID, day: date, whose: Whose = EVERYBODY
) -> tuple[dict[int, Curve], dict[str, list[Standing]]]:
    """How customers of each kind pay, and by currency what is open at the end of the day; with the learned model's chances, where
    one is in use. Both forecasts read it, in the day's job at one moment.
    """
    model = model_of(organization_id, day)
    values: dict[str, Any] = {"org": organization_id, "day": day, "since": day - HISTORY, **whose.values}
    values |= model_values(model) if model else {}
    by_currency: dict[str, list[Standing]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        if model:
            cursor.execute(SETTINGS)
        cursor.execute(habits_and_standings_sql(whose, by_model=model is not None), values)
        seen: list[Seen] = []
        for currency, kind, days, paid, items, expected_on, amount, squares, part, late in cursor.fetchall():
            if currency is None:
                seen.append(Seen(kind, days, paid, items))
            else:
                # Chances are no amounts: from here to the forecast's own cents they are floats, and no ledger reads them.
                by_currency[currency].append(Standing(kind, expected_on, float(amount), float(squares), part, late))
        if model:
            cursor.execute(AS_BEFORE)
    return curves(seen), by_currency


def keep_forecast(by: Actor) -> int:
    """Keep a forecast made at the end of yesterday where the last one is a week old, and write beside past weeks what came of
    them; how many were made. The first time, those of the past half year are worked out as they would have been.
    """
    with action(by, "analytics.keep_forecast") as log:
        _one_at_a_time(by.organization_id)
        days = _days_to_make(by.organization_id, by.today - timedelta(days=1))
        for day in days:
            _keep(by.organization_id, day)
            compare(by.organization_id, day + timedelta(days=7))
        compare(by.organization_id, by.today)
        log.say(made=len(days))
    return len(days)


def compare(organization_id: UUID, today: date) -> None:
    """Write what came beside every kept week that was over before `today`."""
    over = ForecastWeek.objects.filter(organization_id=organization_id, came=None, last__lt=today)
    for made_on, first, last in set(over.values_list("made_on", "first", "last")):
        with connection.cursor() as cursor:
            cursor.execute(CAME, {"org": organization_id, "made_on": made_on, "first": first, "last": last})
            came = dict(cursor.fetchall())
        for week in over.filter(made_on=made_on, first=first):
            week.came = came.get(week.currency, Decimal(0))
            week.save(update_fields=["came"])


def _keep(organization_id: UUID, day: date) -> None:
    ForecastWeek.objects.bulk_create(
        ForecastWeek(
            organization_id=organization_id,
            made_on=day,
            currency=currency,
            first=week.first,
            last=week.last,
            expected=cents(week.expected, currency),
            low=cents(week.low, currency),
            high=cents(week.high, currency),
            variance=week.variance,
        )
        for currency, weeks in forecast_of(organization_id, day).items()
        for week in weeks
    )


def cents(amount: float, currency: str) -> Decimal:
    """A forecast in the currency's own decimals."""
    return round_money(Decimal(str(amount)), currency)


def _days_to_make(organization_id: UUID, latest: date) -> list[date]:
    """The days at whose ends a forecast is to be made, a week apart; the first time, from half a year ago."""
    made = ForecastWeek.objects.filter(organization_id=organization_id).aggregate(day=Max("made_on"))["day"]
    if made is not None:
        return [latest] if latest >= made + timedelta(days=7) else []
    invoices = Invoice.objects.filter(organization_id=organization_id, withdrawn_on=None)
    begins = invoices.aggregate(day=Min("issued_on"))["day"]
    if begins is None:
        return []
    days = [latest - timedelta(days=7 * week) for week in range(LEARNED, -1, -1)]
    return [day for day in days if day >= begins + timedelta(days=60)] or [latest]


def _reaches(organization_id: UUID, day: date) -> dict[str, float]:
    """By currency, how far the weeks that followed past forecasts were from them: see `reach_of`."""
    past: Any = ForecastWeek.objects.filter(organization_id=organization_id, came__isnull=False, last__lte=day)
    weeks: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    for one in past.order_by("-made_on")[: LEARNED * WEEKS * 4]:
        if one.first == one.made_on + timedelta(days=1) and len(weeks[one.currency]) < LEARNED:
            weeks[one.currency].append((float(one.expected), one.variance, float(one.came)))
    return {currency: reach_of(each) for currency, each in weeks.items()}


def _one_at_a_time(organization_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('forecast ' || %s, 0))", [str(organization_id)])
