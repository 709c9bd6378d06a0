"""Many due dates at once, as a file states them."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db import connection

from puntual.audit.actions import Actor, action
from puntual.receivables.bulk_postings import lock_many
from puntual.receivables.expecting import expect_by_rules
from puntual.receivables.staging import Parameters

_MOVE = """
    UPDATE receivables_installment i
    SET due_on = w.due_on, due_generation = i.due_generation + 1
    FROM unnest(%(ids)s::uuid[], %(days)s::date[]) AS w(id, due_on)
    WHERE i.organization_id = %(organization)s AND i.id = w.id AND i.due_on <> w.due_on
"""


def move_due_many(by: Actor, due_dates: Mapping[UUID, date], *, why: str) -> dict[UUID, date]:
    """Move the days on which installments are due, as `actions.change_due_date` does; the earlier day of each that moved."""
    with (
        action(by, "receivables.move_due_many", why=why, items=len(due_dates)) as log,
        connection.cursor() as cursor,
    ):
        items = lock_many(by.organization_id, due_dates)
        before = {id: item.due_on for id, item in items.items() if item.due_on != due_dates[id]}
        parameters: Parameters = {
            "organization": by.organization_id,
            "ids": list(due_dates),
            "days": list(due_dates.values()),
        }
        cursor.execute(_MOVE, parameters)
        expect_by_rules(by, {items[id].customer_id for id in before})
        log.say(moved=len(before))
        return before
