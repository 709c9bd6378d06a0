"""Web hooks: what Meta and Twilio report of our messages, and what people write to our numbers.

The address says for which organization; whoever does not know it finds nothing. Nothing is read before its signature fits, and
nothing is written before all of it could be read. Providers repeat what was not answered with 200, and repeating is harmless.
"""

import hmac
import logging
from collections import Counter
from urllib.parse import parse_qsl

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from puntual.audit.actions import Actor
from puntual.organizations.actions import actor_of
from puntual.organizations.models import Organization
from puntual.outreach.channels import sms, whatsapp
from puntual.outreach.channels.sms import hook as sms_hook
from puntual.outreach.channels.whatsapp import hook as whatsapp_hook
from puntual.outreach.channels.whatsapp.texts import note_text_state
from puntual.outreach.deliveries.hooks import organization_at
from puntual.outreach.deliveries.incoming import Malformed, take_in
from puntual.outreach.deliveries.reports import Report, note_report

MOST_BYTES = 3 << 20
"""Meta's own limit for a hook (Graph API, Webhooks); Twilio's are a few hundred bytes."""
_MOST_FIELDS = 200
_MOST_CHALLENGE = 200
_log = logging.getLogger(__name__)


@csrf_exempt  # the signature of the body is the permission
@never_cache
@require_http_methods(["GET", "POST"])
def meta(request: HttpRequest, token: str) -> HttpResponse:
    """WhatsApp's hook: it is verified once with a word (GET), and then told everything (POST)."""
    by = _organization("meta", token, settings.WHATSAPP_URL)
    account = whatsapp.account(settings.WHATSAPP_URL)
    if request.method == "GET":
        return _verified(request, account.verify)
    raw = _body(request)
    if raw is None:
        return _refused(413, f"The body is larger than {MOST_BYTES} bytes.")
    if not whatsapp_hook.signed(raw, request.headers.get("X-Hub-Signature-256", ""), account.secret):
        return _refused(403, "The signature X-Hub-Signature-256 does not fit the body.")
    try:
        told = whatsapp_hook.read_hook(raw, account)
    except Malformed as error:
        return _refused(400, f"The body is no hook of the Cloud API: {error}.")
    counts = Counter(note_report(by, "whatsapp", report) for report in told.reports)
    counts.update(take_in(by, "whatsapp", words) for words in told.words)
    counts.update(note_text_state(by, one.name, one.language, one.event, one.said) for one in told.texts)
    return _noted("Meta", counts)


@csrf_exempt  # the signature of address and form is the permission
@never_cache
@require_POST
def twilio(request: HttpRequest, token: str) -> HttpResponse:
    """Twilio's hook: status callbacks, and messages to our number. An empty answer sends nothing back."""
    by = _organization("twilio", token, settings.SMS_URL)
    account = sms.account(settings.SMS_URL)
    raw = _body(request)
    if raw is None:
        return _refused(413, f"The body is larger than {MOST_BYTES} bytes.")
    try:
        text = raw.decode("utf-8")
        fields = parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text), max_num_fields=_MOST_FIELDS)
    except ValueError:
        return _refused(400, "The body is no form.")
    url = settings.PUBLIC_URL.rstrip("/") + request.get_full_path()
    if not sms_hook.signed(url, fields, request.headers.get("X-Twilio-Signature", ""), account.token):
        return _refused(403, "The signature X-Twilio-Signature does not fit the address and the form.")
    try:
        told = sms_hook.read_hook(fields, request.GET.get("activity", ""), account, by.now)
    except Malformed as error:
        return _refused(400, f"The form is no hook of Twilio's: {error}.")
    if told is None:
        return HttpResponse(status=204)
    if isinstance(told, Report):
        return _noted("Twilio", Counter([note_report(by, "sms", told)]))
    take_in(by, "sms", told)
    return HttpResponse("<Response/>", content_type="text/xml")


def _organization(provider: str, token: str, url: str) -> Actor:
    """The provider, acting for the organization of an address. Whatever is not so is nothing: Http404."""
    key = organization_at(provider, token)
    organization = Organization.objects.filter(pk=key).first() if key and url else None
    if organization is None:
        raise Http404
    return actor_of(organization, timezone.now(), name=provider.title())


def _verified(request: HttpRequest, word: str) -> HttpResponse:
    """Meta's handshake: who knows the word gets the challenge back."""
    asked = request.GET
    given, challenge = asked.get("hub.verify_token", ""), asked.get("hub.challenge", "")
    knows = word and hmac.compare_digest(given.encode(), word.encode())
    if asked.get("hub.mode") != "subscribe" or not knows:
        return _refused(403, "The word hub.verify_token is not the one that was agreed.")
    if not 0 < len(challenge) <= _MOST_CHALLENGE:
        return _refused(400, "There is no hub.challenge.")
    return HttpResponse(challenge, content_type="text/plain")


def _body(request: HttpRequest) -> bytes | None:
    """The body as it came, or None where it is too large; no more of it is read."""
    raw = request.read(MOST_BYTES + 1)
    return None if len(raw) > MOST_BYTES else raw


def _refused(status: int, why: str) -> HttpResponse:
    return HttpResponse(f"{why}\n", status=status, content_type="text/plain")


def _noted(provider: str, counts: Counter[str]) -> HttpResponse:
    if counts["unknown"]:
        _log.warning("%s reported on %d messages that are not of this organization", provider, counts["unknown"])
    return JsonResponse(counts)
