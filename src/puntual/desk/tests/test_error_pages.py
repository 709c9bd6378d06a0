"""Pages for what went wrong: in the reader's language, with a way on, and without losing what was typed."""

import re

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.urls import reverse

from conftest import Cast
from puntual.desk import errors
from puntual.organizations.models import User

LINK = re.compile(r'<a class="btn[^"]*" href="([^"]+)"')


@pytest.mark.parametrize(
    ("language", "said"),
    [("es", "Esa página no existe"), ("en", "There is no such page"), ("pt", "Essa página não existe")],
)
def test_what_is_not_there_has_a_way_on(cast: Cast, owner: Client, language: str, said: str) -> None:
    User.objects.filter(pk=cast.owner.pk).update(language=language)
    inside = owner.get("/o/sembria/nowhere")
    outside = owner.get("/nowhere", HTTP_ACCEPT_LANGUAGE=language)
    for answer in (inside, outside):
        assert answer.status_code == 404
        assert said in answer.content.decode()
    assert reverse("today", args=["sembria"]) in LINK.findall(inside.content.decode())
    assert "/" in LINK.findall(outside.content.decode())


def test_a_refusal_names_whom_to_ask(cast: Cast, client: Client) -> None:
    client.force_login(cast.colleague)
    answer = client.get("/o/sembria/settings/organization")
    assert answer.status_code == 403
    assert "encargada" in answer.content.decode() or "titular" in answer.content.decode()


@pytest.mark.parametrize("language", ["es", "en", "pt"])
@pytest.mark.parametrize("error", [OperationalError("gone"), ValueError("ours")])
def test_without_a_database_a_page_still_says_what_to_do(language: str, error: Exception) -> None:
    request = RequestFactory().get("/o/sembria/customers/?q=x", HTTP_ACCEPT_LANGUAGE=language)
    try:
        raise error
    except Exception:
        answer = errors.server_error(request)
    page = answer.content.decode()
    assert answer.status_code == (503 if isinstance(error, OperationalError) else 500)
    assert f'<html lang="{language}' in page
    assert "/o/sembria/customers/?q=x" in LINK.findall(page)


@pytest.fixture
def strict(cast: Cast) -> Client:
    """A browser whose forms need their key."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.owner)
    return client


def test_a_form_that_expired_is_sent_again_with_what_was_typed(strict: Client) -> None:
    typed = {"name": 'Ana "Pérez"', "csrfmiddlewaretoken": "old"}
    answer = strict.post("/o/sembria/settings/profile", typed, headers={"Origin": "http://testserver"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert 'name="name" value="Ana &quot;Pérez&quot;"' in page
    key = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert key
    again = strict.post("/o/sembria/settings/profile", {**typed, "csrfmiddlewaretoken": key[1]})
    assert again.status_code == 302


def test_another_sites_form_is_not_offered_again(strict: Client) -> None:
    answer = strict.post(
        "/o/sembria/settings/profile", {"name": "Ana"}, headers={"Origin": "https://elsewhere.example"}
    )
    assert answer.status_code == 403
    assert 'value="Ana"' not in answer.content.decode()


@pytest.mark.parametrize(
    ("opened", "above"),
    [
        ("/o/sembria/settings/creditors/new", "/o/sembria/settings/creditors/"),
        ("/o/sembria/settings/calendar/days", "/o/sembria/settings/calendar"),
        ("/o/sembria/manual/versions/import", "/o/sembria/manual/versions/"),
        ("/o/sembria/run", "/o/sembria/"),
        ("/preferences", "/"),
    ],
)
def test_an_address_that_only_takes_forms_leads_to_the_page_above_it(owner: Client, opened: str, above: str) -> None:
    """As from the browser's history, or after signing in again."""
    led = owner.get(opened, HTTP_ACCEPT="text/html,*/*")
    assert (led.status_code, led.headers.get("Location")) == (302, above)
    assert owner.get(opened, HTTP_ACCEPT="application/json").status_code == 405, "a program is told what it did"


def test_who_sends_a_form_after_the_session_has_ended_is_told_that_nothing_was_saved(
    cast: Cast, client: Client
) -> None:
    asked = client.post("/o/sembria/settings/organization", {"name": "Otro"}, follow=True)
    assert asked.redirect_chain[0][0].endswith("login/?next=/o/sembria/settings/organization")
    assert "no se guardó nada" in asked.content.decode()
    assert "no se guardó nada" not in client.get("/o/sembria/", follow=True).content.decode()
