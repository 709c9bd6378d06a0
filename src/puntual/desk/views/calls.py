"""Calls and tasks: the list by value, one at a time with what to know and to say, and what came of it."""

from collections import Counter
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from puntual.desk import calling, formats, keyset
from puntual.desk.contact_forms import LATER, ResultForm
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.desk.pane import pane
from puntual.kernel.problems import Problem
from puntual.outreach import actions
from puntual.outreach.models import Activity
from puntual.outreach.queries import for_role, lines, to_make
from puntual.strategies.queries import active_manuals
from puntual.strategies.words import TASKS

State = Activity.State
Channel = Activity.Channel
_ORDER = ("call", "visit", "letter", "whatsapp", "sms", "email", "internal")


@require_GET
@needs("view")
def queue(request: DeskRequest) -> HttpResponse:
    """What is to be called, visited or done now, the most valuable first; and what waits for a later hour."""
    organization_id, now = request.organization.id, request.actor.now
    to_do = _ours(request, Activity.objects.filter(organization_id=organization_id, state=State.TO_DO).order_by())
    counts = Counter(dict(to_do.values_list("channel").annotate(count=Count("*"))))
    channel = _channel(request.GET.get("channel", "")) or next(iter(sorted(counts, key=_place)), Channel.CALL)
    later = "later" in request.GET
    later_ones = _ours(request, _later(organization_id, now, channel))
    rows = later_ones if later else _ours(request, to_make(organization_id, now, channel=channel))
    found = keyset.paginate(rows, request, by=("value", "id"), descending=True)
    waiting = 0 if later else later_ones.count()
    return page(
        request,
        "desk/queue.html",
        _title(counts),
        channel=channel,
        later=later,
        waiting=waiting,
        tabs=[(name, counts[name]) for name in sorted(counts, key=_place)],
        rows=found,
        lines=lines(organization_id, found.items, request.actor.today),
        people=calling.first_phones(organization_id, [one.customer_id for one in found]) if channel == "call" else {},
        steps=_steps(organization_id) if channel == Channel.INTERNAL else {},
        now=now,
    )


@require_GET
@needs("view")
def call(request: DeskRequest, activity_id: UUID) -> HttpResponse:
    """One call or task."""
    return _one(request, _find(request, activity_id), None)


@require_POST
@needs("contact")
def result(request: DeskRequest, activity_id: UUID) -> HttpResponse:
    """Record what came of it, or put it off, and go on with the next one."""
    found = _find(request, activity_id)
    form = ResultForm(found.channel, request.POST)
    if form.is_valid():
        following = _beside(request, found, after=True)
        given = form.cleaned_data
        try:
            if given["result"] == LATER:
                actions.postpone(request.actor, found, given["later"])
                messages.success(request, _("Put off."))
            else:
                actions.record_result(
                    request.actor, found, given["result"], given["note"], pause_until=given["pause_until"]
                )
                messages.success(request, _("Recorded: {customer}").format(customer=found.customer.name))
        except Problem as problem:
            form.add_error(None, problem.text(_))
        else:
            return redirect(_place_of(request, following, found.channel))
    return _one(request, found, form)


def _one(request: DeskRequest, found: Activity, form: ResultForm | None) -> HttpResponse:
    organization_id, customer = request.organization.id, found.customer
    shown = pane(request.organization, request.actor, found)
    rows = _ours(request, to_make(organization_id, request.actor.now, channel=found.channel))
    before = rows.filter(TupleGreaterThan(("value", "id"), (found.value, found.id)))
    following, previous = _beside(request, found, after=True), _beside(request, found, after=False)
    return page(
        request,
        "desk/call.html",
        customer.name,
        422 if form and form.errors else 200,
        pane=shown,
        debts=calling.debts(organization_id, customer.id, shown.prepared.asked),
        lately=calling.lately(organization_id, customer.id),
        others=calling.other_phones(organization_id, customer.id, shown.recipient.point_id if shown.recipient else None)
        if found.channel != Channel.INTERNAL
        else [],
        form=form or ResultForm(found.channel),
        place=before.count() + 1,
        of=rows.count(),
        following=following,
        previous=previous,
        open=found.state == State.TO_DO,
    )


def _find(request: DeskRequest, activity_id: UUID) -> Activity:
    activities = Activity.objects.select_related("customer__party", "customer__creditor")
    found = activities.filter(organization_id=request.organization.id, pk=activity_id).first()
    if found is None:
        raise Http404
    return found


def _channel(name: str) -> str:
    return name if name in Channel.values else ""


def _place(channel: str) -> int:
    """The order of the lists: calls first, the team's own tasks last."""
    return _ORDER.index(channel)


def _steps(organization_id: UUID) -> dict[str, str]:
    """What the steps of the manuals in force are called, and the tasks no manual names."""
    manuals = active_manuals(organization_id).values()
    return {step.code: step.name for manual in manuals for step in manual.steps} | {
        code: _(name) for code, name in TASKS.items()
    }


def _later(organization_id: UUID, now: datetime, channel: str) -> QuerySet[Activity]:
    rows = Activity.objects.filter(organization_id=organization_id, state=State.TO_DO, channel=channel)
    return rows.filter(not_before__gt=now).select_related("customer")


def _ours(request: DeskRequest, rows: QuerySet[Activity]) -> QuerySet[Activity]:
    """Without what goes to members in another role."""
    return for_role(request.organization.id, rows, request.membership.role)


def _beside(request: DeskRequest, found: Activity, *, after: bool) -> Activity | None:
    """The next one to do now, or the one before."""
    every = to_make(request.organization.id, request.actor.now, channel=found.channel).exclude(pk=found.pk)
    rows = _ours(request, every)
    compare = TupleLessThan if after else TupleGreaterThan
    beside = rows.filter(compare(("value", "id"), (found.value, found.id)))
    return (beside.order_by("-value", "-id") if after else beside.order_by("value", "id")).first()


def _place_of(request: DeskRequest, following: Activity | None, channel: str) -> str:
    if following is not None:
        return address(request, "call", following.id)
    return address(request, "queue") + f"?channel={channel}"


def _title(counts: Counter[str]) -> str:
    tasks = counts[Channel.INTERNAL]
    calls = counts.total() - tasks
    if not counts.total():
        return _("Nobody is left to be called")
    parts = []
    if calls:
        parts.append(ngettext("{n} call", "{n} calls", calls).format(n=formats.number(calls)))
    if tasks:
        parts.append(ngettext("{n} task", "{n} tasks", tasks).format(n=formats.number(tasks)))
    return _("{what} to do").format(what=formats.listed(parts))
