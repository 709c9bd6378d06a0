"""One's own keys: how they are written, what clashes, and that they stand with the person."""

import re
from pathlib import Path

import pytest
from django.test import Client

from conftest import Cast
from puntual.audit.models import Record
from puntual.desk import keys
from puntual.desk.tests.book import Book
from puntual.kernel.problems import Problem
from puntual.organizations.actions import change_keys

ADDRESS = "/o/sembria/settings/shortcuts"
TEMPLATES = Path(keys.__file__).parent / "templates"
NATIVE = {"Enter", "Escape"}  # what forms and dialogs are worked with is not changed


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("", ""),
        (" k ", "k"),
        ("K", "K"),
        ("ñ", "ñ"),
        ("alt + A", "Alt+a"),
        ("shift+alt+a", "Alt+Shift+a"),
        ("Shift+a", "A"),
        ("ctrl+f8", "Ctrl+F8"),
        ("pageup", "PageUp"),
        ("g  x", "g x"),
        ("+", "+"),
        ("Alt++", "Alt++"),
    ],
)
def test_how_a_key_is_written(written: str, kept: str) -> None:
    assert keys.read(written) == kept


@pytest.mark.parametrize("written", ["Enter", "Tab", "abc", "Alt+", "Win+a", "a b c", "F13"])
def test_what_is_no_key(written: str) -> None:
    with pytest.raises(Problem):
        keys.read(written)


def test_the_keys_as_they_come_do_not_clash() -> None:
    every = keys.defaults()
    assert len(set(every)) == len(every)
    assert not keys.clashes({default: default for default in every})


@pytest.mark.parametrize(
    ("own", "clashing"),
    [
        ({"a": "y"}, {}),
        ({"a": "b", "b": "a"}, {}),
        ({"a": "b"}, {"a": "b"}),
        ({"a": "y", "b": "y"}, {"a": "b", "b": "a"}),
        ({"a": "g"}, {"a": "g t"}),
        ({"a": "g t"}, {"a": "g t"}),
        ({"g t": "a x"}, {"g t": "a"}),
        ({"g t": "y t"}, {}),
    ],
)
def test_what_clashes(own: dict[str, str], clashing: dict[str, str]) -> None:
    assert keys.clashes(own) == clashing


def test_every_key_of_the_pages_can_be_changed() -> None:
    text = "\n".join(path.read_text() for path in TEMPLATES.rglob("*.html"))
    found = set(re.findall(r'data-key="([^"{]+)"', text)) - NATIVE
    assert found
    assert found <= set(keys.defaults())


def test_a_person_changes_keys_and_clashes_are_refused_beside_the_field(book: Book, owner: Client, cast: Cast) -> None:
    field = {default: f"k{place}" for place, default in enumerate(keys.defaults())}
    assert "data-keys=" not in owner.get("/o/sembria/").content.decode()
    refused = owner.post(ADDRESS, {field["a"]: "b", field["n"]: "Enter", field["p"]: "p"})
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {field["a"], field["n"]}
    assert 'value="Enter"' in refused.content.decode(), "what was typed stands there"
    assert owner.post(ADDRESS, {field["a"]: "alt+y", field["p"]: "p", field["g t"]: "h"}).status_code == 302
    cast.owner.refresh_from_db()
    assert cast.owner.keys == {"a": "Alt+y", "g t": "h"}
    page = owner.get("/o/sembria/").content.decode()
    assert 'data-keys="{&quot;a&quot;: &quot;Alt+y&quot;, &quot;g t&quot;: &quot;h&quot;}"' in page
    cast.colleague.refresh_from_db()
    assert cast.colleague.keys == {}
    with book.inside():
        assert Record.objects.filter(action="profile.change_keys", object_id=cast.owner.id).count() == 1
        with pytest.raises(Problem, match="the same"):
            change_keys(cast.actor(), {"a": "y", "b": "y"})
    assert owner.post(ADDRESS, {"reset": "1"}).status_code == 302
    cast.owner.refresh_from_db()
    assert cast.owner.keys == {}


def test_what_a_key_does_on_each_page_stands_on_a_line_of_its_own(owner: Client) -> None:
    page = owner.get(ADDRESS).content.decode()
    for one in ("escribir algo nuevo", "marcar el número", "la conducta en el manual"):
        assert f">{one}</span>" in page.lower()
