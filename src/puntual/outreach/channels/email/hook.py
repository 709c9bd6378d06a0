"""What a mail service reports by its web hook: django-anymail checks who says it and reads its shape, this says what it means.

That a message was opened or a link followed is no evidence of anything and is not kept.
"""

import re
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from anymail import urls as services
from anymail.exceptions import AnymailConfigurationError, AnymailWebhookValidationFailure
from anymail.signals import AnymailInboundEvent, AnymailTrackingEvent, EventType, RejectReason
from anymail.webhooks.base import AnymailBasicAuthMixin
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

from puntual.outreach.deliveries.incoming import Malformed, clean
from puntual.outreach.deliveries.reports import Report

_SECRETS: Final = "hook_"
_STATES: Final = {
    EventType.SENT: "sent",
    EventType.DELIVERED: "delivered",
    EventType.BOUNCED: "failed",
    EventType.REJECTED: "failed",
    EventType.FAILED: "failed",
    EventType.COMPLAINED: "delivered",
    EventType.UNSUBSCRIBED: "delivered",
}
_SAID_BY_SERVER: Final = re.compile(r"(?<![\d.])([45])(?:\d\d|\.\d{1,3}\.\d{1,3})(?![\d.])")
"""A reply code of SMTP (RFC 5321, 4.2) or an enhanced one (RFC 3463)."""

_CALLED_HARD: Final = re.compile(r"hard[_ ]?bounce", re.IGNORECASE)


class Forged(Exception):
    """A hook without the secret or the signature that was agreed."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one call of the hook said: reports of our messages, and mail that came in, as it came."""

    reports: list[Report]
    mail: list[bytes]


def agreed(url: str) -> bool:
    """Whether a secret for hooks was agreed with the service of an `anymail://` address: without one nobody is believed."""
    return bool(_secrets(url).get("webhook_secret"))


def read_hook(request: HttpRequest, url: str, way: str) -> Told:
    """What a service says by a call of its hook for `way`: "tracking" or "inbound".

    Raises Forged, Malformed; Malformed too for a service that has no such hook.
    """
    service = urlsplit(url).hostname or ""
    found = next((one for one in services.urlpatterns if str(one.name) == f"{service}_{way}_webhook"), None)
    if found is None:
        raise Malformed("the service has no such hook")
    try:
        view = found.callback.view_class(**_secrets(url))
        if isinstance(view, AnymailBasicAuthMixin) and not view.basic_auth:
            raise Forged("no secret was agreed")
        view.run_validators(request)
        events = view.parse_events(request)
        reports = [report for event in events if isinstance(event, AnymailTrackingEvent) if (report := _report(event))]
        # Written out here: what no mail can be made of shows only then.
        mail = [_raw(event.message) for event in events if isinstance(event, AnymailInboundEvent)]
    except AnymailWebhookValidationFailure as error:
        raise Forged(str(error)) from error
    except (AnymailConfigurationError, ImproperlyConfigured) as error:
        raise Malformed(clean(str(error), 200)) from error
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise Malformed(type(error).__name__) from error
    return Told(reports, mail)


def _secrets(url: str) -> dict[str, Any]:
    asked = parse_qsl(urlsplit(url).query)
    return {name.removeprefix(_SECRETS): value for name, value in asked if name.startswith(_SECRETS)}


def _report(event: AnymailTrackingEvent) -> Report | None:
    state = _STATES.get(event.event_type)
    key = event.message_id
    if state is None or not isinstance(key, str) or event.timestamp is None:
        return None
    said = clean(" ".join(str(part) for part in (event.description, event.mta_response) if part))
    hard = _hard(event) if state == "failed" else None
    return Report(
        provider_id=key,
        state=state,  # type: ignore[arg-type]
        at=event.timestamp,
        activity_id=_ours(event.metadata),
        code=550 if hard else 450 if hard is False else None,
        said=said or str(event.event_type),
        hard=hard,
        unsubscribed=event.event_type in (EventType.COMPLAINED, EventType.UNSUBSCRIBED),
    )


def _hard(event: AnymailTrackingEvent) -> bool | None:
    """Whether there is nobody at that address: by the last code the recipient's server gave, else by the service's own word for
    it. A bounce that says neither is for now; what the service itself would not send says nothing about the address.
    """
    codes = _SAID_BY_SERVER.findall(event.mta_response or "")
    if codes:
        return bool(codes[-1] == "5")
    if event.reject_reason not in (RejectReason.BOUNCED, RejectReason.INVALID):
        return None
    told = event.esp_event.values() if isinstance(event.esp_event, dict) else ()
    named = any(isinstance(one, str) and _CALLED_HARD.search(one) for one in told)
    return named or event.reject_reason == RejectReason.INVALID


def _ours(metadata: Any) -> UUID | None:
    """The reference we gave a message, where the service gave it back."""
    given = metadata.get("activity") if isinstance(metadata, dict) else None
    try:
        return UUID(str(given))
    except ValueError:
        return None


def _raw(message: EmailMessage) -> bytes:
    return message.as_bytes()
