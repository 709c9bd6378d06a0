"""The trainer's pages: a talk from the first word to its score, one's own progress, and whose words nobody else reads."""

import re

import pytest
from django.test import Client

from conftest import Cast, make_member
from puntual.desk.tests.book import Book
from puntual.strategies.practice.models import PracticeTalk

BASE = "/o/sembria/agreements/practice/"


def begun(client: Client, character: str = "forgetful", **more: str) -> str:
    answer = client.post(f"{BASE}begin", {"character": character, **more})
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def chosen(client: Client, place: str, act: str) -> None:
    page = client.get(place).content.decode()
    found = re.search(rf'name="act" value="{act}"><input type="hidden" name="words" value="([^"]+)"', page)
    assert found, f"{act} is not offered"
    assert client.post(place, {"act": act, "words": found[1]}).status_code == 302


def held(client: Client, character: str = "forgetful") -> str:
    place = begun(client, character)
    chosen(client, place, "greet")
    for words in (
        "¿A qué se debe la demora?",
        "Si le entiendo bien, se le pasó.",
        "Le envío la copia con la cuenta. ¿Qué día le es posible pagar, y quién lo aprueba?",
        "¿Qué monto y qué día podría cumplir?",
        "¿Queda entonces en 900 el viernes?",
        "Quedamos en eso; se lo mando por escrito.",
        "Hasta luego.",
    ):
        assert client.post(place, {"words": words}).status_code == 302
    return place


def test_a_talk_to_its_end(book: Book, owner: Client) -> None:
    empty = owner.get(BASE).content.decode()
    assert "El que se olvida" in empty and "hasta hoy" not in empty
    place = held(owner)
    page = owner.get(place).content.decode()
    assert "Lo que dice el manual aquí" in page and "Ya sabe la razón" in page
    assert 'name="words"' not in page, "nothing more can be said"
    with book.inside():
        talk = PracticeTalk.objects.get(organization_id=book.cast.id)
    assert (talk.end, talk.outcome, talk.conduct) == ("deal", 100, 100)
    assert talk.whole is not None and talk.whole > 85
    refused = owner.post(place, {"words": "¿Sigue ahí?"})
    assert refused.status_code == 422 and "terminó" in refused.content.decode()
    after = owner.get(BASE).content.decode()
    assert f">{talk.whole}</td>" in after and "Un acuerdo" in after
    again = begun(owner, seed=str(talk.case["seed"]))
    with book.inside():
        assert PracticeTalk.objects.get(id=again.split("/")[-1]).case == talk.case


def test_what_is_wrong_is_said_beside_it(book: Book, owner: Client) -> None:
    place = begun(owner, "angry")
    for given, words in (
        ({"words": " "}, "Diga algo"),
        ({"words": "x" * 601}, "demasiado largo"),
        ({"act": "take_claim", "words": "Abro el reclamo"}, "no estaba entre las frases"),
    ):
        answer = owner.post(place, given)
        assert answer.status_code == 422 and words in answer.content.decode(), given
        assert ("x" * 601 in answer.content.decode()) == (given["words"] == "x" * 601), "what was typed stays"
    nobody = owner.post(f"{BASE}begin", {"character": "nobody"}, follow=True)
    assert "No hay tal cliente" in nobody.content.decode()


def test_the_customer_answers_to_what_is_said(book: Book, owner: Client) -> None:
    place = begun(owner, "angry")
    chosen(owner, place, "greet")
    owner.post(place, {"words": "Aténgase a las consecuencias."})
    page = owner.get(place).content.decode()
    assert "Colgó" in page or "Cuelga" in page
    assert "amenaza" in page


def test_where_the_law_lets_nobody_ask_why(book: Book, owner: Client) -> None:
    with book.inside():
        organization = book.cast.organization
        organization.country = "CO"
        organization.save(update_fields=["country"])
    place = begun(owner)
    assert "no deja preguntar" in owner.get(place).content.decode()
    chosen(owner, place, "greet")
    assert 'value="ask_help"' in owner.get(place).content.decode()


@pytest.mark.parametrize("role", ["collector", "manager"])
def test_ones_words_are_ones_own(book: Book, owner: Client, client: Client, cast: Cast, role: str) -> None:
    place = held(owner)
    client.force_login(make_member(cast.organization, role, f"{role}@sembria.example"))
    assert client.get(place).status_code == 404
    assert client.post(place, {"words": "Hola"}).status_code == 404
    theirs = f"{BASE}people/{cast.owner.pk}"
    scores = client.get(theirs)
    assert scores.status_code == (200 if role == "manager" else 404)
    if role == "manager":
        assert "¿A qué se debe" not in scores.content.decode() and place not in scores.content.decode()
        assert theirs in client.get(BASE).content.decode()


def test_who_collects_nothing_practices_nothing(book: Book, client: Client, cast: Cast) -> None:
    client.force_login(make_member(cast.organization, "accountant", "contable@sembria.example"))
    assert client.get(BASE).status_code == 403
    assert client.post(f"{BASE}begin", {"character": "slow"}).status_code == 403


def test_it_asks_the_same_however_much_was_practiced(book: Book, owner: Client, django_assert_max_num_queries) -> None:
    held(owner)
    with django_assert_max_num_queries(20) as few:
        owner.get(BASE)
    once = len(few)
    held(owner, "slow")
    held(owner, "angry")
    with django_assert_max_num_queries(once):
        owner.get(BASE)
