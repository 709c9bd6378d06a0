"""Documents: a page layout in Typst's language and the values that go into it become a PDF.

A layout is data of the package, never a customer's: values reach it as JSON and are set as text, so nothing in a name or a note
is ever taken for a command. Fonts are the embedded ones: a document looks the same on every machine.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
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
    common: dict[str, Any] = {"sys_inputs": {"data": json.dumps(values)}, "timestamp": int(made_at.timestamp())}
    try:
        return bytes(typst.compile(_OPENING + layout, font_paths=_fonts(), pdf_standards=[STANDARD], **common))
    except typst.TypstError as error:
        if _NO_SUCH_LETTER not in str(error):
            raise _failed(error) from error
    return bytes(typst.compile(_OPENING + layout, font_paths=_fonts(), **common))


def png(layout: bytes, values: Mapping[str, Any], made_at: datetime) -> list[bytes]:
    """The pages as pictures, for a preview. Raises Problem as `pdf` does."""
    common: dict[str, Any] = {"sys_inputs": {"data": json.dumps(values)}, "timestamp": int(made_at.timestamp())}
    try:
        made = typst.compile(_OPENING + layout, font_paths=_fonts(), format="png", ppi=110.0, **common)
    except typst.TypstError as error:
        raise _failed(error) from error
    return [bytes(page) for page in made] if isinstance(made, list) else [bytes(made or b"")]


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The embedded fonts, read once: reading them took a quarter of the time of a page."""
    return typst.Fonts(include_system_fonts=False)


def _failed(error: Exception) -> Problem:
    return Problem(N_("The document could not be made: {reason}."), reason=str(error).splitlines()[0])
