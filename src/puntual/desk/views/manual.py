"""Manuals to be read: the one in force, every version of every strategy, what changed between two, and files of them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from puntual.analytics.steps import DAYS, step_results
from puntual.desk import formats, timeline
from puntual.desk.forms.manual import FileForm
from puntual.desk.pages import DeskRequest, address, fragment, needs, page
from puntual.desk.refusing import refuse
from puntual.desk.words import LANGUAGES
from puntual.kernel.problems import Problem
from puntual.organizations.roles import may
from puntual.strategies import notice_wording, wording
from puntual.strategies.actions import import_draft
from puntual.strategies.changes import changes
from puntual.strategies.fitness import faults, texts_missing
from puntual.strategies.later import lacking, manual_of
from puntual.strategies.manual import Manual, Notice, Offer, Step, read_content, to_toml
from puntual.strategies.models import Assignment, Strategy, Version
from puntual.strategies.own_texts import Own, in_force
from puntual.strategies.own_texts import find as find_text
from puntual.strategies.queries import assignments
from puntual.strategies.segment_queries import kept_segments
from puntual.strategies.standing import standing
from puntual.strategies.texts import places
from puntual.strategies.variables import VARIABLES

_PLACE = re.compile(r"\{(\w+)\}")
_PARAGRAPHS = re.compile(r"\n\s*\n")
State = Version.State


@dataclass(frozen=True, slots=True)
class Wording:
    """One text of a step in one language."""

    language: str
    name: str
    channel: str
    subject: str
    body: SafeString


@dataclass(frozen=True, slots=True)
class Row:
    """A step with its texts (an internal one has none), its offer, what has to hold before it, and what is wrong with it."""

    step: Step
    day: str
    wordings: Sequence[Wording]
    offer: str
    goes_to: str
    conditions: Sequence[str]
    problems: Sequence[str]
    segments: str


@require_GET
@needs("view")
def manual(request: DeskRequest) -> HttpResponse:
    """The organization's own manual; of a creditor or customer with another one its page tells."""
    found = assignments(request.organization.id)
    if found is None:
        return page(request, "desk/manual_none.html", _("No manual is active"))
    return _show(request, find(request, found.of_organization[0]))


@require_GET
@needs("view")
def version(request: DeskRequest, version_id: UUID) -> HttpResponse:
    """Any version: a draft is written here by whoever may, others are read."""
    return _show(request, find(request, version_id))


@require_GET
@needs("view")
def strategies(request: DeskRequest) -> HttpResponse:
    """Every strategy with its versions, and for whom it applies."""
    return _list(request, FileForm())


@require_POST
@needs("manual")
def import_file(request: DeskRequest) -> HttpResponse:
    """A draft from a TOML file; a mistake in it is shown with its line."""
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            draft = import_draft(request.actor, form.cleaned_data["file"])
        except Problem as problem:
            refuse(form, problem, "file")
        else:
            messages.success(request, _("The draft is here. Nothing follows it before it is activated."))
            return redirect(address(request, "manual_version", draft.id))
    return _list(request, form)


@require_GET
@needs("view")
def where(request: DeskRequest, version_id: UUID) -> HttpResponse:
    """How many customers stand at each day of the line, those whom the version in force applies to."""
    found = find(request, version_id)
    in_force = Version.objects.filter(
        organization_id=request.organization.id, strategy=found.strategy_id, state=State.ACTIVE
    ).first()
    counted = standing(request.organization.id, in_force.id, request.actor.today) if in_force else None
    bars, beyond = timeline.bars(read_content(found.content), counted) if counted else ([], 0)
    return fragment(request, "desk/parts/manual_standing.html", bars=bars, beyond=beyond)


@require_GET
@needs("view")
def results(request: DeskRequest, version_id: UUID) -> HttpResponse:
    """What came of the steps lately, over all versions of the same manual."""
    found = find(request, version_id)
    came = step_results(request.organization.id, found.strategy_id, request.actor.today)
    rows = [
        (step, came[step.code], formats.percent(came[step.code].share) if came[step.code].known else "")
        for step in read_content(found.content).steps
        if step.code in came
    ]
    return fragment(request, "desk/parts/manual_results.html", rows=rows, days=DAYS)


@require_GET
@needs("view")
def compare(request: DeskRequest, version_id: UUID) -> HttpResponse:
    """What changed from another version (`?with=`, else the one before) to this one."""
    found = find(request, version_id)
    others = _siblings(request, found)
    try:
        wanted = int(request.GET.get("with", ""))
    except ValueError:
        wanted = max((one.number for one in others if one.number < found.number), default=0)
    other = next((one for one in others if one.number == wanted), None)
    title = _("{name}: what changed in version {number}").format(
        name=found.strategy.name, number=formats.number(found.number)
    )
    rows = difference(manual_of(other), manual_of(found)) if other else []
    return page(request, "desk/manual_changes.html", title, version=found, other=other, others=others, rows=rows)


@require_GET
@needs("view")
def export(request: DeskRequest, version_id: UUID) -> HttpResponse:
    """The version as TOML, to be kept in git or changed by hand."""
    found = find(request, version_id)
    name = f"{found.strategy.code}-{found.number}.toml"
    response = HttpResponse(to_toml(manual_of(found)), content_type="application/toml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def find(request: DeskRequest, version_id: UUID) -> Version:
    """The organization's version of that id. Raises Http404."""
    rows = Version.objects.filter(organization_id=request.organization.id, id=version_id).select_related("strategy")
    found = rows.first()
    if found is None:
        raise Http404
    return found


def content(request: DeskRequest, version: Version) -> dict[str, Any]:
    """What the line of days and the tables below it are made of."""
    found = manual_of(version)
    check = faults if version.state == State.DRAFT else texts_missing
    wrong = timeline.problems(check(request.organization.id, found))
    by_step = {code: said for (table, code), said in wrong.items() if table == "step"}
    languages = sorted(LANGUAGES, key=lambda language: language != request.LANGUAGE_CODE)
    own = {language: in_force(request.organization.id, language) for language in languages}
    segments = {one.code: one.name for one in kept_segments(request.organization.id)}
    rows = [_row(step, found, own, segments, by_step.get(step.code, ())) for step in found.steps]
    return {
        "version": version,
        "content": found,
        "line": timeline.line(found, by_step),
        "rows": rows,
        "offers": [_offer(offer, segments, wrong.get(("offer", offer.code), ())) for offer in found.offers],
        "later": version.predates_notices
        and version.state == State.ACTIVE
        and bool(lacking(read_content(version.content))),
        "notices": [_notice(one, found, own, wrong.get(("notice", one.code), ())) for one in found.notices],
        "policies": [(policy, wrong.get(("policy", policy.code), ())) for policy in found.policies],
        "faulty": sum(len(said) for said in wrong.values()),
        "general": wrong.get(("", ""), ()),
        "editing": version.state == State.DRAFT and _may_edit(request),
    }


def difference(before: Manual, after: Manual) -> list[dict[str, object]]:
    """The changes between two manuals as the page tells them."""
    return [
        {
            "table": _(wording.TABLES[one.table]),
            "name": notice_wording.called(one.code) if one.table == "notice" else one.name,
            "kind": one.kind,
            "fields": [
                (wording.field(one.table, name), wording.value(name, old, before), wording.value(name, new, after))
                for name, old, new in one.fields
            ],
        }
        for one in changes(before, after)
    ]


def _show(request: DeskRequest, found: Version) -> HttpResponse:
    shown = content(request, found)
    manual: Manual = shown["content"]
    steps = ngettext("{name}: {n} step", "{name}: {n} steps", len(manual.steps))
    siblings = _siblings(request, found)
    return page(
        request,
        "desk/manual.html",
        steps.format(name=manual.name, n=formats.number(len(manual.steps))),
        **shown,
        drafts=[one for one in siblings if one.state == State.DRAFT],
        in_force=next((one for one in siblings if one.state == State.ACTIVE), None),
        next_number=max([found.number, *(one.number for one in siblings)]) + 1,
        may_edit=_may_edit(request),
    )


def _list(request: DeskRequest, form: FileForm) -> HttpResponse:
    organization_id = request.organization.id
    every = Strategy.objects.filter(organization_id=organization_id).order_by("name", "code")
    by_strategy: dict[UUID, list[Version]] = {}
    for one in Version.objects.filter(organization_id=organization_id).order_by("-number").defer("content"):
        by_strategy.setdefault(one.strategy_id, []).append(one)
    applies: dict[UUID, list[str]] = {}
    scopes = Assignment.objects.filter(organization_id=organization_id).select_related("creditor", "segment")
    customers: dict[UUID, int] = {}
    for scope in scopes:
        if scope.customer_id:
            customers[scope.strategy_id] = customers.get(scope.strategy_id, 0) + 1
        else:
            name = scope.creditor.name if scope.creditor else scope.segment.name if scope.segment else _("everybody")
            applies.setdefault(scope.strategy_id, []).append(name)
    for strategy_id, count in customers.items():
        text = ngettext("{n} customer", "{n} customers", count).format(n=formats.number(count))
        applies.setdefault(strategy_id, []).append(text)
    rows = [(one, by_strategy.get(one.id, []), applies.get(one.id, [])) for one in every]
    title = ngettext("{n} manual", "{n} manuals", len(rows)).format(n=formats.number(len(rows)))
    return page(
        request,
        "desk/manual_list.html",
        title,
        422 if form.is_bound else 200,
        rows=rows,
        form=form,
        may_edit=_may_edit(request),
    )


def _siblings(request: DeskRequest, found: Version) -> list[Version]:
    """The other versions of the same strategy, the latest first."""
    rows = Version.objects.filter(organization_id=request.organization.id, strategy=found.strategy_id)
    return list(rows.exclude(pk=found.pk).order_by("-number"))


def _may_edit(request: DeskRequest) -> bool:
    return may(request.membership.role, "manual")


def _offer(offer: Offer, segments: Mapping[str, str], said: Sequence[str]) -> dict[str, object]:
    return {
        "offer": offer,
        "limits": wording.limits(offer),
        "from": wording.from_when(offer),
        "whom": wording.for_whom(offer, segments),
        "granted": wording.granters(offer),
        "problems": said,
    }


def _notice(notice: Notice, content: Manual, own: Mapping[str, Own], said: Sequence[str]) -> dict[str, object]:
    return {
        "notice": notice,
        "name": notice_wording.called(notice.code),
        "when": notice_wording.when(notice),
        "conditions": notice_wording.conditions(notice, content),
        "wordings": _wordings(notice, own),
        "problems": said,
    }


def _wordings(part: Step | Notice, own: Mapping[str, Own]) -> list[Wording]:
    """The texts of a step or notice in every language, the reader's first."""
    found = (_wording(part, channel, language, own[language]) for language in own for channel in part.channels)
    return [one for one in found if one]


def _row(step: Step, content: Manual, own: Mapping[str, Own], segments: Mapping[str, str], said: Sequence[str]) -> Row:
    offer = content.offer(step.offer) if step.offer else None
    return Row(
        step,
        formats.number(step.day),
        _wordings(step, own),
        offer.name if offer else "",
        _(wording.MEMBER_ROLES[step.assignee]) if step.assignee in wording.MEMBER_ROLES else "",
        wording.conditions(step),
        said,
        formats.listed([segments.get(code, code) for code in step.segments]),
    )


def _wording(step: Step | Notice, channel: str, language: str, own: Own) -> Wording | None:
    found = find_text(places(step.template, channel, consumer=False), language, own)
    if found is None:
        return None
    text = found.text
    return Wording(language, LANGUAGES[language], channel, _filled(text.subject), _paragraphs(text.body))


def _paragraphs(body: str) -> SafeString:
    return format_html_join("", "<p>{}</p>", ((_filled(part),) for part in _PARAGRAPHS.split(body.strip())))


def _filled(text: str) -> SafeString:
    """A text with its places named instead of filled."""
    pieces = _PLACE.split(text)
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<mark>{}</mark>", _(VARIABLES[piece].label)) if place % 2 else piece,)
            for place, piece in enumerate(pieces)
        ),
    )
