"""Required notices that wait for the proof of their delivery."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from puntual.desk import formats, keyset
from puntual.desk.forms import carried_out
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.outreach.actions import record_proof
from puntual.outreach.models import Activity
from puntual.outreach.proofs import wanted_proofs, without_proof


class ProofForm(forms.Form):
    """What proves that a notice was delivered."""

    proof = forms.CharField(label=gettext_lazy("Proof of delivery"), max_length=300)


@require_GET
@needs("view")
def proofs(request: DeskRequest) -> HttpResponse:
    """The notices, the latest first, each with what would prove it."""
    return _list(request)


@require_POST
@needs("contact")
def prove(request: DeskRequest, activity_id: UUID) -> HttpResponse:
    """Keep the proof of one notice."""
    found = get_object_or_404(Activity, organization_id=request.organization.id, id=activity_id)
    form = ProofForm(request.POST)
    if carried_out(form, lambda proof: record_proof(request.actor, found, proof)):
        messages.success(request, _("Kept: the notice counts as delivered from now on."))
        return redirect(address(request, "proofs"))
    return _list(request, found, form)


def _list(request: DeskRequest, about: Activity | None = None, form: ProofForm | None = None) -> HttpResponse:
    organization_id = request.organization.id
    rows = keyset.paginate(without_proof(organization_id), request, by=("settled_at", "id"), descending=True)
    wanted = wanted_proofs(organization_id)
    lines = [
        (one, wanted[one.version_id, one.step], form if about and form and one.id == about.id else ProofForm())
        for one in rows
    ]
    return page(
        request, "desk/proofs.html", _title(len(rows), more=bool(rows.next or rows.previous)), rows=rows, lines=lines
    )


def _title(count: int, *, more: bool) -> str:
    if not count:
        return _("Every required notice has its proof")
    if more:
        return _("Notices without their proof")
    return ngettext("{n} notice without its proof", "{n} notices without their proof", count).format(
        n=formats.number(count)
    )
