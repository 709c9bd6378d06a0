"""How messages get out: each server and service, whether it works, what waits for it, and trying it again."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.outreach.actions import try_now
from puntual.outreach.providers.queries import problem_of_limits, standings
from puntual.outreach.ways import set_up


@require_GET
@needs("view")
def providers(request: DeskRequest) -> HttpResponse:
    """The providers of this installation, with this organization's messages."""
    problem = problem_of_limits()
    actor = request.actor
    return page(
        request,
        "desk/providers.html",
        _("How messages get out"),
        problem=problem,
        standings=[] if problem else standings(request.organization.id, actor.now, actor.today),
    )


@require_POST
@needs("settings")
def try_again(request: DeskRequest, channel: str) -> HttpResponse:
    """Do not wait any longer with the next try."""
    if channel not in set_up():
        raise Http404
    try_now(request.actor, channel)
    messages.success(request, _("The next message that is due tries it, within a minute."))
    return redirect(address(request, "providers"))
