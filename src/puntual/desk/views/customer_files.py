"""A customer's own files: kept, handed out, taken away."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from puntual.desk.forms.customers import WhyForm
from puntual.desk.forms.disputes import FILES
from puntual.desk.kept_files import handed_out
from puntual.desk.pages import DeskRequest, address, needs
from puntual.desk.sheets import accepted, done, sheet
from puntual.desk.views.customer import find
from puntual.disputes.evidence import MOST_BYTES
from puntual.outreach import actions
from puntual.outreach.models import CustomerFile

GET_POST = ("GET", "POST")


class FileForm(forms.Form):
    """A file, and what it is."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": FILES}),
        help_text=gettext_lazy("A PDF, a picture, a Word or Excel document, an e-mail or plain text of up to 10 MB."),
    )
    about = forms.CharField(label=gettext_lazy("What it is"), max_length=200, required=False)
    theirs = forms.BooleanField(label=gettext_lazy("The customer supplied it"), required=False)


@require_http_methods(GET_POST)
@needs("hold")
def keep(request: DeskRequest, customer_id: UUID) -> HttpResponse:
    """Keep a file with the customer."""
    customer = find(request, customer_id)
    back = address(request, "customer_tab", customer.id, "files")
    form = FileForm(request.POST or None, request.FILES or None)

    def act(given: dict[str, Any]) -> object:
        content = given["file"].read(MOST_BYTES + 1)
        name, about = given["file"].name, given["about"]
        return actions.keep_file(request.actor, customer.id, name, content, about=about, theirs=given["theirs"])

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("The file is kept."))
        return done(request, back)
    about = _("It is kept as it is, with its hash, and never changed.")
    title = _("A file about {customer}").format(customer=customer.name)
    return sheet(request, form, title, back, verb=_("Attach"), about=about)


@require_GET
@needs("view")
def file(request: DeskRequest, file_id: UUID) -> HttpResponse:
    """A file as it was supplied: no browser opens it in our name."""
    found = _find(request, file_id)
    return handed_out(found.name, bytes(found.content), found.kind)


@require_http_methods(GET_POST)
@needs("hold")
def remove(request: DeskRequest, file_id: UUID) -> HttpResponse:
    """Take away a file that was put there by mistake."""
    found = _find(request, file_id)
    back = address(request, "customer_tab", found.customer_id, "files")
    form = WhyForm(request.POST or None)
    if request.method == "POST" and accepted(
        form, lambda given: actions.remove_customer_file(request.actor, found.id, given["why"])
    ):
        messages.success(request, _("The file is gone; its name stays on record."))
        return done(request, back)
    about = _("Its content cannot be brought back. Its name, its hash and your reason stay on record.")
    title = _("Take “{name}” away").format(name=found.name)
    return sheet(request, form, title, back, verb=_("Take it away"), about=about)


def _find(request: DeskRequest, file_id: UUID) -> CustomerFile:
    rows = CustomerFile.objects.filter(organization_id=request.organization.id, removed_at=None)
    return get_object_or_404(rows.filter(id=file_id))
