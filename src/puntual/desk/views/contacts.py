"""Today's contacts: what waits for approval, gravest first, one beside the list of all."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from puntual.desk import formats, keyset
from puntual.desk.forms.contacts import DropForm, EditForm, PauseForm
from puntual.desk.pages import DeskRequest, address, fragment, needs, page
from puntual.desk.pane import Pane, pane
from puntual.desk.refusing import refuse
from puntual.kernel.problems import N_, Problem
from puntual.outreach import actions
from puntual.outreach.approving import approvable
from puntual.outreach.models import Activity
from puntual.outreach.queries import GRAVEST_FIRST, Line, lines, tallies, waiting

State = Activity.State
PER_TONE = 25
"""How many of each tone stand in the list of all; the others are in the list of that tone."""
FOLDED = "courteous"


@dataclass(frozen=True, slots=True)
class Group:
    """One tone of the list; a folded one shows its number only."""

    tone: str
    count: int
    lines: Sequence[Line]

    @property
    def more(self) -> bool:
        return bool(self.lines) and self.count > len(self.lines)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What the list is narrowed to by the address. `query` is that part of the address again."""

    tone: str
    channel: str
    query: str


def _narrowed(request: DeskRequest) -> Narrowed:
    kept = QueryDict(mutable=True)
    for name, known in (
        ("tone", Activity.Tone.values),
        ("channel", Activity.Channel.values),
        ("after", None),
        ("before", None),
    ):
        value = request.GET.get(name, "")
        if value and (known is None or value in known):
            kept[name] = value
    return Narrowed(kept.get("tone", ""), kept.get("channel", ""), f"?{kept.urlencode()}" if kept else "")


@require_GET
@needs("view")
def activities(request: DeskRequest) -> HttpResponse:
    """The list, with its first one opened beside it."""
    return _review(request, None)


@require_GET
@needs("view")
def activity(request: DeskRequest, activity_id: UUID) -> HttpResponse:
    """One of the list. `?do=` opens a form beside it: edit, pause or drop."""
    found = find(request, activity_id)
    do = request.GET.get("do", "")
    if not do and found.state == State.TO_DO:
        return redirect(address(request, "call", found.id))
    if not do and found.state in (State.UNKNOWN, State.FAILED):
        return redirect(address(request, "unclear_one", found.id))
    return _review(request, found, do=do)


@require_POST
@needs("approve")
def approve(request: DeskRequest, activity_id: UUID) -> HttpResponse:
    """Let it happen, and go on with the next one."""
    found = find(request, activity_id)
    following = _following(request, found)
    done = actions.approve(request.actor, found)
    messages.success(request, _approved(request, done))
    return _go_on(request, following)


@require_POST
@needs("approve")
def edit(request: DeskRequest, activity_id: UUID) -> HttpResponse:
    """Keep a person's words."""
    found = find(request, activity_id)
    form = EditForm(request.POST, initial=_words(pane(request.organization, request.actor, found)))
    # What nobody wrote is made anew each time it is looked at: only another person's words can be in the way.
    if form.is_valid() and not (found.edited and form.overtaken()):
        try:
            actions.edit(request.actor, found, form.cleaned_data["subject"], form.cleaned_data["body"])
        except Problem as problem:
            refuse(form, problem)
        else:
            messages.success(request, _("Your words are kept. They stand as long as the balance does not change."))
            return _go_on(request, found.id)
    return _review(request, found, do="edit", form=form)


@require_POST
@needs("hold")
def pause(request: DeskRequest, activity_id: UUID) -> HttpResponse:
    """Not now: wait with the customer, or with these invoices, through a day."""
    found = find(request, activity_id)
    form = PauseForm(request.POST)
    if form.is_valid():
        following = _following(request, found)
        until, why = form.cleaned_data["until"], form.cleaned_data["why"]
        try:
            actions.pause(request.actor, found, until, why, whole_customer=form.cleaned_data["whole_customer"])
        except Problem as problem:
            refuse(form, problem)
        else:
            said = _("{customer} is on hold through {date}.")
            messages.success(request, said.format(customer=found.customer.name, date=formats.short_date(until)))
            return _go_on(request, following, found.state)
    return _review(request, found, do="pause", form=form)


@require_POST
@needs("approve")
def drop(request: DeskRequest, activity_id: UUID) -> HttpResponse:
    """Decide against it."""
    found = find(request, activity_id)
    form = DropForm(request.POST)
    if form.is_valid():
        following = _following(request, found)
        actions.drop(request.actor, found, form.cleaned_data["why"])
        messages.success(request, _("Dropped: this step is not proposed again for the same invoice."))
        return _go_on(request, following, found.state)
    return _review(request, found, do="drop", form=form)


@require_http_methods(["GET", "POST"])
@needs("approve")
def approve_many(request: DeskRequest) -> HttpResponse:
    """A tone, a channel or a selection: first how many it would be, then done."""
    given = request.GET if request.method == "GET" else request.POST
    ids = _ids(given.getlist("id"))
    tone = given.get("tone") if given.get("tone") in Activity.Tone.values else None
    channel = given.get("channel") if given.get("channel") in Activity.Channel.values else None
    if not ids and tone is None:
        raise Problem(N_("Choose at least one message."))
    chosen: dict[str, Any] = {"ids": ids or None, "tone": tone, "channel": channel}
    if request.method == "POST":
        count = actions.approve_many(request.actor, **chosen)
        said = ngettext("{n} message is approved.", "{n} messages are approved.", count).format(n=formats.number(count))
        messages.success(request, f"{said} {then(request)}")
        return redirect(address(request, "activities"))
    allowed, left = approvable(request.actor, **chosen)
    return _review(request, None, bulk={**chosen, "ids": ids, "allowed": allowed, "left": left})


def find(request: DeskRequest, activity_id: UUID) -> Activity:
    activities = Activity.objects.select_related("customer__party", "customer__creditor")
    return get_object_or_404(activities.filter(organization_id=request.organization.id, pk=activity_id))


def _ids(texts: Sequence[str]) -> list[UUID]:
    try:
        return [UUID(text) for text in texts]
    except ValueError:
        raise Http404 from None


def _listed(request: DeskRequest, narrowed: Narrowed, opened: str) -> tuple[list[Activity], str, str]:
    """What the list shows: a page of one tone, or the first of each; and where its pages before and after are.

    The folded tone is left out, unless the opened activity has it or there is no other.
    """
    organization_id = request.organization.id
    if narrowed.tone:
        rows = waiting(organization_id, narrowed.tone, narrowed.channel)
        part = keyset.paginate(rows, request, by=("value", "id"), descending=True)
        return part.items, part.previous, part.next
    tones = [tone for tone in GRAVEST_FIRST if tone != FOLDED or opened == FOLDED]
    found = _first_of_each(organization_id, tones, narrowed.channel)
    return found or _first_of_each(organization_id, [FOLDED], narrowed.channel), "", ""


def _first_of_each(organization_id: UUID, tones: Sequence[str], channel: str) -> list[Activity]:
    lists = [waiting(organization_id, tone, channel).order_by("-value", "-id")[:PER_TONE] for tone in tones]
    ids: list[QuerySet[Any, Any]] = [rows.values_list("id", flat=True) for rows in lists]
    found = Activity.objects.filter(
        organization_id=organization_id, pk__in=ids[0].union(*ids[1:], all=True)
    ).select_related("customer")
    return sorted(found, key=lambda one: (GRAVEST_FIRST.index(one.tone), -one.value, -one.pk.int))


def _following(request: DeskRequest, found: Activity) -> UUID | None:
    """The one after it in the list as it is seen, else the one before it."""
    shown, _previous, _next = _listed(request, _narrowed(request), found.tone)
    ids = [one.pk for one in shown]
    if found.pk not in ids:
        return None
    place = ids.index(found.pk)
    others = ids[place + 1 :] + ids[:place][::-1]
    return others[0] if others else None


def _go_on(request: DeskRequest, following: UUID | None, state: str = State.PROPOSED) -> HttpResponse:
    """To the next one; a call or a message to clear up was opened from a list of its own."""
    query = _narrowed(request).query
    if state in _OTHER_LISTS:
        return redirect(address(request, _OTHER_LISTS[state]))
    if following is None:
        return redirect(address(request, "activities"))
    return redirect(address(request, "activity", following) + query)


_OTHER_LISTS: dict[str, str] = {State.TO_DO: "queue", State.FAILED: "unclear"}


def _approved(request: DeskRequest, done: Activity) -> str:
    if done.state == State.TO_DO:
        return _("Approved: it is on the list of what to do.")
    if request.organization.is_live and done.not_before and done.not_before > request.actor.now:
        leaves = timezone.localtime(done.not_before)
        on = (
            "" if leaves.date() == request.actor.today else formats.short_date(leaves.date(), request.actor.today) + " "
        )
        return _("Approved: it leaves from {time} on.").format(time=on + formats.clock(leaves))
    return _("Approved.") + " " + then(request)


def then(request: DeskRequest) -> str:
    if request.organization.is_live:
        return _("It leaves within its hours.")
    return _("This is a rehearsal: it goes to the capture mailbox and to nobody else.")


def _review(
    request: DeskRequest,
    selected: Activity | None,
    *,
    do: str = "",
    form: forms.Form | None = None,
    bulk: dict[str, Any] | None = None,
) -> HttpResponse:
    """The list, and beside it one activity, a form about it, or what would be approved at once."""
    narrowed = _narrowed(request)
    counts = [tally for tally in tallies(request.organization.id) if tally.state == State.PROPOSED]
    total = sum(tally.count for tally in counts)
    by_channel, by_tone = Counter[str](), Counter[str]()
    for tally in counts:
        by_channel[tally.channel] += tally.count
        if narrowed.channel in ("", tally.channel):
            by_tone[tally.tone] += tally.count
    shown, previous, following = _listed(request, narrowed, selected.tone if selected else "")
    opened = selected is not None or bulk is not None
    if not opened and shown:
        selected = find(request, shown[0].pk)
    beside = pane(request.organization, request.actor, selected) if selected else None
    title = ngettext("{n} contact awaits your approval", "{n} contacts await your approval", total)
    context: dict[str, Any] = {
        "title": title.format(n=formats.number(total)) if total else _("Nothing awaits your approval"),
        "narrowed": narrowed,
        "total": total,
        "channels": [(channel, by_channel[channel]) for channel in Activity.Channel.values if by_channel[channel]],
        "groups": _groups(request, narrowed, by_tone, shown),
        "previous": previous,
        "next": following,
        "folded": by_tone[FOLDED],
        "opened": opened,
        "pane": beside,
        "do": do if beside and selected and selected.state in _MAY.get(do, ()) else "",
        "bulk": bulk,
    }
    if context["do"] and beside:
        context["form"], context["form_page"] = form or _form(do, beside, request), f"activity_{do}"
    status = 422 if form and form.errors else 200
    if request.htmx:
        answer = fragment(request, "desk/parts/review.html", status, **context)
        if status >= 400:
            answer.headers["HX-Push-Url"] = "false"  # the form's own address cannot be loaded again
        return answer
    return page(request, "desk/activities.html", context.pop("title"), status, **context)


_OPEN = (State.PROPOSED, State.QUEUED)
_MAY: dict[str, tuple[str, ...]] = {
    "edit": _OPEN,
    "pause": (*_OPEN, State.TO_DO),
    "drop": (*_OPEN, State.TO_DO, State.FAILED),
}
"""In which states each form makes sense."""


def _form(do: str, beside: Pane, request: DeskRequest) -> forms.Form:
    match do:
        case "edit":
            return EditForm(initial=_words(beside))
        case "pause":
            return PauseForm(initial={"until": request.actor.today + timedelta(days=7)})
        case _:
            return DropForm()


def _words(beside: Pane) -> dict[str, str]:
    return {"subject": beside.subject, "body": beside.text}


def _groups(request: DeskRequest, narrowed: Narrowed, by_tone: Counter[str], shown: Sequence[Activity]) -> list[Group]:
    found: dict[str, list[Line]] = {tone: [] for tone in GRAVEST_FIRST}
    for line in lines(request.organization.id, shown, request.actor.today):
        found[line.activity.tone].append(line)
    return [
        Group(tone, by_tone[tone], found[tone])
        for tone in GRAVEST_FIRST
        if (found[tone] or by_tone[tone]) and narrowed.tone in ("", tone)
    ]
