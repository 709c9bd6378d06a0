"""A creditor's logo: given, shown and taken away."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from puntual.desk.forms import LogoForm, carried_out
from puntual.desk.pages import DeskRequest, address, needs
from puntual.desk.views import creditors
from puntual.kernel.pictures import MOST_BYTES
from puntual.parties.actions import remove_logo, set_logo
from puntual.parties.logos.queries import logo_of

_LOCKED = "sandbox; default-src 'none'"


@require_POST
@needs("settings")
def give(request: DeskRequest, creditor_id: UUID) -> HttpResponse:
    """Keep a picture as the creditor's logo."""
    found = creditors.find(request, creditor_id)
    form = LogoForm(request.POST, request.FILES, prefix="logo")
    if carried_out(
        form,
        lambda file: set_logo(request.actor, found.id, name=file.name or "", content=file.read(MOST_BYTES + 1)),
        "file",
    ):
        messages.success(request, _("Kept. From now on it stands on letters, account statements and agreements."))
        return redirect(address(request, "creditor", found.id) + "#logo")
    return creditors.show(request, found, logo_form=form)


@require_POST
@needs("settings")
def remove(request: DeskRequest, creditor_id: UUID) -> HttpResponse:
    """No logo any more."""
    found = creditors.find(request, creditor_id)
    remove_logo(request.actor, found.id)
    messages.success(request, _("Documents go without a logo from now on."))
    return redirect(address(request, "creditor", found.id) + "#logo")


@require_GET
@needs("view")
def logo(request: DeskRequest, creditor_id: UUID) -> HttpResponse:
    """The picture as it was drawn anew."""
    content = logo_of(request.organization.id, creditor_id)
    if content is None:
        raise Http404
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": _LOCKED,
        "Cache-Control": "private, no-cache",
    }
    return HttpResponse(content, content_type="image/png", headers=headers)
