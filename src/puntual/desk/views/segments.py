"""Segments: which there are and which manual each follows, and the builder with a count and examples as one writes."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from puntual.desk import formats
from puntual.desk.formats import sentence
from puntual.desk.forms.manual import FileForm
from puntual.desk.forms.segments import Draft, around, blank, code_for, find_strategy, overtaken, posted, written
from puntual.desk.pages import DeskRequest, address, fragment, needs, page
from puntual.desk.segment_words import conditions
from puntual.desk.sheets import accepted, done, sheet
from puntual.desk.watched import SEEN
from puntual.kernel.problems import Problem
from puntual.parties.models import Creditor, Customer
from puntual.strategies.actions import assign, unassign
from puntual.strategies.figures import fresh_figures
from puntual.strategies.models import Assignment, StoredSegment, Strategy, Version
from puntual.strategies.segment_actions import delete_segment, import_segments, order_segments, store_segment
from puntual.strategies.segment_queries import (
    as_segment,
    count,
    difference,
    examples,
    kept_segments,
    limited_parts,
    tally,
)
from puntual.strategies.segments import Segment, to_toml

EXAMPLES = 8


@dataclass(frozen=True, slots=True)
class Line:
    """A segment as the list shows it."""

    segment: Segment
    text: str
    customers: int
    steps: str
    strategy: str  # the id of its own, or ""
    following: int
    first: bool
    last: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What a segment being built comes to."""

    title: str
    change: str
    rows: list[Any]
    more: int


@require_GET
@needs("view")
def segments(request: DeskRequest) -> HttpResponse:
    """Every segment in the order that decides whose manual counts."""
    fresh_figures(request.actor)
    lines = _lines(request)
    title = ngettext("{n} segment", "{n} segments", len(lines)) if lines else _("No segments yet")
    return page(
        request,
        "desk/segments.html",
        title.format(n=formats.number(len(lines))),
        lines=lines,
        strategies=_strategies(request),
        customers=Customer.objects.filter(organization_id=request.organization.id).count(),
    )


@require_http_methods(["GET", "POST"])
@needs("manual")
def new(request: DeskRequest) -> HttpResponse:
    """Build one."""
    near = around(request.organization)
    if request.method == "GET":
        fresh_figures(request.actor)
        return _builder(request, Draft("", "", [blank(0, near)]), None)
    taken = StoredSegment.objects.filter(organization_id=request.organization.id).values_list("code", flat=True)
    draft = posted(request.POST, near)
    return _kept(request, draft, code_for(draft.name, taken), None)


@require_http_methods(["GET", "POST"])
@needs("view")
def segment(request: DeskRequest, code: str) -> HttpResponseBase:
    """Look at one, or change it."""
    if request.method == "POST":
        return change(request, slug=request.organization.slug, code=code)
    kept = as_segment(_find(request, code))
    fresh_figures(request.actor)
    return _builder(request, written(kept, around(request.organization)), kept)


@needs("manual")
def change(request: DeskRequest, code: str) -> HttpResponse:
    """Keep what was changed."""
    kept = as_segment(_find(request, code))
    return _kept(request, posted(request.POST, around(request.organization), kept.code), kept.code, kept)


@require_POST
@needs("view")
def attempt(request: DeskRequest) -> HttpResponse:
    """The builder as it stands, with who is in the segment so far."""
    row = StoredSegment.objects.filter(
        organization_id=request.organization.id, code=request.POST.get("code", "")
    ).first()
    kept = as_segment(row) if row else None
    draft = posted(request.POST, around(request.organization), kept.code if kept else "")
    return fragment(request, "desk/parts/segment_builder.html", **_context(request, draft, kept))


@require_POST
@needs("manual")
def move(request: DeskRequest, code: str) -> HttpResponse:
    """One place up or down."""
    _find(request, code)
    codes = [one.code for one in kept_segments(request.organization.id)]
    here = codes.index(code)
    there = here - 1 if request.POST.get("by") == "-1" else here + 1
    if 0 <= there < len(codes):
        codes[here], codes[there] = codes[there], codes[here]
        order_segments(request.actor, codes)
    return redirect(address(request, "segments"))


@require_POST
@needs("manual")
def strategy(request: DeskRequest, code: str) -> HttpResponse:
    """Which manual its customers follow, if one of their own."""
    row = _find(request, code)
    mine = {"organization_id": request.organization.id}
    try:
        chosen = find_strategy(request.POST)
    except ValueError:
        raise Http404 from None
    old = Assignment.objects.filter(**mine, segment=row).first()
    now = str(old.strategy_id) if old else ""
    if now not in (request.POST.get(SEEN, now), str(chosen or "")):
        messages.error(
            request,
            _("Meanwhile somebody gave “{name}” another manual, so nothing was changed. See which one.").format(
                name=row.name
            ),
        )
        return done(request, address(request, "segments"))
    if chosen:
        found = Strategy.objects.filter(**mine, id=chosen).first()
        if found is None:
            raise Http404
        assign(request.actor, found, segment=row)
    elif old:
        unassign(request.actor, old)
    return redirect(address(request, "segments"))


@require_http_methods(["GET", "POST"])
@needs("manual")
def delete(request: DeskRequest, code: str) -> HttpResponse:
    """Delete one, once it was said what follows from it."""
    kept = as_segment(_find(request, code))
    back = address(request, "segments")
    form = forms.Form(request.POST if request.method == "POST" else None)
    if form.is_bound and accepted(form, lambda _data: delete_segment(request.actor, code)):
        messages.success(request, _("“{name}” was deleted.").format(name=kept.name))
        return done(request, back)
    title = _("Delete “{name}”?").format(name=kept.name)
    return sheet(request, form, title, back, verb=_("Delete"), about=_consequences(request, kept))


@require_GET
@needs("view")
def export(request: DeskRequest) -> HttpResponse:
    """All of them as a file, to be kept beside the manual's."""
    return HttpResponse(
        to_toml(kept_segments(request.organization.id)),
        content_type="application/toml; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="segments.toml"'},
    )


@require_http_methods(["GET", "POST"])
@needs("manual")
def import_file(request: DeskRequest) -> HttpResponse:
    """Segments from a file: they count at once, for who is in them is asked anew each day."""
    back = address(request, "segments")
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if form.is_bound and accepted(form, lambda given: import_segments(request.actor, given["file"])):
        messages.success(request, _("The segments are kept, in the order of the file."))
        return done(request, back)
    about = _("Those with a code that is there already are replaced; the others are added.")
    return sheet(request, form, _("Segments from a file"), back, verb=_("Keep them"), about=about)


def _find(request: DeskRequest, code: str) -> StoredSegment:
    return get_object_or_404(StoredSegment.objects.filter(organization_id=request.organization.id, code=code))


def _lines(request: DeskRequest) -> list[Line]:
    org, day = request.organization.id, request.actor.today
    kept = kept_segments(org)
    creditors = dict(Creditor.objects.filter(organization_id=org).values_list("code", "name"))
    assigned = Assignment.objects.filter(organization_id=org, segment__isnull=False)
    numbers, limited = tally(org, day), limited_parts(org)
    own = {code: str(strategy) for code, strategy in assigned.values_list("segment__code", "strategy")}
    return [
        Line(
            segment=one,
            text=conditions(one, creditors),
            customers=numbers.members.get(one.code, 0),
            steps=", ".join(dict.fromkeys(part.name for _name, part in limited.get(one.code, ()))),
            strategy=own.get(one.code, ""),
            following=numbers.followers.get(one.code, 0),
            first=number == 0,
            last=number == len(kept) - 1,
        )
        for number, one in enumerate(kept)
    ]


def _strategies(request: DeskRequest) -> list[tuple[str, str]]:
    active = Version.objects.filter(organization_id=request.organization.id, state=Version.State.ACTIVE)
    return [(str(pk), name) for pk, name in active.order_by("strategy__name").values_list("strategy", "strategy__name")]


def _kept(request: DeskRequest, draft: Draft, code: str, before: Segment | None) -> HttpResponse:
    """Keep the draft where it is asked for and complete; else show it as it stands."""
    segment = draft.segment()
    if "add" in request.POST or "remove" in request.POST or "again" in request.POST:
        return _builder(request, draft, before)
    wrong = ""
    if not draft.name:
        draft.nameless = _("Give it a name.")
    elif not draft.complete:
        wrong = _("Complete the conditions, or take them out.")
    elif before and overtaken(draft, before):
        creditors = dict(Creditor.objects.filter(organization_id=request.organization.id).values_list("code", "name"))
        wrong = _("Meanwhile somebody changed this to «{value}». Sent again, what you typed counts.").format(
            value=f"{before.name}: {conditions(before, creditors)}"
        )
    else:
        try:
            store_segment(request.actor, Segment(code, draft.name, segment.conditions))
        except Problem as problem:
            wrong = sentence(problem)
        else:
            messages.success(request, _("“{name}” is kept.").format(name=draft.name))
            return redirect(address(request, "segments"))
    return _builder(request, draft, before, wrong=wrong, strict=True)


def _builder(
    request: DeskRequest, draft: Draft, kept: Segment | None, wrong: str = "", *, strict: bool = False
) -> HttpResponse:
    return page(
        request,
        "desk/segment.html",
        kept.name if kept else _("A new segment"),
        422 if wrong or draft.nameless else 200,
        wrong=wrong,
        **_context(request, draft, kept, strict=strict),
    )


def _context(request: DeskRequest, draft: Draft, kept: Segment | None, *, strict: bool = False) -> dict[str, Any]:
    segment = draft.segment()
    for row in draft.rows:
        if not strict and not (row.text or row.chosen or any(row.amounts.values())):
            row.wrong = ""  # nobody has written there yet
    return {
        "draft": draft,
        "kept": kept,
        "found": _found(request, segment, kept),
        "tags": draft.rows[0].around.tags if draft.rows else (),
    }


def _found(request: DeskRequest, segment: Segment, kept: Segment | None) -> Found:
    org, day = request.organization.id, request.actor.today
    number = count(org, segment, day)
    title = ngettext("{n} customer is in it", "{n} customers are in it", number).format(n=formats.number(number))
    change = ""
    if kept and kept.conditions != segment.conditions:
        leave, join = difference(org, kept, segment, day)
        change = _("Compared with now: {leave} would leave it, {join} would come in.").format(
            leave=formats.number(leave), join=formats.number(join)
        )
    rows = examples(org, segment, day, EXAMPLES)
    return Found(title, change, rows, number - len(rows))


def _consequences(request: DeskRequest, kept: Segment) -> str:
    """What deleting a segment means, in sentences."""
    org, day = request.organization.id, request.actor.today
    number = count(org, kept, day)
    parts = [ngettext("{n} customer is in it.", "{n} customers are in it.", number).format(n=formats.number(number))]
    own = Assignment.objects.filter(organization_id=org, segment__code=kept.code).select_related("strategy").first()
    if own:
        follow = tally(org, day).followers.get(kept.code, 0)
        sentence = ngettext(
            "{n} of them follows “{manual}” for it, and would follow what applies next.",
            "{n} of them follow “{manual}” for it, and would follow what applies next.",
            follow,
        )
        parts.append(sentence.format(n=formats.number(follow), manual=own.strategy.name))
    if limited := limited_parts(org).get(kept.code):
        names = ", ".join(dict.fromkeys(part.name for _name, part in limited))
        parts.append(_("These steps and offers are only for it; change them first: {parts}.").format(parts=names))
    return " ".join(parts)
