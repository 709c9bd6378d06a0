"""What may be kept as evidence: told by its content, never by its name, and not too large. Pure."""

import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import PurePath
from typing import Final, NamedTuple

from puntual.kernel.problems import N_, Problem

MOST_BYTES: Final = 10 * 1024 * 1024
MOST_FILES: Final = 30
"""Of one dispute."""

_OFFICE: Final = (
    (b"word/", ".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
)
_TEXT_SAMPLE: Final = 4096
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")


class Document(NamedTuple):
    """A file that may be kept: its name, fit for a header and a disk, and what it is."""

    name: str
    kind: str
    digest: str
    content: bytes


def document_of(name: str, content: bytes) -> Document:
    """A file as it is kept. Raises Problem for an empty one, one above `MOST_BYTES` and one of a kind nobody should open."""
    shown = plain_name(name, "")
    if not content:
        raise Problem(N_("“{name}” is empty. Choose the file again."), name=shown)
    if len(content) > MOST_BYTES:
        raise Problem(N_("“{name}” is larger than {most} MB. Attach a smaller one."), name=shown, most=MOST_BYTES >> 20)
    found = next(((suffix, kind) for holds, suffix, kind in _KINDS if holds(content)), None)
    if found is None:
        raise Problem(
            N_("“{name}” is no PDF, picture, Word or Excel document, e-mail or plain text. Save it as one of these."),
            name=shown,
        )
    suffix, kind = found
    return Document(plain_name(name, suffix), kind, sha256(content).hexdigest(), content)


def plain_name(name: str, suffix: str) -> str:
    """The name alone, without a folder or signs that mean something to a header or a disk; it ends as its content says."""
    base = PurePath(name.replace("\\", "/")).name
    plain = "".join(letter for letter in base if letter.isprintable() and letter not in '"<>|:*?')
    if not suffix:
        return plain[:150] or "file"
    return f"{PurePath(plain).stem.strip(' .')[:150] or 'file'}{suffix}"


def _begins(*beginnings: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(beginnings)


def _is_webp(content: bytes) -> bool:
    return content[:4] == b"RIFF" and content[8:12] == b"WEBP"


def _is_heic(content: bytes) -> bool:
    return content[4:8] == b"ftyp" and content[8:12] in (b"heic", b"heix", b"mif1", b"msf1")


def _is_office(folder: bytes) -> Callable[[bytes], bool]:
    """An Office Open XML package without macros: a ZIP whose content types come with the document's folder."""

    def holds(content: bytes) -> bool:
        zipped = content.startswith(b"PK\x03\x04") and b"[Content_Types].xml" in content
        return zipped and folder in content and b"vbaProject" not in content

    return holds


def _is_mail(content: bytes) -> bool:
    head = content[:_TEXT_SAMPLE].lower()
    return _is_text(content) and b"\nfrom:" in b"\n" + head and (b"\ndate:" in head or b"\nsubject:" in head)


def _is_text(content: bytes) -> bool:
    """Words in UTF-8 that no browser would take for a page."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return False
    start = text[:_TEXT_SAMPLE].lstrip("\ufeff \t\r\n").lower()
    return not _CONTROLS.search(text) and not start.startswith(("<", "#!", "%!"))


_KINDS: Final[tuple[tuple[Callable[[bytes], bool], str, str], ...]] = (
    (_begins(b"%PDF-"), ".pdf", "application/pdf"),
    (_begins(b"\x89PNG\r\n\x1a\n"), ".png", "image/png"),
    (_begins(b"\xff\xd8\xff"), ".jpg", "image/jpeg"),
    (_begins(b"GIF87a", b"GIF89a"), ".gif", "image/gif"),
    (_begins(b"II*\x00", b"MM\x00*"), ".tif", "image/tiff"),
    (_is_webp, ".webp", "image/webp"),
    (_is_heic, ".heic", "image/heic"),
    *((_is_office(folder), suffix, kind) for folder, suffix, kind in _OFFICE),
    (_is_mail, ".eml", "message/rfc822"),
    (_is_text, ".txt", "text/plain"),
)
