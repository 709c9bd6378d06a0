"""Twilio's web hooks, read: status callbacks of our messages, and messages to our number. Pure."""

import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

from puntual.outreach.answers.reading.parts import Attachment
from puntual.outreach.channels.sms.codes import UNSUBSCRIBED, bounce_of
from puntual.outreach.channels.sms.transport import Account
from puntual.outreach.deliveries.incoming import Malformed, Words, clean
from puntual.outreach.deliveries.reports import Report

Field = tuple[str, str]

STATES: Final = {"sent": "sent", "delivered": "delivered", "read": "read", "undelivered": "failed", "failed": "failed"}
_ON_ITS_WAY: Final = frozenset({"accepted", "scheduled", "queued", "sending", "canceled"})
_MOST_FILES = 10


def signed(url: str, fields: Sequence[Field], signature: str, token: str) -> bool:
    """Whether `signature` (X-Twilio-Signature) is Twilio's of this address and form: base64 of the HMAC-SHA1, by the account's
    token, of the URL followed by every field's name and value, in the order of the names.

    Twilio signs some addresses with their port and some without it; both are tried.
    """
    words = "".join(f"{name}{value}" for name, value in sorted(set(fields)))
    expected = (
        b64encode(hmac.new(token.encode(), (one + words).encode(), hashlib.sha1).digest()) for one in _spelled(url)
    )
    return any(hmac.compare_digest(one, signature.encode()) for one in expected)


def _spelled(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return (
        urlunsplit(parts._replace(netloc=host)),
        urlunsplit(parts._replace(netloc=f"{host}:{port}")),
    )


def read_hook(fields: Sequence[Field], reference: str, account: Account, now: datetime) -> Report | Words | None:
    """What a signed hook says: a report, somebody's words, or nothing that matters. Raises Malformed.

    `reference` is what stood in the address we gave for the report: the id of our activity.
    """
    told = dict(fields)
    if told.get("AccountSid") != account.sid:
        raise Malformed("of another account")
    key = told.get("MessageSid") or told.get("SmsSid") or ""
    if not 0 < len(key) <= 100 or not key.isalnum() or not key.isascii():
        raise Malformed("MessageSid")
    state = told.get("MessageStatus") or told.get("SmsStatus") or ""
    if state in STATES:
        return _report(key, STATES[state], told, reference, now)
    if state in _ON_ITS_WAY:
        return None
    if "Body" not in told or not told.get("From"):
        raise Malformed("neither a report nor a message")
    return _words(key, told, fields)


def _report(key: str, state: str, told: dict[str, str], reference: str, now: datetime) -> Report:
    raw = told.get("ErrorCode") or ""
    if raw and not (raw.isascii() and raw.isdecimal() and len(raw) < 9):
        raise Malformed("ErrorCode")
    code = int(raw) if raw and state == "failed" else None
    return Report(
        provider_id=key,
        state=state,  # type: ignore[arg-type]  # a value of STATES
        at=now,
        activity_id=_reference(reference),
        code=code,
        said=clean(" ".join(filter(None, [raw, told.get("ErrorMessage")]))) if code else "",
        hard=bounce_of(code) if code is not None else None,
        unsubscribed=code in UNSUBSCRIBED,
    )


def _words(key: str, told: dict[str, str], fields: Sequence[Field]) -> Words | None:
    kinds = [told[name] for index in range(_MOST_FILES) if (name := f"MediaContentType{index}") in told]
    files = tuple(Attachment(clean(kind.partition("/")[0], 100), clean(kind, 100), 0) for kind in kinds)
    text = clean(told["Body"], 10_000)
    if not text.strip() and not files:
        return None
    return Words(
        key=key,
        number=clean(told["From"], 30),
        text=text,
        raw=json.dumps(dict(fields)).encode(),
        answers=clean(told.get("OriginalRepliedMessageSid", ""), 200),
        attachments=files,
    )


def _reference(value: str) -> UUID | None:
    try:
        return UUID(value) if value else None
    except ValueError:
        return None
