"""Each page of the settings shows who changed it, to whoever may read the log."""

from django.test import Client

from conftest import Cast
from puntual.desk import setting_history

WORDS = {"country": "PE", "currency": "PEN", "language": "es", "time_zone": "America/Lima"}


def test_who_changed_what(cast: Cast, owner: Client) -> None:
    assert (
        "Todavía no se ha cambiado nada aquí." in owner.get("/o/sembria/settings/history/organization").content.decode()
    )
    owner.post("/o/sembria/settings/organization", {"name": "Sembria Uno", **WORDS})
    owner.post("/o/sembria/settings/channels/capacity", {"per_day": "40"})
    page = owner.get("/o/sembria/settings/organization").content.decode()
    assert 'href="/o/sembria/settings/history/organization"' in page
    page = owner.get("/o/sembria/settings/history/organization", headers={"HX-Request": "true"}).content.decode()
    assert "Sembria → " in page.replace("\n", " ") and "Sembria Uno" in page
    assert str(cast.owner) in page
    assert "40" in owner.get("/o/sembria/settings/history/channels").content.decode()
    assert owner.get("/o/sembria/settings/history/nothing").status_code == 404


def test_only_who_may_read_the_log_is_led_there(cast: Cast, client: Client) -> None:
    client.force_login(cast.colleague)
    assert "settings/history" not in client.get("/o/sembria/settings/channels").content.decode()
    assert client.get("/o/sembria/settings/history/channels").status_code == 403


def test_where_a_place_lies() -> None:
    assert setting_history.place_of("/o/x/settings/channels/whatsapp/") == "channels"
    assert setting_history.place_of("/o/x/settings/") == ""
    assert setting_history.place_of("/o/x/customers/channels") == ""
