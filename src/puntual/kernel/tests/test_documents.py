"""A layout and its values become a PDF, whatever the values say."""

from datetime import UTC, datetime

import pytest

from puntual.kernel.documents import pdf, png
from puntual.kernel.problems import Problem

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LAYOUT = b'#set page(width: 200pt, height: auto)\n#set text(font: "Libertinus Serif")\n#data.name'


@pytest.mark.parametrize("name", ["Textiles Ñandú", '#panic("no")', "*no* $x$ [", "”", "{}\\", '#read("/etc/passwd")'])
def test_values_are_words_and_never_commands(name: str) -> None:
    made = pdf(LAYOUT, {"name": name}, NOON)
    assert made.startswith(b"%PDF-") and b"pdfaid" in made
    assert made == pdf(LAYOUT, {"name": name}, NOON)


def test_letters_that_the_fonts_do_not_have_cost_the_archive_standard_and_not_the_document() -> None:
    made = pdf(LAYOUT, {"name": "日本"}, NOON)
    assert made.startswith(b"%PDF-") and b"pdfaid" not in made


def test_a_picture_of_each_page() -> None:
    pages = png(LAYOUT + b"\n#pagebreak()\nTwo", {"name": "One"}, NOON)
    assert [page[:4] for page in pages] == [b"\x89PNG"] * 2


def test_a_layout_that_cannot_be_set_says_why() -> None:
    with pytest.raises(Problem, match="could not be made"):
        pdf(b"#data.missing", {"name": "x"}, NOON)
