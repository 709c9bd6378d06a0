"""Sending an offered plan to the customer to be accepted by link, and what was accepted, word for word."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from puntual.agreements.acceptance.actions import DAYS, MOST_DAYS
from puntual.agreements.models import Acceptance, Plan
from puntual.desk.pages import DeskRequest, address, needs
from puntual.desk.sheets import accepted, done, sheet
from puntual.desk.views.documents import as_file
from puntual.outreach.acceptances import usable_points
from puntual.outreach.actions import send_acceptance_link
from puntual.outreach.channels import Document


class SendForm(forms.Form):
    """To which address, and for how long."""

    point = forms.ChoiceField(label=gettext_lazy("To"))
    days = forms.IntegerField(
        label=gettext_lazy("Days the link can be used"), min_value=1, max_value=MOST_DAYS, initial=DAYS
    )


@require_http_methods(["GET", "POST"])
@needs("contact")
def send(request: DeskRequest, plan_id: UUID) -> HttpResponse:
    """A link to one address; the code goes there as well."""
    plan = get_object_or_404(
        Plan.objects.select_related("customer"), organization_id=request.organization.id, id=plan_id
    )
    form = SendForm(request.POST or None)
    points = usable_points(plan.customer)
    form.fields["point"].choices = [  # type: ignore[attr-defined]
        (str(one.id), f"{one.value} · {one.person.name}" if one.person else one.value) for one in points
    ]
    back = address(request, "plan", plan.id)

    def act(given: dict[str, object]) -> None:
        send_acceptance_link(request.actor, plan.id, UUID(str(given["point"])), days=int(str(given["days"])))

    if request.method == "POST" and accepted(form, act):
        if request.organization.is_live:
            messages.success(request, _("Sent. The answer shows up here."))
        else:
            messages.success(request, _("It lies in the capture mailbox, as everything does in rehearsal."))
        return done(request, back)
    about = _(
        "They read the agreement by a link, get a code at the same address and accept it or not. Links sent before close."
    )
    if not points:
        about = _("There is no e-mail address and no mobile number for this customer. Enter one first.")
    title = _("Send {number} to be accepted").format(number=plan.number)
    return sheet(request, form, title, back, verb=_("Send"), about=about)


@require_GET
@needs("view")
def kept(request: DeskRequest, plan_id: UUID, acceptance_id: UUID) -> HttpResponse:
    """The document that was shown and answered, as it was kept."""
    rows = Acceptance.objects.select_related("plan").filter(organization_id=request.organization.id, plan=plan_id)
    found = get_object_or_404(rows, id=acceptance_id)
    if found.accepted_at is None:
        raise Http404
    return as_file(Document(f"{found.plan.number}.pdf", "application/pdf", bytes(found.document)))
