"""Meta's web hook, read: the shapes of the Cloud API's `messages` and `message_template_status_update` fields. Pure.

What the contract does not know is passed over; what contradicts it makes the whole hook malformed.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from puntual.outreach.answers.reading.parts import Attachment
from puntual.outreach.channels.whatsapp.account import Account
from puntual.outreach.channels.whatsapp.codes import UNSUBSCRIBED, bounce_of
from puntual.outreach.deliveries.incoming import Malformed, Words, clean
from puntual.outreach.deliveries.reports import Report

_STATUSES = ("sent", "delivered", "read", "failed")
_FILES = ("image", "video", "audio", "document", "sticker")


@dataclass(frozen=True, slots=True)
class TextState:
    """What Meta says became of an approved text."""

    name: str
    language: str
    event: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class Hook:
    """Everything one hook brings."""

    reports: tuple[Report, ...] = ()
    words: tuple[Words, ...] = ()
    texts: tuple[TextState, ...] = ()


def signed(raw: bytes, signature: str, secret: str) -> bool:
    """Whether `signature` (X-Hub-Signature-256) is the app's own of these bytes. Never where no secret is known."""
    expected = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    given = signature.removeprefix("sha256=")
    return bool(secret) and signature != given and hmac.compare_digest(expected.encode(), given.encode())


def read_hook(raw: bytes, account: Account) -> Hook:
    """What a signed hook says to this account; what is for another number of the same app is passed over. Raises Malformed."""
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Malformed("no JSON") from error
    if _text(_object(told), "object") != "whatsapp_business_account":
        raise Malformed("not of WhatsApp")
    reports: list[Report] = []
    words: list[Words] = []
    texts: list[TextState] = []
    for entry in _list(told, "entry"):
        for change in _list(entry, "changes"):
            value = _object(change.get("value"))
            match change.get("field"):
                case "messages" if _text(_object(value.get("metadata")), "phone_number_id") == account.number_id:
                    reports += [report for each in _list(value, "statuses") if (report := _report(each))]
                    names = {str(one.get("wa_id")): _name(one) for one in _list(value, "contacts")}
                    words += [one for each in _list(value, "messages") if (one := _words(each, names))]
                case "message_template_status_update" if not account.business or entry.get("id") == account.business:
                    texts.append(_text_state(value))
    return Hook(tuple(reports), tuple(words), tuple(texts))


def _report(status: dict[str, Any]) -> Report | None:
    state = _text(status, "status")
    if state not in _STATUSES:  # such as "deleted": nothing follows from it
        return None
    errors = _list(status, "errors")
    error = errors[0] if errors else {}
    code = error.get("code")
    if code is not None and not (isinstance(code, int) and 0 <= code < 1 << 31):
        raise Malformed("code")
    details = _object(error.get("error_data") or {}).get("details")
    said = " ".join(str(one) for one in (code, details or error.get("message") or error.get("title")) if one)
    return Report(
        provider_id=_key(status),
        state=state,  # type: ignore[arg-type]  # one of _STATUSES
        at=_moment(status),
        activity_id=_reference(status.get("biz_opaque_callback_data")),
        code=code,
        said=clean(said),
        hard=bounce_of(code) if code is not None else None,
        unsubscribed=code in UNSUBSCRIBED,
    )


def _words(message: dict[str, Any], names: dict[str, str]) -> Words | None:
    kind = _text(message, "type")
    text, attachments = _said(kind, message)
    if not text and not attachments:
        return None
    sender = _text(message, "from")
    context = _object(message.get("context") or {})
    answers = context.get("id") or _object(message.get("reaction") or {}).get("message_id") or ""
    return Words(
        key=_key(message),
        number=clean(sender, 30),
        text=text,
        raw=json.dumps(message, ensure_ascii=True).encode(),
        name=names.get(sender, ""),
        sent_at=_moment(message),
        answers=clean(str(answers), 200),
        attachments=attachments,
    )


def _said(kind: str, message: dict[str, Any]) -> tuple[str, tuple[Attachment, ...]]:
    """The words of a message, and what came in place of words or along with them."""
    piece = message.get(kind)
    content = piece if isinstance(piece, dict) else {}
    match kind:
        case "text":
            return clean(_text(content, "body"), 10_000), ()
        case "button":
            return clean(_text(content, "text")), ()
        case "interactive":
            reply = content.get(str(content.get("type")))
            return clean(_text(_object(reply or {}), "title")) if reply else "", ()
        case "reaction":
            return clean(str(content.get("emoji") or "")), ()
        case "system":  # "changed from 16505551234 to 12195555358": nobody's words
            return "", ()
        case _ if kind in _FILES:
            name = clean(str(content.get("filename") or kind), 200)
            came = Attachment(name, clean(str(content.get("mime_type") or ""), 100), 0)
            return clean(str(content.get("caption") or ""), 10_000), (came,)
        case _:  # a place, a contact, an order, what Meta itself does not support
            return "", (Attachment(clean(kind, 100), "", 0),)


def _text_state(value: dict[str, Any]) -> TextState:
    reason = value.get("reason")
    return TextState(
        clean(_text(value, "message_template_name"), 512),
        clean(_text(value, "message_template_language"), 20),
        _text(value, "event"),
        clean(reason) if isinstance(reason, str) and reason != "NONE" else "",
    )


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Malformed("an object is missing")
    return value


def _list(value: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = value.get(name, [])
    if not isinstance(found, list):
        raise Malformed(name)
    return [_object(one) for one in found]


def _text(value: dict[str, Any], name: str) -> str:
    found = value.get(name)
    if not isinstance(found, str):
        raise Malformed(name)
    return found


def _name(contact: dict[str, Any]) -> str:
    profile = contact.get("profile")
    name = profile.get("name") if isinstance(profile, dict) else ""
    return clean(name, 200) if isinstance(name, str) else ""


def _key(value: dict[str, Any]) -> str:
    key = _text(value, "id")
    if not 0 < len(key) <= 200 or clean(key) != key:
        raise Malformed("id")
    return key


def _moment(value: dict[str, Any]) -> datetime:
    try:
        return datetime.fromtimestamp(int(str(value.get("timestamp"))), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Malformed("timestamp") from error


def _reference(value: Any) -> UUID | None:
    """Our own key, where Meta gives it back; anything else was not ours."""
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
