"""Forms in place: in a dialog over the page where there is a script, else a page of their own.

A link with `data-sheet` asks for the form and gets it in the dialog; its view answers with `sheet`, and once the action is done
with `done`. Wrong input comes back in the same place with status 422, beside what was typed.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from puntual.desk.formats import sentence
from puntual.desk.pages import DeskRequest, fragment, page
from puntual.desk.refusing import refuse
from puntual.desk.watched import overtaken
from puntual.kernel.problems import Problem


def sheet(
    request: DeskRequest,
    form: forms.Form,
    title: str,
    back: str,
    *,
    verb: str = "",
    about: str = "",
    template: str = "desk/parts/sheet.html",
    **context: Any,
) -> HttpResponse:
    """The form under `title`; `verb` stands on its button, `about` says in a sentence what it does, `back` is where it came from.

    The status is 422 where the form was sent and refused.
    """
    status = 422 if form.is_bound else 200
    context = {"form": form, "title": title, "back": back, "verb": verb or _("Save"), "about": about, **context}
    if request.htmx:
        return fragment(request, template, status, sheet=template, **context)
    return page(request, "desk/sheet.html", status=status, sheet=template, **context)


def accepted(form: forms.Form, act: Callable[[dict[str, Any]], object]) -> bool:
    """Whether the form is in order and `act`, given its cleaned data, did not refuse; a Problem is kept beside the form."""
    if not form.is_valid() or overtaken(form):
        return False
    try:
        act(form.cleaned_data)
    except Problem as problem:
        refuse(form, problem)
        return False
    return True


def tried(request: DeskRequest, act: Callable[[], object], said: str = "") -> bool:
    """Whether `act`, asked for by a button alone, did not refuse. The next page tells `said`, or why it was refused."""
    try:
        act()
    except Problem as problem:
        messages.error(request, sentence(problem))
        return False
    if said:
        messages.success(request, said)
    return True


def done(request: DeskRequest, address: str) -> HttpResponse:
    """The action is done: load the page at `address`, where waiting messages are shown."""
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
