"""Signing in and out, the lock after wrong passwords, the second factor, and the words of it all."""

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from conftest import Cast

PASSWORD = "correct horse battery"
LOGIN = "/accounts/login/"


def sign_in(client: Client, email: str, password: str = PASSWORD):
    return client.post(LOGIN, {"login": email, "password": password})


def confirm(client: Client) -> None:
    """What guards the account asks for the password once more."""
    assert client.get("/accounts/2fa/totp/activate/").headers["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def test_signing_in_and_out(cast: Cast, client: Client) -> None:
    assert sign_in(client, "Owner@Sembria.example").headers["Location"] == "/"
    assert client.get("/", follow=True).redirect_chain[-1][0] == "/o/sembria/"
    assert "¿Salir?" in client.get("/accounts/logout/").content.decode()
    client.post("/accounts/logout/")
    assert client.get("/o/sembria/").status_code == 302


def test_a_wrong_password_is_said_in_words(cast: Cast, client: Client) -> None:
    for email in ("owner@sembria.example", "nobody@sembria.example"):
        answer = sign_in(client, email, "wrong password")
        assert answer.status_code == 200
        assert "El correo o la contraseña no son correctos" in answer.content.decode()


def test_eight_wrong_passwords_lock_the_account_whatever_its_spelling(cast: Cast, client: Client) -> None:
    for attempt in range(8):
        answer = sign_in(client, ["owner@sembria.example", "OWNER@sembria.example "][attempt % 2], "wrong password")
    assert answer.status_code == 429
    assert "Demasiados intentos" in answer.content.decode()
    assert sign_in(client, "owner@sembria.example").status_code == 429  # the right one does not open it now
    assert sign_in(client, "colleague@sembria.example").status_code == 302  # and nobody else is shut out


def test_nobody_signs_up(db: None, client: Client) -> None:
    for path in ("signup/", "password/reset/", "email/", "confirm-email/"):
        assert client.get(f"/accounts/{path}").status_code == 404


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_the_account_pages_speak_the_readers_language(cast: Cast, client: Client, language: str) -> None:
    cast.owner.language = language
    cast.owner.save()
    sign_in(client, "owner@sembria.example")
    words = {
        "/accounts/password/change/": {
            "es": "Cambiar la contraseña",
            "en": "Change the password",
            "pt": "Alterar a senha",
        },
        "/accounts/2fa/": {
            "es": "Verificación en dos pasos",
            "en": "Two-step sign-in",
            "pt": "Verificação em duas etapas",
        },
        "/accounts/2fa/totp/activate/": {"es": "seis dígitos", "en": "six digits", "pt": "seis dígitos"},
    }
    confirm(client)
    for path, expected in words.items():
        answer = client.get(path)
        assert answer.status_code == 200
        assert expected[language] in answer.content.decode()
        assert "css/puntual.css" in answer.content.decode()


def test_changing_the_password(cast: Cast, client: Client) -> None:
    sign_in(client, "owner@sembria.example")
    path = "/accounts/password/change/"
    wrong = client.post(path, {"oldpassword": "no", "password1": "a new long one", "password2": "a new long one"})
    assert "contraseña actual" in wrong.content.decode()
    weak = client.post(path, {"oldpassword": PASSWORD, "password1": "password12", "password2": "password12"})
    assert 'aria-invalid="true"' in weak.content.decode()
    done = client.post(path, {"oldpassword": PASSWORD, "password1": "a new long one", "password2": "a new long one"})
    assert done.status_code == 302
    client.post("/accounts/logout/")
    assert sign_in(client, "owner@sembria.example", "a new long one").status_code == 302


def test_the_second_factor(cast: Cast, client: Client) -> None:
    sign_in(client, "owner@sembria.example")
    confirm(client)
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page)
    assert secret
    assert "data:image/svg" in page
    assert (
        "Ese código no es correcto" in client.post("/accounts/2fa/totp/activate/", {"code": "000000"}).content.decode()
    )
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_for(secret[1])}, follow=True)
    assert "Códigos de recuperación" in answer.content.decode()
    recovery = re.findall(r"<code>(\w+)</code>", client.get("/accounts/2fa/recovery-codes/").content.decode())
    assert len(recovery) == 10
    client.post("/accounts/logout/")

    assert sign_in(client, "owner@sembria.example").headers["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/o/sembria/").status_code == 302  # the password alone opens nothing
    assert "Código de su aplicación" in client.get("/accounts/2fa/authenticate/").content.decode()
    assert (
        "Intentar de nuevo" in client.post("/accounts/2fa/authenticate/", {}).content.decode()
    )  # no browser sends this
    assert client.post("/accounts/2fa/authenticate/", {"code": recovery[0]}).status_code == 302
    assert client.get("/o/sembria/").status_code == 200


def code_for(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def test_an_expired_form_is_explained(cast: Cast) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(LOGIN, {"login": "owner@sembria.example", "password": PASSWORD})
    assert answer.status_code == 403
    assert "El formulario venció" in answer.content.decode()
