"""Replays: a version of the manual played over the past months, alone or beside another one."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from puntual.conduct.queries import all_rules
from puntual.daily.models import Replay
from puntual.daily.simulate_jobs import cancel_replay, said_of, start_replay
from puntual.desk import formats, keyset, replaying
from puntual.desk.fields import DayField
from puntual.desk.pages import DeskRequest, address, fragment, needs, page
from puntual.desk.refusing import refuse
from puntual.desk.views.imports import worker_lives
from puntual.desk.views.trying import version_choices, versions_of
from puntual.kernel.problems import N_, Problem
from puntual.strategies.models import Version

State = Replay.State
STATES = {
    State.RUNNING: N_("under way"),
    State.DONE: N_("played"),
    State.CANCELED: N_("stopped"),
    State.FAILED: N_("failed"),
}
DAYS = 90


class ReplayForm(forms.Form):
    """Which version, against which other, over which days."""

    version = forms.ChoiceField(label=gettext_lazy("Manual"))
    against = forms.ChoiceField(label=gettext_lazy("Beside it"), required=False)
    first = DayField(label=gettext_lazy("From"))
    last = DayField(label=gettext_lazy("Through"))

    def __init__(self, *arguments: Any, versions: list[Version], **options: Any) -> None:
        super().__init__(*arguments, **options)
        choices = version_choices(versions)
        self.fields["version"].choices = choices  # type: ignore[attr-defined]
        self.fields["against"].choices = [("", _("no other one")), *choices]  # type: ignore[attr-defined]


@require_GET
@needs("view")
def replays(request: DeskRequest) -> HttpResponse:
    """What was replayed, the latest first, and a new replay."""
    yesterday = request.actor.today - timedelta(days=1)
    first = yesterday - timedelta(days=DAYS - 1)
    initial = {"version": request.GET.get("version", ""), "first": first, "last": yesterday}
    return _listed(request, ReplayForm(versions=versions_of(request), initial=initial))


@require_POST
@needs("manual")
def start(request: DeskRequest) -> HttpResponse:
    """Let a version be played, or two of them over the same days."""
    versions = versions_of(request)
    form = ReplayForm(request.POST, versions=versions)
    if not form.is_valid():
        return _listed(request, form, 422)
    given = form.cleaned_data
    chosen = [one for key in ("version", "against") for one in versions if str(one.id) == given[key]]
    try:
        started = [start_replay(request.actor, one, given["first"], given["last"]) for one in chosen]
    except Problem as problem:
        refuse(form, problem)
        return _listed(request, form, 422)
    if len(started) == 1:
        return redirect(address(request, "replay", started[0].id))
    return redirect(f"{address(request, 'compare_replays')}?a={started[0].id}&b={started[1].id}")


@require_GET
@needs("view")
def replay(request: DeskRequest, replay_id: UUID) -> HttpResponse:
    """A replay under way, or what it came to."""
    found = _find(request, replay_id)
    if found.state == State.RUNNING:
        return page(request, "desk/replay_running.html", _title(found), **_progress([found]))
    if found.state != State.DONE:
        return page(request, "desk/replay_ended.html", _title(found), replay=found, state=_(STATES[State(found.state)]))
    result = replaying.result_of(found)
    contacts = sum(result.contacts)
    return page(
        request,
        "desk/replay.html",
        ngettext("{n} contact in {days} days", "{n} contacts in {days} days", contacts).format(
            n=formats.number(contacts), days=formats.number(result.report.days)
        ),
        replay=found,
        first_chart=replaying.channels_chart(result),
        **_shown([result]),
    )


@require_GET
@needs("view")
def compare(request: DeskRequest) -> HttpResponse:
    """Two replays of the same days side by side."""
    pair = [_find(request, _uuid(request.GET.get(name, ""))) for name in ("a", "b")]
    if any(one.state == State.RUNNING for one in pair):
        return page(request, "desk/replay_running.html", _("Two versions are played"), **_progress(pair))
    ended = next((one for one in pair if one.state != State.DONE), None)
    if ended:
        return redirect(address(request, "replay", ended.id))
    if (pair[0].first, pair[0].last) != (pair[1].first, pair[1].last):
        messages.error(request, _("These two were played over different days. Play both over the same ones."))
        return redirect(address(request, "replays"))
    results = [replaying.result_of(one) for one in pair]
    more = sum(results[1].contacts) - sum(results[0].contacts)
    difference = formats.number(abs(more))
    title = _("{b}: {n} contacts more than {a}") if more > 0 else _("{b}: {n} contacts fewer than {a}")
    return page(
        request,
        "desk/replay.html",
        title.format(a=results[0].name, b=results[1].name, n=difference) if more else _("As many contacts with both"),
        replay=pair[0],
        first_chart=replaying.contacts_chart(results),
        **_shown(results),
    )


@require_GET
@needs("view")
def progress(request: DeskRequest, replay_id: UUID) -> HttpResponse:
    """How far a replay is, and the one beside it (`?with=`); once both have ended, the page of the result takes over."""
    pair = [_find(request, replay_id)]
    if other := request.GET.get("with"):
        pair.append(_find(request, _uuid(other)))
    if any(one.state == State.RUNNING for one in pair) and request.htmx:
        return fragment(request, "desk/parts/replay_progress.html", **_progress(pair))
    where = address(request, "replay", pair[0].id)
    if len(pair) == 2:
        where = f"{address(request, 'compare_replays')}?a={pair[0].id}&b={pair[1].id}"
    return HttpResponse(headers={"HX-Redirect": where}) if request.htmx else redirect(where)


@require_POST
@needs("manual")
def cancel(request: DeskRequest, replay_id: UUID) -> HttpResponse:
    """Stop a replay, and the one beside it."""
    for one in [replay_id, *(_uuid(other) for other in request.POST.getlist("with"))]:
        cancel_replay(request.actor, _find(request, one).id)
    return redirect(address(request, "replays"))


@require_GET
@needs("export")
def said(request: DeskRequest, replay_id: UUID) -> HttpResponse:
    """Everything the replayed manual would have said, as `puntual strategy simulate --json` has it."""
    found = get_object_or_404(
        Replay.objects.filter(organization_id=request.organization.id, id=replay_id, state=State.DONE)
    )
    content = {
        "from": found.first.isoformat(),
        "to": found.last.isoformat(),
        "refusals": found.report["refusals"],
        "activities": said_of(found),
    }
    response = HttpResponse(json.dumps(content, ensure_ascii=False), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="replay-{found.first}-{found.last}.json"'
    return response


def _listed(request: DeskRequest, form: ReplayForm, status: int = 200) -> HttpResponse:
    rows = Replay.objects.filter(organization_id=request.organization.id).defer("said", "report")
    found = keyset.paginate(rows, request, by=("created_at", "id"), descending=True, size=20)
    return page(
        request,
        "desk/replays.html",
        _("Replays of the past"),
        status,
        form=form,
        rows=found,
        states={state.value: _(words) for state, words in STATES.items()},
        others=[one for one in found if one.state == State.DONE],
    )


def _shown(results: list[replaying.Result]) -> dict[str, Any]:
    return {
        "results": results,
        "figures": replaying.figures(results),
        "steps": replaying.by_step(results),
        "rules": replaying.by_rule(results, all_rules(results[0].replay.organization_id)),
        "days": replaying.by_day(results),
        "calls_chart": replaying.calls_chart(results),
        "has_calls": any(any(one.calls) for one in results),
    }


def _progress(pair: list[Replay]) -> dict[str, Any]:
    days = sum((one.last - one.first).days + 1 for one in pair)
    done = sum(one.days_done if one.state == State.RUNNING else (one.last - one.first).days + 1 for one in pair)
    return {
        "pair": pair,
        "replay": pair[0],
        "other": pair[1] if len(pair) > 1 else None,
        "done": done,
        "of": days,
        "idle": not worker_lives(),
    }


def _title(found: Replay) -> str:
    return _("{name}, version {number}").format(name=found.manual["name"], number=formats.number(found.number))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def _find(request: DeskRequest, replay_id: UUID) -> Replay:
    return get_object_or_404(Replay.objects.filter(organization_id=request.organization.id, id=replay_id).defer("said"))
