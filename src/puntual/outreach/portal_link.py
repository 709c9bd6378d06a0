"""The customer's own page: a signed address that needs no account, made anew for each message.

The key names the organization, the customer and the last day it opens the page; nothing in it can be changed or guessed. The same
message on the same day has the same key, whenever it is made up.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

PATH: Final = "/c/a/"
ADVICE: Final = ("es", "en", "pt")
"""The languages of the pages of advice."""
LASTS: Final = timedelta(days=60)
"""For so long after the day of its message a link opens the page."""
_SALT: Final = "puntual.outreach.portal_link"
_MAC: Final = 16
"""Bytes of the signature: 128 bits (HMAC-SHA-256, cut as RFC 2104 section 5 allows)."""
_FIRST: Final = date(2020, 1, 1)


@dataclass(frozen=True, slots=True)
class PortalKey:
    """Whose page a link opens, and through which day."""

    organization_id: UUID
    customer_id: UUID
    last_day: date


def portal_link(organization_id: UUID, customer_id: UUID, day: date) -> str:
    """The whole address of a customer's page, as it stands in a message of `day`."""
    return settings.PUBLIC_URL.rstrip("/") + PATH + portal_token(organization_id, customer_id, day + LASTS)


def advice_link(language: str) -> str:
    """The address of the pages of advice, which are for anybody, in a language they have."""
    base = language.replace("_", "-").split("-")[0].lower()
    return f"{settings.PUBLIC_URL.rstrip('/')}/c/learn/{base if base in ADVICE else 'en'}/"


def portal_token(organization_id: UUID, customer_id: UUID, last_day: date) -> str:
    """The last part of a page's address, which opens it through `last_day`."""
    body = organization_id.bytes + customer_id.bytes + (last_day - _FIRST).days.to_bytes(2, "big")
    return urlsafe_b64encode(body + _signature(body)).rstrip(b"=").decode()


def read_portal_token(token: str) -> PortalKey | None:
    """What the last part of an address says, whether its day is over or not; None where it was not made here."""
    try:
        whole = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except ValueError:
        return None
    body, signature = whole[:34], whole[34:]
    if len(whole) != 34 + _MAC or not constant_time_compare(signature, _signature(body)):
        return None
    key = PortalKey(
        UUID(bytes=body[:16]), UUID(bytes=body[16:32]), _FIRST + timedelta(days=int.from_bytes(body[32:], "big"))
    )
    return key if portal_token(key.organization_id, key.customer_id, key.last_day) == token else None


def _signature(body: bytes) -> bytes:
    return salted_hmac(_SALT, body, algorithm="sha256").digest()[:_MAC]
