"""WhatsApp's settings as people meet them: by day, in the dark and on a phone."""

import pytest
from playwright.sync_api import expect

from conftest import Cast
from puntual.outreach.tests.build import make_world
from puntual.outreach.tests.providers import CloudApi, serving
from puntual.outreach.tests.test_approved_texts import at_meta
from puntual.strategies.actions import install_builtin
from puntual.tenancy.scope import acting_for

pytestmark = pytest.mark.browser
S = "/o/sembria/settings/channels"


def test_an_approved_text_is_chosen_for_a_step(cast: Cast, browse, settings) -> None:
    with acting_for(cast.id):
        world = make_world(cast.actor())
        install_builtin(world.by, "es", "schools")  # whose steps go by WhatsApp
    with serving(CloudApi) as meta:
        settings.PUBLIC_URL = "https://cobranzas.sembria.example"
        desk = browse()
        page = desk.page
        desk.sign_in()
        desk.open(f"{S}/whatsapp/")
        desk.shot("whatsapp-empty")
        settings.WHATSAPP_URL = meta.whatsapp_url
        settings.SMS_URL = "twilio://AC1:token@api.twilio.com/?from=1"
        meta.texts = [at_meta("aviso_amable", footer="Sembria Talento"), at_meta("ultimo_aviso", "PAUSED")]
        desk.open(f"{S}/whatsapp/")
        page.get_by_role("button", name="Preguntar a Meta").click()
        expect(page.get_by_text("Meta tiene 2 textos.")).to_be_visible()
        page.get_by_role("link", name="Elegir").first.click()
        page.get_by_label("Texto en Meta").select_option(index=0)
        page.get_by_role("button", name="Mostrar").click()
        for number, name in enumerate(("greeting_name", "total", "payment_details"), 1):
            page.get_by_label(f"En lugar de {{{{{number}}}}}").select_option(name)
        places = {"whatsapp-text": page.url.removeprefix(desk.address)}
        page.get_by_role("button", name="Guardar").click()
        expect(page.get_by_role("cell", name="aviso_amable aprobado").first).to_be_visible()
        places |= {"whatsapp": f"{S}/whatsapp/", "channels": S}
        for theme, width in (("light", 1440), ("dark", 1440), ("light", 390)):
            other = browse(width=width, theme=theme, state=page.context.storage_state())
            for name, place in places.items():
                other.open(place)
                other.shot(f"{name}-{theme}-{width}")
                assert other.fits(), f"{name} {width}"
