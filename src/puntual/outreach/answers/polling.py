"""The mailbox that answers come to, over IMAP: what is new there lands, and is marked only once it has landed.

Nothing is deleted in it. What belongs to no organization, or could not land, is flagged there for a person and left unread. What
landed carries a keyword of ours where the server keeps keywords, so that a person who reads the mailbox hides nothing from us; no
number of a message is kept between two looks, so a mailbox that was restored or numbered anew is the same to us.
"""

import imaplib
import ipaddress
import logging
import ssl
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import unquote, urlsplit
from uuid import UUID

from django.db import DataError, connection
from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from puntual.kernel.problems import N_, Problem
from puntual.organizations.actions import actor_of
from puntual.organizations.models import Organization
from puntual.outreach.answers.landing import land
from puntual.outreach.answers.models import Answer
from puntual.outreach.answers.reading import ReadMail, read_mail
from puntual.outreach.answers.reading.parts import MOST_BYTES
from puntual.outreach.answers.threading import thread
from puntual.parties.senders import addresses_of
from puntual.tenancy.scope import acting_for

MOST_AT_ONCE: Final = 200
LATELY: Final = timedelta(days=7)
"""How far back messages that a person has opened already are still looked for."""
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LANDED, _UNCLEAR = "$Puntual", "$PuntualUnclear"
_TIMEOUT: Final = 30.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Polled:
    """What one look at the mailbox brought: how many landed, were known already, or were flagged. `problem` is why it ended."""

    counts: dict[str, int]
    problem: str = ""


def poll(url: str, now: datetime) -> Polled:
    """Land what is new in the mailbox of an `imaps://user:password@mail.example.com/INBOX` address, at most `MOST_AT_ONCE`.

    Must not be called inside a transaction: a message is marked once its landing is committed. Raises Problem for an
    address that cannot be read.
    """
    if connection.in_atomic_block:
        raise RuntimeError("a message marked as read before its landing is committed could be lost")
    counts: Counter[str] = Counter()
    try:
        with _opened(url) as mailbox:
            keywords = _keeps_keywords(mailbox)
            for uid in mailbox.uids(_new(now) if keywords else "UNSEEN UNFLAGGED", charset=None)[:MOST_AT_ONCE]:
                raw = _fetched(mailbox, uid)
                if raw is None:
                    continue
                outcome = _taken(raw, now)
                counts[outcome] += 1
                _mark(mailbox, uid, flagged=outcome == "flagged", keywords=keywords)
    except (OSError, imaplib.IMAP4.error, ImapToolsError) as error:
        return Polled(dict(counts), str(error) or type(error).__name__)
    return Polled(dict(counts))


def organization_of(mail: ReadMail, now: datetime) -> UUID | None:
    """Whose organization a message is for: the one whose message it names, else the only one it is addressed to, else the only
    one that knows its sender, else the only one there is. None where that does not decide it.
    """
    ids = list(Organization.objects.order_by("id").values_list("id", flat=True))
    if len(ids) == 1:
        return ids[0]
    addressed, knowing = [], []
    for key in ids:
        with acting_for(key):
            found = thread(key, mail, now)
            if found.how in (Answer.Threaded.MESSAGE, Answer.Threaded.PLUS):
                return key
            if addresses_of(key) & {_without_plus(one) for one in mail.recipients}:
                addressed.append(key)
            if found.points:
                knowing.append(key)
    return next((one[0] for one in (addressed, knowing) if len(one) == 1), None)


def _without_plus(address: str) -> str:
    local, _at, domain = address.lower().partition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _taken(raw: bytes, now: datetime) -> str:
    """Land one message where it belongs: "landed", "known" or "flagged"."""
    try:
        organization_id = organization_of(read_mail(raw, now.date()), now)
        if organization_id is None:
            return "flagged"
        _answer, new = land(actor_of(Organization.objects.get(pk=organization_id), now), raw)
    except (Problem, DataError, ValueError, TypeError, LookupError):  # this one message; the others go on
        _log.exception("a message could not land; it is flagged in the mailbox")
        return "flagged"
    return "landed" if new else "known"


@contextmanager
def _opened(url: str) -> Iterator[BaseMailBox]:
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = 0
    if parts.scheme not in ("imap", "imaps") or not parts.hostname or port == 0:
        raise Problem(
            N_("PUNTUAL_IMAP_URL cannot be read. It should look like imaps://user:password@mail.example.com/INBOX.")
        )
    context = ssl.create_default_context()
    if parts.scheme == "imaps":
        mailbox: BaseMailBox = MailBox(parts.hostname, port or 993, timeout=_TIMEOUT, ssl_context=context)
    elif _on_this_machine(parts.hostname):
        mailbox = MailBoxUnencrypted(parts.hostname, port or 143, timeout=_TIMEOUT)
    else:  # a password never travels in the open
        mailbox = MailBoxStartTls(parts.hostname, port or 143, timeout=_TIMEOUT, ssl_context=context)
    try:
        folder = unquote(parts.path.lstrip("/")) or "INBOX"
        mailbox.login(unquote(parts.username or ""), unquote(parts.password or ""), folder)
        yield mailbox
    finally:
        mailbox.client.shutdown()


def _on_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _fetched(mailbox: BaseMailBox, uid: str) -> bytes | None:
    """The message as it is, without marking it as read; no more of it than is kept. None where it is gone meanwhile."""
    status, found = mailbox.client.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MOST_BYTES + 1}>)")
    if status != "OK":
        raise imaplib.IMAP4.error(f"FETCH was answered with {status}")
    return next((bytes(piece[1]) for piece in found if isinstance(piece, tuple)), None)


def _keeps_keywords(mailbox: BaseMailBox) -> bool:
    """Whether messages can carry a keyword of ours (RFC 3501, 7.1, PERMANENTFLAGS)."""
    _name, told = mailbox.client.response("PERMANENTFLAGS")
    return any(b"\\*" in one for one in told or () if isinstance(one, bytes))


def _new(now: datetime) -> str:
    """What has not landed: whatever is unread, and what somebody opened lately. What was unclear waits until it is unflagged."""
    since = now - LATELY
    day = f"{since.day}-{_MONTHS[since.month - 1]}-{since.year}"
    return f"UNKEYWORD {_LANDED} NOT (KEYWORD {_UNCLEAR} FLAGGED) OR UNSEEN SINCE {day}"


def _mark(mailbox: BaseMailBox, uid: str, *, flagged: bool, keywords: bool) -> None:
    flags = [_UNCLEAR if flagged else _LANDED] * keywords + ["\\Flagged" if flagged else "\\Seen"]
    status, _found = mailbox.client.uid("STORE", uid, "+FLAGS.SILENT", f"({' '.join(flags)})")
    if status != "OK":
        raise imaplib.IMAP4.error(f"STORE was answered with {status}")
