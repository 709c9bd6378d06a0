"""The customer's page on a phone, light and dark: nothing sideways, nothing refused by the policy, every field with its name."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from conftest import TODAY, Cast
from puntual.desk.tests.book import open_book
from puntual.outreach.portal_link import PATH, portal_token
from puntual.parties.models import Creditor, CreditorAccount
from puntual.tenancy.scope import acting_for

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "theme"), [(360, "light"), (390, "dark")])
def test_what_is_due_and_having_paid_it(cast: Cast, browse, width: int, theme: str) -> None:
    book = open_book(cast)
    customer = book.customer("Constructora Inmobiliaria de los Andes Centrales S.A.C.")
    book.invoice(customer, "F001-247", "4720.00", due=-18)
    book.invoice(customer, "F001-254", "4720.00", due=3)
    with acting_for(cast.id):
        Creditor.objects.filter(organization_id=cast.id).update(email="pagos@sembria.example")
        CreditorAccount.objects.create(
            organization_id=cast.id, creditor=book.creditor, currency="PEN", bank="Banco Uno", number="100-2000300-0-45"
        )
    desk = browse(width=width, theme=theme)
    page = desk.page
    desk.open(PATH + portal_token(cast.id, customer.id, TODAY + timedelta(days=5)))
    expect(page.get_by_role("heading", level=1)).to_contain_text("4,720.00")
    page.get_by_text("F001-247").click()
    assert desk.fits()
    desk.shot(f"portal-{width}-{theme}")
    page.get_by_role("link", name="Ya pagué").click()
    page.get_by_label("Monto").fill("4720.00")
    page.get_by_label("Su nombre").fill("Elvira Montalván")
    assert desk.fits()
    desk.shot(f"portal-ya-pague-{width}-{theme}")
    page.get_by_role("button", name="Enviar").click()
    expect(page.get_by_role("status")).to_contain_text("Gracias")
    desk.shot(f"portal-dicho-{width}-{theme}")
    assert desk.complaints == []
