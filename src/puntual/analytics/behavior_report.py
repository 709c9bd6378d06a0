"""The report on how each customer pays, answers and keeps its word, from the ledger and the record alone."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from puntual.agreements.models import Promise
from puntual.analytics.ratios import share
from puntual.analytics.rhythm.answering import MOST
from puntual.analytics.rhythm.reading import NOTHING, Rhythm, kept_on, rhythms
from puntual.analytics.rhythm.words import answers_said, best_said, seasons_said, seasons_short
from puntual.analytics.scores import HISTORY, Score, scores
from puntual.analytics.tables import Cell, Column, Question, Report, Shape
from puntual.analytics.titles import title_of
from puntual.disputes.models import Dispute

NOT_KEPT = (Promise.State.PARTLY_KEPT, Promise.State.BROKEN)
WITHDRAWN = Dispute.State.WITHDRAWN
_CHUNK = 2_000


class Beside(NamedTuple):
    """What is read of many customers at once: rhythms, promises not kept and disputes."""

    rhythms: dict[UUID, Rhythm]
    broken: Counter[UUID]
    disputes: Counter[UUID]


def behavior_report(organization_id: UUID, question: Question) -> Report:
    """How each customer with something open pays, answers and keeps its word. Memory stays flat."""
    day, kept = question.as_of, kept_on(organization_id, question.as_of)
    basis = _(
        "Items settled by money in the last two years: the median of their days late, between which days four of five lie,"
        " how many came late, and how many days later the last half year was paid than the time before. Promises not kept and"
        " disputes are of the same two years. Answered: of the last {most} contacts by each channel."
    ).format(most=MOST)
    if kept:
        basis += " " + _("Answers and seasons are as the job of {day} found them.").format(day=kept.isoformat())
    return Report(
        name="behavior",
        title=title_of("behavior"),
        basis=basis,
        as_of=day,
        columns=(
            Column("creditor", _("Creditor"), in_files_only=True),
            Column("code", _("Code")),
            Column("name", _("Customer")),
            Column("currency", _("Currency"), "currency"),
            Column("settled", _("Items"), "count"),
            Column("usual_days", _("Usual days"), "days"),
            Column("low_days", _("At least"), "days"),
            Column("high_days", _("At most"), "days"),
            Column("late", _("Late, %"), "percent"),
            Column("trend", _("Trend in days"), "days"),
            Column("broken_promises", pgettext("promises", "Broken"), "count"),
            Column("disputes", _("Disputes"), "count"),
            Column("contacts", _("Contacts"), "count", in_files_only=True),
            Column("answered", _("Answered"), "count"),
            Column("best", _("Best reached")),
            Column("answers", _("How they answer"), in_files_only=True),
            Column("seasons", _("Through the year, days"), in_files_only=True),
            Column("seasons_words", _("Through the year"), in_files_only=True),
            Column("open", _("Open"), "money"),
            Column("overdue", _("Overdue"), "money"),
        ),
        rows=_rows(organization_id, question),
        totals=(),
        rows_key="customers",
        chart=Shape("bars", ("usual_days",), label=("name",)),
        facts={"as_of": day.isoformat()},
    )


def _rows(organization_id: UUID, question: Question) -> Iterator[tuple[Cell, ...]]:
    found = scores(organization_id, question.as_of, whose=question.whose)
    while some := list(islice(found, _CHUNK)):
        beside = _beside(organization_id, question.as_of, [UUID(one.customer_id) for one in some])
        for one in some:
            yield _row(one, beside)


def _beside(organization_id: UUID, day: date, customers: Sequence[UUID]) -> Beside:
    mine: Any = {"organization_id": organization_id, "customer_id__in": customers}
    since = day - HISTORY
    promises = Promise.objects.filter(**mine, state__in=NOT_KEPT, valued_on__gt=since, valued_on__lte=day)
    disputes = Dispute.objects.filter(**mine, opened_on__gt=since, opened_on__lte=day).exclude(state=WITHDRAWN)
    return Beside(
        rhythms(organization_id, day, customers),
        *(Counter(dict(rows.values_list("customer_id").annotate(n=Count("id")))) for rows in (promises, disputes)),
    )


def _row(one: Score, beside: Beside) -> tuple[Cell, ...]:
    customer = UUID(one.customer_id)
    rhythm = beside.rhythms.get(customer, NOTHING)
    return (
        one.creditor,
        one.code,
        one.name,
        one.currency,
        one.settled,
        one.days if one.settled else None,
        one.low,
        one.high,
        share(one.late, one.settled),
        one.trend,
        beside.broken[customer],
        beside.disputes[customer],
        sum(way.contacts for way in rhythm.answers),
        sum(way.answered for way in rhythm.answers),
        best_said(rhythm.answers),
        answers_said(rhythm.answers),
        seasons_short(rhythm.seasons),
        seasons_said(rhythm.seasons),
        one.open,
        one.overdue,
    )
