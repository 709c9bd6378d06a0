"""Today: what waits for the person."""

from django.http import HttpResponse
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from puntual.desk import formats
from puntual.desk.pages import DeskRequest, needs, page
from puntual.outreach.models import Activity


@require_GET
@needs("view")
def today(request: DeskRequest) -> HttpResponse:
    """Home: what waits for approval."""
    waiting = Activity.objects.filter(organization_id=request.organization.id, state=Activity.State.PROPOSED).count()
    title = ngettext("{n} contact awaits your approval", "{n} contacts await your approval", waiting)
    return page(request, "desk/today.html", title.format(n=formats.number(waiting)))
