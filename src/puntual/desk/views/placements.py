"""What is placed with an agency or with legal, and what is proposed to be written off."""

from decimal import Decimal
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from puntual.desk import agreeing, formats
from puntual.desk.deciding import WhyForm
from puntual.desk.keyset import paginate
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.desk.sheets import accepted, done, sheet
from puntual.desk.standing import coded
from puntual.placements import actions
from puntual.placements.models import KeptOpen, Placement, WriteOffProposal
from puntual.receivables.models import Installment

KINDS = {"agency": gettext_lazy("Agency"), "legal": gettext_lazy("Legal")}
_SHOWN = 50


class DecideForm(WhyForm):
    """Yes or no, and why."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[("yes", gettext_lazy("Write it off")), ("no", pgettext_lazy("decision", "Refuse"))],
    )
    field_order = ("decision", "why")


@require_GET
@needs("view")
def placements(request: DeskRequest) -> HttpResponse:
    """What waits to be written off, then what is placed with others, the latest first."""
    org = request.organization.id
    proposals = WriteOffProposal.objects.filter(organization_id=org, state=WriteOffProposal.State.WAITING)
    waiting = list(proposals.select_related("customer").order_by("-proposed_on", "-id")[:_SHOWN])
    rows = paginate(
        Placement.objects.filter(organization_id=org).select_related("customer"),
        request,
        by=("placed_on", "id"),
        descending=True,
    )
    kept = KeptOpen.objects.filter(organization_id=org, reviewed_on=None)
    placed = Placement.objects.filter(organization_id=org, recalled_on=None).count()
    title = ngettext("{n} customer is placed with others", "{n} customers are placed with others", placed)
    return page(
        request,
        "desk/placements.html",
        title.format(n=formats.number(placed)) if placed else _("Nothing is placed with others"),
        tabs=agreeing.tabs(),
        here="placements",
        waiting=waiting,
        kept=list(kept.select_related("customer").order_by("review_on", "id")[:_SHOWN]),
        rows=rows,
        kinds={name: str(words) for name, words in KINDS.items()},
        sums={one.id: handed(one) for one in rows.items},
    )


@require_http_methods(("GET", "POST"))
@needs("settings")
def recall(request: DeskRequest, placement_id: UUID) -> HttpResponse:
    """Take a debt back from whom it was placed with."""
    rows = Placement.objects.select_related("customer")
    placement = get_object_or_404(rows, organization_id=request.organization.id, id=placement_id)
    back = address(request, "placements")
    form = WhyForm(request.POST or None)
    if request.method == "POST" and accepted(
        form, lambda given: actions.recall(request.actor, placement.id, why=given["why"])
    ):
        messages.success(request, _("Recalled: {customer}").format(customer=placement.customer.name))
        return done(request, back)
    about = _("The manual goes on where it stood.")
    title = _("Recall {customer} from {whom}").format(customer=placement.customer.name, whom=placement.with_whom)
    return sheet(request, form, title, back, verb=_("Recall"), about=about)


@require_http_methods(("GET", "POST"))
@needs("adjust")
def decide(request: DeskRequest, proposal_id: UUID) -> HttpResponse:
    """Write off what was proposed, or refuse it."""
    rows = WriteOffProposal.objects.select_related("customer")
    proposal = get_object_or_404(rows, organization_id=request.organization.id, id=proposal_id)
    back = address(request, "placements")
    form = DecideForm(request.POST or None)
    if request.method == "POST" and accepted(
        form,
        lambda given: actions.decide_write_off(
            request.actor, proposal.id, approve=given["decision"] == "yes", why=given["why"]
        ),
    ):
        messages.success(request, _("Decided: {customer}").format(customer=proposal.customer.name))
        return done(request, back)
    about = _("{name} proposes to write off {amounts}: {why}").format(
        name=proposal.proposed_by, amounts=_open(proposal), why=proposal.why
    )
    title = _("Write {customer} off?").format(customer=proposal.customer.name)
    return sheet(request, form, title, back, verb=_("Decide"), about=about)


def _open(proposal: WriteOffProposal) -> str:
    """What is open by now of what is proposed."""
    rows = Installment.objects.filter(organization_id=proposal.organization_id, id__in=proposal.items)
    sums: dict[str, Decimal] = {}
    for amount, currency in rows.values_list("open_amount", "currency"):
        sums[currency] = sums.get(currency, Decimal(0)) + amount
    return ", ".join(coded(amount, currency) for currency, amount in sorted(sums.items()))


def handed(placement: Placement) -> str:
    """What was asked for when it was placed."""
    return ", ".join(coded(Decimal(amount), currency) for currency, amount in sorted(placement.handed_over.items()))
