"""The inbox: what waits for the reader's decision, the notes in which colleagues name them, and withdrawing a note."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from puntual.agreements.approval_queries import waiting_for
from puntual.analytics.alerts.queries import open_for
from puntual.desk import formats
from puntual.desk.context import MOST
from puntual.desk.forms.customers import WhyForm
from puntual.desk.keyset import paginate
from puntual.desk.pages import DeskRequest, address, authority, needs, page
from puntual.desk.sheets import accepted, done, sheet
from puntual.disputes.queries import live_of
from puntual.organizations.models import User
from puntual.organizations.roles import may
from puntual.outreach import actions
from puntual.outreach.approving import whose_work
from puntual.outreach.models import Activity, Mention
from puntual.outreach.notes.queries import mentions, noted, unseen
from puntual.placements.models import WriteOffProposal

_STATES = ("unread", "all")


class Waiting(NamedTuple):
    """How many of one kind wait for the reader, and where they are seen to."""

    number: int
    what: str
    href: str

    @property
    def shown(self) -> str:
        """1,000+ where no more were counted."""
        return formats.up_to(self.number, MOST)


class Named(NamedTuple):
    """A note that names somebody, and whom where it is one the reader stands in for."""

    mention: Mention
    note: Activity
    for_whom: User | None

    @property
    def unread(self) -> bool:
        return self.mention.seen_at is None and not (self.for_whom and self.mention.stood_in_at)


@require_GET
@needs("view")
def inbox(request: DeskRequest) -> HttpResponse:
    """What is the reader's to decide, and where they, or whom they stand in for, were named, the latest first: what was not read
    yet, or everything.
    """
    state = request.GET.get("state", "unread")
    if state not in _STATES:
        raise Http404
    rows = mentions(request.actor) if state == "all" else unseen(request.actor)
    found = paginate(rows.select_related("customer"), request, by=("at", "id"), descending=True)
    notes = noted(request.organization.id, [one.activity_id for one in found])
    others = _stood_in_for(request)
    waiting = unseen(request.actor).count()
    title = (
        ngettext("{n} note names you", "{n} notes name you", waiting).format(n=formats.number(waiting))
        if waiting
        else _("Nothing new in your inbox")
    )
    return page(
        request,
        "desk/inbox.html",
        title,
        found=found,
        rows=[Named(one, notes[one.activity_id], others.get(one.user_id)) for one in found if one.activity_id in notes],
        decisions=[one for one in _decisions(request) if one.number],
        others=others.values(),
        state=state,
        states=[("unread", pgettext("inbox", "Unread")), ("all", pgettext("inbox", "All"))],
        waiting=waiting,
    )


def _stood_in_for(request: DeskRequest) -> Mapping[UUID, User]:
    """Those whose work is the reader's today."""
    others = whose_work(request.actor) - {request.actor.person}
    return User.objects.in_bulk(others) if others else {}


def _decisions(request: DeskRequest) -> Iterator[Waiting]:
    """What is the reader's to decide or to see to, with that of those they stand in for."""
    by, role, whose = request.actor, request.membership.role, whose_work(request.actor)
    asked = waiting_for(by.organization_id, by.user_id, authority(request)).order_by()
    yield Waiting(asked[:MOST].count(), _("Exceptions to decide"), address(request, "approvals"))
    if may(role, "adjust"):
        proposed = WriteOffProposal.objects.filter(
            organization_id=by.organization_id, state=WriteOffProposal.State.WAITING
        ).exclude(proposed_by_id=by.user_id)
        yield Waiting(proposed[:MOST].count(), _("Write-offs to decide"), address(request, "placements"))
    disputes = live_of(by.organization_id, whose).order_by()[:MOST].count()
    yield Waiting(disputes, _("Disputes to answer"), address(request, "disputes") + "?state=mine")
    _all, alerts = open_for(by.organization_id, whose)
    yield Waiting(alerts, _("Alerts to look at"), address(request, "alerts") + "?state=mine")


@require_POST
@needs("view")
def seen(request: DeskRequest, mention_id: UUID | None = None) -> HttpResponse:
    """Take one, or all of them, as read."""
    try:
        actions.see_mentions(request.actor, mention_id)
    except Mention.DoesNotExist:
        raise Http404 from None
    return redirect(address(request, "inbox"))


@require_http_methods(("GET", "POST"))
@needs("contact")
def withdraw(request: DeskRequest, activity_id: UUID) -> HttpResponse:
    """Take back a note of the team, with the reason."""
    rows = Activity.objects.select_related("customer")
    found = get_object_or_404(rows, organization_id=request.organization.id, pk=activity_id)
    back = address(request, "customer", found.customer_id)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and accepted(
        form, lambda given: actions.withdraw_note(request.actor, found, given["why"])
    ):
        messages.success(request, _("The note is withdrawn. It stays on record as withdrawn."))
        return done(request, back)
    title = _("Withdraw a note about {customer}").format(customer=found.customer.name)
    return sheet(request, form, title, back, verb=_("Withdraw"), about=found.note)
