"""Addresses, Message-IDs and plus addresses, as they stand in headers and in the prose of mail servers."""

import re
from collections.abc import Iterable, Iterator
from email.message import Message
from email.utils import getaddresses
from uuid import UUID

from puntual.kernel.emails import normalize_email
from puntual.outreach.answers.reading.parts import header, headers

_WRITTEN = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}")
_ID = re.compile(r"<([^<>\s@]{1,200}@[^<>\s@]{1,200})>")
_PLUS = re.compile(r"\+([a-z2-7]{39})@", re.IGNORECASE)
_MOST = 50


def address_of(text: str) -> str:
    """The one address a header or a report names, with its domain in lower case; "" where it names none."""
    found = normalize_email(_pairs([text])[0][1]) or normalize_email(text.strip("<> \t"))
    return found or next(written_in(text), "")


def addresses_of(message: Message, *names: str) -> tuple[str, ...]:
    """Every address of these headers, each once."""
    values = [value for name in names for value in headers(message, name)]
    found = (normalize_email(address) for _name, address in _pairs(values[:_MOST]))
    return unique(address for address in found if address)


def _pairs(values: list[str]) -> list[tuple[str, str]]:
    """Names and addresses; Python gives up on comments nested without end."""
    try:
        return getaddresses(values) or [("", "")]
    except (RecursionError, ValueError, IndexError):
        return [("", "")]


def written_in(text: str) -> Iterator[str]:
    """The addresses that stand somewhere in a text."""
    for found in _WRITTEN.findall(text[:20_000]):
        if address := normalize_email(found.strip(".'")):
            yield address


def unique(found: Iterable[str]) -> tuple[str, ...]:
    """Each once, in their order, letter case apart."""
    first: dict[str, str] = {}
    for each in found:
        first.setdefault(each.lower(), each)
    return tuple(first.values())


def message_ids(message: Message, *names: str) -> tuple[str, ...]:
    """The Message-IDs of these headers with their angle brackets, each once."""
    found = [f"<{one}>" for name in names for value in headers(message, name) for one in _ID.findall(value)]
    return tuple(dict.fromkeys(found[: 4 * _MOST]))


def ids_written_in(text: str) -> tuple[str, ...]:
    """The Message-IDs that a returned message's headers show in a text."""
    lines = re.findall(r"^[> \t]*Message-ID:[ \t]*(<[^<>\s@]{1,200}@[^<>\s@]{1,200}>)", text[:200_000], re.I | re.M)
    return tuple(dict.fromkeys(lines[:_MOST]))


def own_key(message_id: str) -> UUID | None:
    """The activity a Message-ID of ours stands for: `<activity@host>`. None for anybody else's."""
    try:
        return UUID(message_id.strip("<>").partition("@")[0])
    except ValueError:
        return None


def plus_tags(message: Message) -> tuple[str, ...]:
    """The tags of plus addresses the message was sent to: `answers+<tag>@company.example`. Whether they are ours is not told."""
    places = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
    found = [one.lower() for name in places for value in headers(message, name) for one in _PLUS.findall(value)]
    return tuple(dict.fromkeys(found[:_MOST]))


def sender(message: Message) -> tuple[str, str]:
    """Who wrote, by name and address; empty where it cannot be told."""
    name, _address = _pairs([header(message, "From")])[0]
    return name.strip()[:200], address_of(header(message, "From"))
