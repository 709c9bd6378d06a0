"""Preparing the day: asked for here, done by a worker, and shown on the first page until it is done."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from puntual.daily.asking import Asked, ask_for_day, asked
from puntual.daily.models import DayRun
from puntual.desk import formats
from puntual.desk.pages import DeskRequest, address, fragment, needs
from puntual.desk.sheets import tried
from puntual.desk.views.imports import worker_lives


@require_POST
@needs("approve")
def run(request: DeskRequest) -> HttpResponse:
    """Have it decided for every customer what comes next. Once more only adds what became due meanwhile."""
    tried(request, lambda: ask_for_day(request.actor))
    return redirect(address(request, "today"))


@require_GET
@needs("view")
def progress(request: DeskRequest) -> HttpResponse:
    """That the day is being prepared; once it is, the first page takes over."""
    state = asked(request.organization.id)
    if state is Asked.RUNNING and request.htmx:
        return fragment(request, "desk/parts/day_progress.html", idle=not worker_lives())
    if state is Asked.NOTHING:
        _tell(request)
    where = address(request, "today")
    return HttpResponse(headers={"HX-Redirect": where}) if request.htmx else redirect(where)


def _tell(request: DeskRequest) -> None:
    runs = DayRun.objects.filter(organization_id=request.organization.id, day=request.actor.today)
    last = runs.order_by("-started_at", "-id").first()
    if last is None:
        return
    planned = last.report.get("planned", 0)
    if planned:
        said = ngettext("The day is prepared: {n} new contact.", "The day is prepared: {n} new contacts.", planned)
        messages.success(request, said.format(n=formats.number(planned)))
    else:
        messages.success(request, _("The day is prepared. Nothing new is to be said to anybody."))
