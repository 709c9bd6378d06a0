"""What the day's job worked out beforehand, read again. Inside `acting_for`."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from puntual.analytics.kept.models import KeptReport, KeptRows
from puntual.analytics.queries import DEFAULT
from puntual.analytics.tables import NUMBERS, Cell, Column, Question, Report
from puntual.organizations.queries import organization_of

_WORDLESS = frozenset(
    {
        "calibration",
        "cei",
        "concentration",
        "conduct",
        "cure-rate",
        "dso",
        "forecast",
        "forecast-days",
        "top-customers",
    }
)
"""The reports without words in rows and totals, which are the same in all languages."""
_CHUNKS = 8
"""So many chunks are fetched at once: some hundred kB."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A report's facts and rows as they were when it was worked out."""

    id: UUID
    organization_id: UUID
    at: datetime
    facts: dict[str, Any]
    totals: list[list[Any]]

    def read(self, report: Report) -> Report:
        """The report with these facts and rows; it says when they were worked out."""
        at = self.at.astimezone(ZoneInfo(organization_of(self.organization_id).time_zone))
        said = _("Worked out at {time}; what came since is not in it.").format(time=f"{at:%H:%M}")
        return replace(
            report,
            basis=f"{report.basis} {said}",
            rows=self._rows(report.columns),
            totals=tuple(_cells(self.totals, report.columns)),
            facts={**self.facts, "worked_out_at": at.isoformat(timespec="seconds")},
            worked_out=said,
        )

    def _rows(self, columns: tuple[Column, ...]) -> Iterator[tuple[Cell, ...]]:
        """Its rows, in their order, in flat memory."""
        chunks = KeptRows.objects.filter(organization_id=self.organization_id, report_id=self.id).order_by("position")
        for chunk in chunks.values_list("rows", flat=True).iterator(_CHUNKS):
            yield from _cells(json.loads(chunk), columns)


def _cells(rows: list[list[Any]], columns: tuple[Column, ...]) -> Iterator[tuple[Cell, ...]]:
    """Rows with their decimals: where a column holds numbers, text is one, but for the nothing in totals."""
    numbers = [place for place, column in enumerate(columns) if column.kind in NUMBERS]
    for row in rows:
        for place in numbers:
            if type(row[place]) is str and row[place]:
                row[place] = Decimal(row[place])
        yield tuple(row)


def as_text(rows: Iterable[tuple[Cell, ...]]) -> str:
    """Rows as they are kept: where a column holds numbers, text is a decimal."""
    return json.dumps(rows, default=str, ensure_ascii=False, separators=(",", ":"))


def usual(question: Question) -> bool:
    """Whether it is of the kind that is worked out beforehand: all that is known, each currency by itself, the usual buckets."""
    return not (question.whose.among or question.known_on or question.into) and question.buckets == DEFAULT


def words_of(name: str, language: str) -> str:
    """The language a report is kept in: "" for one without words."""
    return "" if name in _WORDLESS else language


def kept(name: str, organization_id: UUID, question: Question, language: str) -> Kept | None:
    """What the day's job worked out for that very question; None where it has not, or not with words of `language`."""
    if not usual(question):
        return None
    found = KeptReport.objects.filter(
        organization_id=organization_id,
        name=name,
        as_of=question.as_of,
        language=words_of(name, language),
        narrowed=question.whose.asked,
    ).first()
    if found is None or (question.since and question.since.isoformat() != found.facts.get("from")):
        return None
    return Kept(found.id, organization_id, found.worked_out_at, found.facts, found.totals)
