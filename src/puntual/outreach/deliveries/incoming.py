"""What a web hook brings, read: reports of our messages, and people's words. Each channel reads its provider's own shape."""

from dataclasses import dataclass
from datetime import datetime

from puntual.audit.actions import Actor
from puntual.outreach.answers.actions import land_text
from puntual.outreach.answers.reading.parts import Attachment
from puntual.outreach.deliveries.models import Delivery
from puntual.outreach.deliveries.numbers import known_as
from puntual.tenancy.scope import acting_for


class Malformed(Exception):
    """A hook that is not what its provider's contract says; nothing of it is used."""


@dataclass(frozen=True, slots=True)
class Words:
    """Somebody's words as a provider brings them. `key` is the provider's id for them, `answers` its id for ours."""

    key: str
    number: str
    text: str
    raw: bytes
    name: str = ""
    sent_at: datetime | None = None
    answers: str = ""
    attachments: tuple[Attachment, ...] = ()


def take_in(by: Actor, channel: str, words: Words) -> str:
    """Land somebody's words like any answer: "changed", "known" for those that landed before."""
    with acting_for(by.organization_id):
        number = known_as(by.organization_id, channel, words.number) or words.number
        about = Delivery.objects.filter(
            organization_id=by.organization_id, channel=channel, provider_id=words.answers or None
        )
        _answer, new = land_text(
            by,
            channel=channel,
            key=words.key,
            number=number,
            text=words.text,
            name=words.name,
            sent_at=words.sent_at,
            about=about.values_list("activity_id", flat=True).first(),
            attachments=words.attachments,
            raw=words.raw,
        )
    return "changed" if new else "known"


def clean(text: str, most: int = 500) -> str:
    """Text that the database takes: no NUL, no half of a surrogate pair, no more than `most` characters."""
    return text[:most].replace("\x00", "").encode("utf-8", "replace").decode()
