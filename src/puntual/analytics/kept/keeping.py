"""Keeping reports: the day's job works out beforehand what takes long, so that its page opens at once."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count, islice
from time import perf_counter
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import override

from puntual.analytics.kept.models import KeptReport, KeptRows
from puntual.analytics.kept.reading import KEPT, as_text
from puntual.analytics.reports import build
from puntual.audit.actions import Actor, action

SLOW = timedelta(seconds=1)
"""What is worked out faster than this is not kept: then it is better asked for anew."""
_CHUNK = 1000


def keep_reports(by: Actor, language: str, slow: timedelta = SLOW) -> list[str]:
    """Work out the reports that can take long, of everybody and as of `by.today`, and keep them in place of those of the day
    before; which were kept. Words in their rows are in `language`. Only what took `slow` or longer is kept.

    All see the same moment, that of `by.now` or a little later. Memory stays flat.
    """
    with _one_moment(), action(by, "analytics.keep_reports") as log:
        found = []
        if _alone(by):
            _drop(by)
            found = [name for name in KEPT if _keep(by, name, language, slow)]
        log.say(kept=found)
    return found


def _keep(by: Actor, name: str, language: str, slow: timedelta) -> bool:
    started = perf_counter()
    with override(language):
        made = build(name, by.organization_id, by.today)
        kept = KeptReport.objects.create(
            organization_id=by.organization_id,
            name=name,
            language=language if KEPT[name] else "",
            as_of=by.today,
            worked_out_at=by.now,
            facts=made.facts,
            totals=json.loads(as_text(made.totals)),
        )
        for position in count():
            rows = list(islice(made.rows, _CHUNK))
            if not rows:
                break
            KeptRows.objects.create(
                organization_id=by.organization_id, report=kept, position=position, rows=as_text(rows)
            )
    if perf_counter() - started >= slow.total_seconds():
        return True
    _drop(by, id=kept.id)
    return False


def _drop(by: Actor, **one: UUID) -> None:
    reports = KeptReport.objects.filter(organization_id=by.organization_id, **one)
    KeptRows.objects.filter(organization_id=by.organization_id, report__in=reports).delete()
    reports.delete()


@contextmanager
def _one_moment() -> Iterator[None]:
    """Inside, a report's facts and its rows are of one moment; where a transaction is open already, of the moment of each."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _alone(by: Actor) -> bool:
    """Whether no other job is at it, which would end with the same."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended('reports ' || %s, 0))", [str(by.organization_id)]
        )
        return bool(cursor.fetchone()[0])
