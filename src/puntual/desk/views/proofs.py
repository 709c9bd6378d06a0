"""Required notices that wait for the proof of their delivery."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from puntual.desk import formats, keyset
from puntual.desk.forms import carried_out
from puntual.desk.forms.printing import ProofForm
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.desk.views.documents import as_file
from puntual.outreach.actions import record_proof
from puntual.outreach.channels import Document
from puntual.outreach.channels.letter.models import DeliveryProof
from puntual.outreach.channels.letter.proving import MOST_BYTES, document_of
from puntual.outreach.channels.letter.queries import proofs_lately
from puntual.outreach.models import Activity
from puntual.outreach.proofs import wanted_proofs, without_proof

_LATELY = 20
_SUFFIXES = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}


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
    form = ProofForm(request.POST, request.FILES)
    kept: list[DeliveryProof] = []
    if carried_out(form, lambda **given: kept.append(_file(request, found, **given))):
        if kept[0].had:
            messages.success(request, _("Kept: the notice counts as delivered from now on."))
        else:
            messages.success(request, _("Kept. The notice does not count as delivered; the step is planned anew."))
        return redirect(address(request, "proofs"))
    return _list(request, found, form)


def _file(
    request: DeskRequest, found: Activity, *, proof: str, outcome: str, on: date | None, document: UploadedFile | None
) -> DeliveryProof:
    scan = document_of(document.name or "", document.read(MOST_BYTES + 1)) if document else None
    return record_proof(request.actor, found, proof, outcome=outcome or "delivered", on=on, document=scan)


@require_GET
@needs("view")
def proof_file(request: DeskRequest, proof_id: UUID) -> HttpResponse:
    """The scan of a proof, as it came."""
    found = DeliveryProof.objects.filter(organization_id=request.organization.id, pk=proof_id).first()
    if found is None or found.content is None:
        raise Http404
    return as_file(
        Document(f"proof-{found.pk}{_SUFFIXES[found.content_type]}", found.content_type, bytes(found.content))
    )


def _list(request: DeskRequest, about: Activity | None = None, form: ProofForm | None = None) -> HttpResponse:
    organization_id = request.organization.id
    rows = keyset.paginate(without_proof(organization_id), request, by=("settled_at", "id"), descending=True)
    wanted = wanted_proofs(organization_id)
    lines = [
        (one, wanted[one.version_id, one.step], form if about and form and one.id == about.id else ProofForm())
        for one in rows
    ]
    filed = list(proofs_lately(organization_id).order_by("-recorded_at", "-id")[:_LATELY])
    return page(
        request,
        "desk/proofs.html",
        _title(len(rows), more=bool(rows.next or rows.previous)),
        rows=rows,
        lines=lines,
        filed=filed,
    )


def _title(count: int, *, more: bool) -> str:
    if not count:
        return _("Every required notice has its proof")
    if more:
        return _("Notices without their proof")
    return ngettext("{n} notice without its proof", "{n} notices without their proof", count).format(
        n=formats.number(count)
    )
