"""Many holds at once. Callers import from `bulk`."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from puntual.audit.actions import Actor, action
from puntual.receivables.models import Hold


def hold_many(
    by: Actor,
    installment_ids: Collection[UUID],
    *,
    reason: str,
    from_on: date,
    source_id: UUID | None = None,
    note: str = "",
) -> int:
    """Pause each of these installments for all of it, until released; one that this reason pauses already is left alone.

    How many pauses were made.
    """
    with (
        action(by, "receivables.hold_many", reason=reason, source=source_id, why=note) as log,
        connection.cursor() as cursor,
    ):
        cursor.execute(
            """
            INSERT INTO receivables_hold (
                id, organization_id, customer_id, installment_id, reason, from_on, stops_chasing, stops_interest, stops_pre_due,
                note, source_id, created_by, released_by)
            SELECT puntual_uuid7(), i.organization_id, i.customer_id, i.id, %(reason)s, %(from_on)s, true, false, true,
                   %(note)s, %(source)s, %(name)s, ''
            FROM receivables_installment i
            WHERE i.organization_id = %(organization)s AND i.id = ANY(%(ids)s) AND NOT EXISTS (
                SELECT FROM receivables_hold h
                WHERE h.organization_id = %(organization)s AND h.customer_id = i.customer_id AND h.installment_id = i.id
                  AND h.reason = %(reason)s AND h.released_on IS NULL)
            """,
            {
                "organization": by.organization_id,
                "ids": list(installment_ids),
                "reason": Hold.Reason(reason),
                "from_on": from_on,
                "note": note,
                "source": source_id,
                "name": by.name,
            },
        )
        held: int = cursor.rowcount
        log.say(held=held)
        return held


class NewHold(NamedTuple):
    """A pause of all that is open of an invoice, for what it stands for, from a day."""

    invoice_id: UUID
    source_id: UUID
    from_on: date


def hold_each(
    by: Actor, rows: Sequence[NewHold], *, reason: str, until_on: date, stops_interest: bool = False, note: str = ""
) -> int:
    """Pause each open installment of these invoices for all of it, through `until_on`. How many pauses were made."""
    with action(by, "receivables.hold_each", reason=reason, rows=len(rows)) as log, connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO receivables_hold (
                id, organization_id, customer_id, installment_id, reason, from_on, until_on, stops_chasing, stops_interest,
                stops_pre_due, note, source_id, created_by, released_by)
            SELECT puntual_uuid7(), %(organization)s, i.customer_id, i.id, %(reason)s, s.from_on, %(until)s, true, %(interest)s,
                   true, %(note)s, s.source_id, %(name)s, ''
            FROM unnest(%(invoices)s::uuid[], %(sources)s::uuid[], %(days)s::date[]) AS s(invoice_id, source_id, from_on)
            CROSS JOIN LATERAL (
                SELECT id, customer_id FROM receivables_installment
                WHERE organization_id = %(organization)s AND invoice_id = s.invoice_id AND open_amount > 0
            ) i
            """,
            {
                "organization": by.organization_id,
                "invoices": [row.invoice_id for row in rows],
                "sources": [row.source_id for row in rows],
                "days": [row.from_on for row in rows],
                "reason": Hold.Reason(reason),
                "until": until_on,
                "interest": stops_interest,
                "note": note,
                "name": by.name,
            },
        )
        held: int = cursor.rowcount
        log.say(held=held)
        return held


def release_many(by: Actor, installment_ids: Collection[UUID], *, reason: str, why: str = "") -> int:
    """End from today what holds these installments for this reason; how many holds that was."""
    with action(by, "receivables.release_many", reason=reason, why=why) as log:
        released = Hold.objects.filter(
            organization_id=by.organization_id,
            installment_id__in=list(installment_ids),
            reason=Hold.Reason(reason),
            released_on=None,
        ).update(released_on=by.today, released_by=by.name)
        log.say(released=released)
        return released


def release_listed(by: Actor, sources: str, *, reason: str) -> int:
    """End from today what holds for these agreements; how many holds that was.

    `sources` is a statement that gives their ids, such as of a temporary table: a day's list is too long to be handed over.
    """
    with action(by, "receivables.release_listed", reason=reason) as log, connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE receivables_hold h SET released_on = %(today)s, released_by = %(name)s
            FROM ({sources}) s
            WHERE h.organization_id = %(organization)s AND h.source_id = s.id AND h.reason = %(reason)s AND h.released_on IS NULL
            """,
            {
                "organization": by.organization_id,
                "reason": Hold.Reason(reason),
                "today": by.today,
                "name": by.name,
            },
        )
        released: int = cursor.rowcount
        log.say(released=released)
        return released


def redate_listed(by: Actor, sources: str, until_on: date, *, reason: str) -> int:
    """Let what holds for these agreements and would end by today hold through another day; how many holds that was.

    `sources` as in `release_listed`; it may name %(today)s.
    """
    with action(by, "receivables.redate_listed", reason=reason, until=until_on) as log, connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE receivables_hold h SET until_on = %(until)s
            FROM ({sources}) s
            WHERE h.organization_id = %(organization)s AND h.source_id = s.id AND h.reason = %(reason)s AND h.released_on IS NULL
              AND h.until_on <= %(today)s AND h.from_on <= %(until)s
            """,
            {
                "organization": by.organization_id,
                "reason": Hold.Reason(reason),
                "today": by.today,
                "until": until_on,
            },
        )
        redated: int = cursor.rowcount
        log.say(redated=redated)
        return redated
