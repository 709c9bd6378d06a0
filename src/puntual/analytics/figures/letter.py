"""Rows behind the letter to management: as they were known when it was written, where it was kept."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from puntual.analytics.figures import agreed, ledger
from puntual.analytics.figures.lines import Figure, Rows
from puntual.analytics.letter.keeping import kept_letter, letter_of, members_kept
from puntual.analytics.letter.reading import in_segments, letter_month
from puntual.analytics.tables import Question
from puntual.receivables.queries import end_of_day

_MEMBERS = """
SELECT jsonb_array_elements_text(segment.customers)::uuid AS id, segment.code
FROM analytics_managementletter l
CROSS JOIN LATERAL jsonb_each(l.members) segment (code, customers)
WHERE l.organization_id = %(org)s AND l.month = %(letter_month)s"""
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
    """What moved the overdue part in the row's month, all of it or what the column names; of its segment, or of all but those
    that the letter names ("creditors", "segments" or "customers").
    """
    return _as_written(figure, lambda mine: _but(mine, _of_segment(mine, ledger.change_of_overdue(mine))))


def _of_segment(figure: Figure, rows: Rows) -> Rows:
    code = figure.row.get("segment")
    return _among(rows, *_segments(figure), [code]) if code else rows


def _but(figure: Figure, rows: Rows) -> Rows:
    what = figure.row.get("but")
    if not what:
        return rows
    facts = letter_of(figure.organization_id, figure.question.as_of)
    named = [key for key, _amount in facts["currencies"][figure.row["currency"]][what] if key]
    if what == "segments":
        return _among(rows, *_segments(figure), named, inside=False)
    column = {"creditors": "creditor_id::text", "customers": "id::text"}[what]
    customers = f"SELECT id, {column} AS code FROM parties_customer WHERE organization_id = %(org)s"
    return _among(rows, customers, {}, named, inside=False)


def _segments(figure: Figure) -> tuple[str, dict[str, Any]]:
    """Who was in which segment when the letter was written, or is now where it is not kept. Raises KeyError for one of the first
    letters, which did not keep it.
    """
    month = letter_month(figure.question.as_of)
    if kept_letter(figure.organization_id, month) is None:
        return in_segments(figure.organization_id, month)
    if not members_kept(figure.organization_id, month):
        raise KeyError("members")
    return _MEMBERS, {"letter_month": month}


def _among(rows: Rows, customers: str, values: Mapping[str, Any], codes: list[str], *, inside: bool = True) -> Rows:
    """Those rows whose customer has one of these codes, or (not `inside`) none of them."""
    within = "IN" if inside else "NOT IN"
    sql = f"""SELECT * FROM ({rows.sql}) every
WHERE every.customer_id {within} (SELECT id FROM ({customers}) coded WHERE coded.code = ANY(%(row_codes)s))"""
    return replace(rows, sql=sql, values={**rows.values, **values, "row_codes": codes})


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
    kept = kept_letter(figure.organization_id, month)
    if kept is None:
        return find(figure)
    before = (
        kept.made_at + timedelta(microseconds=1)
        if kept.made_at
        else end_of_day(figure.organization_id, kept.made_on - timedelta(days=1))
    )
    rows = find(replace(figure, question=replace(figure.question, known_on=kept.made_on)))
    return replace(rows, values={**rows.values, "known_before": before})
