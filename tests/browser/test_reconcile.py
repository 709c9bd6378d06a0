"""Reconciling by the keyboard alone: a handful of lines, each in its own way."""

import pytest
from playwright.sync_api import expect

from conftest import Cast
from puntual.desk.tests.bank import open_bank
from puntual.desk.tests.book import open_book
from puntual.outreach.models import Activity
from puntual.payments.models import BankLine, Payment
from puntual.receivables.models import Installment

pytestmark = pytest.mark.browser
LIST = "/o/sembria/payments/reconcile/"


def test_a_handful_of_lines_without_a_mouse(cast: Cast, browse) -> None:
    book = open_book(cast)
    bank = open_bank(book)
    quenara, lonkura = book.customer("Textiles Quenara"), book.customer("Constructora Lonkura")
    for number, customer, amount in (
        ("F-1", quenara, "431.17"),
        ("F-2", quenara, "100.00"),
        ("F-3", quenara, "100.00"),
        ("F-4", lonkura, "812.40"),
    ):
        book.invoice(customer, number, amount, due=-8)
    # The newest comes first.
    bank.line("55.00", "DEPOSITO", ago=6)
    bank.line("9.00", "TEXTILES QUENARA", ago=5, payer_name="Textiles Quenara")
    bank.line("912.40", "VARIOS", ago=4, payer_name="Holding Austral")
    bank.line("18.42", "INTERESES", ago=3)
    bank.line("100.00", "PAGO", ago=2, payer_name="Textiles Quenara")
    bank.line("431.17", "TRANSF", ago=1, payer_name="Grupo Altamar")
    bank.match()
    desk = browse()
    page, keys = desk.page, desk.page.keyboard
    desk.sign_in()
    desk.open(LIST)
    chosen = page.locator("tr[aria-current]")
    heard = page.locator("#toasts")
    expect(page.get_by_role("heading", level=1)).to_have_text("6 abonos esperan a su cliente")
    desk.shot("reconcile-light-1440")

    keys.press("Enter")
    expect(heard).to_contain_text("Anotado a Textiles Quenara")
    expect(chosen).to_contain_text("100.00")
    expect(chosen.get_by_role("link")).to_be_focused()

    keys.press("2")  # one of two that fit
    expect(chosen).to_contain_text("INTERESES")
    keys.press("i")
    expect(page.get_by_label("Por qué no es pago de un cliente")).to_be_focused()
    keys.type("Intereses")
    keys.press("Enter")
    expect(chosen).to_contain_text("Holding Austral")

    keys.press("s")
    expect(page.get_by_label("Qué cliente")).to_be_focused()
    for text in ("Lonkura", "F-2"):
        keys.type(text)
        keys.press("Enter")
        button = page.locator("#find button[name=customer]").first
        expect(button).to_be_focused()
        keys.press("Enter")
        if text == "Lonkura":
            expect(page.get_by_label("Importe para F-4")).to_be_focused()
            keys.type("812.40")
            expect(page.locator(".left")).to_have_text("Queda a cuenta: PEN 100.00")
            desk.shot("reconcile-split-light-1440")
            for _time in range(3):
                keys.press("Tab")
            expect(page.get_by_label("También otro cliente")).to_be_focused()
    rest = page.locator("[name^=account-]").last
    while rest.evaluate("input => document.activeElement !== input"):
        keys.press("Tab")
    keys.type("100.00")
    expect(page.locator(".left")).to_have_text("Falta repartir: PEN 0.00")
    keys.press("Enter")
    expect(chosen).to_contain_text("9.00")

    keys.press("a")
    expect(page.get_by_role("button", name="Registrar y seguir")).to_be_visible()
    expect(page.get_by_label("Importe para F-").first).to_be_focused()
    keys.press("Enter")
    expect(chosen).to_contain_text("DEPOSITO")
    keys.press("u")
    expect(heard).to_contain_text("Deshecho")
    expect(chosen).to_contain_text("9.00")
    keys.press("q")
    expect(page.get_by_label("Qué preguntar")).to_be_focused()
    desk.shot("reconcile-ask-light-1440")
    keys.press("Tab")
    keys.press("Enter")
    expect(heard).to_contain_text("Preguntar a Textiles Quenara")
    expect(chosen).to_contain_text("DEPOSITO")
    keys.press("k")
    expect(chosen).to_contain_text("9.00")
    with book.inside():
        assert sorted(BankLine.objects.values_list("amount", "state")) == [
            (9, "unmatched"),
            (BankLine.objects.get(text="INTERESES").amount, "ignored"),
            (55, "unmatched"),
            (100, "matched"),
            (BankLine.objects.get(text="TRANSF").amount, "matched"),
            (BankLine.objects.get(text="VARIOS").amount, "matched"),
        ]
        assert Activity.objects.get().step == "ask_payer"
        assert Payment.objects.filter(reversed_on=None).count() == 4
        assert Installment.objects.get(invoice__number="F-4").open_amount == 0
    for theme, width in (("dark", 1440), ("light", 390)):
        other = browse(width=width, theme=theme, state=page.context.storage_state())
        for name, place in (("list", LIST), ("statements", f"{LIST}statements/"), ("rules", f"{LIST}rules/")):
            other.open(place)
            other.shot(f"reconcile-{name}-{theme}-{width}")
            assert other.fits(), f"{name} {width}"
