"""Senders, signers and retention as people meet them: by day, in the dark and on a phone."""

import pytest
from playwright.sync_api import expect

from conftest import Cast
from puntual.outreach.actions import place_legal_hold, set_retention
from puntual.outreach.tests.build import make_world
from puntual.parties.actions import declare_sender, save_signer
from puntual.tenancy.scope import acting_for

pytestmark = pytest.mark.browser
S = "/o/sembria/settings"


def test_senders_signers_and_retention(cast: Cast, browse) -> None:
    with acting_for(cast.id):
        world = make_world(cast.actor())
        customer = world.customer("Textiles Quenara S.A.")
        period = set_retention(world.by, "CL", months=12, reason="Nuestra política de datos")
    desk = browse()
    page = desk.page
    desk.sign_in()
    desk.open(f"{S}/identity")
    desk.shot("identity-empty")
    page.get_by_role("link", name="Indicar a alguien").click()
    page.get_by_label("Nombre").fill("Ana Solari")
    page.get_by_label("Cargo").fill("Gerente de administración")
    page.get_by_label("Firme").check()
    page.get_by_role("button", name="Guardar").click()
    expect(page.get_by_text("El próximo mensaje se firma así")).to_be_visible()
    with acting_for(cast.id):
        save_signer(world.by, name="Luis Vega", position="Apoderado", tones=["formal", "final"])
        place_legal_hold(world.by, customer, "Expediente 0123-2026, Juzgado de Paz")
    desk.open(f"{S}/creditors/{world.creditor.id}/senders")
    expect(page.get_by_text("cobranzas@sembria.example está verificada")).to_be_visible()
    page.get_by_label("Dirección de correo").fill("caja@sembria.example")
    page.get_by_label("Dirección de correo").press("Enter")
    expect(page.get_by_text("caja@sembria.example aún no está verificada")).to_be_visible()
    with acting_for(cast.id):
        declare_sender(world.by, world.creditor.id, "email", address="caja@sembria.example", name="Sembria, cobranzas")
    places = {
        "identity": "identity",
        "senders": f"creditors/{world.creditor.id}/senders",
        "creditor": f"creditors/{world.creditor.id}",
        "signer": "identity/signers/new",
        "retention": "retention",
        "retention-period": f"retention/{period.id}",
        "settings": "",
    }
    for theme, width in (("light", 1440), ("dark", 1440), ("light", 390)):
        other = browse(width=width, theme=theme, state=page.context.storage_state())
        for name, place in places.items():
            other.open(f"{S}/{place}")
            other.shot(f"{name}-{theme}-{width}")
            assert other.fits(), f"{name} {width}"
