"""Search anywhere, in the dialog and as a page of its own."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from puntual.desk import search as searching
from puntual.desk.pages import DeskRequest, fragment, needs, page


@require_GET
@needs("view")
def search(request: DeskRequest) -> HttpResponse:
    """What matches `q`: the list alone for the dialog, else a page."""
    text = request.GET.get("q", "")[:100]
    context: dict[str, Any] = {
        "found": searching.find(request.organization.id, text),
        "q": text.strip(),
        "shortest": searching.SHORTEST,
    }
    if request.htmx:
        return fragment(request, "desk/parts/found.html", **context)
    return page(request, "desk/search.html", _("Search"), **context)
