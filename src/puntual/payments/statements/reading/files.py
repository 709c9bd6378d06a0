"""A file's bytes and its text: how large it may be, and which letters its bytes stand for."""

import codecs
import re
from pathlib import Path
from typing import Final

from puntual.kernel.problems import N_
from puntual.payments.statements.reading.statement import Unreadable

MOST_BYTES: Final = 50 << 20
"""A year of a busy account has a few megabytes; memory stays bounded, since a statement is read as a whole."""
MOST_ENTRIES: Final = 200_000
"""Of one file, for the same reason."""
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with the same two bytes
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x19\x1c-\x1f\x7f]")
_DECLARED = re.compile(r"""\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_XML_ENCODINGS: Final = frozenset({"utf-8", "utf-16", "ascii", "iso8859-1", "iso8859-15", "cp1252"})
_FORBIDDEN = re.compile(r"<!\s*(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)


def load(path: Path) -> bytes:
    """The bytes of a statement. Raises Unreadable where it is empty, too large or cannot be read."""
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Unreadable(N_("The file cannot be read: {reason}."), reason=error.strerror or error) from error
    if len(raw) > MOST_BYTES:
        raise Unreadable(
            N_(
                "The file is larger than {limit} MB, which is more than a statement has. "
                "Ask the bank for shorter periods and bring them in one by one."
            ),
            limit=MOST_BYTES >> 20,
        )
    if not raw.strip(b"\0 \t\r\n\xef\xbb\xbf\xfe\xff"):
        raise Unreadable(N_("The file is empty. Download it from the bank again."))
    return raw


def text_of(raw: bytes) -> str:
    """The text: UTF-8 or UTF-16 where it is, else Windows-1252, in which banks still write. Raises Unreadable."""
    encoding = next((name for mark, name in _BOMS if raw.startswith(mark)), "")
    try:
        text = raw.decode(encoding or "utf-8")
    except UnicodeDecodeError:
        if encoding or _WIDE.search(raw):  # some of it is UTF-8, and some is broken
            raise broken() from None
        try:
            text = raw.decode("cp1252")
        except UnicodeDecodeError:
            raise broken() from None
    if _CONTROLS.search(text):
        raise broken()
    return text


def xml_of(raw: bytes) -> str:
    """The text of an XML file in the encoding it declares, without any declaration of document types or entities.

    Raises Unreadable where it is not in that encoding, and where it declares anything: no bank's file does, an attack would.
    """
    encoding = next((name for mark, name in _BOMS if raw.startswith(mark)), "")
    if not encoding:
        declared = _DECLARED.match(raw[:200].decode("latin-1"))
        try:
            encoding = codecs.lookup(declared[1] if declared else "utf-8").name
        except LookupError:
            encoding = ""
        if encoding not in _XML_ENCODINGS:
            raise Unreadable(
                N_("The file says that it is written in {encoding}, which no bank uses. Download it again."),
                encoding=declared[1] if declared else "?",
            )
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        raise broken() from None
    if _FORBIDDEN.search(text):
        raise Unreadable(
            N_(
                "The file declares a document type or entities, which no bank's statement does and which can do harm. "
                "Nothing of it was read. Download it from the bank itself."
            )
        )
    return text


def counted(entries: int) -> None:
    """Raises Unreadable where a file has more entries than memory is meant for."""
    if entries > MOST_ENTRIES:
        raise Unreadable(
            N_(
                "The file has more than {count} entries. Ask the bank for shorter periods and bring them in one by one."
            ),
            count=MOST_ENTRIES,
        )


def broken() -> Unreadable:
    """What to answer where bytes are no text."""
    return Unreadable(
        N_(
            "Some characters of the file are broken: it was not saved in the encoding it is read in. "
            "Download it from the bank again, without opening it in another program."
        )
    )


def truncated(missing: str) -> Unreadable:
    """What to answer where a file ends before its end; `missing` is the part that closes it, as the format names it."""
    return Unreadable(
        N_("The file is incomplete: {missing} is missing at its end. Download it from the bank again."), missing=missing
    )


def unfit(line: int, text: str) -> Unreadable:
    """What to answer where one line is not what its format says."""
    return Unreadable(
        N_("Line {line} cannot be read: “{text}”. Nothing of the file was taken. Download it from the bank again."),
        line=line,
        text=text if len(text) <= 80 else text[:80] + "…",
    )
