"""The pages' own files, and headers every answer carries."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_VERSIONED = re.compile(r"/static/[0-9a-f]{12}/")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "manifest-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class ContentSecurityPolicy:
    """A strict policy: everything comes from this server, nothing is inline, and no page is framed.

    A page may frame an address of ours that allows it: a customer's letter, which brings a stricter policy of its own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response


class AnotherVersionsFiles:
    """Under another version's address comes today's file, not to be kept.

    It is for a page from before an upgrade, and for a page of the next server while this one still waits for its own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.path_info
        found = _VERSIONED.match(asked)
        if not found or asked.startswith(settings.STATIC_URL):
            return self.get_response(request)
        request.path_info = settings.STATIC_URL + asked[found.end() :]
        answer = self.get_response(request)
        answer.headers["Cache-Control"] = "no-store"
        return answer
