"""Account statements that go out by themselves: on which day of the month, to whom; and how many visits a day takes."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.desk.sheets import accepted, done, sheet
from puntual.desk.views.customer import find
from puntual.desk.watched import Watched
from puntual.outreach import actions
from puntual.outreach.capacities import MOST_PER_DAY
from puntual.outreach.models import Capacity, StatementSchedule
from puntual.outreach.monthly_statements import LAST_DAY, Scope
from puntual.parties.models import Creditor
from puntual.strategies.models import StoredSegment

GET_POST = ("GET", "POST")
_BY_HAND = ("letter", "visit", "meeting")


class ScheduleForm(Watched):
    """One schedule; without a day, never."""

    scope = forms.ChoiceField(label=gettext_lazy("For"))
    day = forms.IntegerField(
        label=gettext_lazy("Day of the month"),
        help_text=gettext_lazy("From 1 to 28; empty: never."),
        min_value=1,
        max_value=LAST_DAY,
        required=False,
    )
    approve = forms.BooleanField(label=gettext_lazy("A person looks at each first"), required=False)

    def __init__(self, scopes: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if scopes:
            self.fields["scope"].choices = scopes  # type: ignore[attr-defined]
        else:
            del self.fields["scope"]


class ByHandForm(Watched):
    """How many letters, visits and meetings a day takes; none given, none are planned."""

    letter = forms.IntegerField(
        label=gettext_lazy("Letters a day"), min_value=0, max_value=MOST_PER_DAY, required=False
    )
    visit = forms.IntegerField(label=gettext_lazy("Visits a day"), min_value=0, max_value=MOST_PER_DAY, required=False)
    meeting = forms.IntegerField(
        label=gettext_lazy("Meetings a day"), min_value=0, max_value=MOST_PER_DAY, required=False
    )


@require_GET
@needs("view")
def statements(request: DeskRequest) -> HttpResponse:
    """Every schedule there is, the widest first."""
    rows = StatementSchedule.objects.filter(organization_id=request.organization.id)
    rows = rows.select_related("customer", "segment", "creditor")
    ordered = sorted(
        rows, key=lambda row: (bool(row.customer_id), bool(row.segment_id), bool(row.creditor_id), _name(row))
    )
    return page(request, "desk/statements.html", _("Account statements"), rows=[(row, _name(row)) for row in ordered])


def _name(row: StatementSchedule) -> str:
    named = row.customer or row.segment or row.creditor
    return named.name if named else _("Everybody")


@require_http_methods(GET_POST)
@needs("settings")
def schedule(request: DeskRequest) -> HttpResponse:
    """Say on which day of the month they go out to everybody, to a creditor's customers or to a segment."""
    org = request.organization.id
    creditors = {f"creditor-{one.id}": one for one in Creditor.objects.filter(organization_id=org).order_by("name")}
    segments = {
        f"segment-{one.id}": one for one in StoredSegment.objects.filter(organization_id=org).order_by("position")
    }
    scopes = [("", _("Everybody")), *((key, one.name) for key, one in (creditors | segments).items())]
    back = address(request, "statements")
    form = ScheduleForm(scopes, request.POST or None)
    form.fields["scope"].required = False
    if request.method == "POST" and accepted(
        form,
        lambda given: actions.set_schedule(
            request.actor,
            Scope(segment=segments.get(given["scope"]), creditor=creditors.get(given["scope"])),
            given["day"],
            approve=given["approve"],
        ),
    ):
        messages.success(request, _("Saved. It counts from now on."))
        return done(request, back)
    about = _(
        "They inform of what is open and ask for nothing: they are no step, and never go out beside another contact."
    )
    return sheet(request, form, _("Account statements once a month"), back, about=about)


@require_http_methods(GET_POST)
@needs("edit_customers")
def of_customer(request: DeskRequest, customer_id: UUID) -> HttpResponse:
    """A customer's own day, or never, whatever holds for the others."""
    customer = find(request, customer_id)
    back = address(request, "customer", customer.id)
    own = StatementSchedule.objects.filter(organization_id=request.organization.id, customer=customer).first()
    initial = {"day": own.day if own else None, "approve": bool(own and own.approve)}
    form = ScheduleForm([], request.POST or None, initial=initial)
    if request.method == "POST" and accepted(
        form,
        lambda given: actions.set_schedule(
            request.actor, Scope(customer=customer), given["day"], approve=given["approve"]
        ),
    ):
        messages.success(request, _("Saved. It counts from now on."))
        return done(request, back)
    title = _("Account statements of {customer}").format(customer=customer.name)
    return sheet(request, form, title, back, about=_("This is for this customer alone, whatever holds for the others."))


@require_POST
@needs("settings")
def drop(request: DeskRequest, schedule_id: UUID) -> HttpResponse:
    """Let the wider schedule decide again."""
    try:
        actions.drop_schedule(request.actor, schedule_id)
    except StatementSchedule.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("Taken away. What holds for the others holds here too."))
    return redirect(address(request, "statements"))


@require_http_methods(GET_POST)
@needs("settings")
def in_person(request: DeskRequest) -> HttpResponse:
    """How many letters, visits and meetings the team can make in a day: without any, no step is taken by them."""
    rows = Capacity.objects.filter(organization_id=request.organization.id, channel__in=_BY_HAND)
    form = ByHandForm(
        request.POST or None, initial={**dict.fromkeys(_BY_HAND), **dict(rows.values_list("channel", "per_day"))}
    )
    back = address(request, "channels")

    def act(given: dict[str, Any]) -> None:
        for channel in _BY_HAND:
            actions.set_capacity(request.actor, channel, given[channel] or None)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Saved. It counts from the next day that is planned."))
        return done(request, back)
    about = _("A step is taken by a letter, a visit or a meeting only where the day has room for it. Empty: none.")
    return sheet(request, form, _("Letters, visits and meetings"), back, about=about)
