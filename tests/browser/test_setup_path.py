"""The set-up path in a browser: from signing in, with one's own file, to a message read in the capture mailbox."""

from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import expect

from conftest import NOW
from puntual.desk.tests.work import do_the_day
from puntual.intake.models import ImportJob
from puntual.intake.tasks import run_import
from puntual.organizations.models import Organization, User
from puntual.outreach.outbox import send_due
from puntual.tenancy.scope import acting_for
from tests.browser.conftest import Desk

pytestmark = pytest.mark.browser

# Days and months no higher than 12: nothing in the file tells which comes first.
FILE = """Código;Cliente;RUC;Correo;Número;Vencimiento;Moneda;Importe
C1;Textiles Quenara S.A.;20100017491;pagos@quenara.example;F001-247;05/11/2026;PEN;4.720,00
C1;Textiles Quenara S.A.;20100017491;pagos@quenara.example;F001-249;08/11/2026;PEN;4.720,00
C2;Viñas Trehuelén SpA;;cobros@trehuelen.example;F001-250;03/10/2026;USD;12.900,00
C3;Minera Cerro Lucma S.A.C.;;;F001-251;06/11/2026;PEN;880,50
"""


def as_worker(do: Callable[..., Any], *arguments: Any, **named: Any) -> None:
    """Do what a worker would, in a thread with a connection of its own."""

    def work() -> None:
        try:
            do(*arguments, **named)
        finally:
            connections.close_all()

    thread = Thread(target=work)
    thread.start()
    thread.join()


def the_import(organization: Organization) -> ImportJob:
    with acting_for(organization.id):
        return ImportJob.objects.get(organization_id=organization.id)


def found_organization(desk: Desk) -> Organization:
    desk.page.get_by_role("link", name="Crear su organización").click()
    desk.page.get_by_label("Nombre de la empresa").fill("Sembria Talento")
    desk.page.get_by_label("País").select_option("CL")
    expect(desk.page.get_by_label("Moneda")).to_have_value("CLP")
    desk.page.get_by_label("País").select_option("PE")
    desk.shot("setup-1-organization")
    desk.page.get_by_role("button", name="Crear la organización").click()
    expect(desk.page.get_by_role("heading", level=1)).to_contain_text("Faltan")
    desk.shot("setup-2-path")
    return Organization.objects.get(slug="sembria-talento")


def bring_in(desk: Desk, organization: Organization, path: Path) -> None:
    desk.page.get_by_role("link", name="Importar un archivo").click()
    desk.page.locator("input[type=file]").set_input_files(path)
    desk.shot("setup-3-file")
    desk.page.get_by_role("button", name="Ver cómo se leerá").click()
    expect(desk.page.get_by_text("5 nov 2026")).to_be_visible()
    expect(desk.page.get_by_text("11 may 2026")).to_be_visible()
    desk.shot("setup-4-question")
    desk.page.get_by_text("Primero el día").click()
    desk.page.get_by_role("button", name="Leer así").click()
    expect(desk.page.get_by_text("Las primeras 4 filas se pueden leer todas.")).to_be_visible()
    desk.shot("setup-5-proposal")
    desk.page.get_by_role("button", name="Importar").click()
    expect(desk.page.get_by_role("progressbar")).to_be_visible()
    desk.page.reload()  # nothing of it lives in the browser
    job = the_import(organization)
    as_worker(run_import, organization_id=str(organization.id), job_id=str(job.id))
    expect(desk.page.get_by_role("heading", level=1)).to_contain_text("Entraron 4 filas")  # the page noticed by itself
    desk.shot("setup-6-result")


def approve_one(desk: Desk) -> None:
    desk.page.get_by_role("button", name="Preparar el día").click()
    expect(desk.page.get_by_role("progressbar")).to_be_visible()
    as_worker(do_the_day)
    expect(desk.page.get_by_role("heading", level=1)).to_contain_text("esperan su aprobación")
    desk.shot("setup-7-today")
    desk.page.get_by_role("link", name="Revisar y aprobar").click()
    pane = desk.page.get_by_role("region", name="La gestión elegida")
    expect(pane).to_contain_text("La factura lleva 18 días vencida")  # why
    expect(pane).to_contain_text("Textiles Quenara S.A.")
    desk.shot("setup-8-approve")
    pane.get_by_role("button", name="Aprobar y seguir").click()
    expect(desk.page.get_by_role("heading", level=1)).to_contain_text("1 gestión")


def read_it(desk: Desk, organization: Organization) -> None:
    as_worker(send_due, organization.id, NOW)
    desk.page.get_by_role("link", name="Abrir el buzón").click()
    desk.page.get_by_role("link", name="F001-247").first.click()
    letter = desk.page.frame_locator("iframe.letter")
    expect(letter.locator("body")).to_contain_text("F001-247")
    expect(letter.locator("body")).to_contain_text("9,440.00")
    desk.shot("setup-9-mailbox")


def test_from_nothing_to_a_message_read(browse: Callable[..., Desk], tmp_path: Path) -> None:
    User.objects.create_user("carmen@sembria.example", "correct horse battery", name="Carmen Ríos")
    path = tmp_path / "facturas.csv"
    path.write_text(FILE, encoding="cp1252")
    desk = browse()
    desk.sign_in("carmen@sembria.example")
    organization = found_organization(desk)
    bring_in(desk, organization, path)
    approve_one(desk)
    read_it(desk, organization)
    look_around(desk, browse)


PLACES = {
    "setup": "settings/setup",
    "settings": "settings/",
    "creditors": "settings/creditors/",
    "channels": "settings/channels",
    "calendar": "settings/calendar",
    "members": "settings/members/",
    "profile": "settings/profile",
    "organization": "settings/organization",
    "live": "settings/live",
    "manual": "manual/",
    "imports": "imports/",
    "new-import": "imports/new",
}


def look_around(signed_in: Desk, browse: Callable[..., Desk]) -> None:
    """Every page of setting up, in the dark and on a phone: pictures, and no complaint."""
    state = signed_in.page.context.storage_state()
    for desk, look in ((browse(theme="dark", state=state), "dark"), (browse(width=360, state=state), "360")):
        for name, path in PLACES.items():
            desk.open(f"/o/sembria-talento/{path}")
            desk.shot(f"{name}-{look}")
            assert desk.fits(), f"{name} scrolls sideways at {look}"
    manual = browse(state=state)
    manual.open("/o/sembria-talento/manual/")
    manual.page.get_by_role("link", name="Pedido de fecha").click()
    expect(manual.page.get_by_role("dialog")).to_contain_text("¿Qué día podemos contar con el pago?")
    manual.shot("manual-text")
