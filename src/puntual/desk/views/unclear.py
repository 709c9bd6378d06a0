"""What failed, and what may or may not have arrived: a person finds out and says so."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from puntual.desk import formats, keyset
from puntual.desk.pages import DeskRequest, address, fragment, needs, page
from puntual.desk.pane import pane
from puntual.desk.views.contacts import find, then
from puntual.outreach import actions
from puntual.outreach.models import Activity
from puntual.outreach.queries import lines, unsettled


@require_GET
@needs("view")
def unclear(request: DeskRequest) -> HttpResponse:
    """What failed, and what may or may not have arrived; the first one opened beside the list."""
    return _clear_up(request, None)


@require_GET
@needs("view")
def unclear_one(request: DeskRequest, activity_id: UUID) -> HttpResponse:
    """One of them."""
    return _clear_up(request, find(request, activity_id))


@require_POST
@needs("approve")
def resolve(request: DeskRequest, activity_id: UUID) -> HttpResponse:
    """It arrived, it did not, or it is sent again: what a person found out or decided."""
    found = find(request, activity_id)
    match request.POST.get("answer"):
        case "arrived":
            actions.resolve_unknown(request.actor, found, arrived=True)
            messages.success(request, _("Noted as sent; it counts as a contact."))
        case "lost":
            actions.resolve_unknown(request.actor, found, arrived=False)
            messages.success(request, _("Noted as not sent. You can send it again from here."))
            return redirect(address(request, "unclear_one", found.id))
        case "retry":
            actions.retry(request.actor, found)
            messages.success(request, _("It is queued again.") + " " + then(request))
        case _:
            raise Http404
    return redirect(address(request, "unclear"))


def _clear_up(request: DeskRequest, selected: Activity | None) -> HttpResponse:
    rows = keyset.paginate(unsettled(request.organization.id), request, by=("claimed_at", "id"), descending=True)
    opened = selected is not None
    if selected is None and rows.items:
        selected = find(request, rows.items[0].pk)
    context: dict[str, Any] = {
        "title": _title(len(rows), more=bool(rows.next or rows.previous)),
        "lines": lines(request.organization.id, rows.items, request.actor.today),
        "rows": rows,
        "opened": opened,
        "pane": pane(request.organization, request.actor, selected) if selected else None,
    }
    if request.htmx:
        return fragment(request, "desk/parts/unclear.html", **context)
    return page(request, "desk/unclear.html", context.pop("title"), **context)


def _title(count: int, *, more: bool) -> str:
    if not count:
        return _("Nothing to clear up")
    if more:
        return _("Messages to clear up")
    return ngettext("{n} message to clear up", "{n} messages to clear up", count).format(n=formats.number(count))
