"""The reports on receivables over time: how long money takes, how much of what could be collected was, what rolls on.

Every formula is `ratios`', and stands in the report's basis.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from puntual.analytics.months import BALANCES, BUCKETS, CUSTOMERS, OUT, Period, months_through, periods
from puntual.analytics.rates.converting import months_in, period_in
from puntual.analytics.ratios import (
    MonthSales,
    average_days_delinquent,
    best_possible_dso,
    dso,
    dso_countback,
    effectiveness,
    share,
)
from puntual.analytics.series import AMOUNTS, Month, series
from puntual.analytics.tables import Cell, Column, Question, Report, Shape, Worked
from puntual.analytics.titles import title_of
from puntual.analytics.wording import bucket_label, state_label

MONTHS = 12
QUARTER = 3
"""Months of sales that the simple DSO is measured against."""
_ZERO = Decimal(0)


def dso_report(organization_id: UUID, question: Question) -> Report:
    """Days sales outstanding at the end of each of the last twelve months, simple and by counting back."""
    columns = (
        _month(),
        _currency(),
        Column("receivables", _("Receivables"), "money"),
        Column("not_due", _("Not due"), "money"),
        Column("sales", _("Billed in the month"), "money"),
        Column("dso", _("DSO"), "days"),
        Column("dso_countback", _("DSO, counted back"), "days"),
        Column("best_possible", _("Best possible DSO"), "days"),
        Column("days_delinquent", _("Average days delinquent"), "days"),
    )

    def rows(found: Mapping[str, list[Month]]) -> Iterator[tuple[Cell, ...]]:
        for currency, line in found.items():
            for place in range(len(line) - MONTHS, len(line)):
                one, before = line[place], line[max(0, place + 1 - QUARTER) : place + 1]
                sales, days = sum((each.sales for each in before), _ZERO), sum(each.days for each in before)
                actual, best = dso(one.end, sales, days), best_possible_dso(one.not_due, sales, days)
                back = dso_countback(one.end, [MonthSales(each.sales, each.days) for each in line[place::-1][:MONTHS]])
                yield (
                    f"{one.first:%Y-%m}",
                    currency,
                    one.end,
                    one.not_due,
                    one.sales,
                    actual,
                    None if back.beyond else back.days,
                    best,
                    average_days_delinquent(actual, best),
                )

    return Report(
        name="dso",
        title=title_of("dso"),
        basis=_(
            "DSO = receivables at the end ÷ billed in three months × their days; counted back, the latest months' sales are taken"
            " off the receivables, each adding its days. Best possible: the same with what is not due. Billed is net of credit"
            " notes, write-offs and closures without a payment."
        ),
        as_of=question.as_of,
        columns=columns,
        work=lambda: Worked(rows(_series(organization_id, question, 2 * MONTHS, AMOUNTS))),
        rows_key="months",
        chart=Shape("lines", ("dso", "dso_countback", "best_possible")),
        facts=_as_of(question),
    )


def effectiveness_report(organization_id: UUID, question: Question) -> Report:
    """The collection effectiveness index of each of the last twelve months."""
    columns = (
        _month(),
        _currency(),
        Column("begin", _("At the beginning"), "money"),
        Column("sales", _("Billed in the month"), "money"),
        Column("end", _("At the end"), "money"),
        Column("end_not_due", _("Not due at the end"), "money"),
        Column("cei", _("CEI, %"), "percent"),
    )

    def rows(found: Mapping[str, list[Month]]) -> Iterator[tuple[Cell, ...]]:
        for currency, line in found.items():
            for one in line:
                cei = effectiveness(one.begin, one.sales, one.end, one.not_due)
                yield (f"{one.first:%Y-%m}", currency, one.begin, one.sales, one.end, one.not_due, cei)

    return Report(
        name="cei",
        title=title_of("cei"),
        basis=_(
            "CEI = (at the beginning + billed - at the end) ÷ (at the beginning + billed - not due at the end) × 100: of what"
            " could be collected in the month, how much was. Billed is net of credit notes, write-offs and closures without a"
            " payment."
        ),
        as_of=question.as_of,
        columns=columns,
        work=lambda: Worked(rows(_series(organization_id, question, MONTHS, AMOUNTS))),
        rows_key="months",
        chart=Shape("lines", ("cei",)),
        facts=_as_of(question),
    )


def roll_rates_report(organization_id: UUID, question: Question) -> Report:
    """What became, in the period, of what was open before it: the transition matrix, and the share that rolled on."""
    first, last = period_of(question)
    names = BUCKETS.names
    became = [*(str(place) for place in range(len(names))), *OUT]
    keys = [*names, *OUT]
    columns = (
        Column("bucket", _("Age at the beginning")),
        _currency(),
        Column("amount", _("At the beginning"), "money"),
        *(Column(key, state_label(key), "money") for key in keys),
        Column("roll_rate", _("Rolled on, %"), "percent"),
        Column("bucket_code", _("Age at the beginning"), in_files_only=True),
    )

    def row(one: Period, place: int, currency: str) -> tuple[Cell, ...]:
        moved = [one.moves.get((place, state), _ZERO) for state in became]
        older = sum(moved[place + 1 : len(names)], _ZERO)
        on = moved[place] if place == len(names) - 1 else older
        return (
            bucket_label(names[place]),
            currency,
            one.began[place],
            *moved,
            share(on, one.began[place]),
            names[place],
        )

    def total(one: Period, currency: str) -> tuple[Cell, ...]:
        sums = [sum((one.moves.get((place, state), _ZERO) for place in range(len(names))), _ZERO) for state in became]
        return (_("Total"), currency, one.begin, *sums, None, "")

    def work() -> Worked:
        (by_currency,) = periods(
            organization_id, [(first, last)], whose=question.whose, known_on=question.known_on, parts=(BALANCES,)
        )
        found = period_in(by_currency, question.into)
        return Worked(
            rows=(row(one, place, currency) for currency, one in found.items() for place in range(len(names))),
            totals=tuple(total(one, currency) for currency, one in found.items()),
        )

    return Report(
        name="roll-rates",
        title=title_of("roll-rates"),
        basis=_(
            "What was open before {since}, by its age then, and what had become of it on {through}. Rolled on = moved into an"
            " older bucket ÷ at the beginning; of the oldest, what stayed in it."
        ).format(since=first.isoformat(), through=last.isoformat()),
        as_of=question.as_of,
        columns=columns,
        work=work,
        rows_key="buckets",
        chart=Shape("stack", tuple(keys)),
        facts={"from": first.isoformat(), "to": last.isoformat()},
    )


def cure_rate_report(organization_id: UUID, question: Question) -> Report:
    """Of the customers late at the beginning of each month, how many were not at its end."""
    columns = (
        _month(),
        _currency(),
        Column("delinquent", _("Late at the beginning"), "count"),
        Column("cured", _("Back to current"), "count"),
        Column("cure_rate", _("Cure rate, %"), "percent"),
    )

    def rows(found: Mapping[str, list[Month]]) -> Iterator[tuple[Cell, ...]]:
        for currency, line in found.items():
            for one in line:
                rate = share(one.cured, one.delinquent)
                yield (f"{one.first:%Y-%m}", currency, one.delinquent, one.cured, rate)

    return Report(
        name="cure-rate",
        title=title_of("cure-rate"),
        basis=_(
            "Customers back to current ÷ customers with something overdue at the beginning of the month, by currency."
        ),
        as_of=question.as_of,
        columns=columns,
        work=lambda: Worked(rows(_series(organization_id, question, MONTHS, CUSTOMERS))),
        rows_key="months",
        chart=Shape("lines", ("cure_rate",)),
        facts=_as_of(question),
    )


def _series(organization_id: UUID, question: Question, months: int, part: str) -> dict[str, list[Month]]:
    """By currency, the months that end with that of the day; one in which nothing was open or moved is empty."""
    spans = months_through(question.as_of, months)
    found = series(organization_id, spans, question.whose, question.known_on, parts=(part,))
    return months_in(found, question.into)


def period_of(question: Question) -> tuple[date, date]:
    """The days asked about; without a first one, the month of the last."""
    return question.since or question.as_of.replace(day=1), question.as_of


def _as_of(question: Question) -> dict[str, str]:
    return {"as_of": question.as_of.isoformat()}


def _month() -> Column:
    return Column("month", _("Month"), "date")


def _currency() -> Column:
    return Column("currency", _("Currency"), "currency")
