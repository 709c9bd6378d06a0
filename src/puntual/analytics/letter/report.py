"""The letter as a report: its months as rows, what it says in sentences, and a page of its own for paper."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from babel import Locale
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from puntual.analytics.letter.keeping import letter_of
from puntual.analytics.letter.moving import FIGURES
from puntual.analytics.letter.wording import Letter, Part, dated, mean_of, worded
from puntual.analytics.tables import Cell, Column, Kind, Question, Report, Shape
from puntual.organizations.models import Organization
from puntual.outreach.formats import locale_of

_KINDS: Final[Mapping[str, Kind]] = {"money": "money", "days": "days", "percent": "percent"}


def letter_report(organization_id: UUID, question: Question) -> Report:
    """What moved in the last month that is over, why, and what the evidence says should change in the manual."""
    organization = Organization.objects.get(pk=organization_id)
    facts = letter_of(organization_id, question.as_of)
    through = date.fromisoformat(facts["to"])
    said = worded(organization, facts, locale_of(get_language() or organization.language, organization.country))
    labels = {
        "balance": _("Open"),
        "overdue": _("Overdue"),
        "dso": _("DSO"),
        "cei": _("CEI"),
        "collected": _("Collected"),
        "promises_kept": _("Promises kept, %"),
        "disputed": _("Disputed in the month"),
    }
    return Report(
        name="letter",
        title=said.title,
        basis=said.basis,
        as_of=through,
        columns=(
            Column("month", _("Month"), "date"),
            Column("currency", _("Currency"), "currency"),
            *(Column(key, labels[key], _KINDS[unit]) for key, unit in FIGURES.items()),
        ),
        rows=iter([row for currency, one in facts["currencies"].items() for row in _rows(through, currency, one)]),
        totals=tuple(
            (mean_of(facts["currencies"]), currency, *(_number(one["figures"][key]["mean"]) for key in FIGURES))
            for currency, one in facts["currencies"].items()
        ),
        rows_key="months",
        facts=facts,
        chart=Shape("lines", ("overdue",)),
        says=said.says,
        paper=("letter/letter.typ", lambda facts, locale: values(worded(organization, facts, locale), through, locale)),
    )


def values(letter: Letter, through: date, locale: Locale) -> dict[str, Any]:
    """Everything the printed letter says."""
    return {
        "language": locale.language,
        "title": letter.title,
        "month": letter.month,
        "dated": dated(through, locale),
        "basis": letter.basis,
        "heads": list(letter.heads),
        "nothing": _("There is nothing to write about: nothing was billed yet."),
        "change": _("What to change in the manual"),
        "parts": [_part(one) for one in letter.parts],
        "proposals": list(letter.proposals[:3]),
        "note": letter.note,
    }


def _part(one: Part) -> dict[str, Any]:
    return {
        "currency": one.currency,
        "says": one.says,
        "lines": [[line.label, line.now, line.before, line.mean] for line in one.lines],
        "blocks": [
            {"heading": each.heading, "rows": [list(row) for row in each.rows]}
            for each in (one.made_of, *one.movers)
            if each.rows
        ],
    }


def _rows(through: date, currency: str, one: Mapping[str, Any]) -> list[tuple[Cell, ...]]:
    series = one["series"]
    months, day = [], through
    for _each in series["balance"]:
        months.append(f"{day:%Y-%m}")
        day = day.replace(day=1) - timedelta(days=1)
    return [
        (month, currency, *(_number(series[key][place]) for key in FIGURES))
        for place, month in enumerate(reversed(months))
    ]


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
