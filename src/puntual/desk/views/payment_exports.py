"""Payments for accounting: what was exported when and by whom, a new export, and any of them as a file."""

from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from puntual.analytics.payment_exports import report_of
from puntual.desk import keyset
from puntual.desk.fields import DayField
from puntual.desk.forms import carried_out
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.desk.views.portfolio import FILES, as_file
from puntual.parties.models import Creditor
from puntual.payments.exporting.actions import export_payments
from puntual.payments.exporting.models import PaymentExport
from puntual.payments.exporting.queries import exports_of


class ExportForm(forms.Form):
    """What no export had before, or a period."""

    what = forms.ChoiceField(
        label=gettext_lazy("What"),
        choices=[("new", gettext_lazy("Since the last export")), ("period", gettext_lazy("A period"))],
    )
    from_on = DayField(label=gettext_lazy("From the day"), required=False)
    to_on = DayField(label=gettext_lazy("Through"), required=False)
    creditor = forms.ChoiceField(label=gettext_lazy("Creditor"), required=False)

    def __init__(self, creditors: list[Creditor], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = [("", _("All of them")), *((str(one.id), one.name) for one in creditors)]
        self.fields["creditor"].choices = choices  # type: ignore[attr-defined]
        if len(creditors) < 2:
            self.fields["creditor"].widget = forms.HiddenInput()


@require_GET
@needs("export")
def exports(request: DeskRequest) -> HttpResponse:
    """Every export, the latest first."""
    return _page(request, ExportForm(_creditors(request)))


@require_POST
@needs("export")
def make(request: DeskRequest) -> HttpResponse:
    """One more export; it is kept what it had."""
    form = ExportForm(_creditors(request), request.POST)

    def act(what: str, creditor: str, **period: object) -> None:
        days = {} if what == "new" else period
        creditor_id = UUID(creditor) if creditor else None
        export_payments(request.actor, only_new=what == "new", creditor_id=creditor_id, **days)  # type: ignore[arg-type]

    if carried_out(form, act):
        return redirect(address(request, "payment_exports"))
    return _page(request, form)


@require_GET
@needs("export")
def download(request: DeskRequest, export_id: UUID, kind: str) -> HttpResponse:
    """An export as a file, the same whenever it is asked for."""
    if kind not in FILES:
        raise Http404
    found = get_object_or_404(PaymentExport, organization_id=request.organization.id, id=export_id)
    name = f"{request.organization.slug}-payments-{found.number}.{kind}"
    return as_file(report_of(found), kind, name)


def _page(request: DeskRequest, form: ExportForm) -> HttpResponse:
    rows = keyset.paginate(exports_of(request.organization.id), request, by=("-number",))
    return page(
        request,
        "desk/payment_exports.html",
        _("Payments for accounting"),
        422 if form.is_bound else 200,
        form=form,
        rows=rows,
        files=list(FILES),
    )


def _creditors(request: DeskRequest) -> list[Creditor]:
    return list(Creditor.objects.filter(organization_id=request.organization.id).order_by("name"))
