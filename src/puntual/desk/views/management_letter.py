"""The monthly letter to management, as a page to read."""

from datetime import date, timedelta

from babel import Locale
from babel.dates import format_skeleton
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from puntual.analytics.letter.keeping import letter_of
from puntual.analytics.letter.reading import letter_month
from puntual.analytics.letter.wording import worded
from puntual.analytics.months import first_billed, month_end
from puntual.desk.pages import DeskRequest, needs, page
from puntual.desk.portfolio import as_day
from puntual.outreach.formats import locale_of

_OFFERED = 24
"""Months back that can be chosen."""


@require_GET
@needs("view")
def management_letter(request: DeskRequest) -> HttpResponse:
    """The letter about the last month that is over, or about an earlier one."""
    organization, today = request.organization, request.actor.today
    asked = min(as_day(request.GET.get("as_of", "")) or today, today)
    facts = letter_of(organization.id, asked)
    locale = locale_of(request.LANGUAGE_CODE, organization.country)
    said = worded(organization, facts, locale)
    through = date.fromisoformat(facts["to"])
    return page(
        request,
        "desk/management_letter.html",
        _("Letter to management, {month}").format(month=said.month),
        letter=said,
        through=through,
        made_on=facts.get("made_on"),
        months=_months(request, today, locale),
        files=("pdf", "json"),
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
