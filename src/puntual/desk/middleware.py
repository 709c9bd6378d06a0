"""What every request of the desk passes through: the reader's language, then the organization's scope."""

import re
from collections.abc import Callable
from contextlib import nullcontext
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.db import DataError, transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from puntual.audit.actions import Actor
from puntual.desk import formats
from puntual.desk.errors import bad_request, problem
from puntual.kernel.problems import Problem
from puntual.kernel.remembering import known_already, remembering
from puntual.organizations.queries import memberships_of, organization_of
from puntual.tenancy.scope import acting_for

_READING = frozenset({"GET", "HEAD"})
_SCOPED = re.compile(r"/o/([^/]+)(?:/|$)")


def reader_language(request: HttpRequest) -> str:
    """The person's own choice, else the cookie's, else the browser's, else Spanish."""
    chosen = request.user.language if request.user.is_authenticated else ""
    return chosen if chosen in dict(settings.LANGUAGES) else translation.get_language_from_request(request)


class ReaderLanguage:
    """Words, numbers and dates in the language of the person reading."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = reader_language(request)
        request.LANGUAGE_CODE = language
        with translation.override(language), formats.reading(formats.locale_for(language)):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


class PageAbove:
    """Whoever opens an address that only takes forms is led to the nearest page above it.

    Browsers do so from their history, after a form that was refused, and after signing in again. Programs, which ask for no
    page, keep the answer that the method is not allowed (405).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code == 405 and request.method == "GET" and "text/html" in request.headers.get("Accept", ""):
            return redirect(_above(request.path_info))
        return response


def _above(path: str) -> str:
    """The nearest address above that leads somewhere, a list before what has no stroke at its end."""
    while "/" in path.rstrip("/"):
        path = path.rstrip("/").rpartition("/")[0]
        for there in (f"{path}/", path):
            try:
                resolve(there)
            except Resolver404:
                continue
            return there
    return "/"


class OrganizationScope:
    """One transaction inside the organization of the address `/o/<slug>/…`, seen by its members only.

    Sets `request.organization`, `request.membership` and `request.actor`; the clock is read here, at the edge. Everything
    the answer says is rendered inside, and an answer of 400 or more undoes what was written. Whoever is not a member gets
    the same 404 as for an organization that does not exist.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.organization = request.membership = request.actor = None  # type: ignore[attr-defined]
        request.problem = None  # type: ignore[attr-defined]
        if "\0" in request.path_info or "%00" in request.META["QUERY_STRING"]:
            raise BadRequest  # no link of ours has one, and the database holds none
        match = _SCOPED.match(request.path_info)
        if match is None:
            return self.get_response(request)
        if not request.user.is_authenticated:
            return _to_login(request)
        self._enter(request, request.user.id, match[1])
        organization = request.organization  # type: ignore[attr-defined]
        locale = formats.locale_for(str(request.LANGUAGE_CODE), organization.country)
        with timezone.override(ZoneInfo(organization.time_zone)), formats.reading(locale):
            # A page that only reads is one batch: what it asks again and again is asked once.
            once = remembering() if request.method in _READING else nullcontext()
            with acting_for(organization.id), once:
                known_already(organization_of, organization, organization.id)
                response = self.get_response(request)
                if response.status_code >= 400:
                    transaction.set_rollback(True)
            if request.problem is not None:  # type: ignore[attr-defined]
                # What was written is undone; the page that says so reads a clean transaction.
                with acting_for(organization.id):
                    return problem(request, request.problem)  # type: ignore[attr-defined]
        if response.streaming and not isinstance(response, FileResponse):
            raise RuntimeError(
                f"{request.path}: a streamed answer would be read after the organization's scope has closed"
            )
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A Problem is for the person: it becomes a sentence, never an error page."""
        if isinstance(exception, DataError) and any(
            "\0" in text for _name, all_ in request.POST.lists() for text in all_
        ):
            return bad_request(request)  # a form of ours refuses it beside the field: this was sent by none
        if not isinstance(exception, Problem):
            return None
        if request.organization is None:  # type: ignore[attr-defined]
            return problem(request, exception)
        request.problem = exception  # type: ignore[attr-defined]
        return HttpResponse(status=422)

    @staticmethod
    def _enter(request: HttpRequest, user_id: UUID, slug: str) -> None:
        now = timezone.now()
        memberships = memberships_of(user_id, now)
        membership = next((each for each in memberships if each.organization.slug == slug), None)
        if membership is None:
            raise Http404
        organization = membership.organization
        request.membership, request.organization = membership, organization  # type: ignore[attr-defined]
        request.organizations = [each.organization for each in memberships]  # type: ignore[attr-defined]
        request.actor = Actor(  # type: ignore[attr-defined]
            organization.id,
            now=now,
            today=now.astimezone(ZoneInfo(organization.time_zone)).date(),
            user_id=user_id,
            name=str(request.user),
        )


def _to_login(request: HttpRequest) -> HttpResponse:
    if request.method not in _READING:
        messages.error(request, _("Your session had ended, so nothing was saved. Sign in, and send it again."))
    answer = redirect_to_login(request.get_full_path())
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(headers={"HX-Redirect": answer.url})
    return answer
