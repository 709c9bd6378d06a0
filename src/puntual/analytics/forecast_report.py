"""The cash forecast as a report: the weeks to come, and how past ones compared."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from puntual.analytics.forecasting import Span
from puntual.analytics.forecasts import DAYS, LEARNED, WEEKS, cents, forecast_by_day, forecast_of
from puntual.analytics.learning.scored import in_use
from puntual.analytics.learning.words import day_said
from puntual.analytics.models import ForecastWeek
from puntual.analytics.tables import Cell, Column, Question, Report, Shape
from puntual.analytics.titles import title_of


def forecast_days_report(organization_id: UUID, question: Question) -> Report:
    """What comes in on each of the next bank days, with its band."""
    day = question.as_of

    def rows() -> Iterator[tuple[Cell, ...]]:
        for currency, days in forecast_by_day(organization_id, day, whose=question.whose).items():
            for each in days:
                yield (each.last.isoformat(), currency, *_in_cents(each, currency), each.first.isoformat())

    return Report(
        name="forecast-days",
        title=title_of("forecast-days"),
        basis=_(
            "Of what is open on {date}, what comes in on each of the next {days} bank days, as in the forecast by weeks. What is"
            " paid on days without banks arrives on the next one. A single day varies more than a week: look at the band."
        ).format(date=day.isoformat(), days=DAYS),
        as_of=day,
        columns=(
            Column("day", _("Date"), "date"),
            Column("currency", _("Currency"), "currency"),
            *_band(),
            Column("first", _("With what is paid from"), "date", in_files_only=True),
        ),
        rows=rows(),
        totals=(),
        rows_key="days",
        chart=Shape("lines", ("expected", "low", "high")),
    )


def forecast_report(organization_id: UUID, question: Question) -> Report:
    """The next weeks with their band, after the past ones: what had been expected a week ahead, and what came."""
    day = question.as_of
    whose = question.whose
    kept = ForecastWeek.objects.filter(organization_id=organization_id, came__isnull=False, last__lte=day)
    if whose.currency:
        kept = kept.filter(currency=whose.currency)
    if whose.creditor or whose.by_customer:
        kept = kept.none()  # past forecasts are kept for everybody together
    past = [
        week
        for week in kept.filter(made_on__gt=day - timedelta(days=7 * (LEARNED + 1))).order_by("currency", "first")
        if week.first == week.made_on + timedelta(days=1)
    ]
    inside = sum(week.low <= (week.came or Decimal(0)) <= week.high for week in past)

    def rows() -> Iterator[tuple[Cell, ...]]:
        coming = forecast_of(organization_id, day, whose=whose)
        for currency in sorted({*coming, *(week.currency for week in past)}):
            for week in past:
                if week.currency == currency:
                    yield (week.first.isoformat(), currency, week.expected, week.low, week.high, week.came)
            for each in coming.get(currency, ()):
                yield (each.first.isoformat(), currency, *_in_cents(each, currency), None)

    basis = _(
        "Of what is open on {date}, what comes in each of the next {weeks} weeks, by how customers of each kind paid before;"
        " promises, plans and agreed days count, what is disputed or not ours does not, nor what is yet to be billed. The band is"
        " meant to hold four of five weeks."
    ).format(date=day.isoformat(), weeks=WEEKS)
    if used := in_use(organization_id, day):
        basis += " " + _(
            "Whether what is not due yet comes in time is what the model says that was learned from this ledger, in use since"
            " {day}; on which days, what customers of its kind did."
        ).format(day=day_said(used.used_since or used.day))
    if past:
        basis += " " + _("Of the {number} past weeks shown it held {inside}.").format(number=len(past), inside=inside)
    return Report(
        name="forecast",
        title=title_of("forecast"),
        basis=basis,
        as_of=day,
        columns=(
            Column("week", _("Week of"), "date"),
            Column("currency", _("Currency"), "currency"),
            *_band(),
            Column("came", _("Came"), "money"),
        ),
        rows=rows(),
        totals=(),
        rows_key="weeks",
        facts={"as_of": day.isoformat(), "model": used is not None, "past_weeks": len(past), "inside_the_band": inside},
        chart=Shape("lines", ("expected", "low", "high", "came")),
    )


def _band() -> tuple[Column, ...]:
    return (
        Column("expected", _("Expected"), "money"),
        Column("low", _("At least"), "money"),
        Column("high", _("At most"), "money"),
    )


def _in_cents(span: Span, currency: str) -> tuple[Decimal, ...]:
    """What is expected and its band, in the order of their columns."""
    return tuple(cents(amount, currency) for amount in (span.expected, span.low, span.high))
