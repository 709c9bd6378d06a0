"""The web hook of a mail service: what became of our e-mails, and the mail it took in for us."""

import logging
from collections import Counter

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from puntual.organizations.actions import actor_of
from puntual.organizations.models import Organization
from puntual.outreach.answers.landing import land
from puntual.outreach.channels.email.hook import Forged, agreed, read_hook
from puntual.outreach.deliveries.hooks import organization_at
from puntual.outreach.deliveries.incoming import Malformed
from puntual.outreach.deliveries.reports import note_report
from puntual.tenancy.scope import acting_for

MOST_BYTES = 40 << 20
"""A message of 25 MB, as much as mail services take, in the letters of base64."""
_log = logging.getLogger(__name__)


@csrf_exempt  # the agreed secret, and the signature where the service has one, are the permission
@never_cache
@require_http_methods(["HEAD", "POST"])
def mail(request: HttpRequest, token: str, way: str) -> HttpResponse:
    """What the service of PUNTUAL_ANYMAIL_URL says. Some look with HEAD whether anybody is there."""
    key = organization_at("mail", token)
    organization = Organization.objects.filter(pk=key).first() if key and agreed(settings.ANYMAIL_URL) else None
    if organization is None:
        raise Http404
    if request.method == "HEAD":
        return HttpResponse()
    raw = request.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        return _refused(413, f"The body is larger than {MOST_BYTES} bytes.")
    request._body = raw  # what reads it next finds it read, whatever its size
    try:
        told = read_hook(request, settings.ANYMAIL_URL, way)
    except Forged:
        return _refused(403, "The secret or the signature of the hook is not the one that was agreed.")
    except Malformed as error:
        return _refused(400, f"The body is no hook of the service: {error}.")
    by = actor_of(organization, timezone.now(), name="Mail")
    counts = Counter(note_report(by, "email", report) for report in told.reports)
    with acting_for(organization.id):
        counts.update("changed" if land(by, one)[1] else "known" for one in told.mail)
    if counts["unknown"]:
        _log.warning("The mail service reported on %d messages that are not of this organization", counts["unknown"])
    return JsonResponse(counts)


def _refused(status: int, why: str) -> HttpResponse:
    return HttpResponse(f"{why}\n", status=status, content_type="text/plain")
