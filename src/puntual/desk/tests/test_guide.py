"""The guide: whole in both languages, its pictures there, and one link away from each page."""

import re

import pytest
from django.test import Client

from conftest import Cast
from puntual.desk import guide, navigation
from puntual.organizations.models import User


@pytest.mark.parametrize("name", guide.PARTS)
def test_a_part_says_the_same_in_both_languages(name: str) -> None:
    es, en = (guide.read(name, language) for language in guide.LANGUAGES)
    assert es.title and en.title
    for mark in ("<h2", "<li>", "<img", "<a "):
        assert es.html.count(mark) == en.html.count(mark), f"{name}: {mark}"
    for part in (es, en):
        sources = re.findall(r'src="pictures/([^"]+)"', part.html)
        assert sources, f"{name} has no picture"
        assert set(sources) <= guide.pictures()
        for target in re.findall(r'href="([^"]+)"', part.html):
            assert target in guide.PARTS, f"{name} leads to {target}"


def test_every_place_of_the_map_has_its_part() -> None:
    sections = {section for entry in navigation.MAP for section in entry.sections if section != "start"}
    for section in sections:
        assert guide.part_of(f"/o/x/{section}/").partition("#")[0] in guide.PARTS
        assert section in guide._WHERE, f"say in desk/guide.py which part explains {section!r}"


def test_every_chapter_that_a_page_leads_to_is_there() -> None:
    led_to = [where for where in (*guide._WHERE.values(), *guide._DEEPER.values()) if "#" in where]
    for language in guide.LANGUAGES:
        for name, _sharp, chapter in (where.partition("#") for where in led_to):
            assert f'<h2 id="{chapter}">' in guide.read(name, language).html, f"{language}: {name}#{chapter}"
        for name, chapters in guide._CHAPTERS.items():
            assert guide.read(name, language).html.count("<h2") == len(chapters), f"{language}: {name}"


@pytest.mark.parametrize(
    ("place", "part"),
    [
        ("", "today"),
        ("customers/", "customers"),
        ("agreements/disputes/", "disputes"),
        ("agreements/plans/", "agreements#plans"),
        ("settings/setup", "setup"),
        ("settings/live", "setup#live"),
        ("settings/profile", "settings#people"),
        ("mailbox/", "setup#rehearsal"),
        ("activities/unclear/", "today#unclear"),
        ("agreements/approvals/", "agreements#plans"),
        ("manual/versions/", "manual#changing"),
        ("portfolio/", "reports#beginning"),
        ("portfolio/payments/", "payments"),
        ("reports/conduct", "manual#conduct"),
        ("search", "customers#search"),
        ("guide/reports", "reports"),
        ("settings/channels", "settings#channels"),
        ("imports/", "import"),
        ("team/", "team"),
        ("inbox/", "team#inbox"),
        ("agreements/placements/", "team#ending"),
        ("payments/reconcile/", "payments"),
    ],
)
def test_a_page_leads_to_its_part(cast: Cast, owner: Client, place: str, part: str) -> None:
    assert f'href="/o/sembria/guide/{part}"' in owner.get(f"/o/sembria/{place}").content.decode()


@pytest.mark.parametrize(("language", "title"), [("es", "Llamadas"), ("en", "Calls"), ("pt", "Llamadas")])
def test_it_is_read_in_ones_language_or_in_spanish(cast: Cast, owner: Client, language: str, title: str) -> None:
    User.objects.filter(pk=cast.owner.pk).update(language=language)
    page = owner.get("/o/sembria/guide/calls").content.decode()
    assert f"<h1>{title}</h1>" in page
    assert re.search(r'<article [^>]*lang="(..)"', page)[1] == ("en" if language == "en" else "es")
    assert 'aria-current="page">' in page


def test_pictures_come_from_here_and_nothing_else_does(cast: Cast, owner: Client) -> None:
    answer = owner.get("/o/sembria/guide/pictures/today-es.jpg")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.getvalue()[:2] == b"\xff\xd8"
    for name in ("nothing.jpg", "..%2Fes%2Ftoday.md", "today.md"):
        assert owner.get(f"/o/sembria/guide/pictures/{name}").status_code == 404
    assert owner.get("/o/sembria/guide/nothing").status_code == 404
    assert owner.get("/o/sembria/guide/").headers["Location"] == "/o/sembria/guide/setup"
