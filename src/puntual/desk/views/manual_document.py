"""The manual as a document: a page to read and a PDF to hand out, for the team or for customers, in each language."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from puntual.desk.pages import DeskRequest, needs, page
from puntual.desk.views.manual import find
from puntual.desk.words import LANGUAGES
from puntual.strategies import document as documents
from puntual.strategies.document import AUDIENCES, Audience
from puntual.strategies.models import Version


@require_GET
@needs("view")
def document(request: DeskRequest, version_id: UUID) -> HttpResponse:
    """The document as a page."""
    found = find(request, version_id)
    audience, language = _asked(request, found)
    made = documents.document(request.organization, found, audience, language)
    return page(
        request,
        "desk/manual_document.html",
        f"{made['title']}: {made['name']}",
        document=made,
        version=found,
        audience=audience,
        shown=language,
        choices=LANGUAGES,
    )


@require_GET
@needs("view")
def pdf(request: DeskRequest, version_id: UUID) -> HttpResponse:
    """The document as a PDF to keep or to send."""
    found = find(request, version_id)
    audience, language = _asked(request, found)
    made = documents.pdf(request.organization, found, audience, language, request.actor.now)
    response = HttpResponse(made, content_type="application/pdf")
    name = f"{found.strategy.code}-{found.number}-{audience}-{language}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def _asked(request: DeskRequest, found: Version) -> tuple[Audience, str]:
    """For whom and in which language; unless asked otherwise for the team, in the manual's own language."""
    wanted = request.GET.get("for", "")
    audience = next((one for one in AUDIENCES if one == wanted), AUDIENCES[0])
    own = str(found.content.get("language", ""))
    language = request.GET.get("language")
    return audience, language if language in LANGUAGES else own
