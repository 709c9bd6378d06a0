"""Pages of advice for anybody: no key, no name, nothing of anyone's account."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_GET

from puntual.portal.learning import LANGUAGES, Lesson, lessons, spoken

_NAMES = {"es": "Español", "en": "English", "pt": "Português"}


@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """The list in the language the browser asks for."""
    return redirect("learn", spoken(translation.get_language_from_request(request)))


@require_GET
def listing(request: HttpRequest, language: str) -> HttpResponse:
    """Every page with its sentence."""
    return _render(request, "portal/learn.html", language, lessons=_of(language).values(), code="")


@require_GET
def lesson(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """One page, and the others below it."""
    found = _of(language)
    if code not in found:
        raise Http404
    others = [one for one in found.values() if one.code != code]
    return _render(request, "portal/lesson.html", language, lesson=found[code], lessons=others, code=code)


def _of(language: str) -> dict[str, Lesson]:
    if language not in LANGUAGES:
        raise Http404
    return dict(lessons(language))


def _render(request: HttpRequest, template: str, language: str, **context: object) -> HttpResponse:
    with translation.override(language):
        context |= {"language": language, "languages": [(code, _NAMES[code]) for code in LANGUAGES]}
        return render(request, template, context)
