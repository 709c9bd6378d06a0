"""A draft on its page: made, changed part by part, activated or discarded. Every change is saved at once."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from puntual.desk import formats
from puntual.desk.formats import sentence
from puntual.desk.forms.manual import HeadingForm, OfferForm, PolicyForm, StepForm, TaskForm
from puntual.desk.pages import DeskRequest, address, fragment, needs, page, toast
from puntual.desk.sheets import accepted, done, sheet, tried
from puntual.desk.views.manual import content, difference, find
from puntual.kernel.problems import Problem
from puntual.parties.models import Creditor
from puntual.strategies import drafts
from puntual.strategies.actions import activate
from puntual.strategies.fitness import faults
from puntual.strategies.later import manual_of
from puntual.strategies.manual import Manual, Offer, Policy, Step, read_content
from puntual.strategies.models import Version
from puntual.strategies.own_texts import in_force
from puntual.strategies.segment_queries import kept_segments
from puntual.strategies.texts import builtin_places

State = Version.State
_NEW_STEP = Step("", "", 1, channels=("email",), tone="friendly", template="friendly")
_NEW_TASK = Step("", "", 30, internal="tell_salesperson")
_NEW_OFFER = Offer("", "", "plan", granted_by="collector")


@require_POST
@needs("manual")
def make(request: DeskRequest, version_id: UUID) -> HttpResponse:
    """A draft of a version."""
    draft = drafts.make_draft(request.actor, find(request, version_id).id)
    text = _("Version {number} is a draft: change it here. Nothing follows it before it is activated.")
    messages.success(request, text.format(number=formats.number(draft.number)))
    return redirect(address(request, "manual_version", draft.id))


@require_http_methods(["GET", "POST"])
@needs("manual")
def activation(request: DeskRequest, version_id: UUID) -> HttpResponse:
    """What putting the draft into force changes, and the button that does it."""
    draft = draft_of(request, version_id)
    if request.method == "POST":
        text = _("Version {number} is in force: the next day's contacts follow it.")
        tried(request, lambda: activate(request.actor, draft), text.format(number=formats.number(draft.number)))
        return redirect(address(request, "manual_version", draft.id))
    after = read_content(draft.content)
    in_force = Version.objects.filter(
        organization_id=request.organization.id, strategy=draft.strategy_id, state=State.ACTIVE
    ).first()
    rows = difference(manual_of(in_force), after) if in_force else []
    wrong = sum(1 for _fault in faults(request.organization.id, after))
    title = _("Put version {number} of “{name}” into force?").format(
        number=formats.number(draft.number), name=after.name
    )
    return page(
        request,
        "desk/manual_activate.html",
        title,
        version=draft,
        other=in_force,
        rows=rows,
        faulty=wrong,
        content=after,
    )


@require_http_methods(["GET", "POST"])
@needs("manual")
def discard(request: DeskRequest, version_id: UUID) -> HttpResponse:
    """Do away with the draft, once it was asked whether to."""
    draft = draft_of(request, version_id)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if form.is_bound and accepted(form, lambda _given: drafts.discard_draft(request.actor, draft.id)):
        messages.success(request, _("The draft is gone."))
        return done(request, address(request, "strategies"))
    return sheet(
        request,
        form,
        _("Discard version {number}?").format(number=formats.number(draft.number)),
        address(request, "manual_version", draft.id),
        verb=_("Discard it"),
        about=_("What is in force stays as it is. The draft cannot be brought back."),
    )


@require_http_methods(["GET", "POST"])
@needs("manual")
def heading(request: DeskRequest, version_id: UUID) -> HttpResponse:
    """What the manual is called."""
    draft = draft_of(request, version_id)
    manual = read_content(draft.content)
    form = HeadingForm(request.POST or None, initial={"name": manual.name, "language": manual.language})
    if form.is_bound and accepted(form, lambda given: drafts.change_heading(request.actor, draft.id, **given)):
        return done(request, address(request, "manual_version", draft.id))
    return sheet(request, form, _("The manual"), address(request, "manual_version", draft.id))


@require_http_methods(["GET", "POST"])
@needs("manual")
def new_step(request: DeskRequest, version_id: UUID) -> HttpResponse:
    """Another step, with the customer or (`?for=team`) without."""
    draft = draft_of(request, version_id)
    manual = read_content(draft.content)
    team = request.GET.get("for") == "team"
    step = replace(_NEW_TASK if team else _NEW_STEP)
    form = _step_form(request, manual, step)
    title = _("A task for the team") if team else _("A contact")

    def act(_given: object) -> None:
        drafts.add_step(request.actor, draft.id, form.step())

    return edited(request, draft, form, act, title, verb=_("Add"))


@require_http_methods(["GET", "POST"])
@needs("manual")
def step(request: DeskRequest, version_id: UUID, code: str) -> HttpResponse:
    """One step's form."""
    draft = draft_of(request, version_id)
    manual = read_content(draft.content)
    found = manual.step(code)
    if found is None:
        raise Http404
    form = _step_form(request, manual, found)

    def act(_given: object) -> None:
        drafts.change_step(request.actor, draft.id, form.step())

    return edited(request, draft, form, act, found.name, focus=f"card-{code}")


@require_POST
@needs("manual")
def move(request: DeskRequest, version_id: UUID, code: str) -> HttpResponse:
    """A step to another day: `day` itself, or `by` so many days."""
    draft = draft_of(request, version_id)
    found = read_content(draft.content).step(code)
    if found is None:
        raise Http404
    try:
        day = int(request.POST["day"]) if "day" in request.POST else found.day + int(request.POST.get("by", ""))
    except ValueError:
        return toast(request, _("Give the day as a whole number."), 422)
    day = max(1 if found.internal else -30, min(day, 3650))
    return change(request, draft, lambda: drafts.move_step(request.actor, draft.id, code, day), f"card-{code}")


@require_POST
@needs("manual")
def remove(request: DeskRequest, version_id: UUID, code: str) -> HttpResponse:
    """Without that step."""
    draft = draft_of(request, version_id)
    return change(request, draft, lambda: drafts.remove_step(request.actor, draft.id, code), "steps")


@require_http_methods(["GET", "POST"])
@needs("manual")
def policy(request: DeskRequest, version_id: UUID, number: int = 0) -> HttpResponse:
    """A policy's form, by its number from 1; without one, of another policy."""
    draft = draft_of(request, version_id)
    policies = read_content(draft.content).policies
    if number > len(policies):
        raise Http404
    found = policies[number - 1] if number else Policy("", "")
    form = PolicyForm(
        request.POST or None, initial={"title": found.title, "text": found.text, "team_only": found.team_only}
    )

    def act(_given: object) -> None:
        drafts.put_policy(request.actor, draft.id, form.policy(), replaces=found.title)

    verb = "" if number else _("Add")
    return edited(request, draft, form, act, found.title or _("Another policy"), verb=verb, focus="policies")


@require_POST
@needs("manual")
def remove_policy(request: DeskRequest, version_id: UUID, number: int) -> HttpResponse:
    """Without that policy."""
    draft = draft_of(request, version_id)
    policies = read_content(draft.content).policies
    if not 0 < number <= len(policies):
        raise Http404
    title = policies[number - 1].title
    return change(request, draft, lambda: drafts.remove_policy(request.actor, draft.id, title), "policies")


@require_http_methods(["GET", "POST"])
@needs("manual")
def offer(request: DeskRequest, version_id: UUID, code: str = "") -> HttpResponse:
    """An offer's form; without a code, of another offer."""
    draft = draft_of(request, version_id)
    found = read_content(draft.content).offer(code) if code else _NEW_OFFER
    if found is None:
        raise Http404
    form = OfferForm(found, request.POST or None, segments=_segments(request), currencies=_currencies(request))

    def act(_given: object) -> None:
        drafts.put_offer(request.actor, draft.id, form.offer(), replaces=code)

    return edited(
        request, draft, form, act, found.name or _("Another offer"), verb="" if code else _("Add"), focus="offers"
    )


@require_POST
@needs("manual")
def remove_offer(request: DeskRequest, version_id: UUID, code: str) -> HttpResponse:
    """Without that offer."""
    draft = draft_of(request, version_id)
    return change(request, draft, lambda: drafts.remove_offer(request.actor, draft.id, code), "offers")


def draft_of(request: DeskRequest, version_id: UUID) -> Version:
    """The draft, or the page that says it is none any more. Raises Http404."""
    found = find(request, version_id)
    if found.state != State.DRAFT:
        raise Http404
    return found


def _step_form(request: DeskRequest, manual: Manual, step: Step) -> StepForm | TaskForm:
    if step.internal:
        return TaskForm(manual, step, request.POST or None)
    organization_id = request.organization.id
    own = in_force(organization_id, manual.language)
    return StepForm(
        manual,
        step,
        request.POST or None,
        templates=sorted({place.template for place in (*builtin_places(manual.language), *own)}),
        segments=_segments(request),
        currencies=_currencies(request),
    )


def _segments(request: DeskRequest) -> list[tuple[str, str]]:
    return [(segment.code, segment.name) for segment in kept_segments(request.organization.id)]


def _currencies(request: DeskRequest) -> list[str]:
    creditors = Creditor.objects.filter(organization_id=request.organization.id)
    return sorted({request.organization.currency, *creditors.values_list("currency", flat=True).distinct()})


def edited(
    request: DeskRequest,
    draft: Version,
    form: forms.Form,
    act: Callable[[object], object],
    title: str,
    *,
    verb: str = "",
    focus: str = "steps",
) -> HttpResponse:
    """The form in the sheet; once it is right, the page's parts anew."""
    if form.is_bound and accepted(form, act):
        return _anew(request, draft, focus)
    back = address(request, "manual_version", draft.id)
    return sheet(request, form, title, back, verb=verb, template="desk/parts/manual_form.html")


def change(request: DeskRequest, draft: Version, act: Callable[[], object], focus: str) -> HttpResponse:
    try:
        act()
    except Problem as problem:
        if request.htmx:
            return toast(request, sentence(problem), 422)
        messages.error(request, sentence(problem))
    return _anew(request, draft, focus)


def _anew(request: DeskRequest, draft: Version, focus: str) -> HttpResponse:
    if not request.htmx:
        return redirect(address(request, "manual_version", draft.id) + f"#{focus}")
    shown = content(request, find(request, draft.id))
    count: int = shown["faulty"]
    text = ngettext("Saved. {n} thing to mend.", "Saved. {n} things to mend.", count) if count else _("Saved.")
    messages.success(request, text.format(n=formats.number(count)))
    answer = fragment(request, "desk/parts/manual_editor.html", focus=focus, **shown)
    answer["HX-Retarget"], answer["HX-Reswap"] = "#editor", "outerHTML"
    return answer
