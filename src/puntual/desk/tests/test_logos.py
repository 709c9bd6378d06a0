"""A creditor's logo: given and taken away on its page, shown at the head of what its customers get."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from conftest import NOW, TODAY
from puntual.audit.models import Record
from puntual.desk.tests.book import Book
from puntual.kernel.tests.test_pictures import png, svg
from puntual.outreach import statement as made
from puntual.outreach.channels.letter.document import set_letters
from puntual.outreach.statement import statement
from puntual.parties.models import CreditorLogo


@pytest.fixture
def page(book: Book) -> str:
    return f"/o/sembria/settings/creditors/{book.creditor.id}"


def upload(name: str, content: bytes) -> dict[str, SimpleUploadedFile]:
    return {"logo-file": SimpleUploadedFile(name, content)}


def test_a_logo_is_given_shown_replaced_and_taken_away(book: Book, owner: Client, page: str) -> None:
    assert owner.get(f"{page}/logo.png").status_code == 404
    assert owner.post(f"{page}/logo", upload("marca.svg", svg())).status_code == 302
    shown = owner.get(f"{page}/logo.png")
    assert shown["Content-Type"] == "image/png" and shown.content.startswith(b"\x89PNG")
    assert f"{page}/logo.png?" in owner.get(page).content.decode()
    owner.post(f"{page}/logo", upload("marca.png", png(300, 90)))
    with book.inside():
        assert CreditorLogo.objects.get().name == "marca.png"
    wrong = owner.post(f"{page}/logo", upload("marca.png", svg("<script>x</script>")))
    assert wrong.status_code == 422 and "id_logo-file_error" in wrong.content.decode()
    owner.post(f"{page}/logo/remove")
    with book.inside():
        assert not CreditorLogo.objects.exists()
        assert Record.objects.filter(action__in=["creditor.set_logo", "creditor.remove_logo"]).count() == 3


def test_documents_show_the_logo_and_are_the_same_for_the_same_moment(
    book: Book, owner: Client, page: str, monkeypatch
) -> None:
    customer = book.customer("Pesquera")
    seen: dict = {}
    real = made.pdf
    monkeypatch.setattr(made, "pdf", lambda layout, values, at: seen.update(values) or real(layout, values, at))
    with book.inside():
        bare = statement(customer, TODAY, NOW).content
        assert seen["logo"] is None
    owner.post(f"{page}/logo", upload("marca.svg", svg()))
    with book.inside():
        first = statement(customer, TODAY, NOW).content
        assert 46 < seen["logo"]["width"] < 47.5, "14 mm high, and as wide as it is"
        assert b"/Subtype/Image" in first.replace(b" ", b"") and len(first) > len(bare)
        assert statement(customer, TODAY, NOW).content == first
    letter = {
        "language": "es",
        "paper": "a4",
        "window": "left",
        "sample": "",
        "creditor": "Sembria",
        "letterhead": ["RUC 20512333797"],
        "logo": seen["logo"],
        "address": ["Pesquera"],
        "dated": "23 de noviembre",
        "about_label": "Cliente",
        "about": "C-1",
        "code_label": "Carta",
        "code": "A1",
        "code_qr": '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>',
        "subject": "",
        "blocks": [],
        "page": "Página",
        "of": "de",
    }
    set_ = set_letters([letter, letter], "Cartas", NOW)
    assert b"/Subtype/Image" in set_.replace(b" ", b"")
