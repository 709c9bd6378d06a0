"""Who changed the settings, and when."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from puntual.desk.pages import DeskRequest, fragment, needs, page
from puntual.desk.setting_history import PLACES, lines


@require_GET
@needs("log")
def setting_history(request: DeskRequest, place: str) -> HttpResponse:
    """The changes on one place of the settings: over its page, or as a page of its own."""
    if place not in PLACES:
        raise Http404
    rows = lines(request.organization.id, place)
    title = _("What changed here")
    if request.htmx:
        return fragment(request, "desk/parts/setting_history.html", title=title, rows=rows)
    return page(request, "desk/setting_history.html", title, rows=rows, alone=True)
