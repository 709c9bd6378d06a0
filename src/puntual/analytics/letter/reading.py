"""What a letter is made of, read from the ledger and the record of contacts. Everything runs inside `acting_for`."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connection

from puntual.analytics.agreement_reports import promises_report
from puntual.analytics.evidence import Sums
from puntual.analytics.letter.moving import BEFORE, QUARTER, ZERO, figures
from puntual.analytics.letter.proving import Way
from puntual.analytics.months import Period, month_end, months_through, periods
from puntual.analytics.tables import Question
from puntual.disputes.queries import causes
from puntual.outreach.results import NOT_HAD
from puntual.strategies.models import FiguresRead
from puntual.strategies.segment_queries import kept_segments
from puntual.strategies.segments_sql import where

DAYS: Final = 180
"""How far back contacts are looked at for what works."""

# What each customer's overdue part was the day before the month and at its end; only what is or was overdue is looked at.
_CHANGED = """
WITH moved AS MATERIALIZED (
    SELECT installment_id, sum(amount) FILTER (WHERE effective_on > %(last)s) AS later, sum(amount) AS since
    FROM receivables_entry
    WHERE organization_id = %(org)s AND account = 'receivable' AND kind <> 'issued' AND effective_on >= %(first)s
    GROUP BY installment_id
), changes AS MATERIALIZED (
    SELECT i.creditor_id, i.customer_id, i.currency,
           sum(CASE WHEN v.issued_on <= %(last)s THEN i.open_amount - coalesce(m.later, 0) ELSE 0 END
               - CASE WHEN v.issued_on < %(first)s AND i.due_on < %(before)s
                      THEN i.open_amount - coalesce(m.since, 0) ELSE 0 END) AS change
    FROM receivables_installment i
    JOIN receivables_invoice v ON v.organization_id = %(org)s AND v.id = i.invoice_id AND v.issued_on <= %(last)s
    LEFT JOIN moved m ON m.installment_id = i.id
    WHERE i.organization_id = %(org)s AND i.due_on < %(last)s AND (i.open_amount > 0 OR m.installment_id IS NOT NULL)
    GROUP BY 1, 2, 3
)"""
_IN_SEGMENTS = """
SELECT c.id, CASE {segments} END AS code
FROM parties_customer c
JOIN parties_party p ON p.organization_id = %(org)s AND p.id = c.party_id
LEFT JOIN strategies_customerfigures f ON f.organization_id = %(org)s AND f.id = c.id
WHERE c.organization_id = %(org)s"""
_CHANGES = """
SELECT 'creditor', currency, creditor_id::text, sum(change) FROM changes GROUP BY 2, 3
UNION ALL
SELECT 'segment', a.currency, s.code, sum(a.change)
FROM changes a
JOIN ({in_segments}) s ON s.id = a.customer_id AND s.code IS NOT NULL
GROUP BY 2, 3
UNION ALL
SELECT 'customer', currency, customer_id::text, change
FROM (SELECT *, row_number() OVER (PARTITION BY currency ORDER BY abs(change) DESC, customer_id) AS place FROM changes) ranked
WHERE place <= 3 AND change <> 0
"""

# A contact is judged once the customer has paid what led it or has heard from us again. Only somebody's own words are an answer.
_WAYS = """
SELECT strategy, step, channel, count(*), sum(n), sum(answered), sum(n * n), sum(answered * answered), sum(n * answered),
       count(*) FILTER (WHERE known > 0), sum(known), sum(paid), sum(known * known), sum(paid * paid), sum(known * paid)
FROM (
    SELECT strategy, step, channel, customer_id, count(*) AS n, count(*) FILTER (WHERE answered) AS answered,
           count(*) FILTER (WHERE paid_on IS NOT NULL OR next_day IS NOT NULL) AS known,
           count(*) FILTER (WHERE paid_on < coalesce(next_day, 'infinity')) AS paid
    FROM (
        SELECT v.strategy_id AS strategy, a.step, a.channel, a.customer_id,
               EXISTS (SELECT FROM outreach_answer r
                       WHERE r.organization_id = %(org)s AND r.activity_id = a.id AND r.kind = 'reply') AS answered,
               CASE WHEN i.written_off = 0 THEN i.settled_on END AS paid_on,
               lead(a.day) OVER (PARTITION BY a.customer_id ORDER BY a.day, a.id) AS next_day
        FROM outreach_activity a
        JOIN strategies_version v ON v.organization_id = %(org)s AND v.id = a.version_id
        LEFT JOIN receivables_installment i ON i.organization_id = %(org)s AND i.id = a.lead_id
        WHERE a.organization_id = %(org)s AND a.day > %(since)s AND a.day <= %(through)s AND a.direction = 'out'
          AND a.channel <> 'internal' AND a.state IN ('sent', 'done') AND a.result <> ALL(%(not_had)s)
    ) said
    GROUP BY 1, 2, 3, 4
) customer
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3
"""


@dataclass(slots=True)
class Month:
    """One currency: a value per month and figure, the letter's month last, that month itself, and what moved its overdue part."""

    series: dict[str, list[Decimal | None]]
    period: Period
    creditors: dict[str, Decimal] = field(default_factory=dict)
    segments: dict[str, Decimal] = field(default_factory=dict)
    customers: dict[str, Decimal] = field(default_factory=dict)
    causes: dict[str, tuple[Decimal, Decimal]] = field(default_factory=dict)  # disputed this month, and the one before


def letter_month(as_of: date) -> date:
    """The first day of the last month that is over by the end of `as_of`: what a letter of that day is about."""
    first = as_of.replace(day=1)
    return first if as_of == month_end(first) else (first - timedelta(days=1)).replace(day=1)


def months_of(organization_id: UUID, month: date) -> dict[str, Month]:
    """Everything of a month by currency, the one with the most open items first."""
    spans = months_through(month_end(month), BEFORE + QUARTER)
    found = periods(organization_id, spans)
    begins = next((place for place, one in enumerate(found) if one), len(found))
    kept, disputed = _promises(organization_id, spans[0][0], month_end(month)), _disputed(organization_id, spans)
    made: dict[str, Month] = {}
    for currency in {currency for one in found for currency in one}:
        line = [one.get(currency) or Period(*span) for span, one in zip(spans, found, strict=True)]
        series: dict[str, list[Decimal | None]] = defaultdict(list)
        for place in range(max(begins, QUARTER - 1), len(line)):
            for key, value in figures(line[max(0, place + 1 - QUARTER) : place + 1]).items():
                series[key].append(value)
            name = f"{line[place].first:%Y-%m}"
            series["promises_kept"].append(kept.get((name, currency)))
            series["disputed"].append(sum(disputed.get((name, currency), {}).values(), ZERO))
        made[currency] = Month(dict(series), line[-1], causes=_two_months(disputed, spans, currency))
    made = {currency: one for currency, one in made.items() if one.series}
    for what, currency, key, amount in _changes(organization_id, month):
        if currency in made:
            getattr(made[currency], f"{what}s")[key] = amount
    return dict(sorted(made.items(), key=lambda pair: (-pair[1].period.items, pair[0])))


def ways_of(organization_id: UUID, through: date) -> list[Way]:
    """What came of each step of each manual by each channel in the last `DAYS`; the step as "strategy:code"."""
    values: dict[str, Any] = {
        "org": organization_id,
        "since": through - timedelta(days=DAYS),
        "through": through,
        "not_had": ["bounced", *NOT_HAD],
    }
    with connection.cursor() as cursor:
        cursor.execute(_WAYS, values)
        rows = cursor.fetchall()
    ways = []
    for strategy, step, channel, *numbers in rows:
        counts = [int(number or 0) for number in numbers]
        key = f"{strategy}:{step}"
        ways.append(Way(key, channel, "answered", Sums(*counts[:6])))
        ways.append(Way(key, channel, "paid", Sums(*counts[6:])))
    return ways


def in_segments(organization_id: UUID, month: date) -> tuple[str, dict[str, Any]]:
    """A statement of each customer's `id` and the `code` of its segment (the first whose conditions hold, or none), by the
    figures there are now, and its parameters.
    """
    read = FiguresRead.objects.filter(organization_id=organization_id).first()
    day = read.day if read else month_end(month)
    cases, values = ["WHEN false THEN ''"], dict[str, Any]()
    for number, segment in enumerate(kept_segments(organization_id)):
        condition, own = where(segment, day, f"segment{number}")
        values |= {**own, f"code{number}": segment.code}
        cases.append(f"WHEN {condition} THEN %(code{number})s")
    return _IN_SEGMENTS.format(segments=" ".join(cases)), {**values, "org": organization_id}


def members_of(organization_id: UUID, month: date) -> dict[str, list[str]]:
    """The customers in each segment of whom something was overdue in a month: who is in a segment later is not on record."""
    segments, values = in_segments(organization_id, month)
    sql = f"""{_CHANGED}
SELECT s.code, array_agg(DISTINCT s.id::text)
FROM changes a JOIN ({segments}) s ON s.id = a.customer_id AND s.code IS NOT NULL
GROUP BY s.code"""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute(sql, {**values, **_ends(month)})
        return dict(cursor.fetchall())


def _ends(month: date) -> dict[str, date]:
    return {"first": month, "before": month - timedelta(days=1), "last": month_end(month)}


def _changes(organization_id: UUID, month: date) -> list[tuple[str, str, str, Decimal]]:
    segments, values = in_segments(organization_id, month)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute(_CHANGED + _CHANGES.format(in_segments=segments), {**values, **_ends(month)})
        rows: list[tuple[str, str, str, Decimal]] = cursor.fetchall()
    return rows


def _promises(organization_id: UUID, since: date, through: date) -> dict[tuple[str, str], Decimal | None]:
    report = promises_report(organization_id, Question(through, since))
    keys = [column.key for column in report.columns]
    rows = [dict(zip(keys, row, strict=True)) for row in report.rows]
    return {(str(row["month"]), str(row["currency"])): row["kept_rate"] for row in rows}  # type: ignore[misc]


def _disputed(organization_id: UUID, spans: list[tuple[date, date]]) -> dict[tuple[str, str], dict[str, Decimal]]:
    """What was disputed, by month of opening, currency and cause."""
    found: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    for one in causes(organization_id, spans[0][0], spans[-1][1], spans[-1][1]):
        found[f"{one.month:%Y-%m}", one.currency][one.cause] += one.amount
    return found


def _two_months(
    disputed: Mapping[tuple[str, str], Mapping[str, Decimal]], spans: list[tuple[date, date]], currency: str
) -> dict[str, tuple[Decimal, Decimal]]:
    before, now = (disputed.get((f"{first:%Y-%m}", currency), {}) for first, _last in spans[-2:])
    return {cause: (now.get(cause, ZERO), before.get(cause, ZERO)) for cause in {*before, *now}}
