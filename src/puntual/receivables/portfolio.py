"""The open portfolio at a glance: totals by creditor, currency and due date, read in milliseconds at any size."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection

from puntual.audit.actions import Actor, action


@dataclass(frozen=True, slots=True)
class DueTotal:
    """What is open of one creditor in one currency with one due date, and on how many items."""

    creditor_id: UUID
    currency: str
    due_on: date
    open: Decimal
    items: int


_NOW = """
    SELECT creditor_id, currency, due_on, sum(open_amount), sum(open_count)
    FROM receivables_portfoliodelta
    WHERE organization_id = %(organization)s
    GROUP BY creditor_id, currency, due_on
    HAVING sum(open_amount) <> 0 OR sum(open_count) <> 0
    ORDER BY creditor_id, currency, due_on
"""
_THEN = """
    SELECT i.creditor_id, i.currency, i.due_on, sum(b.open), count(*)
    FROM (
        SELECT installment_id, sum(amount) AS open
        FROM receivables_entry
        WHERE organization_id = %(organization)s AND account = 'receivable' AND effective_on <= %(as_of)s
        GROUP BY installment_id
        HAVING sum(amount) > 0
    ) b
    JOIN receivables_installment i ON i.organization_id = %(organization)s AND i.id = b.installment_id
    GROUP BY i.creditor_id, i.currency, i.due_on
    ORDER BY i.creditor_id, i.currency, i.due_on
"""


def portfolio(organization_id: UUID, as_of: date | None = None) -> list[DueTotal]:
    """The open portfolio by creditor, currency and due date: today's from the deltas kept beside the ledger, that of a past day
    (which reads every entry up to it) from the ledger itself. Days past due are counted from `due_on`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NOW if as_of is None else _THEN, {"organization": organization_id, "as_of": as_of})
        return [DueTotal(*row) for row in cursor.fetchall()]


def compact_portfolio(by: Actor) -> int:
    """Fold the portfolio's deltas together, one row for each creditor, currency and due date; how many rows that spared.

    Changes nothing that `portfolio` says. For the clock, once a day; safe beside everybody who posts.
    """
    with action(by, "receivables.compact_portfolio") as log, connection.cursor() as cursor:
        cursor.execute(
            """
            WITH gone AS (
                DELETE FROM receivables_portfoliodelta WHERE organization_id = %(organization)s RETURNING *
            ), kept AS (
                INSERT INTO receivables_portfoliodelta (
                    id, organization_id, creditor_id, currency, due_on, open_amount, open_count)
                SELECT puntual_uuid7(), organization_id, creditor_id, currency, due_on, sum(open_amount), sum(open_count)
                FROM gone
                GROUP BY organization_id, creditor_id, currency, due_on
                HAVING sum(open_amount) <> 0 OR sum(open_count) <> 0
                RETURNING id
            )
            SELECT (SELECT count(*) FROM gone) - (SELECT count(*) FROM kept)
            """,
            {"organization": by.organization_id},
        )
        spared: int = cursor.fetchone()[0]
        log.say(spared=spared)
        return spared
