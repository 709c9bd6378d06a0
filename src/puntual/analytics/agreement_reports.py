"""Reports on what was agreed: promises by the month they were due in, plans and settlements by the month they were agreed in."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from puntual.analytics.ratios import share
from puntual.analytics.tables import Column, Question, Report, Shape, Worked
from puntual.analytics.titles import title_of

_PROMISES = """
SELECT to_char(p.promised_for, 'YYYY-MM'), p.currency,
       count(*) FILTER (WHERE p.state <> 'open'), count(*) FILTER (WHERE p.state = 'kept'),
       count(*) FILTER (WHERE p.state = 'partly_kept'), count(*) FILTER (WHERE p.state = 'broken'),
       count(*) FILTER (WHERE p.state = 'open'), sum(p.amount),
       coalesce(sum(p.paid) FILTER (WHERE p.state <> 'open'), 0)
FROM agreements_promise p
WHERE p.organization_id = %(org)s AND p.promised_for >= %(since)s AND p.promised_for <= %(through)s
  AND p.state IN ('open', 'kept', 'partly_kept', 'broken') {narrowed}
GROUP BY 1, 2
ORDER BY 2, 1
"""

_PLANS = """
SELECT to_char(p.agreed_on, 'YYYY-MM'), p.kind, p.currency, count(*), count(*) FILTER (WHERE p.state = 'active'),
       count(*) FILTER (WHERE p.state = 'completed'), count(*) FILTER (WHERE p.state = 'broken'),
       count(*) FILTER (WHERE p.state = 'replanned'),
       count(*) FILTER (WHERE p.accepted_at IS NULL AND p.state IN ('refused', 'expired', 'withdrawn')),
       sum(p.principal), coalesce(sum(parts.paid), 0)
FROM agreements_plan p
LEFT JOIN (
    SELECT plan_id, sum(paid) AS paid FROM agreements_planpart WHERE organization_id = %(org)s GROUP BY plan_id
) parts ON parts.plan_id = p.id
WHERE p.organization_id = %(org)s AND p.agreed_on >= %(since)s AND p.agreed_on <= %(through)s {narrowed}
GROUP BY 1, 2, 3
ORDER BY 3, 1, 2
"""


def promises_report(organization_id: UUID, question: Question) -> Report:
    """Promises by the month they were due in: how many were kept, and how much of the money came."""

    def work() -> Worked:
        rows = _asked(_PROMISES, organization_id, question)
        return Worked(
            rows=(
                (month, currency, due, kept, partly, broken, waiting, share(kept, due), promised, paid)
                for month, currency, due, kept, partly, broken, waiting, promised, paid in rows
            ),
            totals=tuple(
                (_("Total"), currency, *sums[:5], share(sums[1], sums[0]), *sums[5:])
                for currency, sums in _totals(rows, at=1).items()
            ),
        )

    return Report(
        name="promises",
        title=title_of("promises"),
        basis=_(
            "Kept ÷ promises due in the month that could be judged. Kept: what was promised came by its day, within the"
            " tolerance; partly: some of it. One whose day the bank is not known through yet waits."
        ),
        as_of=question.as_of,
        columns=(
            Column("month", _("Month"), "date"),
            Column("currency", _("Currency"), "currency"),
            Column("due", _("Judged"), "count"),
            Column("kept", _("Kept"), "count"),
            Column("partly_kept", _("Partly kept"), "count"),
            Column("broken", pgettext("agreements", "Broken"), "count"),
            Column("waiting", _("Not judged yet"), "count"),
            Column("kept_rate", _("Kept, %"), "percent"),
            Column("promised", _("Promised"), "money"),
            Column("paid", _("Paid"), "money"),
        ),
        work=work,
        rows_key="months",
        facts=_period(question),
        chart=Shape("lines", ("kept_rate",)),
    )


def agreements_report(organization_id: UUID, question: Question) -> Report:
    """Plans and settlements by the month they were agreed in, and what became of them."""
    kinds = {"plan": _("Payment plan"), "settlement": _("Settlement")}

    def work() -> Worked:
        rows = _asked(_PLANS, organization_id, question)
        return Worked(
            rows=(
                (month, kinds[kind], currency, *counts, share(counts[2], counts[2] + counts[3]), principal, paid, kind)
                for month, kind, currency, *counts, principal, paid in rows
            ),
            totals=tuple(
                (_("Total"), "", currency, *sums[:6], share(sums[2], sums[2] + sums[3]), *sums[6:], "")
                for currency, sums in _totals(rows, at=2).items()
            ),
        )

    return Report(
        name="agreements",
        title=title_of("agreements"),
        basis=_(
            "Payment plans and settlements by the month they were made in. Kept to the end ÷ those that ended after they were"
            " accepted; one that another took the place of did not end well or badly."
        ),
        as_of=question.as_of,
        columns=(
            Column("month", _("Month"), "date"),
            Column("kind", _("Kind")),
            Column("currency", _("Currency"), "currency"),
            Column("made", _("Made"), "count"),
            Column("active", _("Running"), "count"),
            Column("completed", _("Kept to the end"), "count"),
            Column("broken", pgettext("agreements", "Broken"), "count"),
            Column("replanned", _("Replanned"), "count"),
            Column("not_accepted", _("Not accepted"), "count"),
            Column("completed_rate", _("Kept to the end, %"), "percent"),
            Column("principal", _("Covered"), "money"),
            Column("paid", _("Paid"), "money"),
            Column("kind_code", _("Kind"), in_files_only=True),
        ),
        work=work,
        rows_key="months",
        chart=Shape("stack", ("completed", "active", "broken", "replanned", "not_accepted"), label=("month",)),
        facts=_period(question),
    )


def _asked(sql: str, organization_id: UUID, question: Question) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql.format(narrowed=question.whose.sql("p")), values_of(organization_id, question))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def values_of(organization_id: UUID, question: Question) -> dict[str, Any]:
    """The parameters of the statements, from the first day of the period on."""
    return {
        "org": organization_id,
        "since": question.since or _a_year_before(question),
        "through": question.as_of,
        **question.whose.values,
    }


def _a_year_before(question: Question) -> date:
    """The first day of the eleventh month before."""
    return (question.as_of - timedelta(days=334)).replace(day=1)


def _period(question: Question) -> dict[str, str]:
    since = question.since or _a_year_before(question)
    return {"from": since.isoformat(), "to": question.as_of.isoformat()}


def _totals(rows: Sequence[tuple[Any, ...]], at: int) -> dict[str, list[Any]]:
    """The numbers behind the currency (the cell `at`), summed by currency."""
    found: dict[str, list[Any]] = {}
    for row in rows:
        sums = found.setdefault(row[at], [Decimal(0) if isinstance(cell, Decimal) else 0 for cell in row[at + 1 :]])
        for place, cell in enumerate(row[at + 1 :]):
            sums[place] += cell
    return dict(sorted(found.items()))
