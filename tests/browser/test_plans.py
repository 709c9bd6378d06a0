"""A plan worked out while one talks: the schedule follows what is typed; written, accepted, and looked at on a phone."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from conftest import TODAY, Cast
from puntual.agreements.actions import agree_plan
from puntual.agreements.plans.actions import Yes
from puntual.agreements.plans.schedule import Wish
from puntual.desk.tests.book import open_book
from puntual.tenancy.scope import acting_for

pytestmark = pytest.mark.browser


def test_worked_out_written_and_accepted(cast: Cast, browse) -> None:
    book = open_book(cast)
    customer = book.customer("Constructora Inmobiliaria de los Andes Centrales S.A.C.")
    book.invoice(customer, "F001-100", "6400.00", due=-62)
    book.invoice(customer, "F001-117", "3150.50", due=-31)
    book.invoice(customer, "F001-140", "900.00", due=12)
    desk = browse()
    page = desk.page
    desk.sign_in()
    desk.open(f"/o/sembria/customers/{customer.id}/agreements")
    page.get_by_role("link", name="Calcular un plan").click()
    page.wait_for_load_state()
    result = page.locator("#worked-out")
    expect(result).to_contain_text("9,550.50")
    page.get_by_label("Número de partes").fill("9")
    expect(result).to_contain_text("Va más allá del manual")
    page.get_by_label("F001-117").uncheck()
    expect(result).to_contain_text("6,400.00")
    desk.shot("plan-calculo")
    page.get_by_label("Por qué va más allá").fill("Obra detenida; el cliente cobra en enero")
    page.get_by_label("Quién lo pide").fill("Ana Ruiz")
    page.get_by_role("button", name="Escribirlo").click()
    expect(page.get_by_text("está listo para que el cliente lo acepte")).to_be_visible()
    page.get_by_role("link", name="Lo acepta", exact=True).click()
    dialog = page.locator("#sheet")
    dialog.get_by_label("Quién aceptó").fill("Ana Ruiz")
    dialog.get_by_label("Cómo consta").fill("Llamada de hoy a las 9")
    dialog.get_by_role("button", name="Guardar").click()
    expect(page.get_by_text("está activo: lo que cubre no se cobra")).to_be_visible()
    desk.shot("plan")


@pytest.mark.parametrize(("width", "theme"), [(1440, "dark"), (390, "light")])
def test_the_pages_fit(cast: Cast, browse, width: int, theme: str) -> None:
    book = open_book(cast)
    customer = book.customer("Constructora Inmobiliaria de los Andes Centrales S.A.C.")
    items = [
        book.invoice(customer, f"F001-{number}", "3150.50", due=-due)
        for number, due in ((100, 62), (117, 31), (120, 9))
    ]
    with acting_for(cast.id):
        wish = Wish(6, TODAY.replace(month=12, day=15), TODAY, yearly_percent=Decimal(12))
        made = agree_plan(
            book.by(), customer.id, [item.id for item in items[:2]], wish, yes=Yes("by_phone", "Ana Ruiz", "Llamada")
        )
    book.payment(customer, "1500.00", to=items[0])
    desk = browse(width=width, theme=theme)
    desk.sign_in()
    pages = {
        "planes": "agreements/plans/",
        "plan": f"agreements/plans/{made.id}",
        "plan-rehacer": f"agreements/plans/{made.id}/again",
        "plan-nuevo": f"customers/{customer.id}/plan",
        "plan-cliente": f"customers/{customer.id}/agreements",
    }
    for name, path in pages.items():
        desk.open(f"/o/sembria/{path}")
        desk.page.wait_for_load_state()
        desk.shot(f"{name}-{theme}-{width}")
        assert desk.fits(), name
