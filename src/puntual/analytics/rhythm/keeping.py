"""Keeping when customers answer and pay, by the day's job: how they answer is looked at of those with something new, and once a
month, by all that was settled until then, in which parts of the year they pay otherwise.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import groupby, islice
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import connection

from puntual.analytics.rhythm.models import CustomerRhythm, RhythmRead
from puntual.analytics.rhythm.reading import answers_of, values_of
from puntual.analytics.rhythm.reading_sql import seasons_sql
from puntual.analytics.rhythm.seasons import Season, Times, seasons
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
_CHANGED_TABLE, _TIMES_TABLE = "analytics_rhythm_changed", "analytics_rhythm_times"

_CONTACTED = "SELECT DISTINCT customer_id AS id FROM outreach_activity WHERE organization_id = %(org)s"
# What was paid has an entry, whose keys rise with time.
_WITH_NEWS = """
SELECT customer_id AS id FROM outreach_activity
WHERE organization_id = %(org)s AND day >= %(planned)s AND greatest(settled_at, created_at) >= %(since)s
UNION
SELECT i.customer_id
FROM receivables_entry e
JOIN receivables_installment i ON i.organization_id = %(org)s AND i.id = e.installment_id
WHERE e.organization_id = %(org)s AND e.id >= %(entry)s AND e.kind = 'payment'
  AND EXISTS (SELECT FROM outreach_activity a WHERE a.organization_id = %(org)s AND a.customer_id = i.customer_id)
"""
_NEXT = f"SELECT id FROM {_CHANGED_TABLE} WHERE id > %s ORDER BY id LIMIT %s"


def keep_rhythms(by: Actor) -> int:
    """Work out how customers answer by `by.today`, of those with something new; of how many. The first time in a month, also in
    which parts of the year everybody pays otherwise. Doing it twice changes nothing. Memory stays flat.
    """
    with action(by, "analytics.keep_rhythms") as log, connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('rhythms ' || %s, 0))", [str(by.organization_id)])
        read = RhythmRead.objects.filter(organization_id=by.organization_id).first()
        entries = Entry.objects.filter(organization_id=by.organization_id)
        latest = entries.order_by("-id").values_list("id", flat=True).first()
        if read is None or read.day < by.today.replace(day=1):
            log.say(seasons=_keep_seasons(by))
        looked_at = _keep_answers(by, read)
        RhythmRead.objects.update_or_create(
            organization_id=by.organization_id,
            defaults={"day": by.today, "at": by.now, "through_entry": latest},
        )
        log.say(customers=looked_at)
    return looked_at


def _keep_answers(by: Actor, read: RhythmRead | None) -> int:
    values: dict[str, Any] = {"org": by.organization_id}
    if read is not None:
        values |= {"since": read.at - LATE, "planned": read.day - LAG}
        values["entry"] = earlier(read.through_entry or _NONE, LATE)
    looked_at, last = 0, _NONE
    with connection.cursor() as cursor:
        gather(cursor, _CHANGED_TABLE, _WITH_NEWS if read else _CONTACTED, values)
        cursor.execute(f"CREATE INDEX ON {_CHANGED_TABLE} (id)")
        while True:
            cursor.execute(_NEXT, [last, _CHUNK])
            some = [row[0] for row in cursor.fetchall()]
            if not some:
                return looked_at
            found = answers_of(by.organization_id, by.today, some)
            kept = {customer: [one.kept() for one in found.get(customer, ())] for customer in some}
            _write(by, "answers", kept)
            looked_at, last = looked_at + len(some), some[-1]


def _keep_seasons(by: Actor) -> int:
    """Of everybody anew; of how many there is something to say."""
    CustomerRhythm.objects.filter(organization_id=by.organization_id).exclude(seasons=[]).update(seasons=[])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        gather(cursor, _TIMES_TABLE, seasons_sql(everybody=True), values_of(by.organization_id, by.today, ()))
    found, said = _seasons(), 0
    while some := dict(islice(found, _CHUNK)):
        _write(by, "seasons", {customer: [one.kept() for one in each] for customer, each in some.items()})
        said += len(some)
    return said


def _seasons() -> Iterator[tuple[UUID, list[Season]]]:
    """Of those who have one."""
    for customer, rows in groupby(_times(), key=itemgetter(0)):
        if each := seasons(Times(*row[1:]) for row in rows):
            yield customer, each


def _times() -> Iterable[tuple[Any, ...]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT * FROM {_TIMES_TABLE} ORDER BY customer_id")
        while rows := cursor.fetchmany(_CHUNK):
            yield from rows


def _write(by: Actor, field: str, kept: dict[UUID, list[dict[str, Any]]]) -> None:
    CustomerRhythm.objects.bulk_create(
        [
            CustomerRhythm(id=customer, organization_id=by.organization_id, **{field: each})
            for customer, each in kept.items()
        ],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[field],
    )
