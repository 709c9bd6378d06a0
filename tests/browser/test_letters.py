"""Letters by keyboard: a batch is made, watched, printed and posted; one that came back is typed in over the page."""

import re

import pytest
from playwright.sync_api import expect

from conftest import Cast
from puntual.outreach.channels.letter.making import make_next
from puntual.outreach.channels.letter.models import PrintBatch, PrintedLetter
from puntual.outreach.channels.letter.tests.build import letter, live
from puntual.outreach.tests.build import make_world
from puntual.tenancy.scope import acting_for

pytestmark = pytest.mark.browser


def test_a_batch_from_the_list_to_the_post_office(cast: Cast, browse) -> None:
    with acting_for(cast.id):
        world = make_world(cast.actor())
        live(world.by)
        for name in ("Constructora Inmobiliaria de los Andes Centrales S.A.C.", "Textiles Quenara", "Viñas Trehuelén"):
            letter(world, name)
        letter(world, "Sin Dirección", address="")
    desk = browse()
    page = desk.page
    desk.sign_in()
    page.get_by_role("link", name=re.compile("Cartas por imprimir")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("4 cartas esperan la imprenta")
    desk.shot("cartas")
    page.wait_for_load_state()
    page.keyboard.press("b")
    expect(page.get_by_role("heading", level=1)).to_have_text("La tanda 1 se está preparando")
    with acting_for(cast.id):
        batch = PrintBatch.objects.get()
    assert not make_next(world.by, batch.pk)
    # The page takes notice by itself.
    expect(page.get_by_role("heading", level=1)).to_have_text("Tanda 1: 3 cartas por imprimir y enviar")
    expect(page.get_by_text("No se imprimió: No queda")).to_be_visible()
    desk.shot("tanda")
    page.wait_for_load_state()
    with page.expect_download() as download:
        page.keyboard.press("d")
    assert download.value.suggested_filename == "letters-1-1.pdf"
    page.keyboard.press("p")
    with acting_for(cast.id):
        first, second, *_rest = (
            PrintedLetter.objects.filter(state="made").order_by("place").values_list("code", flat=True)
        )
    page.get_by_label("Oficina de correos, notaría o mensajero").fill("Serpost Miraflores")
    page.get_by_label(f"Número de la carta {first}").fill("RR 123 456 785 PE")
    page.get_by_label(f"La carta {second} queda fuera").check()
    desk.shot("tanda-enviada")
    page.get_by_role("button", name="Se envió").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tanda 1: enviada el")
    expect(page.get_by_text("RR 123 456 785 PE")).to_be_visible()

    page.get_by_role("link", name="Cartas").first.click()
    page.wait_for_load_state()
    page.keyboard.press("v")
    dialog = page.locator("#sheet")
    dialog.get_by_label("Código de la carta").fill(first)
    dialog.get_by_label("Por qué", exact=False).select_option("moved")
    dialog.get_by_role("button", name="Anotar").click()
    expect(page.get_by_text(f"Anotado: la carta {first} volvió.")).to_be_visible()
    for theme, width in (("dark", 1440), ("light", 390)):
        other = browse(width=width, theme=theme, state=page.context.storage_state())
        for path, name in (("letters/", "cartas"), (f"letters/{batch.pk}", "tanda")):
            other.open(f"/o/sembria/{path}")
            other.shot(f"{name}-{theme}-{width}")
            assert other.fits(), path
