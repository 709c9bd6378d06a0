"""The texts of the manual: which there are and whose, and the page where one is written, checked and tried on a customer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from puntual.desk import formats, search
from puntual.desk.forms.texts import TextForm
from puntual.desk.pages import DeskRequest, address, fragment, needs, page
from puntual.desk.refusing import refuse
from puntual.desk.text_list import CHANNELS, Listed, listed, named
from puntual.desk.text_page import Spot, Standing, someone, standing, trial, wrong
from puntual.desk.watched import overtaken
from puntual.desk.words import CHANNELS as CHANNEL_NAMES
from puntual.desk.words import LANGUAGES
from puntual.kernel.problems import Problem
from puntual.organizations.roles import may
from puntual.parties.models import Creditor, Customer
from puntual.strategies import text_actions
from puntual.strategies.own_texts import in_force
from puntual.strategies.texts import AUDIENCES, NAME, Audience, Place, Text, base_language


@require_GET
@needs("view")
def texts(request: DeskRequest) -> HttpResponse:
    """Every template by channel, in one language and for one audience."""
    language = request.GET.get("language", "")
    language = language if language in LANGUAGES else base_language(request.organization.language)
    audience = _audience(request.GET.get("audience", ""))
    creditor = _creditor(request)
    own = in_force(request.organization.id, language, creditor.id if creditor else None)
    found = listed(request.organization.id, language, audience, own, request.LANGUAGE_CODE)
    return page(
        request,
        "desk/texts.html",
        _title(found),
        groups=[(_("In the manuals in force"), found.used), (_("Ready to be used"), found.others)],
        channels=CHANNELS,
        language_chosen=language,
        audience=audience,
        languages=LANGUAGES,
        audiences=AUDIENCES,
        creditors=_creditors(request),
        creditor=creditor,
    )


def _title(found: Listed) -> str:
    if found.lacking:
        return ngettext(
            "{n} channel of the manual has no words", "{n} channels of the manual have no words", found.lacking
        ).format(n=formats.number(found.lacking))
    if found.own:
        return ngettext(
            "{n} text is your own, the others come with Puntual",
            "{n} texts are your own, the others come with Puntual",
            found.own,
        ).format(n=formats.number(found.own))
    return _("The texts, as they come with Puntual")


@require_GET
@needs("view")
def text(request: DeskRequest, template: str, channel: str, audience: str, language: str) -> HttpResponse:
    """One text, to be read and, by whoever may, written. `?customer=` tries it on that customer, `?q=` looks for one."""
    return _show(request, _spot(request, template, channel, audience, language))


@require_POST
@needs("manual")
def check(request: DeskRequest, template: str, channel: str, audience: str, language: str) -> HttpResponse:
    """What is wrong with what is being typed, and how it reads. Writes nothing."""
    spot = _spot(request, template, channel, audience, language)
    form = TextForm(spot.place, request.POST)
    return fragment(request, "desk/parts/text_checked.html", **_checked(request, spot, form.written()))


@require_POST
@needs("manual")
def write(request: DeskRequest, template: str, channel: str, audience: str, language: str) -> HttpResponse:
    """Keep it as a draft or, with do=activate, put it into force at once."""
    spot = _spot(request, template, channel, audience, language)
    form = TextForm(spot.place, request.POST, _begun(standing(request.organization.id, spot)))
    if form.is_valid() and not overtaken(form):
        activate = request.POST.get("do") == "activate"
        try:
            draft = text_actions.write_text(request.actor, spot.place, spot.language, form.written(), spot.creditor)
            if activate:
                text_actions.activate_text(request.actor, draft)
        except Problem as problem:
            refuse(form, problem)
        else:
            said = _("In force: messages use these words from now on.") if activate else _("Kept as a draft.")
            messages.success(request, said)
            return redirect(_there(request, spot))
    return _show(request, spot, form)


@require_POST
@needs("manual")
def go_back(request: DeskRequest, template: str, channel: str, audience: str, language: str) -> HttpResponse:
    """Use the text that comes with Puntual again."""
    spot = _spot(request, template, channel, audience, language)
    text_actions.use_builtin(request.actor, spot.place, spot.language, spot.creditor)
    messages.success(request, _("Your own words are out of force; they can still be read below."))
    return redirect(_there(request, spot))


@require_POST
@needs("manual")
def drop(request: DeskRequest, template: str, channel: str, audience: str, language: str) -> HttpResponse:
    """Throw the draft away."""
    spot = _spot(request, template, channel, audience, language)
    text_actions.drop_draft(request.actor, spot.place, spot.language, spot.creditor)
    messages.success(request, _("The draft is gone."))
    return redirect(_there(request, spot))


def _begun(stands: Standing) -> Text:
    """What one goes on writing from: the draft, else what is in use."""
    return stands.draft.text if stands.draft else stands.used.text if stands.used else Text("", "", "")


def _show(request: DeskRequest, spot: Spot, form: TextForm | None = None) -> HttpResponse:
    place = spot.place
    stands = standing(request.organization.id, spot)
    form = form or TextForm(place, text=_begun(stands))
    title, tone = _heading(request, spot)
    return page(
        request,
        "desk/text.html",
        title,
        tone_of=tone,
        status=422 if form.is_bound else 200,
        form=form,
        stands=stands,
        channels=CHANNELS,
        languages=LANGUAGES,
        audiences=AUDIENCES,
        creditors=_creditors(request),
        may_write=may(request.membership.role, "manual"),
        **_checked(request, spot, form.written()),
    )


def _heading(request: DeskRequest, spot: Spot) -> tuple[str, str]:
    """The page's title, as in “Pedido de fecha: SMS”, and the tone of the step."""
    name, tone = named(request.organization.id, spot.place.template, request.LANGUAGE_CODE)
    return _("{template}: {channel}").format(template=name, channel=_(CHANNEL_NAMES[spot.place.channel])), tone


def _checked(request: DeskRequest, spot: Spot, text: Text) -> dict[str, Any]:
    """The faults and the trial, on the customer that was chosen, else on one the text is meant for."""
    given = request.POST if request.method == "POST" else request.GET
    asked = given.get("q", "").strip()
    chosen = _customer(request, given.get("chosen") or given.get("customer") or "")
    customer = chosen or someone(request.organization.id, spot)
    found = search.customers(request.organization.id, asked) if asked and not given.get("chosen") else []
    return {
        "spot": spot,
        "wrong": wrong(request.organization.id, spot, text) if text.body.strip() else [],
        "trial": trial(request.organization, request.actor, spot, text, customer),
        "found": found,
        "asked": asked if not given.get("chosen") else "",
    }


def _customer(request: DeskRequest, key: str) -> Customer | None:
    try:
        wanted = UUID(key)
    except ValueError:
        return None
    customers = Customer.objects.select_related("party", "creditor")
    return customers.filter(organization_id=request.organization.id, pk=wanted).first()


def _spot(request: DeskRequest, template: str, channel: str, audience: str, language: str) -> Spot:
    if (
        not NAME.fullmatch(template)
        or channel not in CHANNELS
        or audience not in AUDIENCES
        or language not in LANGUAGES
    ):
        raise Http404
    return Spot(Place(template, channel, _audience(audience)), language, _creditor(request))


def _there(request: DeskRequest, spot: Spot) -> str:
    place = spot.place
    return address(request, "text", place.template, place.channel, place.audience, spot.language) + spot.query


def _audience(name: str) -> Audience:
    return "consumer" if name == "consumer" else "company"


def _creditors(request: DeskRequest) -> list[Creditor]:
    """The creditors to choose from; with a single one there is nothing to choose."""
    found = list(Creditor.objects.filter(organization_id=request.organization.id).order_by("name"))
    return found if len(found) > 1 else []


def _creditor(request: DeskRequest) -> Creditor | None:
    key = request.GET.get("creditor", "")
    if not key:
        return None
    try:
        found = Creditor.objects.filter(organization_id=request.organization.id, pk=UUID(key)).first()
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found
