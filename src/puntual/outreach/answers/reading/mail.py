"""One raw message read: `read_mail`."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

from puntual.outreach.answers.reading.addresses import addresses_of, message_ids, plus_tags, sender, unique
from puntual.outreach.answers.reading.automatic import away_until, is_automatic, read_complaint
from puntual.outreach.answers.reading.bounces import read_bounce
from puntual.outreach.answers.reading.html import words_of
from puntual.outreach.answers.reading.parts import MOST_TEXT, Attachment, Parts, take_apart
from puntual.outreach.answers.reading.quoting import own_words

Kind = Literal["bounce", "complaint", "auto_reply", "reply", "other"]


@dataclass(frozen=True, slots=True)
class ReadMail:
    """What a message is and says.

    `hard` is of a bounce: True, the address does not exist; False, it may take messages later; None, it came back for another
    reason. `failed` is False while a server still tries. `addresses` are those it is about: that bounced, complained or are away;
    of an answer its sender's. `message_ids` name what it answers or returns, the nearest first. `text` is what the sender wrote
    anew. `until` is of an out-of-office answer. `limits` says what was not read: "too_large", "too_complex".
    """

    kind: Kind
    hard: bool | None
    failed: bool
    addresses: tuple[str, ...]
    message_id: str
    message_ids: tuple[str, ...]
    plus_tags: tuple[str, ...]
    sender: str
    sender_name: str
    recipients: tuple[str, ...]
    subject: str
    sent_at: datetime | None
    text: str
    signature: str
    said: str
    until: date | None
    attachments: tuple[Attachment, ...]
    limits: tuple[str, ...]


def read_mail(raw: bytes, on: date) -> ReadMail:
    """What a raw message (RFC 5322) is and says; `on` is the day it came, for one that does not say when it was written.

    Never raises, whatever it is given; what cannot be read stays empty.
    """
    parts = take_apart(raw)
    prose = "\n".join(parts.plain) or "\n".join(words_of(one) for one in parts.html)
    prose = prose[: 5 * MOST_TEXT]
    if complaint := read_complaint(parts):
        return _made(
            parts, prose, "complaint", addresses=complaint.addresses, ids=complaint.message_ids, said=complaint.by
        )
    if bounce := read_bounce(parts, prose):
        return _made(
            parts,
            prose,
            "bounce",
            hard=bounce.hard,
            failed=bounce.failed,
            addresses=bounce.addresses,
            ids=bounce.message_ids,
            said=bounce.said,
        )
    _name, address = sender(parts.head)
    about = (address,) if address else ()
    if is_automatic(parts) and not parts.reports:
        sent = _sent(parts)
        until, said = away_until(parts.header("Subject"), own_words(prose).text, sent.date() if sent else on)
        return _made(parts, prose, "auto_reply", addresses=about, until=until, said=said)
    return _made(parts, prose, "reply" if _answers(parts, address) else "other", addresses=about)


def _answers(parts: Parts, address: str) -> bool:
    """Whether a person answers: not a receipt, a newsletter or a mailing list."""
    if parts.reports or not address or parts.header("List-Id") or parts.header("List-Unsubscribe"):
        return False
    if parts.header("Precedence").lower() in ("bulk", "junk", "list"):
        return False
    local = address.partition("@")[0].lower().replace("-", "").replace("_", "").replace(".", "")
    return not local.startswith(("noreply", "donotreply", "mailerdaemon", "noresponder", "naoresponda"))


def _made(
    parts: Parts,
    prose: str,
    kind: Kind,
    *,
    addresses: tuple[str, ...],
    hard: bool | None = None,
    failed: bool = False,
    ids: tuple[str, ...] = (),
    said: str = "",
    until: date | None = None,
) -> ReadMail:
    name, address = sender(parts.head)
    own = own_words(prose)
    nearest = (*message_ids(parts.head, "In-Reply-To"), *reversed(message_ids(parts.head, "References")))
    return ReadMail(
        kind=kind,
        hard=hard,
        failed=failed,
        addresses=unique(addresses),
        message_id=next(iter(message_ids(parts.head, "Message-ID")), ""),
        message_ids=tuple(dict.fromkeys((*ids, *nearest))),
        plus_tags=plus_tags(parts.head),
        sender=address,
        sender_name=name,
        recipients=addresses_of(parts.head, "Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc"),
        subject=parts.header("Subject")[:300],
        sent_at=_sent(parts),
        text=own.text[:MOST_TEXT],
        signature=own.signature[:2000],
        said=said[:500],
        until=until,
        attachments=tuple(parts.attachments[:100]),
        limits=parts.limits,
    )


def _sent(parts: Parts) -> datetime | None:
    """When the sender says it was written; in the sender's time zone."""
    try:
        found = parsedate_to_datetime(parts.header("Date"))
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        return found if 1990 <= found.year <= 2200 else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
