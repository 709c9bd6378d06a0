"""Plans on the desk: worked out live, written, accepted, looked at, ended; and who may."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from conftest import TODAY, Cast, make_member
from puntual.agreements.models import Approval, Plan
from puntual.agreements.plans.actions import agree_plan
from puntual.agreements.plans.schedule import Wish
from puntual.agreements.tests.plans import BY_PHONE
from puntual.desk.tests.book import Book
from puntual.parties.models import Customer
from puntual.receivables.actions import release_hold
from puntual.receivables.models import Installment
from puntual.receivables.problems import EndsWithItsSource
from puntual.receivables.queries import active_holds

BASE = "/o/sembria"
LIVE = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def customer(book: Book) -> Customer:
    return book.customer("Viñas del Sur")


@pytest.fixture
def items(book: Book, customer: Customer) -> list[Installment]:
    return [book.invoice(customer, "F-1", "600.00", due=-40), book.invoice(customer, "F-2", "400.00", due=-25)]


def given(items: list[Installment], **more: object) -> dict[str, object]:
    return {
        "items": [str(item.id) for item in items],
        "parts": "2",
        "rhythm": "monthly",
        "rule": "next",
        "first_on": (TODAY + timedelta(days=22)).isoformat(),
        "down": "30",
        "down_as": "percent",
        "discount": "",
        "discount_as": "percent",
        **more,
    }


def plan_of(book: Book) -> Plan:
    with book.inside():
        return Plan.objects.get(organization_id=book.cast.id)


def active(book: Book, customer: Customer, items: list[Installment]) -> Plan:
    wish = Wish(3, TODAY + timedelta(days=22), TODAY)
    with book.inside():
        return agree_plan(book.by(), customer.id, [item.id for item in items], wish, yes=BY_PHONE)


def test_worked_out_live(book: Book, owner: Client, customer: Customer, items: list[Installment]) -> None:
    place = f"{BASE}/customers/{customer.id}/plan"
    page = owner.get(place)
    assert page.context["worked"].schedule.principal == 1000
    assert not page.context["worked"].beyond, "it begins within what the manual allows"
    part = owner.get(place, given(items, parts="4"), **LIVE)
    assert part.context["worked"].schedule.monthly == 175
    assert "<html" not in part.content.decode() and "175.00" in part.content.decode()
    for wrong, words in (({"down": "100"}, "inicial"), ({"parts": "x"}, "Número de partes")):
        assert words in owner.get(place, given(items, **wrong), **LIVE).content.decode()
    assert "Marque" in owner.get(place, given([]), **LIVE).content.decode()


def test_what_passes_the_limits_is_said_with_who_decides(
    book: Book, cast: Cast, client: Client, morning: None, customer: Customer, items: list[Installment]
) -> None:
    client.force_login(cast.colleague)
    place = f"{BASE}/customers/{customer.id}/plan"
    worked = client.get(place, given(items, parts="40"), **LIVE).context["worked"]
    assert worked.beyond and worked.decides
    refused = client.post(place, given(items, parts="40"))
    assert refused.status_code == 422 and refused.context["form"].errors["reason"]
    done = client.post(place, given(items, parts="40", reason="Perdió su mayor cliente"))
    assert done.status_code == 302
    plan = plan_of(book)
    assert plan.state == "awaiting"
    with book.inside():
        approval = Approval.objects.get(subject_id=plan.id)
    shown = client.get(f"{BASE}/agreements/plans/{plan.id}").content.decode()
    assert "Perdió su mayor cliente" in shown and str(approval.id) in shown


def test_written_accepted_and_looked_at(
    book: Book, owner: Client, customer: Customer, items: list[Installment]
) -> None:
    place = f"{BASE}/customers/{customer.id}/plan"
    assert owner.post(place, given(items, asked_by="Ana Ruiz")).status_code == 302
    plan = plan_of(book)
    there = f"{BASE}/agreements/plans/{plan.id}"
    assert (plan.state, plan.principal) == ("offered", 1000)
    assert f"{there}/accept" in owner.get(there).content.decode()
    pdf = owner.get(f"{there}.pdf")
    assert pdf["Content-Type"] == "application/pdf" and pdf.content.startswith(b"%PDF")
    assert owner.post(f"{there}/accept", {"how": "by_phone", "by_whom": "Ana Ruiz"}).status_code == 422
    yes = {"how": "by_phone", "by_whom": "Ana Ruiz", "evidence": "Llamada de hoy"}
    assert owner.post(f"{there}/accept", yes).status_code == 302
    with book.inside():
        held = {hold.installment_id for hold in active_holds(book.cast.id, TODAY) if hold.reason == "plan"}
    assert held == {item.id for item in items}
    book.payment(customer, "300.00")
    shown = owner.get(there)
    assert [line.state for line in shown.context["stands"].lines] == ["paid", "due", "due"]
    assert shown.context["stands"].payoff == shown.context["covered_open"] == 700
    assert "Abierto al escribirlo </span>1,000.00" in shown.content.decode()
    assert plan.number in owner.get(f"{BASE}/agreements/plans/").content.decode()
    assert plan.number in owner.get(f"{BASE}/customers/{customer.id}/agreements").content.decode()


def test_accepted_while_on_the_line(book: Book, owner: Client, customer: Customer, items: list[Installment]) -> None:
    place = f"{BASE}/customers/{customer.id}/plan"
    yes = {"accepted": "on", "how": "by_phone", "by_whom": "Ana Ruiz"}
    assert owner.post(place, given(items, **yes)).context["form"].errors["evidence"]
    assert owner.post(place, given(items, **yes, evidence="Llamada de hoy")).status_code == 302
    assert plan_of(book).state == "active"


def test_a_settlement_from_the_negotiation_desk(
    book: Book, owner: Client, customer: Customer, items: list[Installment]
) -> None:
    page = owner.get(f"{BASE}/customers/{customer.id}/plan?kind=settlement&currency=PEN")
    assert page.context["form"]["parts"].value() == 1
    asked = given(items, parts="1", down="", discount="20", reason="Deuda antigua")
    assert owner.post(f"{BASE}/customers/{customer.id}/plan", asked).status_code == 302
    plan = plan_of(book)
    assert (plan.kind, plan.discount) == ("settlement", 200)


def test_made_anew_and_ended(book: Book, owner: Client, customer: Customer, items: list[Installment]) -> None:
    plan = active(book, customer, items)
    there = f"{BASE}/agreements/plans/{plan.id}"
    again = owner.get(f"{there}/again")
    assert again.context["worked"].schedule.principal == 1000
    assert owner.post(f"{there}/again", given(items, parts="5", reason="Más tiempo")).status_code == 302
    with book.inside():
        anew = Plan.objects.get(replaces=plan)
    assert (anew.state, anew.principal) == ("offered", 1000)
    assert owner.post(f"{BASE}/agreements/plans/{anew.id}/withdraw", {"why": "Sigue el primero"}).status_code == 302
    assert owner.post(f"{there}/end", {"why": "Cerró la empresa"}).status_code == 302
    assert "Cerró la empresa" in owner.get(there).content.decode()
    assert owner.post(f"{there}/end", {"why": "x"}).status_code == 422


def test_an_offer_refused(book: Book, owner: Client, customer: Customer, items: list[Installment]) -> None:
    owner.post(f"{BASE}/customers/{customer.id}/plan", given(items))
    there = f"{BASE}/agreements/plans/{plan_of(book).id}"
    assert owner.get(f"{there}/refuse").status_code == 200
    assert owner.post(f"{there}/refuse", {"why": "No le alcanza"}).status_code == 302
    assert plan_of(book).state == "refused"


@pytest.mark.parametrize("state", ["active", "open", "broken", "completed", "all"])
def test_the_list_by_state(book: Book, owner: Client, customer: Customer, items: list[Installment], state: str) -> None:
    plan = active(book, customer, items)
    shown = owner.get(f"{BASE}/agreements/plans/?state={state}&q=vinas&currency=PEN").content.decode()
    assert (plan.number in shown) == (state in ("active", "all"))


def test_a_heading_counts_only_what_is_not_narrowed(
    book: Book, owner: Client, customer: Customer, items: list[Installment]
) -> None:
    """The button that opens the filters says how many of them are set."""
    active(book, customer, items)
    assert "1 plan está activo" in owner.get("/o/sembria/agreements/plans/").content.decode()
    page = owner.get("/o/sembria/agreements/plans/?currency=USD&from=2026-01-01").content.decode()
    assert "1 plan está activo" not in page
    assert re.search(r'id="further">.*Filtrar <span class="mute">2</span>', page)


def test_who_may(
    book: Book, cast: Cast, client: Client, morning: None, customer: Customer, items: list[Installment]
) -> None:
    plan = active(book, customer, items)
    there = f"{BASE}/agreements/plans/{plan.id}"
    client.force_login(make_member(cast.organization, "auditor", "audit@sembria.example"))
    for place in (f"{BASE}/agreements/plans/", there, f"{there}.pdf"):
        assert client.get(place).status_code == 200
    assert client.get(f"{BASE}/customers/{customer.id}/plan").status_code == 403
    for verb in ("accept", "refuse", "withdraw", "end", "again"):
        assert client.post(f"{there}/{verb}", {"why": "x"}).status_code == 403
    assert "Hacerlo de nuevo" not in client.get(there).content.decode()


def test_its_pause_is_not_lifted_but_ends_with_it(
    book: Book, owner: Client, customer: Customer, items: list[Installment]
) -> None:
    plan = active(book, customer, items)
    tab = owner.get(f"{BASE}/customers/{customer.id}/agreements").content.decode()
    with book.inside():
        held = active_holds(book.cast.id, TODAY, [customer.id]).first()
    assert held is not None
    assert "/release" not in tab
    for answer in (
        owner.get(f"{BASE}/customers/holds/{held.id}/release"),
        owner.post(f"{BASE}/customers/holds/{held.id}/release", {"why": "Quiero"}),
    ):
        assert answer.headers["Location"] == f"{BASE}/agreements/plans/{plan.id}"
    with book.inside(), pytest.raises(EndsWithItsSource):
        release_hold(book.by(), held.id)
    assert "Esta pausa es de algo" in owner.get(f"{BASE}/agreements/plans/{plan.id}").content.decode()
    owner.post(f"{BASE}/agreements/plans/{plan.id}/end", {"why": "Lo pidió"})
    with book.inside():
        assert not active_holds(book.cast.id, TODAY, [customer.id])
