"""The address made for one message: an answer to it, or a report about it, says by its address what it is about.

`respuestas+<tag>@company.example`, where the tag names the activity and is signed with this installation's key: nobody can make
one for a message they did not get. It survives mail programs that drop every header, and telephones that write anew.
"""

import base64
import binascii
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

_SALT: Final = "puntual.outreach.answers.addressing"
_SIGNATURE: Final = 8
"""Bytes of the signature: with the key's sixteen a tag of 39 letters, so that 24 are left before it (RFC 5321, 4.5.3.1.1)."""


def answers_to(activity_id: UUID) -> str:
    """Where answers to a message go and reports about it come back; "" where this installation has no mailbox for them."""
    local, at, domain = settings.ANSWERS_TO.partition("@")
    return f"{local}+{_tag(activity_id)}@{domain}" if at else ""


def activity_of(tag: str) -> UUID | None:
    """The activity a tag names; None where it was not made here."""
    try:
        found = UUID(bytes=base64.b32decode(tag.upper() + "=")[:16])
    except (ValueError, binascii.Error):
        return None
    return found if constant_time_compare(_tag(found), tag.lower()) else None


def _tag(activity_id: UUID) -> str:
    signature = salted_hmac(_SALT, activity_id.hex, algorithm="sha256").digest()[:_SIGNATURE]
    return base64.b32encode(activity_id.bytes + signature).decode().rstrip("=").lower()
