"""The customer's pages on a phone, light and dark: nothing sideways, nothing refused by the policy, and axe finds nothing."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from conftest import TODAY, Cast
from puntual.agreements.plans.actions import agree_plan
from puntual.agreements.plans.schedule import Wish
from puntual.desk.tests.book import open_book
from puntual.outreach.actions import send_acceptance_link
from puntual.outreach.optout import stop_link
from puntual.outreach.portal_link import PATH, portal_token
from puntual.parties.models import ContactPoint, Creditor, CreditorAccount
from puntual.tenancy.scope import acting_for
from tests.browser.looking import look

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


def test_every_page_of_a_customer_is_fit_to_be_looked_at(cast: Cast, browse) -> None:
    """In both themes and at every width, 400 % of zoom among them."""
    book = open_book(cast)
    customer = book.customer("Constructora Inmobiliaria de los Andes Centrales S.A.C.")
    owed = book.invoice(customer, "F001-247", "4720.00", due=-18)
    book.invoice(customer, "F001-254", "4720.00", due=3)
    with acting_for(cast.id):
        by = book.by()
        point = ContactPoint.objects.filter(organization_id=cast.id, customer=customer, kind="email").first()
        wish = Wish(3, TODAY + timedelta(days=30), TODAY, rule="as_is")
        plan = agree_plan(by, customer.id, [owed.id], wish)
        _made, agreement = send_acceptance_link(by, plan.id, point.id)
    account = PATH + portal_token(cast.id, customer.id, TODAY + timedelta(days=5))
    places = [account + tail for tail in ("", "/paid", "/time", "/problem", "/reach")]
    places += [stop_link(cast.id, point.id), agreement, "/c/learn/es/", "/c/a/unknown"]
    desk = browse()
    wrong = []
    for place in places:
        desk.open(urlsplit(place).path)
        wrong += [f"{place}: {one}" for one in look(desk.page)]
    desk.complaints.clear()  # the last one is not found, which the console says too
    assert not wrong, "\n".join(wrong)
