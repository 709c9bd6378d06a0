"""The team's day as it goes: who did what of how many, what waits, in which channel; it comes anew by itself."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from puntual.analytics.work.team import SPOKEN, TeamDay, calls_in, team_day
from puntual.daily.rules import start_of
from puntual.desk import formats
from puntual.desk.pages import DeskRequest, fragment, needs, page
from puntual.organizations.absences.queries import absences_of
from puntual.parties.models import Party


@require_GET
@needs("view")
def team(request: DeskRequest) -> HttpResponse:
    """Everybody's day, and who is away."""
    context = _context(request)
    away = absences_of(request.organization.id, request.actor.today)
    return page(request, "desk/team.html", _title(context["day"]), here="team", away=away, **context)


@require_GET
@needs("view")
def progress(request: DeskRequest) -> HttpResponse:
    """The same, for the page that asks every so often."""
    return fragment(request, "desk/parts/team_day.html", **_context(request))


def _context(request: DeskRequest) -> dict[str, Any]:
    by = request.actor
    day = team_day(by.organization_id, by.today, start_of(request.organization, by.today), by.now)
    parties = [one.engaged.party_id for one in day.people if one.engaged]
    names = Party.objects.filter(organization_id=by.organization_id, id__in=parties).values_list("id", "name")
    rows = [(one, others_waiting(one.waiting)) for one in day.people]
    anybodys = (calls_in(day.anybodys), others_waiting(day.anybodys)) if day.anybodys else None
    return {"day": day, "rows": rows, "nobodys": anybodys, "now": by.now, "parties": dict(names)}


def others_waiting(waiting: Mapping[str, int]) -> list[str]:
    """What waits besides calls, visits and meetings, each with its number."""
    tasks = sum(n for kind, n in waiting.items() if kind not in (*SPOKEN, "answers", "disputes", "alerts"))
    said = [
        (tasks, ngettext("{n} task", "{n} tasks", tasks)),
        (n := waiting.get("answers", 0), ngettext("{n} answer", "{n} answers", n)),
        (n := waiting.get("disputes", 0), ngettext("{n} dispute", "{n} disputes", n)),
        (n := waiting.get("alerts", 0), ngettext("{n} alert", "{n} alerts", n)),
    ]
    return [words.format(n=formats.number(n)) for n, words in said if n]


def _title(day: TeamDay) -> str:
    made = sum(one.conversations for one in day.people)
    waiting = sum(one.calls_waiting for one in day.people) + calls_in(day.anybodys)
    if not made and not waiting:
        return _("The team has nobody to call")
    return _("{made}, {waiting}").format(
        made=ngettext("{n} conversation recorded today", "{n} conversations recorded today", made).format(
            n=formats.number(made)
        ),
        waiting=ngettext("{n} still waits", "{n} still wait", waiting).format(n=formats.number(waiting)),
    )
