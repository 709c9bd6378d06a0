"""Pages of advice: the same in three languages, open to anybody."""

import pytest
from django.test import Client

from puntual.portal.learning import CODES, LANGUAGES, lessons, spoken


def test_each_language_has_every_page_with_the_same_parts() -> None:
    shapes = {
        language: [(code, [len(part.points) for part in one.parts]) for code, one in lessons(language).items()]
        for language in LANGUAGES
    }
    assert [code for code, _parts in shapes["es"]] == list(CODES)
    assert shapes["es"] == shapes["en"] == shapes["pt"]


@pytest.mark.parametrize(("language", "expected"), [("es-PE", "es"), ("pt_BR", "pt"), ("EN", "en"), ("de", "en")])
def test_a_reader_gets_its_general_language(language: str, expected: str) -> None:
    assert spoken(language) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_anybody_reads_every_page(client: Client, language: str) -> None:
    listing = client.get(f"/c/learn/{language}/")
    assert listing.status_code == 200
    for code, one in lessons(language).items():
        assert one.title in listing.content.decode().replace("&#x27;", "'")
        assert client.get(f"/c/learn/{language}/{code}").status_code == 200


def test_what_does_not_exist_is_not_found(client: Client) -> None:
    assert client.get("/c/learn/de/").status_code == client.get("/c/learn/es/nothing").status_code == 404
    asked = client.get("/c/learn/", HTTP_ACCEPT_LANGUAGE="pt-BR,pt;q=0.9")
    assert asked["Location"] == "/c/learn/pt/"
