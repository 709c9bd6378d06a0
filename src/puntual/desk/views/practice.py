"""Practicing to negotiate: the customers one can call, a talk, and how somebody gets on with it."""

from random import SystemRandom
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from puntual.desk.formats import number, sentence
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.desk.practicing import shown
from puntual.kernel.problems import Problem
from puntual.organizations.roles import may
from puntual.strategies.practice.actions import begin_talk, say
from puntual.strategies.practice.models import PracticeTalk
from puntual.strategies.practice.queries import Progress, progress_of, talks_of, team
from puntual.strategies.practice.reading import LONGEST
from puntual.strategies.practice.scripts import words_in
from puntual.strategies.practice.words import dimension, ending, mark

_SEEDS = 10**6
_LISTED = 20


class SayForm(forms.Form):
    """What is said next: a chosen sentence, or words of one's own."""

    act = forms.CharField(max_length=20, required=False)
    words = forms.CharField(max_length=LONGEST, required=False)


@require_GET
@needs("contact")
def practice(request: DeskRequest) -> HttpResponse:
    """The customers to call, and one's own progress; whoever keeps the manual sees who practices."""
    own = request.membership.user_id
    found = progress_of(request.organization.id, own)
    title = ngettext("{n} talk practiced", "{n} talks practiced", found.talks).format(n=number(found.talks))
    context = _progress(request, found, own)
    if may(request.membership.role, "manual"):
        context["team"] = team(request.organization.id)
    return page(request, "desk/practice.html", title if found.talks else _("Practice a talk"), own=True, **context)


@require_GET
@needs("contact")
def person(request: DeskRequest, user_id: UUID) -> HttpResponse:
    """Somebody's progress: their scores, not their words. One's own, or for whoever keeps the manual."""
    if user_id != request.membership.user_id and not may(request.membership.role, "manual"):
        raise Http404
    found = progress_of(request.organization.id, user_id)
    if not found.talks:
        raise Http404
    context = _progress(request, found, user_id)
    name = context["talks"][0]["talk"].name
    return page(request, "desk/practice.html", _("How {name} practices").format(name=name), own=False, **context)


def _progress(request: DeskRequest, found: Progress, user_id: UUID) -> dict[str, Any]:
    cast = words_in(get_language() or "").characters
    talks = talks_of(request.organization.id, user_id).defer("turns")[:_LISTED]
    return {
        "progress": found,
        "characters": [
            {"about": cast[one.code], "stands": one, "next": one.code == found.next} for one in found.characters
        ],
        "means": [(dimension(name), value) for name, value in found.means.items()],
        "to_mend": [mark(code) for code in found.to_mend],
        "talks": [
            {"talk": one, "with": cast[one.character].name, "end": ending(one.end) if one.end else ""} for one in talks
        ],
    }


@require_POST
@needs("contact")
def begin(request: DeskRequest) -> HttpResponse:
    """Call one of them. The same talk again has its seed."""
    seed = request.POST.get("seed", "")
    try:
        made = begin_talk(
            request.actor,
            request.POST.get("character", ""),
            int(seed) if seed.isdecimal() and len(seed) < 10 else SystemRandom().randrange(_SEEDS),
            role=request.membership.role,
            language=get_language() or "en",
        )
    except Problem as problem:
        messages.error(request, sentence(problem))
        return HttpResponseRedirect(address(request, "practice"))
    return HttpResponseRedirect(address(request, "practice_talk", made.id))


@require_http_methods(("GET", "POST"))
@needs("contact")
def talk(request: DeskRequest, talk_id: UUID) -> HttpResponse:
    """One's own talk: what was said, and what can be said now; once it is over, how it went."""
    found = get_object_or_404(
        PracticeTalk, organization_id=request.organization.id, user_id=request.membership.user_id, id=talk_id
    )
    problem = ""
    if request.method == "POST":
        form = SayForm(request.POST)
        if form.is_valid():
            try:
                say(request.actor, found.id, **form.cleaned_data)
                return HttpResponseRedirect(address(request, "practice_talk", found.id) + "#now")
            except Problem as refused:
                problem = sentence(refused)
        else:
            problem = _("That is too long. Say it in fewer words.")
    creditor = request.organization.name
    looks = shown(found, request.organization.country, creditor)
    name = words_in(found.language).characters[found.character].name
    return page(
        request,
        "desk/practice_talk.html",
        name,
        422 if problem else 200,
        talk=found,
        looks=looks,
        amount=looks.amount,
        limits=looks.limits,
        problem=problem,
        chosen=bool(request.POST.get("act")),
        own="" if request.POST.get("act") else request.POST.get("words", ""),
        longest=LONGEST,
    )
