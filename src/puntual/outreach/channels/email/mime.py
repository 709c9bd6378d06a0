"""The MIME message of an e-mail, written out by hand: the standard library's own writer takes ten times as long over each."""

import base64
import binascii
import re
from collections.abc import Iterable
from email.errors import MessageError
from email.headerregistry import Address
from email.utils import encode_rfc2231, format_datetime, quote
from functools import lru_cache
from hashlib import blake2b

from puntual.outreach.channels import Document, Message, Undeliverable

_PHRASE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")  # what needs no quotes in a name (RFC 5322, 3.2.3)
_BREAK = b"\r\n"
_WORD = 39
"""Bytes in one encoded word: 52 signs of base64, so that its line has room for the header's name."""


def mime(message: Message) -> bytes:
    """The message as it leaves: plain text and HTML, each saying the same; answers go to a person.

    Mail programs show a button for `stop_link` (RFC 2369, 8058): it works in one step and asks for no sign-in. Everything is
    7-bit, which every server takes. The same message gives the same bytes. Raises Undeliverable for an address that is none.
    """
    key = blake2b(message.message_id.encode(), digest_size=12).hexdigest()
    body = _several(
        "alternative",
        f"=_a{key}",  # no line of quoted-printable or base64 can hold "=_"
        [_text("plain", message.text), _text("html", message.html)],
    )
    if message.documents:
        body = _several("mixed", f"=_m{key}", [body, *(_file(document) for document in message.documents)])
    return _BREAK.join([*_headers(message), b"MIME-Version: 1.0", body])


def _headers(message: Message) -> Iterable[bytes]:
    sender = _mailbox(message.sender_name, message.sender)
    answers = _mailbox(message.sender_name, message.reply_to) if message.reply_to else sender
    lines = {
        "From": sender,
        "To": _mailbox(message.recipient_name, message.recipient),
        "Reply-To": answers,
        "Subject": _words(message.subject, len("Subject: ")),
        "Date": format_datetime(message.at),
        "Message-ID": message.message_id,
        "Content-Language": message.language,
        "Auto-Submitted": "auto-generated",  # RFC 3834: no out-of-office answers
    }
    if message.stop_link:
        lines["List-Unsubscribe"] = f"<{message.stop_link}>"
        lines["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return [f"{name}: {value}".encode("ascii") for name, value in lines.items()]


@lru_cache(maxsize=1024)
def _mailbox(name: str, address: str) -> str:
    try:
        spec = Address(addr_spec=address).addr_spec
        spec.encode("ascii")
    except (ValueError, IndexError, MessageError) as error:  # all three, as the parser finds it
        raise Undeliverable(address) from error
    plain = " ".join(name.split())
    if not plain:
        return spec
    if not plain.isascii() or not plain.isprintable():
        return f"{_words(plain, 10)} <{spec}>"
    return f"{plain} <{spec}>" if _PHRASE.fullmatch(plain) else f'"{quote(plain)}" <{spec}>'


def _words(text: str, used: int) -> str:
    """A header's words in one line; encoded where they are not ASCII (RFC 2047), folded where they are long."""
    plain = " ".join(text.split())
    if plain.isascii() and plain.isprintable() and len(plain) + used < 78:
        return plain
    return "\r\n ".join(_encoded(plain))


def _encoded(text: str) -> Iterable[str]:
    """Encoded words of at most 75 signs (RFC 2047, section 2), each whole letters of its own."""
    part = b""
    for letter in text:
        more = letter.encode("utf-8", "replace")
        if len(part) + len(more) > _WORD:
            yield f"=?utf-8?b?{base64.b64encode(part).decode()}?="
            part = b""
        part += more
    yield f"=?utf-8?b?{base64.b64encode(part).decode()}?="


def _text(kind: str, text: str) -> bytes:
    lines = text.replace("\r\n", "\n").encode("utf-8", "replace")
    said = binascii.b2a_qp(lines, istext=True, quotetabs=False).replace(b"\n", _BREAK)
    head = f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    return head.encode() + said


def _file(document: Document) -> bytes:
    name = document.name if document.name.isascii() and document.name.isprintable() else ""
    shown = f'filename="{quote(name)}"' if name else f"filename*={encode_rfc2231(document.name, 'utf-8')}"
    head = (
        f"Content-Type: {document.content_type}\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: attachment; {shown}\r\n\r\n"
    )
    return head.encode("ascii") + base64.encodebytes(document.content).replace(b"\n", _BREAK)


def _several(kind: str, boundary: str, parts: Iterable[bytes]) -> bytes:
    fence = b"--" + boundary.encode()
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()
    return head + b"".join(fence + _BREAK + part + _BREAK for part in parts) + fence + b"--" + _BREAK
