"""Search anywhere, in the dialog and as a page of its own."""

from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, get_resolver
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from puntual.desk import navigation
from puntual.desk import search as searching
from puntual.desk.lists.registry import LISTS
from puntual.desk.pages import DeskRequest, fragment, needs, page
from puntual.desk.views.settings import PLACES
from puntual.organizations.roles import may


@require_GET
@needs("view")
def search(request: DeskRequest) -> HttpResponse:
    """What matches `q`: the list alone for the dialog, else a page."""
    text = request.GET.get("q", "")[:100]
    found = searching.find(request.organization.id, text, request.organization.country)
    if pages := searching.pages_among(_places(request.membership.role), text):
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


def _places(role: str) -> list[tuple[str, str]]:
    """The pages of the map, the lists and the settings that a member in this role may open, each with its words."""
    named = [(entry.page, str(entry.label)) for entry in navigation.entries()]
    named += [(one.address, str(one.label)) for one in LISTS.values()]
    named += [(place.page, str(place.title)) for place in PLACES if navigation.pages[place.page]]
    return [(name, words) for name, words in dict(named).items() if _open_to(role, name)]


def _open_to(role: str, name: str) -> bool:
    for pattern in get_resolver().url_patterns:
        for one in getattr(pattern, "url_patterns", ()):
            if isinstance(one, URLPattern) and one.name == name:
                permission = getattr(one.callback, "permission", None)
                return permission is None or may(role, permission)
    return False
