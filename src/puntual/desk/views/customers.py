"""The customers, as a list."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET

from puntual.desk import formats
from puntual.desk.customers import MOST, VIEWS, Filters, counted, listed
from puntual.desk.pages import DeskRequest, needs, page
from puntual.parties.models import Creditor
from puntual.receivables.models import PortfolioDelta


@require_GET
@needs("view")
def customers(request: DeskRequest) -> HttpResponse:
    """All of them by name, or those overdue, paused or out of reach; narrowed by text, creditor and currency."""
    filters = Filters.of(request)
    rows = listed(request.actor, filters, request)
    all_here = not rows.previous and not rows.next
    creditors = list(Creditor.objects.filter(organization_id=request.organization.id).order_by("name"))
    open_in = PortfolioDelta.objects.filter(organization_id=request.organization.id).values_list("currency", flat=True)
    return page(
        request,
        "desk/customers.html",
        _title(filters, len(rows) if all_here else counted(request.actor, filters)),
        rows=rows,
        filters=filters,
        views=[(view, _view(view)) for view in VIEWS],
        creditors=creditors,
        currencies=sorted(open_in.distinct()),
    )


def _view(view: str) -> str:
    return {
        "all": pgettext("customers", "All"),
        "overdue": pgettext("customers", "Overdue"),
        "held": pgettext("customers", "Paused"),
        "unreachable": pgettext("customers", "Without contact"),
    }[view]


def _title(filters: Filters, count: int) -> str:
    if filters.view == "overdue":
        text = ngettext("{n} customer owes something overdue", "{n} customers owe something overdue", count)
    elif filters.view == "held":
        text = ngettext("{n} customer is paused", "{n} customers are paused", count)
    elif filters.view == "unreachable":
        text = ngettext("{n} customer cannot be reached", "{n} customers cannot be reached", count)
    else:
        text = ngettext("{n} customer", "{n} customers", count)
    if count > MOST:
        return text.format(n=_("More than {n}").format(n=formats.number(MOST)))
    return text.format(n=formats.number(count))
