"""Search anywhere, in the dialog and as a page of its own."""

from typing import Any

from django.http import HttpResponse
from django.urls import resolve
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from puntual.desk import navigation
from puntual.desk import search as searching
from puntual.desk.lists.registry import LISTS
from puntual.desk.pages import DeskRequest, address, fragment, needs, page
from puntual.desk.views.settings import PLACES
from puntual.organizations.roles import may


@require_GET
@needs("view")
def search(request: DeskRequest) -> HttpResponse:
    """What matches `q`: the list alone for the dialog, else a page."""
    text = request.GET.get("q", "")[:100]
    found = searching.find(request.organization.id, text, request.organization.country)
    if pages := searching.pages_among(_places(request), text):
        found.append(pages)
    context: dict[str, Any] = {
        "found": found,
        "count": sum(len(group.hits) for group in found),
        "q": text.strip(),
        "shortest": searching.SHORTEST,
    }
    if request.htmx:
        return fragment(request, "desk/parts/found.html", box=True, **context)
    return page(request, "desk/search.html", _("Search"), **context)


def _places(request: DeskRequest) -> list[tuple[str, str]]:
    """The pages of the map, the lists and the settings that whoever reads may open, each with its words."""
    named = [(entry.page, str(entry.label)) for entry in navigation.entries()]
    named += [(one.address, str(one.label)) for one in LISTS.values()]
    named += [(place.page, str(place.title)) for place in PLACES if navigation.pages[place.page]]
    return [(name, words) for name, words in dict(named).items() if _open_to(request, name)]


def _open_to(request: DeskRequest, name: str) -> bool:
    permission = getattr(resolve(address(request, name)).func, "permission", None)
    return permission is None or may(request.membership.role, permission)
