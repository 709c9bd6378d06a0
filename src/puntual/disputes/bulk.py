"""The fast way in and out, for imports that mark invoices as disputed: set-based, one audit entry per call."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q

from puntual.audit.actions import Actor, action
from puntual.disputes.actions import reopen
from puntual.disputes.keeping import HELD, team_calendar
from puntual.disputes.models import Dispute
from puntual.disputes.states import LIVE, answer_by, review_on
from puntual.kernel.problems import Problem
from puntual.organizations.models import Organization
from puntual.receivables.actions import release_holds
from puntual.receivables.bulk import NewHold, hold_each

# By key in each table: of an organization that it has not met yet the planner expects a single row.
_OPEN = """
INSERT INTO disputes_dispute (
    id, organization_id, creditor_id, customer_id, invoice_id, currency, amount, whole, reason, said, said_by, source, source_id,
    opened_on, opened_at, opened_by, owner_id, deadline, state, cause, resolved_by, why)
SELECT puntual_uuid7(), %(organization)s, v.creditor_id, v.customer_id, v.id, v.currency, i.open, true, 'other', '', '', 'file',
       %(batch)s, %(today)s, %(now)s, %(name)s, c.owner_id, %(deadline)s, 'open', '', '', ''
FROM unnest(%(ids)s::uuid[]) AS s(id)
CROSS JOIN LATERAL (
    SELECT id, creditor_id, customer_id, currency FROM receivables_invoice
    WHERE organization_id = %(organization)s AND id = s.id AND withdrawn_on IS NULL
) v
CROSS JOIN LATERAL (
    SELECT sum(open_amount) AS open FROM receivables_installment
    WHERE organization_id = %(organization)s AND invoice_id = v.id
) i
CROSS JOIN LATERAL (
    SELECT owner_id FROM parties_customer WHERE organization_id = %(organization)s AND id = v.customer_id
) c
WHERE i.open > 0
ON CONFLICT (organization_id, invoice_id) WHERE state IN ('open', 'accepted') DO NOTHING
RETURNING invoice_id, id
"""
_STANDING = """
    SELECT invoice_id, id, source = 'file' AND state = 'open' FROM disputes_dispute
    WHERE organization_id = %s AND invoice_id = ANY(%s) AND state IN ('open', 'accepted')
"""


class Marked(NamedTuple):
    """An invoice that a file marks as disputed, and the day from which that counts: a new one's issue."""

    invoice_id: UUID
    from_on: date


def open_many(by: Actor, rows: Sequence[Marked], *, batch_id: UUID, note: str = "") -> int:
    """Open a dispute of all that is open of each invoice, for a reason nobody told; one in dispute already is left alone.

    How many were opened. They belong to whoever has the customer.
    """
    if not rows:
        return 0
    with action(by, "disputes.open_many", batch=batch_id, rows=len(rows)) as log, connection.cursor() as cursor:
        organization = Organization.objects.get(id=by.organization_id)
        calendar = team_calendar(organization)
        deadline = answer_by(calendar, by.today, organization.dispute_days)
        cursor.execute(
            _OPEN,
            {
                "organization": by.organization_id,
                "ids": [row.invoice_id for row in rows],
                "batch": batch_id,
                "today": by.today,
                "now": by.now,
                "name": by.name,
                "deadline": deadline,
            },
        )
        made = dict(cursor.fetchall())
        log.say(opened=len(made))
        hold_each(
            by,
            [NewHold(row.invoice_id, made[row.invoice_id], row.from_on) for row in rows if row.invoice_id in made],
            reason=HELD,
            until_on=review_on(calendar, deadline, by.today),
            stops_interest=True,
            note=note,
        )
        return len(made)


def end_many(by: Actor, dispute_ids: Collection[UUID], *, why: str) -> int:
    """Withdraw live disputes that a later file no longer marks; how many that were."""
    if not dispute_ids:
        return 0
    with action(by, "disputes.end_many", why=why) as log:
        ended = _withdraw(by, Q(id__in=list(dispute_ids)), why)
        log.say(ended=ended)
        return ended


def undo_batch(by: Actor, batch_id: UUID, *, why: str) -> int:
    """Withdraw what an import opened, and what was opened on documents that are withdrawn with it; how many that were."""
    with action(by, "disputes.undo_batch", why=why, batch=batch_id) as log:
        gone = Q(source=Dispute.Source.FILE, source_id=batch_id) | Q(invoice__batch_id=batch_id)
        ended = _withdraw(by, gone, why)
        log.say(ended=ended)
        return ended


def reopen_many(by: Actor, dispute_ids: Collection[UUID], *, why: str) -> int:
    """Open again what a file that is undone had ended, as far as something of it is open and nothing else is in dispute."""
    opened = 0
    for dispute_id in dispute_ids:
        try:
            reopen(by, dispute_id, why=why)
        except Problem:
            continue
        opened += 1
    return opened


def standing(organization_id: UUID, invoice_ids: Collection[UUID]) -> dict[UUID, tuple[UUID, bool]]:
    """The live dispute of each invoice that has one, and whether a later file may end it: a file made it and nobody decided."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [organization_id, list(invoice_ids)])
        return {invoice_id: (dispute_id, by_file) for invoice_id, dispute_id, by_file in cursor.fetchall()}


def _withdraw(by: Actor, which: Q, why: str) -> int:
    found = Dispute.objects.filter(which, organization_id=by.organization_id, state__in=LIVE)
    ids = list(found.order_by("id").values_list("id", flat=True))
    if not ids:
        return 0
    release_holds(by, ids, reason=HELD, why=why)
    return Dispute.objects.filter(organization_id=by.organization_id, id__in=ids).update(
        state=Dispute.State.WITHDRAWN,
        cause=Dispute.Cause.OTHER,
        why=why,
        resolved_on=by.today,
        resolved_at=by.now,
        resolved_by=by.name,
    )
