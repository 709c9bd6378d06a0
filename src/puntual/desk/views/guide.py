"""The guide inside the product, in the reader's language."""

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from puntual.desk import guide
from puntual.desk.pages import DeskRequest, address, needs, page


@require_GET
@needs("view")
def start(request: DeskRequest) -> HttpResponse:
    """The first part."""
    return redirect(address(request, "guide_part", guide.PARTS[0]))


@require_GET
@needs("view")
def part(request: DeskRequest, name: str) -> HttpResponse:
    """One part, and the way to the others."""
    if name not in guide.PARTS:
        raise Http404
    language = guide.language_of(get_language() or "")
    found = guide.read(name, language)
    return page(
        request, "desk/guide.html", found.title, part=found, contents=guide.contents(language), written_in=language
    )


@require_GET
@needs("view")
def picture(request: DeskRequest, name: str) -> HttpResponseBase:
    """A picture of a part."""
    if name not in guide.pictures():
        raise Http404
    answer = FileResponse((guide.FILES / "images" / name).open("rb"), content_type="image/jpeg")
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer
