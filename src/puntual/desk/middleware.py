"""What every request of the desk passes through: the reader's language, then the organization's scope."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class ReaderLanguage:
    """The language of the person reading."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)


class OrganizationScope:
    """One transaction inside the organization of the address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)
