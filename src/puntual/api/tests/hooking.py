"""Hooks as Meta and Twilio send them: the shapes of their published contracts, signed as they sign."""

import hashlib
import hmac
import json
from base64 import b64encode
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.http import HttpResponse
from django.test import Client

from puntual.outreach.deliveries.hooks import hook_address
from puntual.outreach.deliveries.models import Delivery
from puntual.outreach.marks import write_marks
from puntual.outreach.models import Activity
from puntual.outreach.tests.build import World
from puntual.outreach.tests.providers import AUTH, NUMBER_ID, SECRET, SID, WABA

NUMBER = "+51999888777"
WROTE = 1795442400  # 2026-11-23 14:00 UTC


def taken(
    world: World, channel: str = "whatsapp", key: str = "wamid.1", state: str = "sent", name: str = "Quenara"
) -> Activity:
    """A message that a provider took this morning, with its marks; or one that is still in hand, or of unknown fate."""
    customer = world.customer(name)
    point = world.point(customer, "whatsapp" if channel == "whatsapp" else "phone", NUMBER)
    activity = world.plan(customer, [world.invoice(customer, f"F-{name}", 18)], channel=channel)
    activity.state, activity.point_id, activity.message_id = state, point.id, f"<{activity.id}@x>"
    activity.claimed_at = activity.settled_at = world.by.now
    activity.save()
    if state == "sent":
        write_marks(activity, world.by.now)
        Delivery.objects.create(
            organization_id=world.by.organization_id,
            activity_id=activity.pk,
            channel=channel,
            provider_id=key,
            state="taken",
            taken_at=world.by.now,
        )
    return activity


def change(field: str = "messages", number_id: str = NUMBER_ID, **value: Any) -> dict[str, Any]:
    metadata = {"display_phone_number": "15550783881", "phone_number_id": number_id}
    return {
        "object": "whatsapp_business_account",
        "entry": [
            {
                "id": WABA,
                "changes": [
                    {"field": field, "value": {"messaging_product": "whatsapp", "metadata": metadata, **value}}
                ],
            }
        ],
    }


def status(state: str, key: str = "wamid.1", *, code: int | None = None, **more: Any) -> dict[str, Any]:
    told = {"id": key, "status": state, "timestamp": str(WROTE), "recipient_id": "51999888777", **more}
    if code:
        told["errors"] = [
            {"code": code, "title": "Failed", "message": "Failed", "error_data": {"details": "what it is"}}
        ]
    return change(statuses=[told])


def words(kind: str = "text", key: str = "wamid.in", sender: str = "51999888777", **piece: Any) -> dict[str, Any]:
    content = piece or {"text": {"body": "Hola"}}
    return change(
        contacts=[{"profile": {"name": "Elvira Montalván"}, "wa_id": sender}],
        messages=[{"from": sender, "id": key, "timestamp": str(WROTE), "type": kind, **content}],
    )


def from_meta(organization_id: UUID, told: Any, *, secret: str = SECRET, **headers: str) -> HttpResponse:
    """A hook of Meta's for an organization, signed with `secret` unless a signature is given."""
    raw = told if isinstance(told, bytes) else json.dumps(told).encode()
    signature = "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    return Client().post(
        urlsplit(hook_address(organization_id, "meta")).path,
        raw,
        content_type="application/json",
        headers={"X-Hub-Signature-256": signature, **headers},
        secure=True,
    )


def from_twilio(
    organization_id: UUID, *, token: str = AUTH, activity: UUID | None = None, **fields: str
) -> HttpResponse:
    """A hook of Twilio's for an organization, signed with `token`."""
    address = hook_address(organization_id, "twilio") + (f"?activity={activity}" if activity else "")
    told = {"AccountSid": SID, "ApiVersion": "2010-04-01", **fields}
    signed = address + "".join(name + told[name] for name in sorted(told))
    signature = b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()
    parts = urlsplit(address)
    return Client().post(
        parts.path + (f"?{parts.query}" if parts.query else ""),
        urlencode(told),
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signature},
        secure=True,
    )
