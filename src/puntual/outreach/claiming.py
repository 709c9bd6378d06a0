"""Claiming a message: for one sender alone, committed before anything is done with it, and until it is handed over given back if
that sender dies.

A claim has two witnesses. The activity's state `attempting` is what everybody sees. A row in `outreach_claim` says that nothing
of the message has left yet; it goes, committed, right before the message does. What a dead sender left with its row is queued
again; what it left without one is unknown, for a person.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper

from puntual.audit.actions import Actor, action
from puntual.outreach.channels import AUTOMATIC
from puntual.outreach.record.keeping import Keeping
from puntual.outreach.ways import host_name
from puntual.tenancy.scope import acting_for, in_one_trip

STALLED_AFTER = timedelta(minutes=15)
"""How long a sender may take over one message; far more than all its time-outs together."""

_DUE = """
SELECT a.id, c.party_id FROM outreach_activity a
JOIN parties_customer c ON c.organization_id = a.organization_id AND c.id = a.customer_id
WHERE a.organization_id = %(organization)s AND a.state = 'queued' AND a.not_before <= %(now)s AND a.channel = ANY(%(channels)s)
  AND c.party_id <> ALL(%(busy)s)
ORDER BY a.not_before, a.id LIMIT %(most)s FOR UPDATE OF a SKIP LOCKED
"""
# Held until the claim is committed, and tried, not waited for: other messages can go first.
_PARTY_LOCKS = """
SELECT party FROM unnest(%(parties)s) AS party
WHERE pg_try_advisory_xact_lock(hashtextextended('party ' || party::text, 0))
"""
_PARTIES_BUSY = """
SELECT c.party_id FROM parties_customer c
JOIN outreach_activity a ON a.organization_id = c.organization_id AND a.customer_id = c.id AND a.state = 'attempting'
    AND a.channel <> 'letter'  -- on its way to the post for a day; it counts as a contact, and holds up nobody
WHERE c.organization_id = %(organization)s AND c.party_id = ANY(%(parties)s)
UNION
SELECT e.party_id FROM outreach_engaged e
WHERE e.organization_id = %(organization)s AND e.party_id = ANY(%(parties)s) AND e.until > %(now)s
"""
_CLAIM = """
UPDATE outreach_activity SET state = 'attempting', claimed_at = %(now)s, message_id = '<' || id || %(at_host)s
WHERE organization_id = %(organization)s AND id = ANY(%(ids)s)
"""
_WITNESS = """
INSERT INTO outreach_claim (id, organization_id, activity_id)
SELECT puntual_uuid7(), %(organization)s, activity FROM unnest(%(ids)s) AS activity
RETURNING id, activity_id
"""
_HAND_OVER = """
WITH ours AS (
    DELETE FROM outreach_claim WHERE organization_id = %(organization)s AND id = %(claim)s {still} RETURNING id
)"""
# Somebody may have said no to this address a moment ago; then it is looked at anew.
_STILL = """AND EXISTS (
        SELECT FROM parties_contactpoint t WHERE t.organization_id = %(organization)s AND t.id = %(point)s
          AND t.retired_on IS NULL AND t.bounce <> 'hard' AND t.consent <> 'withdrawn')"""
_GIVE_BACK = """
WITH unsent AS (
    DELETE FROM outreach_claim WHERE organization_id = %(organization)s AND id = ANY(%(claims)s) RETURNING activity_id
)
UPDATE outreach_activity a SET state = 'queued', claimed_at = NULL, message_id = ''
FROM unsent WHERE a.organization_id = %(organization)s AND a.id = unsent.activity_id AND a.state = 'attempting'
"""
_STALLED = """
WITH stalled AS (
    SELECT id FROM outreach_activity
    WHERE organization_id = %(organization)s AND state = 'attempting' AND claimed_at <= %(before)s AND channel <> 'letter'
    FOR UPDATE
),
unsent AS (
    DELETE FROM outreach_claim c USING stalled s
    WHERE c.organization_id = %(organization)s AND c.activity_id = s.id RETURNING c.activity_id
)
UPDATE outreach_activity a
SET state = CASE WHEN u.activity_id IS NULL THEN 'unknown' ELSE 'queued' END,
    result = CASE WHEN u.activity_id IS NULL THEN 'interrupted' ELSE '' END,
    claimed_at = CASE WHEN u.activity_id IS NULL THEN a.claimed_at END,
    message_id = CASE WHEN u.activity_id IS NULL THEN a.message_id ELSE '' END
FROM stalled s LEFT JOIN unsent u ON u.activity_id = s.id
WHERE a.organization_id = %(organization)s AND a.id = s.id
RETURNING a.id, a.state
"""


def claim(
    organization_id: UUID, now: datetime, channels: Collection[str] = AUTOMATIC, most: int = 1
) -> dict[UUID, UUID]:
    """Take the messages by these channels that have been due longest, for this sender alone: each activity with its claim.

    One message per party is under way at a time: a party's frequency counts over all its customers, so the next one is judged
    only once it is known what became of this one. Those that wait, or whose party somebody is calling, are passed over.
    """
    values: dict[str, Any] = {
        "organization": organization_id,
        "now": now,
        "channels": list(channels),
        "at_host": f"@{host_name()}>",
        "most": most,
    }
    busy: list[UUID] = []
    while True:
        with acting_for(organization_id), connection.cursor() as cursor:
            cursor.execute(_DUE, {**values, "busy": busy})
            due = cursor.fetchall()
            if not due:
                return {}
            first = {party: activity for activity, party in reversed(due)}
            free = _free(cursor, {**values, "parties": list(first)})
            ids = [activity for activity, party in due if party in free and first[party] == activity]
            if ids:
                cursor.execute(_CLAIM, {**values, "ids": ids})
                cursor.execute(_WITNESS, {**values, "ids": ids})
                claims = {activity: key for key, activity in cursor}
                return {activity: claims[activity] for activity in ids}
        busy += first


def _free(cursor: CursorWrapper, about: dict[str, Any]) -> set[UUID]:
    """The parties of which no other sender has a message in hand, and whom nobody is calling; no sender takes one of theirs until
    this transaction ends.
    """
    cursor.execute(_PARTY_LOCKS, about)
    locked = {row[0] for row in cursor}
    cursor.execute(
        _PARTIES_BUSY, {**about, "parties": list(locked)}
    )  # a statement of its own: it sees what was committed
    return locked - {row[0] for row in cursor}  # before the locks were had


def hand_over(organization_id: UUID, claim_id: UUID, point_id: UUID | None = None, keep: Keeping | None = None) -> bool:
    """Say, committed, that from now on the message may have left, and `keep` it. False where it is no longer this sender's, or
    where `point_id`, the address it goes to, can no longer be used.

    Nobody waits for the disk: should the database server crash within the same second, the claim is gone with what was kept.
    """
    statement = _HAND_OVER.format(still=_STILL if point_id else "") + (f",{keep.parts}" if keep else "")
    values = {"organization": organization_id, "claim": claim_id, "point": point_id, **(keep.values if keep else {})}
    with connection.cursor() as cursor:
        in_one_trip(cursor, organization_id, f"{statement} SELECT FROM ours", values)
        return bool(cursor.rowcount == 1)


def give_back(organization_id: UUID, claims: Collection[UUID]) -> None:
    """Queue again what was claimed and not handed over."""
    if claims:
        with acting_for(organization_id), connection.cursor() as cursor:
            cursor.execute(_GIVE_BACK, {"organization": organization_id, "claims": list(claims)})


def sweep_stalled(by: Actor) -> int:
    """Settle what a sender claimed and never settled: unknown where it may have left, returned as their number, else queued."""
    with acting_for(by.organization_id), connection.cursor() as cursor:
        cursor.execute(_STALLED, {"organization": by.organization_id, "before": by.now - STALLED_AFTER})
        found = cursor.fetchall()
        unknown = [key for key, state in found if state == "unknown"]
        if found:
            queued = [key for key, state in found if state == "queued"]
            with action(by, "outreach.sweep_stalled", unknown=unknown, queued=queued):
                pass
    return len(unknown)
