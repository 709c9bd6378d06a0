"""Web hooks of payment providers: what came in by a payment link, what was given back, and what was charged back.

The address says for which organization, the signature for which of its creditors' accounts. Nothing is read before it fits;
providers repeat what was not answered with 200, and repeating is harmless.
"""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from puntual.audit.actions import Actor
from puntual.kernel.problems import Problem
from puntual.organizations.actions import actor_of
from puntual.organizations.models import Organization
from puntual.outreach.deliveries.hooks import organization_at
from puntual.payments.links.accounts import NAMES, Account, accounts
from puntual.payments.links.actions import take_report
from puntual.payments.links.providers import of
from puntual.payments.links.reports import Malformed, Report

MOST_BYTES = 256 << 10
"""Stripe's events are some kilobytes; Mercado Pago's notifications a few hundred bytes."""


@csrf_exempt  # the signature of the body is the permission
@never_cache
@require_POST
def stripe(request: HttpRequest, token: str) -> HttpResponse:
    """Stripe's events (Stripe-Signature)."""
    by, mine = _accounts("stripe", token)
    raw = request.read(MOST_BYTES + 1)
    header = request.headers.get("Stripe-Signature", "")
    account = next((one for one in mine if of("stripe").signed(raw, header, one.webhook, by.now)), None)
    if len(raw) > MOST_BYTES or account is None:
        return _refused(403, "The signature Stripe-Signature does not fit the body.")
    return _taken(by, account, lambda: of("stripe").read(raw))


@csrf_exempt  # the signature of the payment's id is the permission
@never_cache
@require_POST
def mercadopago(request: HttpRequest, token: str) -> HttpResponse:
    """Mercado Pago's notifications (x-signature). They only say which payment to ask for."""
    by, mine = _accounts("mercadopago", token)
    key = request.GET.get("data.id", "")
    request_id, header = request.headers.get("X-Request-Id", ""), request.headers.get("X-Signature", "")
    account = next((one for one in mine if of("mercadopago").signed(key, request_id, header, one.webhook)), None)
    if account is None:
        return _refused(403, "The signature x-signature does not fit the payment.")
    if request.GET.get("type") != "payment" or not key.isascii() or not key.isdecimal():
        return HttpResponse(status=204)
    return _taken(by, account, lambda: of("mercadopago").read(account, key))


def _accounts(provider: str, token: str) -> tuple[Actor, list[Account]]:
    """The provider, acting for the organization of an address, and its accounts there. Whatever is not so is nothing: Http404."""
    key = organization_at(provider, token)
    organization = Organization.objects.filter(pk=key).first() if key else None
    if organization is None:
        raise Http404
    mine = [one for one in accounts() if (one.provider, one.organization) == (provider, organization.slug)]
    if not mine:
        raise Http404
    return actor_of(organization, timezone.now(), name=NAMES[provider]), mine


def _taken(by: Actor, account: Account, read: Callable[[], Report | None]) -> HttpResponse:
    """Read a report and do what it says. What could not be asked or recorded now is answered with 503, so that it comes again."""
    try:
        report = read()
        if report is None:
            return HttpResponse(status=204)
        return JsonResponse({take_report(by, account, report): 1})
    except Malformed as error:
        return _refused(400, f"The report is not what the contract says: {error}.")
    except Problem as problem:
        return _refused(503, str(problem))


def _refused(status: int, why: str) -> HttpResponse:
    return HttpResponse(f"{why}\n", status=status, content_type="text/plain")
