"""Keeping when customers answer and pay, by the day's job: the first time of everybody, then of those with something new."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from puntual.analytics.rhythm.models import CustomerRhythm, RhythmRead
from puntual.analytics.rhythm.reading import Rhythm, worked_out
from puntual.audit.actions import Actor, action
from puntual.kernel.gathering import gather
from puntual.kernel.ids import earlier
from puntual.receivables.models import Entry

LATE = timedelta(hours=6)
"""What was begun so long before is looked at again: it may not have been there yet, while its transaction ran."""
LAG = timedelta(days=21)
"""A contact is settled within so many days of the day it was planned for; of one later than that the next one tells."""
_CHUNK = 2_000
_NONE = UUID(int=0)
_CHANGED_TABLE = "analytics_rhythm_changed"

_EVERYBODY = "SELECT id FROM parties_customer WHERE organization_id = %(org)s"
# What was settled has an entry, whose keys rise with time.
_WITH_NEWS = """
SELECT customer_id AS id FROM outreach_activity
WHERE organization_id = %(org)s AND day >= %(planned)s AND greatest(settled_at, created_at) >= %(since)s
UNION
SELECT i.customer_id
FROM receivables_entry e
JOIN receivables_installment i ON i.organization_id = %(org)s AND i.id = e.installment_id
WHERE e.organization_id = %(org)s AND e.id >= %(entry)s AND e.kind <> 'issued'
"""
_NEXT = f"SELECT id FROM {_CHANGED_TABLE} WHERE id > %s ORDER BY id LIMIT %s"


def keep_rhythms(by: Actor) -> int:
    """Work out when customers answer and pay by `by.today`, of those with something new, and write the rows that differ; how many
    customers were looked at. Doing it twice changes nothing. Memory stays flat.
    """
    with action(by, "analytics.keep_rhythms") as log, connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('rhythms ' || %s, 0))", [str(by.organization_id)])
        read = RhythmRead.objects.filter(organization_id=by.organization_id).first()
        entries = Entry.objects.filter(organization_id=by.organization_id)
        latest = entries.order_by("-id").values_list("id", flat=True).first()
        values: dict[str, Any] = {"org": by.organization_id}
        if read is not None:
            values |= {"since": read.at - LATE, "planned": read.day - LAG}
            values["entry"] = earlier(read.through_entry or _NONE, LATE)
        gather(cursor, _CHANGED_TABLE, _EVERYBODY if read is None else _WITH_NEWS, values)
        cursor.execute(f"CREATE INDEX ON {_CHANGED_TABLE} (id)")
        looked_at, last = 0, _NONE
        while True:
            cursor.execute(_NEXT, [last, _CHUNK])
            some = [row[0] for row in cursor.fetchall()]
            if not some:
                break
            _write(by, some)
            looked_at, last = looked_at + len(some), some[-1]
        RhythmRead.objects.update_or_create(
            organization_id=by.organization_id,
            defaults={"day": by.today, "at": by.now, "through_entry": latest},
        )
        log.say(customers=looked_at)
    return looked_at


def _write(by: Actor, customers: list[UUID]) -> None:
    found = worked_out(by.organization_id, by.today, customers)
    mine = CustomerRhythm.objects.filter(organization_id=by.organization_id, id__in=customers)
    mine.exclude(id__in=found).delete()
    CustomerRhythm.objects.bulk_create(
        [_row(by.organization_id, customer, one) for customer, one in found.items()],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["answers", "seasons"],
    )


def _row(organization_id: UUID, customer: UUID, one: Rhythm) -> CustomerRhythm:
    return CustomerRhythm(
        id=customer,
        organization_id=organization_id,
        answers=[each.kept() for each in one.answers],
        seasons=[each.kept() for each in one.seasons],
    )
