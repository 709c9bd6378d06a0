"""Calls and tasks: the list by value, one at a time with what to know and to say, and what came of it."""

from collections import Counter
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Min, QuerySet
from django.db.models.fields.tuple_lookups import TupleLessThan
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from puntual.analytics.work.words import caveat
from puntual.desk import calling, deciding, formats, keyset, queueing
from puntual.desk.forms.contacts import LATER, ArrangeForm, MinutesForm, ResultForm, SkipForm, minutes_from
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.desk.pane import pane
from puntual.desk.promising import promisable
from puntual.desk.refusing import refuse
from puntual.desk.sheets import accepted, done, sheet
from puntual.desk.views.customer import find
from puntual.desk.words import refusal
from puntual.kernel.problems import Problem
from puntual.organizations.roles import Permission, may
from puntual.outreach import actions
from puntual.outreach.deciding import CHOICES, decide_end, is_decision
from puntual.outreach.engaging import engaged_with, why_not
from puntual.outreach.minutes import minutes_of
from puntual.outreach.models import Activity, Turn
from puntual.outreach.queries import assignee_of, for_role, lines, to_make
from puntual.outreach.queue.taking import nobody_now
from puntual.outreach.queue.turns import last_turn, turns_beside
from puntual.outreach.results import SPOKEN
from puntual.strategies.queries import active_manuals
from puntual.strategies.words import BESIDE_STEPS

State = Activity.State
Channel = Activity.Channel
_MANY = 1_000
"""Beyond so many, how many there are and who is beside whom is not looked up: it would cost more than the page."""
_RESTING = "queue_resting"
_ORDER = ("call", "visit", "meeting", "letter", "whatsapp", "sms", "email", "internal")


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
    calling_now = channel in SPOKEN and not later and found.items and may(request.membership.role, Permission.CONTACT)
    nobody = nobody_now(request.actor, request.membership.role, channel) if calling_now else None
    planned = _planned(later_ones) if nobody else None
    called = lines(organization_id, found.items, request.actor.today)
    return page(
        request,
        "desk/queue.html",
        _title(counts),
        channel=channel,
        later=later,
        waiting=waiting,
        tabs=[(name, counts[name]) for name in sorted(counts, key=_place)],
        rows=found,
        lines=called,
        asking=any(line.demand for line in called),
        people=calling.first_phones(organization_id, [one.customer_id for one in found]) if channel == "call" else {},
        steps=_steps(organization_id) if channel == Channel.INTERNAL else {},
        undo=queueing.undoable(request.actor, last_turn(request.actor)),
        spoken=channel in SPOKEN,
        caveat=caveat(),
        nobody=nobody is not None,
        resting=queueing.resting(nobody, now, planned) if nobody else "",
        tasks=counts[Channel.INTERNAL],
        now=now,
    )


@require_GET
@needs("view")
def call(request: DeskRequest, activity_id: UUID) -> HttpResponse:
    """One call or task."""
    return _one(request, _find(request, activity_id), None)


@require_POST
@needs("contact")
def engage(request: DeskRequest, activity_id: UUID) -> HttpResponse:
    """Say that one is calling now: nobody else and no message reaches the customer meanwhile."""
    found = _find(request, activity_id)
    actions.engage(request.actor, found)
    return redirect(address(request, "call", found.id))


@require_POST
@needs("contact")
def next_one(request: DeskRequest) -> HttpResponse:
    """Take the next customer of a channel, and keep others from it meanwhile."""
    return redirect(_next(request, _channel(request.POST.get("channel", "")) or Channel.CALL))


@require_http_methods(("GET", "POST"))
@needs("contact")
def skip(request: DeskRequest, activity_id: UUID) -> HttpResponse:
    """Pass one over with a reason, and go on with the next."""
    found = _find(request, activity_id)
    form = SkipForm(request.POST or None)
    if request.method == "POST" and accepted(
        form, lambda given: actions.skip(request.actor, found, given["reason"], given["note"])
    ):
        messages.success(request, _("Passed over: {customer}").format(customer=found.customer.name))
        return done(request, _next(request, found.channel))
    about = _("It stays on the list for the others, and does not come to you again today.")
    title = _("Pass {customer} over").format(customer=found.customer.name)
    return sheet(request, form, title, address(request, "call", found.id), verb=_("Pass over"), about=about)


@require_POST
@needs("contact")
def take_back(request: DeskRequest, turn_id: UUID) -> HttpResponse:
    """Undo what one recorded last; the customer is one's own again."""
    try:
        found = actions.take_back(request.actor, turn_id)
    except Turn.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("Taken back: {customer}").format(customer=found.customer.name))
    return redirect(address(request, "call", found.id))


@require_POST
@needs("view")
def result(request: DeskRequest, activity_id: UUID) -> HttpResponse:
    """Record what came of it, or put it off, and go on with the next one.

    It is for whoever contacts customers, and for the role that the manual gives the task to.
    """
    found = _find(request, activity_id)
    if not _may_record(request, found):
        raise PermissionDenied(refusal(request.membership.role, Permission.CONTACT))
    theirs = promisable(request.actor, found.customer_id)
    form = ResultForm(found.channel, calling.choices(calling.points(found)), request.POST, theirs=theirs)
    if form.is_valid():
        following = _beside(request, found)
        given = form.cleaned_data
        try:
            if given["result"] == LATER:
                actions.postpone(request.actor, found, given["again"])
                messages.success(request, _("Put off."))
            else:
                actions.record_result(
                    request.actor,
                    found,
                    given["result"],
                    given["note"],
                    pause_until=given["pause_until"],
                    again_at=given["again"],
                    point_id=UUID(given["point"]) if given["point"] else None,
                    minutes=form.minutes(),
                    word=form.word(),
                    objection=form.objection(),
                )
                messages.success(request, _("Recorded: {customer}").format(customer=found.customer.name))
        except Problem as problem:
            refuse(form, problem)
        else:
            return redirect(_after(request, following, found.channel))
    return _one(request, found, form)


def _one(request: DeskRequest, found: Activity, form: ResultForm | None) -> HttpResponse:
    organization_id, customer = request.organization.id, found.customer
    shown = pane(request.organization, request.actor, found)
    rows = _ours(request, to_make(organization_id, request.actor.now, channel=found.channel))
    around = _around(rows, found)
    points = calling.points(found)
    known = shown.recipient.point_id if shown.recipient else None
    is_open = found.state == State.TO_DO
    form = form or ResultForm(
        found.channel,
        calling.choices(points),
        initial={"point": known, "promise_by": shown.recipient.person if shown.recipient else ""},
        theirs=promisable(request.actor, customer.id),
    )
    spoken = is_open and found.channel in SPOKEN
    mine, passed = turns_beside(request.actor, found.id)
    return page(
        request,
        "desk/call.html",
        customer.name,
        422 if form and form.errors else 200,
        pane=shown,
        debts=calling.debts(organization_id, customer.id, shown.prepared.asked),
        lately=calling.lately(organization_id, customer.id),
        others=calling.others(points, known),
        form=form,
        results=queueing.with_keys(form.fields["result"].choices),  # type: ignore[attr-defined]
        beside=queueing.turnover(request.actor, found, shown.prepared.asked, around.ahead, passed) if spoken else None,
        undo=queueing.undoable(request.actor, mine),
        may_record=_may_record(request, found),
        announced=found.channel in SPOKEN and not why_not(found, shown.prepared),
        engaged=engaged_with(request.actor, [customer.party_id]).get(customer.party_id),
        minutes=minutes_of(organization_id, found.id) if found.channel == Channel.MEETING else [],
        place=None if around.ahead is None else around.ahead + 1,
        of=around.every,
        following=around.following,
        previous=around.previous,
        open=is_open,
        passable=spoken,
        decisions=deciding.choices() if is_open and is_decision(found) else (),
    )


@require_http_methods(("GET", "POST"))
@needs("view")
def decide(request: DeskRequest, activity_id: UUID, choice: str) -> HttpResponse:
    """Take the decision at the end of the ladder, and do it. It is for whoever may record what came of the task."""
    found = _find(request, activity_id)
    if not _may_record(request, found):
        raise PermissionDenied(refusal(request.membership.role, Permission.CONTACT))
    if choice not in CHOICES or not is_decision(found):
        raise Http404
    form = deciding.form_of(choice, request.POST or None, request.actor.today)
    if request.method == "POST" and accepted(form, lambda given: decide_end(request.actor, found, choice, **given)):
        messages.success(request, deciding.done_words(choice, found.customer.name))
        return done(request, address(request, "queue") + f"?channel={found.channel}")
    title = _("{what}: {customer}").format(what=_(CHOICES[choice]), customer=found.customer.name)
    back = address(request, "call", found.id)
    return sheet(request, form, title, back, verb=_(CHOICES[choice]), about=deciding.about(choice))


@require_http_methods(("GET", "POST"))
@needs("contact")
def minutes(request: DeskRequest, activity_id: UUID) -> HttpResponse:
    """Write a meeting's minutes anew; what was written before stays beside it."""
    found = _find(request, activity_id)
    back = address(request, "call", found.id)
    form = MinutesForm(request.POST or None)
    if request.method == "POST" and accepted(
        form, lambda given: actions.record_minutes(request.actor, found, minutes_from(given))
    ):
        messages.success(request, _("The minutes are kept."))
        return done(request, back)
    about = _("What was written before is not changed: this is kept beside it, with your name and the time.")
    return sheet(
        request, form, _("Minutes of the meeting with {customer}").format(customer=found.customer), back, about=about
    )


@require_http_methods(("GET", "POST"))
@needs("contact")
def arrange(request: DeskRequest, customer_id: UUID) -> HttpResponse:
    """Put a call, a visit or a meeting agreed with the customer on one's list."""
    customer = find(request, customer_id)
    back = address(request, "customer", customer.id)
    form = ArrangeForm(request.POST or None)
    if request.method == "POST" and accepted(
        form,
        lambda given: actions.arrange(
            request.actor, customer, channel=given["channel"], at=given["at"], note=given["note"]
        ),
    ):
        messages.success(request, _("It is on your list for that hour."))
        return done(request, back)
    about = _("Until then the manual takes no step with this customer.")
    title = _("Arrange a call, a visit or a meeting with {customer}").format(customer=customer.name)
    return sheet(request, form, title, back, verb=_("Arrange"), about=about)


def _may_record(request: DeskRequest, found: Activity) -> bool:
    """Whether this member contacts customers, or the step says that it is theirs to do."""
    role = request.membership.role
    return may(role, Permission.CONTACT) or assignee_of(found) == role


def _find(request: DeskRequest, activity_id: UUID) -> Activity:
    activities = Activity.objects.select_related("customer__party", "customer__creditor")
    return get_object_or_404(activities.filter(organization_id=request.organization.id, pk=activity_id))


def _channel(name: str) -> str:
    return name if name in Channel.values else ""


def _place(channel: str) -> int:
    """The order of the lists: calls first, the team's own tasks last."""
    return _ORDER.index(channel)


def _steps(organization_id: UUID) -> dict[str, str]:
    """What the steps of the manuals in force are called, and what is no step."""
    manuals = active_manuals(organization_id).values()
    return {step.code: step.name for manual in manuals for step in manual.steps} | {
        code: _(name) for code, name in BESIDE_STEPS.items()
    }


def _later(organization_id: UUID, now: datetime, channel: str) -> QuerySet[Activity]:
    rows = Activity.objects.filter(organization_id=organization_id, state=State.TO_DO, channel=channel)
    return rows.filter(not_before__gt=now).select_related("customer")


def _planned(later: QuerySet[Activity]) -> datetime | None:
    first: datetime | None = later.aggregate(first=Min("not_before"))["first"]
    return first


def _ours(request: DeskRequest, rows: QuerySet[Activity]) -> QuerySet[Activity]:
    """Without what goes to members in another role."""
    return for_role(request.organization.id, rows, request.membership.role)


def _beside(request: DeskRequest, found: Activity) -> Activity | None:
    """The one to do after this one."""
    every = to_make(request.organization.id, request.actor.now, channel=found.channel).exclude(pk=found.pk)
    rows = _ours(request, every).filter(TupleLessThan(("value", "id"), (found.value, found.id)))
    return rows.order_by("-value", "-id").first()


class _Around(NamedTuple):
    """Where one stands among those to do now: how many are worth more, how many there are (None: very many), who is beside it."""

    ahead: int | None
    every: int | None
    previous: Activity | None
    following: Activity | None


def _around(rows: QuerySet[Activity], found: Activity) -> _Around:
    """The place of one among the first `_MANY`; one further down, or not to be done now, has the first of them after it."""
    # Behind row-level security no index compares amounts: the first ones are read in their order, and looked through here.
    ids = list(rows.order_by("-value", "-id").values_list("pk", flat=True)[: _MANY + 1])
    ahead = ids.index(found.pk) if found.pk in ids else None
    before = ids[ahead - 1] if ahead else None
    after = next(iter(ids[0 if ahead is None else ahead + 1 :]), None)
    beside = rows.in_bulk([key for key in (before, after) if key])
    every = len(ids) if len(ids) <= _MANY else None
    return _Around(ahead, every, beside.get(before), beside.get(after))


def _after(request: DeskRequest, following: Activity | None, channel: str) -> str:
    """Where one goes on after a result: whoever calls or visits takes the next customer, tasks and letters follow each other."""
    if channel in SPOKEN and may(request.membership.role, Permission.CONTACT):
        return _next(request, channel)
    if following is not None:
        return address(request, "call", following.id)
    return address(request, "queue") + f"?channel={channel}"


def _next(request: DeskRequest, channel: str) -> str:
    """The page of the next customer, taken; the list where nobody is left."""
    found = actions.next_for(request.actor, request.membership.role, channel)
    if found.activity is None:
        planned = _planned(_ours(request, _later(request.organization.id, request.actor.now, channel)))
        resting = queueing.resting(found.resting, request.actor.now, planned)
        messages.info(request, " ".join(filter(None, (_("Nobody is left whom you may reach at this hour."), resting))))
        return address(request, "queue") + f"?channel={channel}"
    resting = queueing.resting(found.resting, request.actor.now)
    if resting and resting != request.session.get(_RESTING):  # said once, and again where it has changed
        messages.info(request, resting)
    request.session[_RESTING] = resting
    return address(request, "call", found.activity.pk)


def _title(counts: Counter[str]) -> str:
    if not counts.total():
        return _("Nobody is left to be called")
    calls, visits, meetings = (counts[one] for one in (Channel.CALL, Channel.VISIT, Channel.MEETING))
    tasks = counts.total() - calls - visits - meetings
    parts = [
        words.format(n=formats.number(n))
        for n, words in (
            (calls, ngettext("{n} call", "{n} calls", calls)),
            (visits, ngettext("{n} visit", "{n} visits", visits)),
            (meetings, ngettext("{n} meeting", "{n} meetings", meetings)),
            (tasks, ngettext("{n} task", "{n} tasks", tasks)),
        )
        if n
    ]
    return _("{what} to do").format(what=formats.listed(parts))
