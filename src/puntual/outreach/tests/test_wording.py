"""What the customer reads: their language and numbers, today's balance, the right account, and nothing given away."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from conftest import NOW
from puntual.organizations.models import Organization
from puntual.outreach.actions import edit
from puntual.outreach.channels import Message
from puntual.outreach.channels.email.mime import mime
from puntual.outreach.models import Activity
from puntual.outreach.prepare import Prepared, prepare
from puntual.outreach.render import CHANGED
from puntual.outreach.tests.build import World
from puntual.outreach.tests.noticing import pay
from puntual.parties.models import Customer, Party
from puntual.receivables.actions import hold, issue_invoice
from puntual.receivables.documents import Part
from puntual.receivables.models import Installment

NBSP = "\N{NO-BREAK SPACE}"


def _prepared(world: World, activity: Activity) -> Prepared:
    fresh = Activity.objects.select_related("customer__party", "customer__creditor").get(pk=activity.pk)
    return prepare(Organization.objects.get(pk=world.by.organization_id), fresh, NOW, caller="Carmen Ríos")


def _plan(world: World, *, currency: str = "PEN", amount: str = "4720.00", **customer: object) -> Activity:
    made = world.customer("Textiles Quenara S.A.", **customer)
    return world.plan(made, [world.invoice(made, "F001-247", 18, amount, currency)])


@pytest.mark.parametrize(
    ("language", "country", "currency", "amount", "said"),
    [
        ("es", "PE", "PEN", "4720.00", [f"S/{NBSP}4,720.00", "5 nov. 2026 (hace 18 días)", "Hola, Elvira Montalván"]),
        ("es", "CL", "CLP", "3570000", ["$3.570.000"]),
        ("es", "MX", "USD", "5600.00", [f"USD{NBSP}5,600.00"]),
        ("es", "ES", "EUR", "8100.00", [f"8.100,00{NBSP}€"]),
        ("pt-BR", "BR", "BRL", "1234.50", [f"R${NBSP}1.234,50", "há 18 dias"]),
        ("en", "US", "USD", "1234.50", ["$1,234.50", "18 days ago"]),
        ("fr", "PE", "PEN", "10.00", ["18 days ago"]),  # no texts in French: English, not the house's Spanish
    ],
)
def test_each_reads_in_their_own_language_and_numbers(
    world: World, language: str, country: str, currency: str, amount: str, said: list[str]
) -> None:
    activity = _plan(world, currency=currency, amount=amount, language=language)
    Party.objects.update(country=country)
    wording = _prepared(world, activity).wording
    assert wording and all(piece in wording.text and piece in wording.html for piece in said), wording.text


def test_only_the_accounts_of_the_currencies_asked_for(world: World) -> None:
    activity = _plan(world, currency="USD")
    text = _prepared(world, activity).wording.text
    assert "194-222" in text and "194-111" not in text


def test_without_an_account_the_text_says_what_to_do(world: World) -> None:
    text = _prepared(world, _plan(world, currency="EUR")).wording.text
    assert "Responda a este mensaje y le indicamos cómo pagar." in text


def test_totals_are_per_currency_and_what_is_not_asked_for_stands_apart(world: World) -> None:
    customer = world.customer("Textiles Quenara S.A.")
    items = [world.invoice(customer, "F001-1", 18, "100.00"), world.invoice(customer, "F001-2", 9, "50.00", "USD")]
    disputed = world.invoice(customer, "F001-3", 12, "77.77")
    world.invoice(customer, "F001-4", -10, "33.33")
    hold(world.by, reason="dispute", installment_id=disputed.id)
    prepared = _prepared(world, world.plan(customer, items))
    assert prepared.asked.amounts == {"PEN": Decimal("100"), "USD": Decimal("50")}
    text = prepared.wording.text
    asked, apart = text.split("Todavía no vence")
    assert f"Total vencido: S/{NBSP}100.00 y USD{NBSP}50.00" in apart
    assert "F001-3" not in asked and "F001-4" not in asked and "77.77" not in text
    assert f"S/{NBSP}33.33" in apart and "En revisión o acordado" in apart


def test_money_on_account_is_set_against_the_oldest(world: World) -> None:
    customer = world.customer("Textiles Quenara S.A.")
    items = [world.invoice(customer, "F001-1", 18, "100.00"), world.invoice(customer, "F001-2", 9, "50.00")]
    activity = world.plan(customer, items)
    pay(world.by, customer, "30", on_account=True)
    prepared = _prepared(world, activity)
    assert [amount for _, amount in prepared.asked.lines] == [Decimal("70"), Decimal("50")]


def test_to_a_natural_person_neither_subject_nor_preview_names_a_debt(world: World) -> None:
    wording = _prepared(world, _plan(world, kind="natural")).wording
    assert wording.subject == "Un mensaje de Sembria Talento S.A.C."
    visible_first = wording.html.split("display:none", 1)[1].split(">", 1)[1]
    assert visible_first.startswith("Un mensaje de Sembria Talento S.A.C.&#847;&zwnj;&nbsp;")
    made = world.customer("Retail Andahuara S.A.")
    company = _prepared(world, world.plan(made, [world.invoice(made, "F001-9", 18)])).wording
    assert company.subject == "Factura F001-9: un recordatorio" and "display:none" not in company.html


def test_names_cannot_write_html_or_headers(world: World) -> None:
    customer = world.customer("<b>Evil</b> & Co {total}", email=None)
    world.point(customer, "email", "a@b.example")
    wording = _prepared(world, world.plan(customer, [world.invoice(customer, "F<1>", 18)])).wording
    assert "<b>Evil" not in wording.html and "&lt;b&gt;Evil&lt;/b&gt; &amp; Co {total}" in wording.html
    message = Message(
        "<1@x.example>",
        NOW,
        'Ñandú "S.A."',
        "a@b.example",
        "Elvira",
        "c@d.example",
        "Hola, señor",
        "t",
        "<p>t</p>",
        "es",
    )
    assert mime(message).isascii()
    assert b"\r\nSubject: Hola Bcc: otra@persona.example\r\n" in mime(
        replace(message, subject="Hola\nBcc: otra@persona.example")
    )


def test_an_edit_stands_while_the_balance_does(world: World) -> None:
    activity = _plan(world)
    edit(world.by, activity, "Factura F001-247: le llamo el jueves", "Hola:\n\nLe llamo el jueves & gracias {x}.")
    wording = _prepared(world, activity).wording
    assert (wording.subject, wording.text) == (
        "Factura F001-247: le llamo el jueves",
        "Hola:\n\nLe llamo el jueves & gracias {x}.\n",
    )
    assert "jueves &amp; gracias {x}." in wording.html and wording.note == ""
    pay(world.by, activity.customer, "720")
    anew = _prepared(world, activity).wording
    assert anew.note == CHANGED and f"S/{NBSP}4,000.00" in anew.text and "jueves" not in anew.text


def test_a_call_is_spoken_with_its_variables_apart(world: World) -> None:
    customer = world.customer("Minera Cerro Lucma S.A.", email=None)
    world.point(customer, "phone", "+5115550142")
    activity = world.plan(
        customer, [world.invoice(customer, "F001-231", 47)], channel="call", state="to_do", step="call"
    )
    wording = _prepared(world, activity).wording
    filled = [piece for piece, is_variable in wording.spans if is_variable]
    assert {"Carmen Ríos", "F001-231", "47 días", f"S/{NBSP}4,720.00"} <= set(filled)
    assert "".join(piece for piece, _ in wording.spans).strip() == wording.text.strip()


def test_an_installment_says_which_one_it_is(world: World) -> None:
    customer = world.customer("Textiles Quenara S.A.")
    due = world.by.today - timedelta(days=10)
    issue_invoice(
        world.by,
        customer_id=customer.id,
        number="F001-5",
        issued_on=due - timedelta(days=60),
        currency="PEN",
        parts=[Part(due - timedelta(days=30), Decimal(10)), Part(due, Decimal(20))],
    )
    items = list(Installment.objects.order_by("position"))
    assert "F001-5, cuota 2 de 2" in _prepared(world, world.plan(customer, items)).wording.text


def test_a_customers_own_language_wins_over_the_creditors(world: World) -> None:
    activity = _plan(world, language="en")
    assert "Invoice F001-247" in _prepared(world, activity).wording.subject
    Customer.objects.update(language="")
    assert "Factura F001-247" in _prepared(world, activity).wording.subject
