"""The notices of a draft: what its manual says beside the steps."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from puntual.desk.forms.notices import NoticeForm
from puntual.desk.pages import DeskRequest, needs
from puntual.desk.views.manual_drafts import change, draft_of, edited
from puntual.strategies import drafts, notice_wording
from puntual.strategies.manual import read_content
from puntual.strategies.own_texts import in_force
from puntual.strategies.steps import Notice
from puntual.strategies.texts import builtin_places

_NEW = Notice("", channels=("email",), template="thank_you")


@require_http_methods(["GET", "POST"])
@needs("manual")
def notice(request: DeskRequest, version_id: UUID, code: str = "") -> HttpResponse:
    """A notice's form; without a code, of another one."""
    draft = draft_of(request, version_id)
    manual = read_content(draft.content)
    found = manual.notice(code) if code else _NEW
    if found is None:
        raise Http404
    own = in_force(request.organization.id, manual.language)
    templates = sorted({place.template for place in (*builtin_places(manual.language), *own)})
    form = NoticeForm(manual, found, request.POST or None, templates=templates)

    def act(_given: object) -> None:
        drafts.put_notice(request.actor, draft.id, form.notice(), replaces=code)

    title = notice_wording.called(code) if code else _("Another notice")
    return edited(request, draft, form, act, title, verb="" if code else _("Add"), focus="notices")


@require_POST
@needs("manual")
def remove(request: DeskRequest, version_id: UUID, code: str) -> HttpResponse:
    """Without that notice."""
    draft = draft_of(request, version_id)
    return change(request, draft, lambda: drafts.remove_notice(request.actor, draft.id, code), "notices")
