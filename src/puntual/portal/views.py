"""What a customer does without signing in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from puntual.organizations.actions import actor_of
from puntual.organizations.models import Organization
from puntual.outreach.optout import read_link, stop
from puntual.parties.models import ContactPoint
from puntual.tenancy.scope import acting_for


@csrf_exempt  # mail programs post without a form of ours (RFC 8058); the signed key is the permission
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_messages(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the messages to one address. Opening the link only asks: programs that check mail for viruses open every link."""
    keys = read_link(token)
    organization = Organization.objects.filter(pk=keys[0]).first() if keys else None
    if keys is None or organization is None:
        return render(request, "portal/stop.html", {"state": "unknown"}, status=404)
    with acting_for(organization.id):
        points = ContactPoint.objects.select_related("customer__creditor")
        point = points.filter(organization_id=organization.id, pk=keys[1]).first()
        if point is None:
            return render(request, "portal/stop.html", {"state": "unknown"}, status=404)
        if request.method == "POST":
            stop(actor_of(organization, timezone.now(), name=point.value), point)
            point.refresh_from_db()
        creditor = point.customer.creditor
        stopped = point.consent == ContactPoint.ConsentState.WITHDRAWN
        shown = {
            "state": "stopped" if stopped else "asked",
            "creditor": creditor.name,
            "email": creditor.email,
            "phone": creditor.phone,
            "address": hidden(point.value),
        }
        language = point.language or point.customer.language
    with translation.override(language):
        return render(request, "portal/stop.html", {**shown, "language": language})


def hidden(value: str) -> str:
    """Enough of an address or a number to be recognized by its owner, and no more."""
    name, at, domain = value.partition("@")
    return f"{name[:1]}…\N{WORD JOINER}{at}{domain}" if at else f"…{value[-3:]}"
