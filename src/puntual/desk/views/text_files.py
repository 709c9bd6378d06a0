"""A template of one's own begun, and own texts out to a file and in from one."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from puntual.desk import formats
from puntual.desk.forms.manual import FileForm
from puntual.desk.forms.texts import NewTextForm
from puntual.desk.pages import DeskRequest, address, needs
from puntual.desk.refusing import refuse
from puntual.desk.sheets import done, sheet
from puntual.kernel.problems import Problem
from puntual.strategies.own_texts import filed
from puntual.strategies.text_actions import import_texts
from puntual.strategies.text_files import to_toml
from puntual.strategies.texts import base_language

GET_POST = ["GET", "POST"]


@require_http_methods(GET_POST)
@needs("manual")
def new(request: DeskRequest) -> HttpResponse:
    """Begin a template: its page opens, and it is there once words are kept."""
    language = base_language(request.organization.language)
    form = NewTextForm(request.POST or None, initial={"channel": "email", "language": language, "audience": "company"})
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        there = address(request, "text", given["template"], given["channel"], given["audience"], given["language"])
        return done(request, there)
    about = _("Steps of a draft name the template by its code. Write it for each channel and language the steps use.")
    return sheet(request, form, _("A template of your own"), address(request, "texts"), verb=_("Begin"), about=about)


@require_GET
@needs("view")
def export(request: DeskRequest) -> HttpResponse:
    """Every own text in force as a file, to be kept beside the manual's."""
    return HttpResponse(
        to_toml(filed(request.organization.id)),
        content_type="application/toml; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="texts.toml"'},
    )


@require_http_methods(GET_POST)
@needs("manual")
def import_file(request: DeskRequest) -> HttpResponse:
    """Drafts of texts from a file; customers read them once each was put into force."""
    back = address(request, "texts")
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if form.is_bound and form.is_valid():
        try:
            drafts = import_texts(request.actor, form.cleaned_data["file"])
        except Problem as problem:
            refuse(form, problem, "file")
        else:
            said = ngettext("{n} draft is there.", "{n} drafts are there.", len(drafts))
            messages.success(request, said.format(n=formats.number(len(drafts))))
            return done(request, back)
    about = _(
        "Each text that differs from what is in force becomes a draft; customers read it once you put it into force."
    )
    return sheet(request, form, _("Texts from a file"), back, verb=_("Make drafts"), about=about)
