"""The monthly letter to management, as a page to read."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from babel import Locale
from babel.dates import format_skeleton
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from puntual.analytics.figures.letter import UNDECIDED
from puntual.analytics.letter.keeping import letter_of
from puntual.analytics.letter.reading import letter_month
from puntual.analytics.letter.wording import NONE, Line, Movers, Part, dated, worded
from puntual.analytics.months import first_billed, month_end
from puntual.desk.pages import DeskRequest, needs, page
from puntual.desk.views.report_rows import address
from puntual.kernel.days import as_day
from puntual.outreach.formats import locale_of

_OFFERED = 24
"""Months back that can be chosen."""
_WORKED_OUT = {"dso": "dso", "cei": "cei", "promises_kept": "promises"}
"""The reports that have what these figures are worked out of."""
_WHOSE = {"creditors": "creditor_id", "segments": "segment", "customers": "customer_id"}


@require_GET
@needs("view")
def management_letter(request: DeskRequest) -> HttpResponse:
    """The letter about the last month that is over, or about an earlier one."""
    organization, today = request.organization, request.actor.today
    asked = min(as_day(request.GET.get("as_of", "")) or today, today)
    facts = letter_of(organization.id, asked)
    locale = locale_of(request.LANGUAGE_CODE, organization.country)
    said = worded(organization, facts, locale)
    through, by_segment = date.fromisoformat(facts["to"]), facts.get("members_kept", True)
    return page(
        request,
        "desk/management_letter.html",
        _("Letter to management, {month}").format(month=said.month),
        letter=said,
        parts=[_linked(request.organization.slug, one, through, by_segment=by_segment) for one in said.parts],
        through=through,
        made_on=dated(date.fromisoformat(facts["made_on"]), locale) if "made_on" in facts else "",
        months=_months(request, today, locale),
        files=("pdf", "json"),
    )


@dataclass(frozen=True, slots=True)
class Linked:
    """One currency of the letter with where the rows behind its figures are: of each line those of this month and of the one
    before, of each block those of its rows; "" where there are none.
    """

    part: Part
    lines: list[tuple[Line, str, str]]
    blocks: list[tuple[str, list[tuple[str, str, str]]]]


def _linked(slug: str, part: Part, through: date, *, by_segment: bool) -> Linked:
    """`by_segment` says whether it is known who was in which segment: the first letters did not keep it."""
    before = through.replace(day=1) - timedelta(days=1)
    asked_for = urlencode({"as_of": through.isoformat()})

    def rows(figure: str, day: date, **row: str) -> str:
        return address(slug, "letter", asked_for, figure, {"month": f"{day:%Y-%m}", "currency": part.currency, **row})

    def line(one: Line, day: date, text: str) -> str:
        if text == NONE:
            return ""
        if elsewhere := _WORKED_OUT.get(one.key):
            return f"{reverse('report', args=(slug, elsewhere))}?{urlencode({'as_of': day.isoformat()})}"
        return rows(one.key, day)

    def mover(block: Movers, key: str) -> str:
        if block.key == "made_of":
            return rows(key, through)
        if block.key == "causes":
            return rows("disputed", through, cause=key or UNDECIDED)
        if block.key == "segments" and not by_segment:
            return ""
        return rows("change", through, **({_WHOSE[block.key]: key} if key else {"but": block.key}))

    return Linked(
        part,
        [(one, line(one, through, one.now), line(one, before, one.before)) for one in part.lines],
        [
            (
                block.heading,
                [(name, amount, mover(block, key)) for (name, amount), key in zip(block.rows, block.keys, strict=True)],
            )
            for block in (part.made_of, *part.movers)
            if block.rows
        ],
    )


def _months(request: DeskRequest, today: date, locale: Locale) -> list[tuple[str, str]]:
    """The last days of the months one can read about, the latest first, and what they are called."""
    begins = first_billed(request.organization.id) or today
    found: list[tuple[str, str]] = []
    month = letter_month(today)
    while len(found) < _OFFERED and month >= begins.replace(day=1):
        found.append((month_end(month).isoformat(), str(format_skeleton("yMMMM", month, locale=locale))))
        month = (month - timedelta(days=1)).replace(day=1)
    return found
