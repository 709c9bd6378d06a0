"""A raw message taken apart within limits, whatever its sender did to it: broken headers, unknown charsets, MIME bombs."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser
from itertools import islice
from typing import Any, Final

MOST_BYTES: Final = 10 * 1024 * 1024
"""As much of a message is read and kept; what lies beyond is cut off, and that is said."""
MOST_PARTS: Final = 500
MOST_NESTED: Final = 50
MOST_TEXT: Final = 100_000
"""Characters of text that are kept of a message."""
_MOST_HEADER: Final = 8_000
_MOST_HEADERS: Final = 1_000
_MOST_PARAMETERS: Final = 4_000

TOO_LARGE, TOO_COMPLEX = "too_large", "too_complex"

_PART = re.compile(rb"^content-type[ \t]*:", re.IGNORECASE | re.MULTILINE)
_PARAMETERS = re.compile(rb"^content-(?:type|disposition)[ \t]*:(?:[^\r\n]|\r?\n[ \t])*", re.IGNORECASE | re.MULTILINE)
_NESTING = re.compile(rb"^content-type[ \t]*:[ \t\r\n]*(?:multipart/|message/)", re.IGNORECASE | re.MULTILINE)
# Those that Python calls text encodings and that no mail is written in; some take quadratic time.
_NO_CHARSETS: Final = frozenset({"punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined"})
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\ufeff\ud800-\udfff]")
_DIRECTIONS = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_RETURNED: Final = frozenset({"message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global"})
_REPORTS: Final = frozenset({"message/delivery-status", "message/feedback-report", "message/global-delivery-status"})


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came along: its name as the sender gave it, what it claims to be, and its size in bytes."""

    name: str
    kind: str
    size: int


@dataclass(slots=True)
class Parts:
    """A message in pieces. `reports` are the machine-readable parts, `returned` the messages it carries inside."""

    head: Message
    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    files: list[Message] = field(default_factory=list)  # the part of each attachment, in their order
    reports: list[tuple[str, Message]] = field(default_factory=list)
    returned: list[Message] = field(default_factory=list)
    limits: tuple[str, ...] = ()

    def header(self, name: str) -> str:
        """The first header of that name, decoded, on one line; "" where there is none."""
        return header(self.head, name)


def take_apart(raw: bytes) -> Parts:
    """The pieces of a message. One too large is read up to `MOST_BYTES`; of one built like a bomb only the headers are."""
    kept, limits = raw[:MOST_BYTES], (TOO_LARGE,) if len(raw) > MOST_BYTES else ()
    if not _affordable(kept):
        return Parts(_head(kept), limits=(*limits, TOO_COMPLEX))
    try:
        message = message_from_bytes(kept)
        parts = Parts(message, limits=limits)
        _collect(message, parts)
    except (MessageError, RecursionError, ValueError, LookupError, TypeError, AttributeError):
        return Parts(_head(kept), limits=(*limits, TOO_COMPLEX))
    return parts


def _affordable(raw: bytes) -> bool:
    """Whether the message has no more parts than people's mail has: counted before anything is parsed."""
    if not (_few(_PART.finditer(raw), MOST_PARTS) and _few(_NESTING.finditer(raw), MOST_NESTED)):
        return False
    # Python takes quadratic time over the parameters of a part.
    return all(found.end() - found.start() <= _MOST_PARAMETERS for found in _PARAMETERS.finditer(raw))


def _few(found: Iterator[Any], most: int) -> bool:
    return all(number < most for number, _one in enumerate(found))


def _head(raw: bytes) -> Message:
    end = re.search(rb"\r?\n\r?\n", raw[: 1024 * 1024])
    return BytesHeaderParser().parsebytes(raw[: end.start() if end else 64 * 1024])


def _collect(message: Message, parts: Parts) -> None:
    kind = message.get_content_type()
    if kind in _REPORTS:
        inside = message.get_payload()
        blocks = inside if isinstance(inside, list) else []
        parts.reports += [(kind, _block(block)) for block in blocks if isinstance(block, Message)]
        if not blocks:  # some servers encode it, or say text/plain inside
            parts.reports += [(kind, block) for block in _blocks(_bytes(message))]
    elif kind in _RETURNED:
        inside = message.get_payload()
        found = inside[0] if isinstance(inside, list) and inside else _head(_bytes(message))
        if isinstance(found, Message):
            parts.returned.append(found)
    elif message.is_multipart():
        for part in message.get_payload():
            if isinstance(part, Message):
                _collect(part, parts)
    else:
        _leaf(message, kind, parts)


def _block(message: Message) -> Message:
    """A report's fields, which Python reads as the text of an inner message where a blank line leads."""
    return message if message.keys() else _head(_bytes(message).lstrip())


def _blocks(raw: bytes) -> Iterator[Message]:
    for block in re.split(rb"\r?\n[ \t]*\r?\n", raw.strip()):
        if block:
            yield BytesHeaderParser().parsebytes(block)


def _leaf(part: Message, kind: str, parts: Parts) -> None:
    name = decoded(str(part.get_filename() or ""))
    attached = part.get_content_disposition() == "attachment" or (name and not kind.startswith("text/"))
    if kind in ("text/plain", "text/html") and not attached and not name:
        text = clean(to_text(_bytes(part), part.get_param("charset")))[: 5 * MOST_TEXT]
        (parts.plain if kind == "text/plain" else parts.html).append(text)
    else:
        parts.attachments.append(Attachment(_file_name(name), clean(kind)[:100], _size(part)))
        parts.files.append(part)


def file_of(raw: bytes, number: int) -> tuple[str, bytes] | None:
    """The name and content of a message's attachment, the first being 0; None where there is no such."""
    parts = take_apart(raw)
    if not 0 <= number < len(parts.files):
        return None
    return parts.attachments[number].name, _bytes(parts.files[number])


def _file_name(name: str) -> str:
    """A name without folders, and without the signs that make its end read as its middle (U+202E and its like)."""
    return _DIRECTIONS.sub("", re.split(r"[/\\\\]", name)[-1]).strip()[:200]


def _bytes(part: Message) -> bytes:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _size(part: Message) -> int:
    """Bytes of a file, without decoding it."""
    payload = part.get_payload()
    if not isinstance(payload, str):
        return 0
    if str(part.get("Content-Transfer-Encoding", "")).strip().lower() != "base64":
        return len(payload)
    written = len(payload) - payload.count("\n") - payload.count("\r")
    return max(0, written * 3 // 4 - payload[-4:].count("="))


def to_text(raw: bytes, charset: object = None) -> str:
    """The bytes in the charset they claim; where it is unknown or wrong, UTF-8, else what Windows writes."""
    for name in (charset if isinstance(charset, str) else "", "utf-8"):
        with_name = _known(name)
        if with_name:
            try:
                return raw.decode(with_name)
            except UnicodeError:
                continue
    return raw.decode("cp1252", errors="replace")


def _known(charset: str) -> str:
    try:
        name = codecs.lookup(charset.strip().strip("'\"")).name
    except (LookupError, ValueError):
        return ""
    return "" if name in _NO_CHARSETS or name.endswith("_codec") else name


def clean(text: str) -> str:
    """Without the characters nobody can see and no database keeps; line ends as one."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def header(message: Message, name: str) -> str:
    """A header of a message, decoded, on one line; "" where there is none."""
    return next(headers(message, name), "")


def headers(message: Message, name: str) -> Iterator[str]:
    """Every header of that name, decoded."""
    wanted = name.lower()
    for key, value in islice(message.raw_items(), _MOST_HEADERS):
        if key.lower() == wanted:
            yield decoded(str(value)[:_MOST_HEADER])


def decoded(value: str) -> str:
    """The words of a header (RFC 2047), and of one that was never encoded, on one line."""
    if not value.isascii():
        value = to_text(_as_sent(value))
    try:
        pieces = decode_header(value)
    except (MessageError, ValueError):  # an encoded word that is none
        pieces = [(value, None)]
    words = [
        to_text(piece if isinstance(piece, bytes) else _as_sent(piece), charset or "utf-8") for piece, charset in pieces
    ]
    return " ".join(clean("".join(words)).split())


def _as_sent(text: str) -> bytes:
    """What Python kept of a header that is not ASCII: its own bytes."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeError:
        return text.encode("utf-8", "replace")
