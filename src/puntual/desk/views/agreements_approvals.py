"""What goes beyond the manual's limits and waits for a yes: the list, one with the customer's history, and a customer's."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods

from puntual.agreements import beyond
from puntual.agreements.actions import decide
from puntual.agreements.approval_queries import approvals as asked_for
from puntual.agreements.approval_queries import subject_of
from puntual.agreements.approvals import may_decide
from puntual.agreements.models import Approval, Extension, Plan
from puntual.agreements.profiles.queries import current
from puntual.agreements.profiles.words import in_words
from puntual.agreements.track import Track, track_of
from puntual.desk import agreeing, formats
from puntual.desk.forms.approvals import DecisionForm
from puntual.desk.keyset import paginate
from puntual.desk.pages import DeskRequest, address, authority, needs
from puntual.desk.sheets import accepted, done, sheet
from puntual.parties.models import Customer
from puntual.strategies.segment_queries import figures_of
from puntual.strategies.segments import Figures

STATES = ("waiting", "approved", "refused", "lapsed", "all")
ON_A_TAB = 12


@require_GET
@needs("view")
def approvals(request: DeskRequest) -> HttpResponse:
    """What waits, the longest first; or what was decided, the latest first."""
    narrowed = agreeing.Narrowed.of(request, STATES)
    state = "" if narrowed.state == "all" else narrowed.state
    found = narrowed.within(
        asked_for(request.organization.id, state),
        "asked_at__date",
        creditor="customer__creditor",
        currency="customer__creditor__currency",
    )
    rows = paginate(found, request, by=("asked_at", "id"), descending=narrowed.state != "waiting")
    rows.items[:] = [_line(request, one) for one in rows.items]
    return agreeing.listing(
        request,
        "approvals",
        _("Approvals"),
        states=[(one, _state(one)) for one in STATES],
        narrowed=narrowed,
        rows=rows,
        empty=(_("Nothing waits here"), _("What goes beyond the manual's limits is asked for here, with its reason.")),
    )


@require_http_methods(("GET", "POST"))
@needs("approve")
def approval(request: DeskRequest, approval_id: UUID) -> HttpResponse:
    """One: what is asked, which limits are passed, the customer's history in short; and the decision."""
    found = get_object_or_404(asked_for(request.organization.id).filter(pk=approval_id))
    back = address(request, "approvals")
    form = DecisionForm(request.POST or None)
    by = request.actor
    role = authority(request)
    mine = found.asked_by_id == by.user_id
    if request.method == "POST" and accepted(
        form,
        lambda given: decide(request.actor, found.id, approve=given["decision"] == "yes", why=given["why"], role=role),
    ):
        messages.success(request, _("Decided: {customer}").format(customer=found.customer.name))
        return done(request, back)
    figures = figures_of(request.organization.id, [found.customer_id], request.actor.today).get(found.customer_id)
    finding = current(request.organization.id, found.customer_id)
    return sheet(
        request,
        form,
        _("{kind} for {customer}").format(kind=_capital(beyond.kind(found.kind)), customer=found.customer.name),
        back,
        verb=_("Decide"),
        template="desk/parts/approval.html",
        approval=found,
        wanted=_wanted(subject_of(found), request.actor.today),
        passed=beyond.sentences(found.beyond),
        decides=beyond.role(found.needs_role),
        open=found.decision == Approval.Decision.WAITING,
        state=_state(found.decision),
        mine=mine,
        may_decide=may_decide(found, request.actor.user_id, role),
        history=[*_habits(figures), *_track(track_of(request.organization.id, found.customer_id))],
        finding=finding,
        profile=in_words(finding) if finding else "",
    )


def part(request: DeskRequest, customer: Customer) -> dict[str, Any] | None:
    """What was asked for the customer, the latest first; no part where nothing ever was."""
    rows = asked_for(request.organization.id).filter(customer=customer).order_by("-asked_at", "-id")[:ON_A_TAB]
    found = [_line(request, one) for one in rows]
    return {"rows": found} if found else None


def _line(request: DeskRequest, one: Approval) -> dict[str, Any]:
    return {
        "one": one,
        "customer": one.customer,
        "kind": beyond.kind(one.kind),
        "passed": beyond.sentences(one.beyond),
        "decides": beyond.role(one.needs_role),
        "state": _state(one.decision),
        "open": one.decision == Approval.Decision.WAITING,
        "may_decide": may_decide(one, request.actor.user_id, request.membership.role),
    }


def _state(name: str) -> str:
    return {
        "waiting": pgettext("approval", "Waiting"),
        "approved": pgettext("approval", "Approved"),
        "refused": pgettext("approval", "Refused"),
        "lapsed": pgettext("approval", "Lapsed"),
        "all": pgettext("approval", "All"),
    }[name]


def _wanted(subject: Extension | Plan | None, today: date) -> str:
    """What would be granted, in a sentence."""
    if isinstance(subject, Extension):
        text = _("Invoice {number}: from {before} to {after}.")
        return text.format(
            number=subject.installment.invoice.number,
            before=formats.short_date(subject.from_due, today),
            after=formats.short_date(subject.to_due, today),
        )
    if subject is None:
        return ""
    principal = f"{subject.currency} {formats.money(subject.principal, subject.currency)}"
    if subject.discount:
        less = f"{subject.currency} {formats.money(subject.discount, subject.currency)}"
        return _("{number}: {principal}, of which {less} would be waived.").format(
            number=subject.number, principal=principal, less=less
        )
    return _("{number}: {principal} in parts.").format(number=subject.number, principal=principal)


def _habits(figures: Figures | None) -> list[str]:
    """How long and how well the customer has paid."""
    if figures is None:
        return []
    said = [
        _("{currency} {amount} open").format(currency=currency, amount=formats.money(amount, currency))
        for currency, amount in sorted(figures.open.items())
    ]
    text = ngettext("a customer for {n} day", "a customer for {n} days", figures.known_days)
    said.append(text.format(n=formats.number(figures.known_days)))
    if figures.usual_delay is not None:
        late = figures.usual_delay
        text = ngettext("usually {n} day late", "usually {n} days late", late) if late > 0 else _("usually in time")
        said.append(text.format(n=formats.number(late)))
    return said


def _track(track: Track) -> list[str]:
    """What became of what was agreed before."""
    counts = (
        (track.promises_kept, ngettext("{n} promise kept", "{n} promises kept", track.promises_kept)),
        (track.promises_broken, ngettext("{n} promise broken", "{n} promises broken", track.promises_broken)),
        (track.plans_completed, ngettext("{n} plan completed", "{n} plans completed", track.plans_completed)),
        (track.plans_broken, ngettext("{n} plan broken", "{n} plans broken", track.plans_broken)),
        (track.extensions, ngettext("{n} extension before", "{n} extensions before", track.extensions)),
        (track.exceptions, ngettext("{n} exception before", "{n} exceptions before", track.exceptions)),
    )
    return [text.format(n=formats.number(count)) for count, text in counts if count]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
