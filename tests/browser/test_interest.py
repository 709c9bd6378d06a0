"""Late interest: turned on beside its law, seen line by line, charged and let go."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from conftest import TODAY, Cast
from puntual.desk.tests.book import open_book
from puntual.parties.models import Creditor
from puntual.tenancy.scope import acting_for

pytestmark = pytest.mark.browser


def test_from_off_to_waived(cast: Cast, browse) -> None:
    book = open_book(cast)
    with acting_for(cast.id):
        Creditor.objects.filter(organization_id=cast.id).update(country="MX", currency="MXN")
    customer = book.customer("Constructora Inmobiliaria de los Andes Centrales S.A.C.")
    item = book.invoice(customer, "F-1", "10000.00", due=-73, currency="MXN")
    book.payment(customer, "2500.00", day=-30, to=item, currency="MXN")
    desk = browse()
    page = desk.page
    desk.sign_in()
    desk.open(f"/o/sembria/settings/creditors/{book.creditor.id}/interest")
    desk.shot("intereses-condiciones")
    page.locator("form[action$='interest/on'] [name=from_on]").fill((TODAY - timedelta(days=400)).isoformat())
    page.get_by_role("button", name="Encender los intereses").click()
    desk.open(f"/o/sembria/portfolio/interest/{customer.id}")
    desk.shot("intereses")
    page.get_by_role("button", name="Cargarlo").click()
    page.get_by_role("link", name="INT-F-1").click()
    desk.shot("cargo")
    page.get_by_role("link", name="Condonar").click()
    page.get_by_label("Por qué").fill("Buen cliente")
    page.get_by_role("button", name="Condonar").click()
    expect(page.get_by_text("Quedó condonado")).to_be_visible()
    desk.open("/o/sembria/portfolio/exports/")
    page.get_by_role("button", name="Exportar").click()
    desk.shot("contabilidad")
    page.set_viewport_size({"width": 390, "height": 844})
    desk.open(f"/o/sembria/portfolio/interest/{customer.id}?as_of={(TODAY - timedelta(days=1)).isoformat()}")
    desk.shot("intereses-movil")
