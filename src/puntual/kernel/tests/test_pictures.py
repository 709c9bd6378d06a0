"""Pictures that somebody supplies: what is taken, what is refused, and what is left of them."""

import struct
import zlib

import pytest

from puntual.kernel.documents import picture, redrawn
from puntual.kernel.pictures import MOST_BYTES, check_picture
from puntual.kernel.problems import Problem

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 90">{}<path d="M0 0h300v90h-300z" fill="#157"/></svg>'
JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08\x00\x40\x00\x80\x01\x01\x11\x00"


def svg(inside: str = "") -> bytes:
    return SVG.format(inside).encode()


def png(width: int, height: int, text: bytes = b"") -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(b"".join(b"\x00" + b"\x10\x50\x70" * width for _ in range(height)))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + (chunk(b"tEXt", text) if text else b"")
        + chunk(b"IDAT", rows)
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(("content", "kind"), [(svg(), "svg"), (png(30, 10), "png"), (JPEG, "jpg")])
def test_the_kind_is_what_is_in_it(content: bytes, kind: str) -> None:
    assert check_picture(content) == kind


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>',
        '<image href="http://elsewhere.example/x.png"/>',
        '<use href="other.svg#a"/>',
        '<path onclick="x()" d="M0 0"/>',
        '<path style="fill:url(http://elsewhere.example/x)" d="M0 0"/>',
        "<style>@import 'http://elsewhere.example/x.css';</style>",
        '<defs><path id="a" d="M0 0"/></defs>' + '<use href="#a"/>' * 17,
    ],
)
def test_an_svg_that_acts_or_leads_out_is_refused(inside: str) -> None:
    with pytest.raises(Problem, match="plain SVG"):
        check_picture(svg(inside))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"GIF89a", "no PNG"),
        (b"%PDF-1.7", "no PNG"),
        (b"<html></html>", "cannot be read"),
        (svg("<g>"), "cannot be read"),
        (SVG.format("").encode("utf-16"), "no PNG"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + svg(), "plain SVG"),
        (b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIB", 13, b"IHDR", 30_000, 30_000, 8), "4000"),
        (b"\xff\xd8\xff\xe0\x00", "cannot be read"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * MOST_BYTES, "larger than 1 MB"),
    ],
)
def test_what_is_no_picture_of_use_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(Problem, match=said):
        check_picture(content)


def test_a_picture_is_drawn_anew_into_its_place() -> None:
    for kind, content in (("svg", svg()), ("png", png(600, 180, b"Comment\x00taken at home"))):
        drawn = redrawn(content, kind, 50.0, 14.0, 240.0)
        width, height = int.from_bytes(drawn[16:20]), int.from_bytes(drawn[20:24])
        assert height in (132, 133) and abs(width / height - 300 / 90) < 0.05
        assert b"taken at home" not in drawn and check_picture(drawn) == "png"
    wide = redrawn(png(400, 4), "png", 50.0, 14.0, 240.0)
    assert int.from_bytes(wide[16:20]) in (472, 473)
    with pytest.raises(Problem, match="cannot be read"):
        redrawn(png(30, 10)[:60], "png", 50.0, 14.0, 240.0)


def test_a_picture_is_written_once() -> None:
    drawn = png(20, 20)
    assert picture(drawn) == picture(drawn) != picture(png(21, 20))
