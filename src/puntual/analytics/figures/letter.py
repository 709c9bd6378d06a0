"""Rows behind the letter to management: as they were known when it was written, where it was kept."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from puntual.analytics.figures import agreed, ledger
from puntual.analytics.figures.lines import Figure, Rows
from puntual.analytics.letter.models import ManagementLetter
from puntual.analytics.letter.reading import letter_month
from puntual.analytics.tables import Question
from puntual.receivables.queries import end_of_day

UNDECIDED = "-"
"""The cause of disputes that nobody decided yet, where "" would say all causes."""


def balance(figure: Figure) -> Rows:
    """Items open at the end of the row's month."""
    return _as_written(figure, lambda mine: ledger.open_items(mine, ledger.span(mine)[1]))


def overdue(figure: Figure) -> Rows:
    """Those of them that were overdue then."""
    return _as_written(figure, lambda mine: ledger.open_items(mine, ledger.span(mine)[1], overdue=True))


def collected(figure: Figure) -> Rows:
    """Payments of the row's month."""
    return _as_written(figure, ledger.collected)


def change(figure: Figure) -> Rows:
    """What moved the overdue part in the row's month, all of it or what the column names."""
    return _as_written(figure, ledger.change_of_overdue)


def disputed(figure: Figure) -> Rows:
    """Disputes opened in the row's month, of its cause or all."""
    cause = figure.row.get("cause") or None

    def find(mine: Figure) -> Rows:
        first, last = ledger.span(mine)
        question = Question(last, first, mine.question.known_on)
        row = {"currency": mine.row["currency"]}
        return agreed.disputes(
            replace(mine, column="amount", question=question, row=row), "" if cause == UNDECIDED else cause
        )

    return _as_written(figure, find)


def _as_written(figure: Figure, find: Callable[[Figure], Rows]) -> Rows:
    """The rows as of the moment at which the letter was written, or as of now where it is not kept."""
    month = letter_month(figure.question.as_of)
    kept = ManagementLetter.objects.filter(organization_id=figure.organization_id, month=month).first()
    if kept is None:
        return find(figure)
    before = (
        kept.made_at + timedelta(microseconds=1)
        if kept.made_at
        else end_of_day(figure.organization_id, kept.made_on - timedelta(days=1))
    )
    rows = find(replace(figure, question=replace(figure.question, known_on=kept.made_on)))
    return replace(rows, values={**rows.values, "known_before": before})
