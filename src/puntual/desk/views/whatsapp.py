"""WhatsApp: the account, the address Meta reports to, and which approved text stands for which of ours."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from puntual.desk import formats
from puntual.desk.forms import carried_out
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.desk.text_list import named
from puntual.desk.whatsapp_pages import LACKS, STATES, MappingForm, rows, set_up_as
from puntual.desk.words import LANGUAGES
from puntual.outreach.actions import map_text, refresh_texts, unmap_text
from puntual.outreach.channels.whatsapp.models import ApprovedText, Mapping
from puntual.outreach.deliveries.hooks import hook_address, reachable
from puntual.strategies.own_texts import find, in_force
from puntual.strategies.queries import occasions_of
from puntual.strategies.texts import AUDIENCES, NAME, places


@require_GET
@needs("view")
def whatsapp(request: DeskRequest) -> HttpResponse:
    """How WhatsApp is set up, and what each step says by it."""
    own, wrong = set_up_as()
    texts = ApprovedText.objects.filter(organization_id=request.organization.id).order_by("name", "language", "id")
    found = list(texts)
    return page(
        request,
        "desk/whatsapp.html",
        "WhatsApp",
        account=own,
        wrong=wrong,
        lacks=[LACKS[name] for name in own.lacks] if own else [],
        reachable=reachable(),
        hook=hook_address(request.organization.id, "meta"),
        rows=rows(request.organization, request.LANGUAGE_CODE),
        texts=[(one, STATES[ApprovedText.State(one.state)]) for one in found],
        checked_at=max((one.checked_at for one in found), default=None),
    )


@require_POST
@needs("settings")
def refresh(request: DeskRequest) -> HttpResponse:
    """Ask Meta how each text stands."""
    count = refresh_texts(request.actor)
    said = ngettext("Meta has {n} text.", "Meta has {n} texts.", count).format(n=formats.number(count))
    messages.success(request, said)
    return redirect(address(request, "whatsapp"))


@require_http_methods(["GET", "POST"])
@needs("settings")
def mapping(request: DeskRequest, template: str, audience: str, language: str) -> HttpResponse:
    """Choose the approved text that stands for ours, and what fills its places."""
    if audience not in AUDIENCES or language not in LANGUAGES or not NAME.fullmatch(template):
        raise Http404
    organization_id = request.organization.id
    kept = Mapping.objects.select_related("text").filter(
        organization_id=organization_id, template=template, audience=audience, language=language
    )
    current = kept.first()
    chosen = _chosen(request, current)
    form = None
    if chosen:
        variables = current.variables if current and current.text_id == chosen.pk else ()
        occasions = occasions_of(organization_id, template)
        form = MappingForm(chosen, variables, request.POST if request.method == "POST" else None, occasions=occasions)
        text = chosen

        def save(**values: str) -> None:
            map_text(
                request.actor,
                text,
                template=template,
                audience=audience,
                language=language,
                variables=form.variables(values) if form else (),
            )

        if request.method == "POST" and carried_out(form, save):
            messages.success(request, _("Saved. It counts from the next day that is planned."))
            return redirect(address(request, "whatsapp"))
    ours = find(
        places(template, "whatsapp", consumer=audience == "consumer"), language, in_force(organization_id, language)
    )
    texts = ApprovedText.objects.filter(organization_id=organization_id).exclude(state=ApprovedText.State.MISSING)
    return page(
        request,
        "desk/whatsapp_text.html",
        named(organization_id, template, request.LANGUAGE_CODE)[0],
        422 if form and form.is_bound else 200,
        form=form,
        chosen=chosen,
        current=current,
        ours=ours.text.body if ours else "",
        texts=[(one, STATES[ApprovedText.State(one.state)]) for one in texts.order_by("name", "language", "id")],
        audience=audience,
        language_name=LANGUAGES[language],
    )


@require_POST
@needs("settings")
def end_mapping(request: DeskRequest, mapping_id: UUID) -> HttpResponse:
    """The approved text stands for ours no longer."""
    found = get_object_or_404(Mapping.objects.filter(organization_id=request.organization.id, pk=mapping_id))
    unmap_text(request.actor, found)
    messages.success(request, _("The step goes another way from the next day that is planned."))
    return redirect(address(request, "whatsapp"))


def _chosen(request: DeskRequest, current: Mapping | None) -> ApprovedText | None:
    """The text that was chosen on the page, else the one that stands for ours."""
    try:
        key = UUID(request.GET.get("text", ""))
    except ValueError:
        return current.text if current else None
    return get_object_or_404(ApprovedText.objects.filter(organization_id=request.organization.id, pk=key))
