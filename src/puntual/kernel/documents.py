"""Documents: a page layout in Typst's language and the values that go into it become a PDF.

A layout is data of the package, never a customer's: values reach it as JSON and are set as text, so nothing in a name or a note
is ever taken for a command. Fonts are the embedded ones: a document looks the same on every machine.
"""

import json
import os
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory, mkstemp
from typing import Any, Final

import typst

from puntual.kernel.problems import N_, Problem

STANDARD: Final = "a-2b"
"""PDF/A-2b (ISO 19005-2): what was sent can still be read in twenty years, with everything it needs inside."""
_NO_SUCH_LETTER = "could not be displayed with font"
_OPENING = b"#let data = json(bytes(sys.inputs.data))\n"


def pdf(layout: bytes, values: Mapping[str, Any], made_at: datetime) -> bytes:
    """The PDF of a layout, in which `data` holds `values`. The same values and moment give the same bytes.

    It is a PDF/A but for letters that the fonts do not have, which stand as boxes. Raises Problem where the layout cannot be set.
    """
    common = _common(values, made_at)
    try:
        return bytes(typst.compile(_OPENING + layout, font_paths=_fonts(), pdf_standards=[STANDARD], **common))
    except typst.TypstError as error:
        if _NO_SUCH_LETTER not in str(error):
            raise _failed(error) from error
    return bytes(typst.compile(_OPENING + layout, font_paths=_fonts(), **common))


def png(layout: bytes, values: Mapping[str, Any], made_at: datetime) -> list[bytes]:
    """The pages as pictures, for a preview. Raises Problem as `pdf` does."""
    try:
        made = typst.compile(
            _OPENING + layout, font_paths=_fonts(), format="png", ppi=110.0, **_common(values, made_at)
        )
    except typst.TypstError as error:
        raise _failed(error) from error
    return [bytes(page) for page in made] if isinstance(made, list) else [bytes(made or b"")]


def redrawn(content: bytes, kind: str, width: float, height: float, dots: float) -> bytes:
    """A picture (`kind` png, jpg or svg) drawn anew as a PNG that fits into `width` × `height` mm at `dots` per inch.

    What was in the file besides what one sees (scripts, places, comments, a camera's notes) is not in the new one. Raises
    Problem for one that cannot be drawn.
    """
    with TemporaryDirectory(prefix="puntual-") as place:
        Path(place, "given").write_bytes(content)
        layout = _REDRAWN % (kind, width, height, kind)
        try:
            common: dict[str, Any] = {"root": place}
            made = typst.compile(layout.encode(), font_paths=_fonts(), format="png", ppi=dots, **common)
        except (typst.TypstError, RuntimeError) as error:
            raise Problem(N_("The picture cannot be read. Save it again as PNG, JPEG or plain SVG.")) from error
    if not isinstance(made, bytes):
        raise Problem(N_("The picture cannot be read. Save it again as PNG, JPEG or plain SVG."))
    return made


_REDRAWN: Final = """#set page(width: auto, height: auto, margin: 0pt, fill: none)
#context {
  let size = measure(image("/given", format: "%s"))
  let by = calc.min(%fmm / size.width, %fmm / size.height)
  image("/given", format: "%s", width: size.width * by, height: size.height * by)
}
"""


def picture(content: bytes) -> str:
    """The path by which a layout's `image` finds a PNG. The file is written once per process, however many documents show it:
    among the values it would be read anew for each.
    """
    path = Path(_pictures().name, f"{sha256(content).hexdigest()}.png")
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        handle, written = mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(written).replace(path)  # no other thread sees half of it
    return f"/{path.name}"


@lru_cache(maxsize=1)
def _pictures() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="puntual-pictures-")


def _common(values: Mapping[str, Any], made_at: datetime) -> dict[str, Any]:
    return {
        "sys_inputs": {"data": json.dumps(values)},
        "timestamp": int(made_at.timestamp()),
        "root": _pictures().name,  # all a layout can read
    }


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The embedded fonts, read once: reading them took a quarter of the time of a page."""
    return typst.Fonts(include_system_fonts=False)


def _failed(error: Exception) -> Problem:
    return Problem(N_("The document could not be made: {reason}."), reason=str(error).splitlines()[0])
