"""More time, terms, payment rules and discounts for paying early on the desk."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from conftest import TODAY, Cast, make_member
from puntual.agreements.models import Approval, Extension, Terms
from puntual.desk.tests.book import Book
from puntual.outreach.models import Activity
from puntual.parties.models import Customer, PaymentRules
from puntual.receivables.actions import agree_early_discount
from puntual.receivables.models import EarlyDiscount, EarlyTerms, Installment, Reception

AT = "/o/sembria/"
LIST = f"{AT}agreements/extensions/"


def day(number: int) -> str:
    return (TODAY + timedelta(days=number)).isoformat()


@pytest.fixture
def customer(book: Book) -> Customer:
    return book.customer("Viñas Trehuelén", terms_days=30)


def collector(cast: Cast, client: Client) -> Client:
    client.force_login(make_member(cast.organization, "collector", "collector@sembria.example"))
    return client


def test_more_time_is_given_in_place_and_shown(book: Book, owner: Client, customer: Customer) -> None:
    one, other = book.invoice(customer, "F-1", due=-10), book.invoice(customer, "F-2", due=-5)
    address = f"{LIST}of/{customer.id}"
    page = owner.get(address).content.decode()
    assert "F-1" in page and "F-2" in page
    assert owner.post(address, {"items": [str(one.id)], "to_due": day(-1)}).status_code == 422
    given = {"items": [str(one.id), str(other.id)], "to_due": day(5), "asked_by": "Ana Ruiz", "reason": "Fin de mes"}
    assert owner.post(address, given).status_code == 302
    with book.inside():
        assert set(Installment.objects.values_list("expected_on", flat=True)) == {TODAY + timedelta(days=5)}
    assert [row.installment_id for row in owner.get(LIST).context["rows"]] == [other.id, one.id]
    assert list(owner.get(f"{LIST}?state=awaiting").context["rows"]) == []
    assert "Ana Ruiz" in owner.get(f"{AT}customers/{customer.id}/agreements").content.decode()
    assert "Fin de mes" in owner.get(f"{AT}portfolio/invoices/{one.invoice_id}").content.decode()
    groups = owner.get(f"{AT}customers/{customer.id}/invoices").context["groups"]
    assert [(group.name, len(group.lines)) for group in groups] == [("to_come", 2)]


def test_past_the_limits_a_collector_asks_and_says_why(
    book: Book, cast: Cast, client: Client, customer: Customer
) -> None:
    item = book.invoice(customer, "F-1", due=-10)
    collector(cast, client)
    address = f"{LIST}of/invoice/{item.invoice_id}"
    assert client.get(address).status_code == 200
    refused = client.post(address, {"items": [str(item.id)], "to_due": day(200)})
    assert refused.status_code == 422 and refused.context["form"].errors["reason"]
    assert client.post(address, {"items": [str(item.id)], "to_due": day(200), "reason": "Campaña"}).status_code == 302
    with book.inside():
        waiting = Extension.objects.get()
        assert (waiting.state, Approval.objects.get().subject_id) == ("awaiting", waiting.id)
    withdraw = f"{LIST}{waiting.id}/withdraw"
    assert client.post(withdraw, {"why": ""}).status_code == 422
    assert client.post(withdraw, {"why": "Ya pagó"}).status_code == 302
    assert client.post(withdraw, {"why": "Otra vez"}).status_code == 422


def test_nothing_open_is_no_page(book: Book, owner: Client, customer: Customer) -> None:
    assert owner.get(f"{LIST}of/{customer.id}").status_code == 404


def test_how_a_customer_pays(book: Book, owner: Client, customer: Customer) -> None:
    item = book.invoice(customer, "F-1", due=-6)
    address = f"{AT}customers/{customer.id}/terms/rules"
    assert owner.post(address, {"pay_days": "15, 40", "cut_off_days": 0, "cap_days": 30}).status_code == 422
    given = {"pay_days": "30 15", "weekdays": ["4"], "cut_off_days": 2, "cap_days": 30, "needs_order": "on"}
    assert owner.post(address, {**given, "documents": "Guía\nActa", "portal": "proveedores.example"}).status_code == 302
    with book.inside():
        rules = PaymentRules.objects.get()
        assert (rules.pay_days, rules.weekdays, rules.documents) == ([15, 30], [4], ["Guía", "Acta"])
        assert Installment.objects.get(id=item.id).expected_on > item.due_on
    page = owner.get(f"{AT}customers/{customer.id}/agreements").content.decode()
    assert "proveedores.example" in page and "15" in page
    assert 'value="15, 30"' in owner.get(address).content.decode()
    assert owner.post(address, {"cut_off_days": 0, "cap_days": 15}).status_code == 302
    with book.inside():
        assert not PaymentRules.objects.exists()


def test_terms_change_with_both_sides_consent(book: Book, owner: Client, customer: Customer) -> None:
    address = f"{AT}customers/{customer.id}/terms/change"
    given = {
        "effective_on": day(0),
        "terms_days": 60,
        "pay_days": "30",
        "credit_limit": "8,000.00",
        "reason": "Pidió más",
    }
    assert owner.post(address, given).status_code == 422
    consent = {"consent_ours": "Carla", "consent_theirs": "Rosa", "evidence": "Carta"}
    assert owner.post(address, {**given, **consent}).status_code == 302
    with book.inside():
        made = Terms.objects.get()
        assert Customer.objects.get(id=customer.id).terms_days == 60
    page = owner.get(f"{AT}customers/{customer.id}/agreements").content.decode()
    assert "Rosa" in page and "8,000" in page
    withdraw = f"{AT}agreements/terms/{made.id}/withdraw"
    assert owner.post(withdraw, {"why": "No firmaron"}).status_code == 302
    assert owner.post(withdraw, {"why": "Otra vez"}).status_code == 422
    with book.inside():
        assert Customer.objects.get(id=customer.id).terms_days == 30


def test_for_paying_early(book: Book, cast: Cast, client: Client, owner: Client, customer: Customer) -> None:
    address = f"{AT}customers/{customer.id}/terms/early"
    assert owner.post(address, {"percent": "60", "days": 10}).status_code == 422
    assert owner.post(address, {"percent": "2", "days": 10}).status_code == 302
    item = book.invoice(customer, "F-1", due=30)
    with book.inside():
        assert EarlyTerms.objects.get().percent == 2
        found = EarlyDiscount.objects.get()
        assert (found.installment_id, found.amount) == (item.id, 2)
    page = owner.get(f"{AT}portfolio/invoices/{item.invoice_id}").content.decode()
    assert "2.00" in page
    assert owner.get(address).context["form"]["percent"].value() == "2"
    assert owner.post(f"{AT}portfolio/early/{found.id}/withdraw", {"why": "Error"}).status_code == 302
    assert owner.post(f"{AT}customers/{customer.id}/terms/early/end").status_code == 302
    offer = f"{AT}portfolio/invoices/{item.invoice_id}/early"
    assert owner.post(offer, {"percent": "3", "until_on": day(5)}).status_code == 302
    collector(cast, client)
    assert client.post(offer, {"percent": "50", "until_on": day(5)}).status_code == 422
    with book.inside():
        assert EarlyDiscount.objects.get(state="open").percent == 3


def test_received_and_approved(book: Book, owner: Client, customer: Customer) -> None:
    item = book.invoice(customer, "F-1", due=10)
    address = f"{AT}portfolio/invoices/{item.invoice_id}/reception"
    assert owner.post(address, {"approved": "no", "said_on": day(0)}).status_code == 422
    assert owner.post(address, {"approved": "no", "missing": ["order"], "said_on": day(0)}).status_code == 302
    with book.inside():
        assert Activity.objects.get(step="give_missing").state == "to_do"
    assert "light wait" in owner.get(f"{AT}portfolio/invoices/{item.invoice_id}").content.decode()
    assert owner.post(address, {"approved": "yes", "said_on": day(0), "said_by": "Ana"}).status_code == 302
    with book.inside():
        assert Reception.objects.filter(approved=True).count() == 1


def addresses(book: Book, customer: Customer) -> list[str]:
    """Every page of these that changes something."""
    item = book.invoice(customer, "F-9", due=10)
    with book.inside():
        by = book.by()
        discount = agree_early_discount(by, item.id, percent=Decimal(2), until_on=TODAY)
        made = Terms.objects.create(
            organization_id=by.organization_id, customer=customer, effective_on=TODAY, terms_days=60, reason="x",
            consent_ours="x", consent_theirs="x", evidence="x", recorded_at=by.now,
        )  # fmt: skip
        extension = Extension.objects.create(
            organization_id=by.organization_id, customer=customer, installment=item, from_due=item.due_on,
            to_due=item.due_on + timedelta(days=9), state="awaiting", recorded_at=by.now, recorded_by="x",
        )  # fmt: skip
    of, invoice = f"{AT}customers/{customer.id}/terms/", f"{AT}portfolio/invoices/{item.invoice_id}/"
    return [
        f"{LIST}of/{customer.id}", f"{LIST}of/invoice/{item.invoice_id}", f"{LIST}{extension.id}/withdraw",
        f"{of}change", f"{of}rules", f"{of}early", f"{of}early/end", f"{AT}agreements/terms/{made.id}/withdraw",
        f"{invoice}early", f"{invoice}reception", f"{AT}portfolio/early/{discount.id}/withdraw",
    ]  # fmt: skip


def test_who_only_reads_changes_nothing(book: Book, client: Client, cast: Cast, customer: Customer) -> None:
    pages = addresses(book, customer)
    client.force_login(make_member(cast.organization, "auditor", "auditor@sembria.example"))
    assert client.get(LIST).status_code == 200
    assert [client.post(page, {}).status_code for page in pages] == [403] * len(pages)


def test_another_organizations_are_not_found(book: Book, client: Client, cast: Cast, customer: Customer) -> None:
    pages = addresses(book, customer)
    client.force_login(cast.outsider)
    found = [client.post(page.replace("sembria", "lonkura"), {}).status_code for page in pages]
    assert found == [404] * len(pages)
