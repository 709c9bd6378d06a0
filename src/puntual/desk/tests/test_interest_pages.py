"""Late interest on the desk: off, turned on with its law, shown line by line, charged once, waived; and who may."""

from datetime import date, timedelta

import pytest
from django.test import Client

from conftest import TODAY, Cast, make_member
from puntual.desk.tests.book import Book
from puntual.parties.models import Creditor, Customer
from puntual.receivables.interest.models import InterestTerms, OwnRate
from puntual.receivables.models import Installment, Invoice

BASE = "/o/sembria/portfolio"


@pytest.fixture
def late(book: Book) -> Installment:
    """An invoice in pesos of a Mexican creditor, 73 days late: 6 % a year by law, whenever it is."""
    with book.inside():
        Creditor.objects.filter(organization_id=book.cast.id).update(country="MX", currency="MXN")
    return book.invoice(book.customer("Viñas"), "F-1", "10000.00", due=-73, currency="MXN")


def settings(book: Book) -> str:
    return f"/o/sembria/settings/creditors/{book.creditor.id}/interest"


def turn_on(book: Book, owner: Client, **more: object) -> int:
    given = {"basis": "law", "from_on": (TODAY - timedelta(days=400)).isoformat(), "pay_within": "15", **more}
    return owner.post(f"{settings(book)}/on", given).status_code


def charges(book: Book) -> list[Invoice]:
    with book.inside():
        return list(Invoice.objects.filter(organization_id=book.cast.id, kind="charge").order_by("number"))


def test_from_off_to_charged_and_waived(book: Book, owner: Client, late: Installment) -> None:
    place = f"{BASE}/invoices/{late.invoice_id}/interest"
    assert "no cobra" in owner.get(place).content.decode()
    assert "art. 362" in owner.get(settings(book)).content.decode()
    assert turn_on(book, owner) == 302
    shown = owner.get(place).content.decode()
    assert "Código de Comercio" in shown and "120" in shown  # 10,000 × 6 % × 73/365
    assert charges(book) == []
    for _twice in range(2):
        assert owner.post(f"{place}/charge", {"as_of": TODAY.isoformat()}).status_code == 302
    (charge,) = charges(book)
    assert (charge.amount, charge.customer_id) == (120, late.customer_id)
    assert charge.number in owner.get(f"{BASE}/interest/{late.customer_id}").content.decode()
    waive = f"{BASE}/invoices/{charge.id}/waive"
    shown = owner.get(f"{BASE}/invoices/{charge.id}")
    (line,) = shown.context["worked_out"]
    assert (line.days, line.percent, line.principal, line.amount) == (73, 6, 10000, 120)
    assert waive in shown.content.decode()
    assert owner.post(waive, {"why": "Buen cliente"}).status_code == 302
    with book.inside():
        assert Installment.objects.get(organization_id=book.cast.id, invoice=charge).open_amount == 0
    assert owner.post(f"{settings(book)}/off").status_code == 302
    assert "no cobra" in owner.get(place).content.decode()


def test_as_of_an_earlier_day(book: Book, owner: Client, late: Installment) -> None:
    turn_on(book, owner)
    earlier = (TODAY - timedelta(days=36)).isoformat()
    page = owner.get(f"{BASE}/interest/{late.customer_id}?as_of={earlier}")
    ((one, why),) = page.context["rows"]
    assert (one.through.isoformat(), one.lines[0].days, why) == (earlier, 37, "")


def test_a_customer_of_its_own_terms(book: Book, owner: Client, late: Installment) -> None:
    turn_on(book, owner)
    place = f"{BASE}/interest/{late.customer_id}/terms"
    given = {"basis": "never", "from_on": TODAY.isoformat(), "pay_within": "30"}
    assert owner.get(place).status_code == 200
    assert owner.post(place, given).status_code == 302
    ((one, why),) = owner.get(f"{BASE}/interest/{late.customer_id}").context["rows"]
    assert one.total == 0 and why
    assert owner.post(f"{place}/end").status_code == 302
    ((one, why),) = owner.get(f"{BASE}/interest/{late.customer_id}").context["rows"]
    assert one.total == 120


def test_where_no_law_is_kept_nothing_is_offered(book: Book, owner: Client) -> None:
    with book.inside():
        Creditor.objects.filter(organization_id=book.cast.id).update(country="AR")
    page = owner.get(settings(book))
    assert page.status_code == 200 and "AR" in page.content.decode()
    assert f"{settings(book)}/on" not in page.content.decode()
    assert turn_on(book, owner) == 422


def test_a_rate_is_entered_with_its_source(book: Book, owner: Client) -> None:
    with book.inside():
        Creditor.objects.filter(organization_id=book.cast.id).update(country="CL", currency="CLP")
    given = {
        "rate-series": "cl-corriente",
        "rate-valid_from": date(2026, 1, 1).isoformat(),
        "rate-percent": "12",
        "rate-source": "",
    }
    assert owner.post(f"{settings(book)}/rate", given).status_code == 422
    assert owner.post(f"{settings(book)}/rate", {**given, "rate-source": "CMF, enero"}).status_code == 302
    with book.inside():
        assert OwnRate.objects.get(organization_id=book.cast.id).percent == 12
    assert "CMF, enero" in owner.get(settings(book)).content.decode()


def test_who_may(book: Book, cast: Cast, late: Installment) -> None:
    with book.inside():
        customer = Customer.objects.get(organization_id=cast.id, id=late.customer_id)
    auditor = Client()
    auditor.force_login(make_member(cast.organization, "auditor", "auditor@sembria.example"))
    assert auditor.get(f"{BASE}/interest/{customer.id}").status_code == 200
    assert auditor.get(settings(book)).status_code == 200
    for place in (
        f"{BASE}/interest/{customer.id}/charge",
        f"{BASE}/invoices/{late.invoice_id}/interest/charge",
        f"{BASE}/invoices/{late.invoice_id}/waive",
        f"{BASE}/interest/{customer.id}/terms",
        f"{BASE}/interest/{customer.id}/terms/end",
        f"{settings(book)}/on",
        f"{settings(book)}/off",
        f"{settings(book)}/rate",
    ):
        assert auditor.post(place).status_code == 403, place
    with book.inside():
        assert not InterestTerms.objects.filter(organization_id=cast.id).exists()


def test_exports_for_accounting(book: Book, owner: Client, cast: Cast) -> None:
    customer = book.customer("Viñas")
    book.payment(customer, "60.00", to=book.invoice(customer, "F-1", due=-3))
    assert owner.post(f"{BASE}/exports/make", {"what": "new"}).status_code == 302
    assert owner.post(f"{BASE}/exports/make", {"what": "new"}).status_code == 422
    page = owner.get(f"{BASE}/exports/")
    (made,) = page.context["rows"]
    files = [b"".join(owner.get(f"{BASE}/exports/{made.id}.csv").streaming_content) for _twice in range(2)]
    assert files[0] == files[1] and b"F-1" in files[0] and b"60.00" in files[0]
    assert owner.get(f"{BASE}/exports/{made.id}.pdf").status_code == 404
    period = {"what": "period", "from_on": TODAY.isoformat(), "to_on": (TODAY - timedelta(days=1)).isoformat()}
    assert owner.post(f"{BASE}/exports/make", period).status_code == 422
    for kind in ("xlsx", "json"):
        assert owner.get(f"{BASE}/exports/{made.id}.{kind}").status_code == 200
