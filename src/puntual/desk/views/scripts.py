"""The words for negotiating: whose they are, written in one's own way, and out to a file and in from one."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from puntual.desk import formats, negotiating
from puntual.desk.forms.manual import FileForm
from puntual.desk.forms.scripts import ScriptForm
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.desk.refusing import refuse
from puntual.desk.sheets import accepted, done, sheet
from puntual.desk.watched import overtaken
from puntual.desk.words import LANGUAGES
from puntual.kernel.problems import Problem
from puntual.organizations.roles import may
from puntual.strategies.negotiation import PLACES, SITUATIONS
from puntual.strategies.scripts.actions import faults_of, import_scripts, use_builtin_script, write_script
from puntual.strategies.scripts.files import to_toml
from puntual.strategies.scripts.queries import filed_scripts, own_scripts, script_for
from puntual.strategies.texts import base_language


@require_GET
@needs("view")
def scripts(request: DeskRequest) -> HttpResponse:
    """Every situation in one language, and whose words are used in it."""
    language = request.GET.get("language", "")
    language = language if language in LANGUAGES else base_language(request.organization.language)
    own = own_scripts(request.organization.id, language)
    rows = [
        (code, name, own.get(code), script_for(request.organization.id, code, language))
        for code, name in negotiating.situations()
    ]
    title = ngettext("{n} situation has your own words", "{n} situations have your own words", len(own))
    return page(
        request,
        "desk/scripts.html",
        title.format(n=formats.number(len(own))) if own else _("The words for negotiating, as they come with Puntual"),
        rows=rows,
        language_chosen=language,
        languages=LANGUAGES,
    )


@require_http_methods(["GET", "POST"])
@needs("view")
def script(request: DeskRequest, situation: str, language: str) -> HttpResponseBase:
    """One situation's words, to be read and, by whoever may, written."""
    if request.method == "POST":
        return write(request, slug=request.organization.slug, situation=situation, language=language)
    _known(situation, language)
    return _show(request, situation, language, _form(request, situation, language))


@needs("manual")
def write(request: DeskRequest, situation: str, language: str) -> HttpResponse:
    """Keep them: the desk and the trainer use them from now on."""
    _known(situation, language)
    form = _form(request, situation, language, bound=True)
    if form.is_valid() and not overtaken(form):
        given = form.script()
        form.mark(faults_of(request.actor, language, given))
        if not form.errors:
            try:
                write_script(request.actor, language, given)
            except Problem as problem:
                refuse(form, problem)
            else:
                messages.success(request, _("Kept: one negotiates with these words from now on."))
                return redirect(address(request, "script", situation, language))
    return _show(request, situation, language, form)


@require_POST
@needs("manual")
def go_back(request: DeskRequest, situation: str, language: str) -> HttpResponse:
    """Use the words that come with Puntual again."""
    _known(situation, language)
    use_builtin_script(request.actor, situation, language)
    messages.success(request, _("The words that come with Puntual are used again."))
    return redirect(address(request, "script", situation, language))


@require_GET
@needs("view")
def export(request: DeskRequest) -> HttpResponse:
    """Every own word as a file, to be kept beside the manual's."""
    return HttpResponse(
        to_toml(filed_scripts(request.organization.id)),
        content_type="application/toml; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="negotiation.toml"'},
    )


@require_http_methods(["GET", "POST"])
@needs("manual")
def import_file(request: DeskRequest) -> HttpResponse:
    """Words from a file; they are in force at once, as when one writes them here."""
    back = address(request, "scripts")
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    kept: list[object] = []
    if form.is_bound and accepted(form, lambda given: kept.extend(import_scripts(request.actor, given["file"]))):
        said = ngettext("{n} situation has new words.", "{n} situations have new words.", len(kept))
        messages.success(request, said.format(n=formats.number(len(kept))))
        return done(request, back)
    about = _("They are checked as if you wrote them here, and used at once. A file with a mistake changes nothing.")
    return sheet(request, form, _("Words for negotiating from a file"), back, verb=_("Use them"), about=about)


def _form(request: DeskRequest, situation: str, language: str, *, bound: bool = False) -> ScriptForm:
    begun = script_for(request.organization.id, situation, language)
    return ScriptForm(begun, request.POST if bound else None)


def _show(request: DeskRequest, situation: str, language: str, form: ScriptForm) -> HttpResponse:
    name = dict(negotiating.situations())[situation]
    return page(
        request,
        "desk/script.html",
        name[:1].upper() + name[1:],
        status=422 if form.is_bound else 200,
        form=form,
        own=own_scripts(request.organization.id, language).get(situation),
        situations=negotiating.situations(),
        situation=situation,
        language_chosen=language,
        languages=LANGUAGES,
        places=[f"{{{name}}}" for name in PLACES],
        may_write=may(request.membership.role, "manual"),
    )


def _known(situation: str, language: str) -> None:
    if situation not in SITUATIONS or language not in LANGUAGES:
        raise Http404
