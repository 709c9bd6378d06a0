"""A list on a phone shows the cells that have a place of their own there: what can be done with a row is among them."""

import re
from pathlib import Path

import pytest

import puntual.desk

TEMPLATES = Path(puntual.desk.__file__).parent / "templates"
LIST = re.compile(r'<table class="[^"]*\blist\b[^"]*".*?</table>', re.DOTALL)
CELL = re.compile(r'<td(?: class="([^"]*)")?[^>]*>(.*?)</td>', re.DOTALL)


def lists() -> list[tuple[str, str]]:
    """Every list, with the template it stands in."""
    files = sorted(TEMPLATES.rglob("*.html"))
    return [(str(path.relative_to(TEMPLATES)), found) for path in files for found in LIST.findall(path.read_text())]


@pytest.mark.parametrize(("name", "table"), lists(), ids=[name for name, _table in lists()])
def test_what_can_be_done_is_done_on_a_phone_too(name: str, table: str) -> None:
    hidden = [
        body
        for classes, body in CELL.findall(table)
        if ("btn" in body or "<form" in body) and not re.search(r"\bat-[a-e]|\btick\b", classes)
    ]
    assert not hidden


def test_there_are_lists() -> None:
    assert any(name == "desk/claims.html" for name, _table in lists())
