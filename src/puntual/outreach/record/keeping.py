"""Keeping what is about to leave. Part of the statement that hands it over."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from puntual.outreach.channels import Document, Message
from puntual.outreach.models import Activity

_ATTEMPT = """
attempt AS (
    INSERT INTO outreach_attempt (id, organization_id, customer_id, activity_id, at, channel, message_id, sender, sender_name,
        reply_to, recipient, recipient_name, subject, text, html, language, stop_link, signed_by, documents)
    SELECT puntual_uuid7(), %(organization)s, %(customer)s, %(activity)s, %(at)s, %(channel)s, %(message_id)s, %(sender)s,
        %(sender_name)s, %(reply_to)s, %(recipient)s, %(recipient_name)s, %(subject)s, %(text)s, %(html)s, %(language)s,
        %(stop_link)s, %(signed_by)s, %(documents)s::jsonb
    FROM ours
)"""
# A file that went along with many messages is kept once.
_FILE = """,
file{n} AS (
    INSERT INTO outreach_keptfile (id, organization_id, customer_id, sha256, kind, size, content)
    SELECT puntual_uuid7(), %(organization)s, %(customer)s, %(sha{n})s, %(kind{n})s, %(size{n})s, %(content{n})s FROM ours
    ON CONFLICT (organization_id, customer_id, sha256) DO NOTHING
)"""
_AS_IT_LEAVES: Final = (
    "message_id",
    "sender",
    "sender_name",
    "reply_to",
    "recipient",
    "recipient_name",
    "subject",
    "text",
    "html",
    "language",
    "stop_link",
)


@dataclass(frozen=True, slots=True)
class Keeping:
    """What writes down a message and its files: parts of a statement in which `ours` has a row where the message may leave."""

    parts: str
    values: Mapping[str, Any]


def keeping(activity: Activity, message: Message, signed_by: str) -> Keeping:
    """How a message that is about to leave is written down by the statement that hands it over."""
    parts, described = _ATTEMPT, []
    kept: set[str] = set()
    values: dict[str, Any] = {name: getattr(message, name) for name in _AS_IT_LEAVES}
    for document in message.documents:
        about = _described(document)
        described.append(about)
        if about["sha256"] not in kept:
            n = len(kept)
            kept.add(about["sha256"])
            parts += _FILE.format(n=n)
            values |= {f"sha{n}": about["sha256"], f"kind{n}": about["kind"], f"size{n}": about["size"]}
            values[f"content{n}"] = document.content
    values |= {
        "customer": activity.customer_id,
        "activity": activity.pk,
        "at": message.at,
        "channel": activity.channel,
        "signed_by": signed_by,
        "documents": json.dumps(described),
    }
    return Keeping(parts, values)


def _described(document: Document) -> dict[str, Any]:
    digest, size = sha256(document.content).hexdigest(), len(document.content)
    return {"name": document.name, "kind": document.content_type, "size": size, "sha256": digest}
