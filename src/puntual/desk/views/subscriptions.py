"""Reports by e-mail: who gets which when, a new one, pausing and ending them, and one sent at once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Count, Max
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from puntual.analytics.subscriptions import actions
from puntual.analytics.subscriptions.issuing import schedule_of, send_one_now
from puntual.analytics.subscriptions.models import Issue, Subscription
from puntual.analytics.subscriptions.schedule import Schedule
from puntual.analytics.titles import TITLES, title_of
from puntual.desk import formats
from puntual.desk.formats import sentence
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.desk.sheets import accepted, done, sheet
from puntual.kernel.problems import Problem
from puntual.organizations.calendars import calendar_of
from puntual.organizations.models import User
from puntual.organizations.queries import members_of
from puntual.organizations.roles import Permission, may
from puntual.outreach.staff.models import StaffMail
from puntual.parties.models import Creditor

_FORMATS = {
    Subscription.Format.PDF: gettext_lazy("PDF, attached"),
    Subscription.Format.TABLE: gettext_lazy("a table in the message"),
    Subscription.Format.XLSX: gettext_lazy("a workbook (XLSX), attached"),
    Subscription.Format.CSV: gettext_lazy("CSV, attached"),
}
_MONDAY = date(2024, 1, 1)
_WORKING_DAYS = (1, 2, 3, 4, 5, 10)
"""Which working days of the month are offered."""
_LATELY = timedelta(days=35)


class SubscriptionForm(forms.Form):
    """A report, how it comes, when, and to whom: others only where one may change the settings."""

    report = forms.ChoiceField(label=gettext_lazy("Report"))
    creditor = forms.ChoiceField(label=gettext_lazy("Creditor"), required=False)
    format = forms.ChoiceField(label=gettext_lazy("Comes as"), choices=list(_FORMATS.items()))
    when = forms.ChoiceField(label=gettext_lazy("When"))
    to = forms.MultipleChoiceField(label=gettext_lazy("To"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, request: DeskRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        creditors = Creditor.objects.filter(organization_id=request.organization.id).order_by("name")
        members = members_of(request.organization.id, request.actor.today)
        choices = {
            "report": [(name, title_of(name)) for name in TITLES],
            "creditor": [("", _("All creditors")), *((str(one.id), one.name) for one in creditors)],
            "when": _whens(),
            "to": [(str(one.user_id), str(one.user)) for one in members],
        }
        for name, listed in choices.items():
            self.fields[name].choices = listed  # type: ignore[attr-defined]
        if len(creditors) < 2:
            del self.fields["creditor"]
        if not may(request.membership.role, Permission.SETTINGS):
            del self.fields["to"]


@dataclass(frozen=True, slots=True)
class Row:
    """One subscription as it is listed."""

    subscription: Subscription
    title: str
    readers: str
    when: str
    form: str
    next_on: date | None
    last: str
    mine: bool  # whoever reads is on it
    may_decide: bool


@require_GET
@needs("view")
def subscriptions(request: DeskRequest) -> HttpResponse:
    """Every subscription of the organization, the latest first."""
    rows = list(
        Subscription.objects.filter(organization_id=request.organization.id)
        .select_related("creditor")
        .order_by("-created_at", "-id")[: actions.MOST]
    )
    return page(request, "desk/subscriptions.html", _title(rows), rows=_rows(request, rows))


@require_http_methods(("GET", "POST"))
@needs("view")
def new_subscription(request: DeskRequest) -> HttpResponse:
    """Subscribe to a report, oneself or, with the settings, others too."""
    back = address(request, "subscriptions")
    asked = {name: request.GET[name] for name in ("report", "creditor", "when") if request.GET.get(name)}
    initial = {"format": "pdf", "when": "week 1", "to": [str(request.actor.user_id)], **asked}
    form = SubscriptionForm(request, request.POST or None, initial=initial)

    def act(given: dict[str, Any]) -> None:
        every, _space, on = given["when"].partition(" ")
        chosen = given.get("to", [str(request.actor.person)])
        wanted = actions.Wanted(
            report=given["report"],
            format=given["format"],
            schedule=Schedule(every, int(on) if on else None),
            user_ids=tuple(UUID(one) for one in chosen),
            creditor_id=UUID(given["creditor"]) if given.get("creditor") else None,
        )
        actions.subscribe(request.actor, wanted)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Subscribed. The first one comes on the next of its days, after 7:00."))
        return done(request, back)
    about = _("Each reads it in their own language. Whoever leaves the organization gets nothing any more.")
    return sheet(request, form, _("A report by e-mail"), back, verb=_("Subscribe"), about=about)


@require_POST
@needs("view")
def pause_subscription(request: DeskRequest, subscription_id: UUID) -> HttpResponse:
    """Send nothing for a while."""
    return _done(request, lambda: actions.pause_subscription(request.actor, subscription_id), _("Paused."))


@require_POST
@needs("view")
def resume_subscription(request: DeskRequest, subscription_id: UUID) -> HttpResponse:
    """Go on sending."""
    said = _("It goes on from the next of its days.")
    return _done(request, lambda: actions.resume_subscription(request.actor, subscription_id), said)


@require_POST
@needs("view")
def end_subscription(request: DeskRequest, subscription_id: UUID) -> HttpResponse:
    """Delete it, or take oneself off it."""
    said = _("Done. It is not sent to you any more.")
    return _done(request, lambda: actions.end_subscription(request.actor, subscription_id), said)


@require_POST
@needs("view")
def send_subscription(request: DeskRequest, subscription_id: UUID) -> HttpResponse:
    """Send one now, to whoever asks."""
    said = _("It is on its way to {address}.").format(address=request.user.email)  # type: ignore[union-attr]
    return _done(request, lambda: send_one_now(request.actor, subscription_id), said)


def _done(request: DeskRequest, act: Callable[[], object], said: str) -> HttpResponse:
    try:
        act()
        messages.success(request, said)
    except Subscription.DoesNotExist:
        raise Http404 from None
    except Problem as problem:
        messages.error(request, sentence(problem))
    return redirect(address(request, "subscriptions"))


def _title(rows: list[Subscription]) -> str:
    if not rows:
        return _("No report comes by e-mail yet")
    return ngettext("{n} report comes by e-mail", "{n} reports come by e-mail", len(rows)).format(n=len(rows))


def _rows(request: DeskRequest, found: list[Subscription]) -> list[Row]:
    organization, today = request.organization, request.actor.today
    calendar = calendar_of(organization.id, organization.country)
    whens = dict(_whens())
    people = {one.id: str(one) for one in User.objects.filter(id__in={key for row in found for key in row.user_ids})}
    lasting = {one.user_id for one in members_of(organization.id, today)}
    others = may(request.membership.role, Permission.SETTINGS)
    sent = _sent(request, found)
    rows = []
    for one in found:
        schedule = schedule_of(one)
        following = schedule.next(max(today, one.since - timedelta(days=1)), calendar)
        key = f"{one.every} {one.on or ''}".strip()
        named = [people[each] for each in one.user_ids if each in lasting and each in people]
        rows.append(
            Row(
                subscription=one,
                title=title_of(one.report),
                readers=formats.listed(named) if named else _("nobody any more"),
                when=whens.get(key) or _nth(one.on or 1),
                form=str(_FORMATS[Subscription.Format(one.format)]),
                next_on=None if one.paused_at else following,
                last=sent.get(one.id, ""),
                mine=request.actor.user_id in one.user_ids,
                may_decide=others or set(one.user_ids) == {request.actor.user_id},
            )
        )
    return rows


def _sent(request: DeskRequest, found: list[Subscription]) -> dict[UUID, str]:
    """What became of what each sent lately, in words."""
    org, ids = request.organization.id, [one.id for one in found]
    lately = StaffMail.objects.filter(
        organization_id=org, about_id__in=ids, created_at__gte=request.actor.now - _LATELY
    )
    said: dict[UUID, str] = {}
    states = lately.values_list("about_id", "state").annotate(n=Count("id"), last=Max("created_at")).order_by("last")
    words = {
        "queued": _("on its way"),
        "attempting": _("on its way"),
        "unknown": _("may or may not have arrived"),
        "failed": _("did not leave"),
        "dropped": _("not sent: no member any more"),
    }
    for about_id, state, _n, last in states:
        day = formats.ago(timezone.localtime(last).date(), request.actor.today)
        said[about_id] = f"{words[state]}, {day}" if state in words else _("sent {day}").format(day=day)
    problems = Issue.objects.filter(organization_id=org, subscription__in=ids).exclude(problem="")
    for about_id, problem in problems.order_by("due_on").values_list("subscription_id", "problem"):
        said.setdefault(about_id, problem)
    return said


def _whens() -> list[tuple[str, str]]:
    """The schedules that are offered: each working day, a weekday, a working day of the month."""
    days = [
        (
            f"week {place + 1}",
            _("Weekly, on {weekday}").format(weekday=formats.weekday(_MONDAY + timedelta(days=place))),
        )
        for place in range(5)
    ]
    months = [(f"month {number}", _nth(number)) for number in _WORKING_DAYS]
    return [("day", _("Each working day")), *days, *months]


def _nth(number: int) -> str:
    return _("Monthly, on working day {n}, about the month before").format(n=number)
