"""Keeping what is about to leave. Part of the transaction that hands it over."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from django.db import connection

from puntual.kernel.ids import uuid7
from puntual.outreach.channels import Document, Message
from puntual.outreach.models import Activity
from puntual.outreach.record.models import Attempt

# A file that went along with many messages is kept once.
_KEEP = """
INSERT INTO outreach_keptfile (id, organization_id, customer_id, sha256, kind, size, content)
VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (organization_id, customer_id, sha256) DO NOTHING
"""


def keep_attempt(activity: Activity, message: Message, signed_by: str) -> None:
    """Write down a message that is about to leave, with its files. Inside `acting_for`, committed before it leaves."""
    Attempt.objects.create(
        organization_id=activity.organization_id,
        customer_id=activity.customer_id,
        activity_id=activity.pk,
        at=message.at,
        channel=activity.channel,
        message_id=message.message_id,
        sender=message.sender,
        sender_name=message.sender_name,
        reply_to=message.reply_to,
        recipient=message.recipient,
        recipient_name=message.recipient_name,
        subject=message.subject,
        text=message.text,
        html=message.html,
        language=message.language,
        stop_link=message.stop_link,
        signed_by=signed_by,
        documents=keep_files(activity, message.documents),
    )


def keep_files(activity: Activity, documents: Iterable[Document]) -> list[dict[str, Any]]:
    """Keep files that go to an activity's customer, by their content; returns the name, kind, size and SHA-256 of each."""
    kept = []
    with connection.cursor() as cursor:
        for document in documents:
            digest, size = sha256(document.content).hexdigest(), len(document.content)
            cursor.execute(
                _KEEP,
                [
                    uuid7(),
                    activity.organization_id,
                    activity.customer_id,
                    digest,
                    document.content_type,
                    size,
                    document.content,
                ],
            )
            kept.append({"name": document.name, "kind": document.content_type, "size": size, "sha256": digest})
    return kept
