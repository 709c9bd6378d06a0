"""Pages for what went wrong: a sentence that says what happened and what to do, in the reader's language."""

import sys

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from puntual.desk.formats import sentence
from puntual.desk.pages import toast
from puntual.desk.theme import theme_cookie
from puntual.kernel.problems import Problem

_TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of the field


def problem(request: HttpRequest, raised: Problem) -> HttpResponse:
    """A Problem in words (422): a message for htmx, else a page with the way back."""
    text = sentence(raised)
    if request.htmx:  # type: ignore[attr-defined]
        return toast(request, text, 422)
    return _page(request, 422, _("That could not be done"), text)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 400, _("The request could not be read"), _("Go back, reload the page and try again."))


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    words = str(exception) if isinstance(exception, PermissionDenied) and exception.args else ""
    return _page(request, 403, _("Your role does not allow this"), words or _("Ask an owner of the organization."))


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    text = _("The address may be mistyped, or the page belongs to an organization you are not a member of.")
    return _page(request, 404, _("There is no such page"), text)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came from another session, or cookies are off."""
    if _ours(request) and not request.FILES and not getattr(request, "htmx", False):
        # What was typed comes back with a fresh key: one press sends it again.
        typed = [(name, value) for name, values in request.POST.lists() for value in values if name != _TOKEN]
        text = _("The form was open for too long. What you typed is still here: nothing was saved yet, send it again.")
        return _page(request, 403, _("The form has expired"), text, again=request.get_full_path(), typed=typed)
    text = _("The form was open for too long or cookies are off. Reload the page and send it again; nothing was saved.")
    return _page(request, 403, _("The form has expired"), text)


def _ours(request: HttpRequest) -> bool:
    """Whether one of our own pages sent it, as the browser says: another site's form is never offered again."""
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    own = f"{request.scheme}://{request.get_host()}"
    return origin == own or origin.startswith(f"{own}/")


def server_error(request: HttpRequest) -> HttpResponse:
    """A defect of ours (500), or a database that does not answer (503). Asks the database for nothing."""
    error = sys.exc_info()[1]
    with translation.override(getattr(request, "LANGUAGE_CODE", "") or translation.get_language_from_request(request)):
        status, title, text = _in_words(error)
        if getattr(request, "htmx", False):
            return toast(request, f"{title}. {text}", status)
        context = {
            "title": title,
            "text": text,
            "status": status,
            "theme": theme_cookie(request),
            "language": translation.get_language(),
            "retry": request.get_full_path() if request.method == "GET" else "",
        }
        headers = {"Retry-After": "30"} if status == 503 else {}
        return HttpResponse(render_to_string("desk/error.html", context), status=status, headers=headers)


def _in_words(error: BaseException | None) -> tuple[int, str, str]:
    if isinstance(error, OperationalError | InterfaceError):
        cause = error.__cause__
        if str(getattr(cause, "sqlstate", None) or "").startswith("53100"):
            return 503, _("The disk is full"), _("Nothing was saved. Ask whoever runs this server to free some space.")
        return (
            503,
            _("The database does not answer"),
            _("Nothing was saved. Wait a moment and try again; if it goes on, tell whoever runs this server."),
        )
    text = _("It is our mistake, not yours, and it has been noted. Nothing was saved. Go back and try again.")
    return 500, _("Something went wrong"), text


def _page(request: HttpRequest, status: int, title: str, text: str, **more: object) -> HttpResponse:
    if getattr(request, "htmx", False):
        return toast(request, f"{title}. {text}", status)
    inside = getattr(request, "organization", None) is not None
    context = {"title": title, "text": text, "status": status, "back": _back(request), **more}
    return render(request, "desk/error_inside.html" if inside else "desk/error.html", context, status=status)


def _back(request: HttpRequest) -> str:
    """The page the person came from, where it is ours."""
    referer = request.headers.get("Referer", "")
    own = f"{request.scheme}://{request.get_host()}/" if settings.ALLOWED_HOSTS or settings.DEBUG else ""
    return referer if own and referer.startswith(own) else ""
