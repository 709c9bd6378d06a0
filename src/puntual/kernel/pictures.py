"""Pictures that somebody supplies, looked at before anything draws them: which kind, how large, and nothing in them that acts."""

import re
import xml.etree.ElementTree as ET
from typing import Final

from puntual.kernel.problems import N_, Problem

MOST_BYTES: Final = 1_000_000
MOST_PIXELS: Final = 4_000
"""On each side; beyond it a small file could unfold into gigabytes (a decompression bomb)."""
_MOST_ELEMENTS: Final = 5_000
_MOST_USES: Final = 16
"""`use` elements that stand for others that stand for others multiply."""
_ACTS: Final = frozenset({"script", "foreignObject", "image", "feImage", "iframe", "audio", "video", "set", "handler"})
"""SVG elements (SVG 1.1 and 2) that act, or bring in what is not drawn here."""
_NOT_READ: Final = N_("The picture cannot be read. Save it again as PNG, JPEG or plain SVG.")
_SIZED: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG markers of a frame, which say its size (ITU-T T.81, table B.1)."""


def check_picture(content: bytes) -> str:
    """The kind of a picture, by what is in it and not by its name: png, jpg or svg.

    Raises Problem for another kind, one that is too large, and an SVG with a script or with anything from elsewhere.
    """
    if len(content) > MOST_BYTES:
        raise Problem(N_("The picture is larger than 1 MB. Use a smaller one."))
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        kind, (width, height) = "png", _png_size(content)
    elif content.startswith(b"\xff\xd8\xff"):
        kind, (width, height) = "jpg", _jpeg_size(content)
    elif re.match(rb"(?:\xef\xbb\xbf)?\s*<", content):
        _check_svg(content)
        return "svg"
    else:
        raise Problem(N_("That is no PNG, JPEG or SVG picture."))
    if not (1 <= width <= MOST_PIXELS and 1 <= height <= MOST_PIXELS):
        raise Problem(N_("The picture may have up to {most} × {most} pixels."), most=MOST_PIXELS)
    return kind


def _png_size(content: bytes) -> tuple[int, int]:
    """The size in the first chunk (PNG, 11.2.1)."""
    if content[12:16] != b"IHDR" or len(content) < 24:
        raise Problem(_NOT_READ)
    return int.from_bytes(content[16:20]), int.from_bytes(content[20:24])


def _jpeg_size(content: bytes) -> tuple[int, int]:
    """The size in the header of the frame."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4])
        if marker == 0xFF:
            at += 1
            continue
        if marker in _SIZED:
            return int.from_bytes(content[at + 7 : at + 9]), int.from_bytes(content[at + 5 : at + 7])
        at += 2 + length
    raise Problem(_NOT_READ)


def _check_svg(content: bytes) -> None:
    acts = Problem(N_("The SVG has a script or something from elsewhere in it. Save it as a plain SVG, or use a PNG."))
    try:
        content.decode("utf-8")  # in another encoding nothing of what follows would be seen
        if b"<!ENTITY" in content:  # they multiply too
            raise acts
        found = list(ET.fromstring(content).iter())  # noqa: S314 - at most 1 MB, and no entities
    except (UnicodeDecodeError, ET.ParseError, LookupError) as error:
        raise Problem(_NOT_READ) from error
    names = [_plain(one.tag) for one in found]
    if names[0] != "svg" or len(names) > _MOST_ELEMENTS:
        raise Problem(_NOT_READ)
    if _ACTS & set(names) or names.count("use") > _MOST_USES:
        raise acts
    for one in found:
        if "@import" in (one.text or "") or any(_leads_out(_plain(name), value) for name, value in one.items()):
            raise acts


def _leads_out(name: str, value: str) -> bool:
    if name.lower().startswith("on"):
        return True
    if name in ("href", "src"):
        return not value.startswith("#")
    return any(not target.startswith("#") for target in re.findall(r"url\(\s*[\"']?([^\s\"')]*)", value))


def _plain(name: object) -> str:
    return name.rpartition("}")[2] if isinstance(name, str) else ""
