"""The inbox: the notes in which colleagues name the reader, and withdrawing a note."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from puntual.desk import formats
from puntual.desk.customer_forms import WhyForm
from puntual.desk.keyset import paginate
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.desk.sheets import accepted, done, sheet
from puntual.outreach import actions
from puntual.outreach.models import Activity, Mention
from puntual.outreach.notes.queries import mentions, noted, unseen

_STATES = ("unread", "all")


@require_GET
@needs("view")
def inbox(request: DeskRequest) -> HttpResponse:
    """Where the reader was named, the latest first: what was not read yet, or everything."""
    state = request.GET.get("state", "unread")
    if state not in _STATES:
        raise Http404
    rows = mentions(request.actor) if state == "all" else unseen(request.actor)
    found = paginate(rows.select_related("customer"), request, by=("at", "id"), descending=True)
    notes = noted(request.organization.id, [one.activity_id for one in found])
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
        rows=[(one, notes[one.activity_id]) for one in found if one.activity_id in notes],
        state=state,
        states=[("unread", pgettext("inbox", "Unread")), ("all", pgettext("inbox", "All"))],
        waiting=waiting,
    )


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
    rows = Activity.objects.filter(organization_id=request.organization.id, pk=activity_id).select_related("customer")
    found = rows.first()
    if found is None:
        raise Http404
    back = address(request, "customer", found.customer_id)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and accepted(
        form, lambda given: actions.withdraw_note(request.actor, found, given["why"])
    ):
        messages.success(request, _("The note is withdrawn. It stays on record as withdrawn."))
        return done(request, back)
    title = _("Withdraw a note about {customer}").format(customer=found.customer.name)
    return sheet(request, form, title, back, verb=_("Withdraw"), about=found.note)
