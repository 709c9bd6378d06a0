"""Keeping reports: the day's job works out beforehand what takes long, so that its page opens at once."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import count, islice
from time import perf_counter
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import override

from puntual.analytics.exports import in_text
from puntual.analytics.kept.models import KeptReport, KeptRows, WaitedFor
from puntual.analytics.kept.reading import as_text, usual, words_of
from puntual.analytics.narrowing import EVERYBODY, Whose, whose
from puntual.analytics.reports import REPORTS, build
from puntual.analytics.tables import Question
from puntual.audit.actions import Actor, action
from puntual.kernel.problems import Problem
from puntual.kernel.remembering import remembering

SLOW = timedelta(seconds=1)
"""What is worked out faster than this is not kept: then it is better asked for anew."""
LATELY = timedelta(days=14)
"""For so long after somebody waited for a report narrowed, or in another language, that is worked out beforehand."""
MOST = 30
"""At most so many of these, those asked for last."""
KEPT = tuple(name for name in REPORTS if name != "letter")
"""What is worked out beforehand; the letter is kept in a way of its own."""
_CHUNK = 1000


def keep_reports(by: Actor, language: str, slow: timedelta = SLOW) -> list[str]:
    """Work out the reports that can take long, as of `by.today`, and keep them in place of those of the day before; which were
    kept. All of everybody, with the words in their rows in `language`; and what somebody waited for lately (`waited`). Only
    what took `slow` or longer is kept.

    All see the same moment, that of `by.now` or a little later. Memory stays flat.
    """
    with _one_moment(), remembering(), action(by, "analytics.keep_reports") as log:
        found = []
        if _alone(by):
            _drop(by)
            found = [name for name in KEPT if _keep(by, name, language, slow)]
            found += _keep_waited_for(by, language, slow)
        log.say(kept=found)
    return found


def waited(by: Actor, name: str, question: Question, language: str) -> bool:
    """Somebody waited for a report of today: from tomorrow on the day's job works it out too. Whether that is new.

    Only for what that job can know of before: the usual period through the day, whomever it is narrowed to.
    """
    if name not in KEPT or question.as_of != by.today or not usual(question) or not _usual_period(by, name, question):
        return False
    asked: dict[str, Any] = {"name": name, "language": words_of(name, language), "narrowed": question.whose.asked}
    mine = WaitedFor.objects.filter(organization_id=by.organization_id)
    if mine.filter(**asked, asked_on=by.today).exists():
        return False
    with action(by, "analytics.wait_for_report") as log:
        mine.filter(asked_on__lt=by.today - LATELY).delete()
        WaitedFor.objects.update_or_create(organization_id=by.organization_id, **asked, defaults={"asked_on": by.today})
        log.say(report=name, narrowed=question.whose.asked)
    return True


def _usual_period(by: Actor, name: str, question: Question) -> bool:
    """Whether it begins where it does without being told."""
    usually = REPORTS[name](by.organization_id, replace(question, since=None)).facts.get("from")
    return question.since is None or question.since.isoformat() == usually


def _keep_waited_for(by: Actor, language: str, slow: timedelta) -> Iterator[str]:
    asked = WaitedFor.objects.filter(organization_id=by.organization_id, asked_on__gte=by.today - LATELY)
    for one in asked.order_by("-asked_on", "-id")[:MOST]:
        if not one.narrowed and one.language in ("", language):
            continue
        try:
            ours = _whose(by, one.narrowed)
        except Problem:  # its segment is no more
            continue
        if _keep(by, one.name, one.language or language, slow, ours):
            yield " ".join([one.name, *one.narrowed.values(), one.language]).strip()


def _whose(by: Actor, narrowed: dict[str, str]) -> Whose:
    ids = {field: UUID(narrowed[field]) for field in ("creditor", "collector") if field in narrowed}
    return whose(by.organization_id, by.today, **{**narrowed, **ids})  # type: ignore[arg-type]


def _keep(by: Actor, name: str, language: str, slow: timedelta, ours: Whose = EVERYBODY) -> bool:
    started = perf_counter()
    with override(language):
        made = build(name, by.organization_id, by.today, whose=ours)
        kept = KeptReport.objects.create(
            organization_id=by.organization_id,
            name=name,
            language=words_of(name, language),
            narrowed=ours.asked,
            as_of=by.today,
            worked_out_at=by.now,
            facts=in_text(made.facts),
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
