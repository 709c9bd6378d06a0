"""The pages' own files: kept for good under an address that names what they hold, and never the old beside the new."""

import re
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static
from django.test import Client

from puntual.config.assets import version_of


def test_an_address_names_what_the_files_hold(tmp_path: Path) -> None:
    (tmp_path / "css").mkdir()
    page = tmp_path / "css/a.css"
    page.write_text("a {}")
    first = version_of([tmp_path])
    (tmp_path / "css/a.css.gz").write_bytes(b"pressed")
    assert version_of([tmp_path]) == first
    page.write_text("b {}")
    second = version_of([tmp_path])
    page.rename(tmp_path / "css/b.css")
    assert len({first, second, version_of([tmp_path])}) == 3
    assert re.fullmatch("[0-9a-f]{12}", first)


def test_a_file_is_kept_for_good_only_under_its_own_version() -> None:
    client, address = Client(), static("css/puntual.css")
    kept = client.get(address)
    assert kept.status_code == 200
    assert "immutable" in kept.headers["Cache-Control"]

    before = client.get(address.replace(settings.STATIC_URL, f"/static/{'0' * 12}/"))
    assert before.getvalue() == kept.getvalue()
    assert before.headers["Cache-Control"] == "no-store"
    assert client.get(f"/static/{'0' * 12}/css/none.css").status_code == 404
