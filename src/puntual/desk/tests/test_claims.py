"""What customers say they have paid, on the desk: listed, confirmed by money that is there, not found; and who may."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from conftest import TODAY, Cast, make_member
from puntual.desk.tests.book import Book
from puntual.payments.claims.actions import Receipt, claim_payment
from puntual.payments.models import Payment, PaymentClaim
from puntual.receivables.models import Hold, Installment

HOME = "/o/sembria/payments/claims/"


@pytest.fixture
def claim(book: Book) -> PaymentClaim:
    customer = book.customer("Viñas del Sur")
    book.invoice(customer, "F-1", "600.00", due=-40)
    with book.inside():
        return claim_payment(
            book.by(),
            customer.id,
            currency="PEN",
            amount=Decimal(600),
            paid_on=TODAY - timedelta(days=1),
            bank="Banco Uno",
            said_by="Elvira",
            receipt=Receipt("voucher.pdf", "application/pdf", "0" * 64, b"%PDF-1.4"),
        )


def after(book: Book) -> tuple[str, Decimal, int]:
    """The claim's state, what is open, and how many holds still hold."""
    with book.inside():
        claim, item = PaymentClaim.objects.get(), Installment.objects.get()
        return claim.state, item.open_amount, Hold.objects.filter(released_on=None).count()


def test_it_waits_on_today_and_in_the_list_with_its_receipt(book: Book, owner: Client, claim: PaymentClaim) -> None:
    assert HOME in owner.get("/o/sembria/").content.decode()
    shown = owner.get(HOME).content.decode()
    assert "Viñas del Sur" in shown and "Banco Uno" in shown
    receipt = owner.get(f"{HOME}{claim.id}/receipt")
    assert receipt.content == b"%PDF-1.4" and receipt["Content-Disposition"].startswith("attachment")
    assert after(book) == ("waiting", Decimal(600), 1)


def test_the_money_is_recorded_now(book: Book, owner: Client, claim: PaymentClaim) -> None:
    assert owner.post(f"{HOME}{claim.id}/confirm", {"payment": "new"}).status_code == 302
    assert after(book) == ("confirmed", Decimal(0), 0)
    with book.inside():
        assert Payment.objects.get().received_on == TODAY - timedelta(days=1)


def test_the_money_was_there_already(book: Book, owner: Client, claim: PaymentClaim) -> None:
    there = book.payment(claim.customer, "600.00", day=-1)
    assert str(there.id) in owner.get(f"{HOME}{claim.id}/confirm").content.decode()
    assert owner.post(f"{HOME}{claim.id}/confirm", {"payment": str(there.id)}).status_code == 302
    assert after(book) == ("confirmed", Decimal(0), 0)
    with book.inside():
        assert Payment.objects.count() == 1


def test_another_customers_money_is_not_taken_for_it(book: Book, owner: Client, claim: PaymentClaim) -> None:
    other = book.customer("Otra")
    there = book.payment(other, "600.00")
    assert owner.post(f"{HOME}{claim.id}/confirm", {"payment": str(there.id)}).status_code == 422
    assert after(book)[0] == "waiting"


def test_not_found_needs_its_words_and_is_decided_once(book: Book, owner: Client, claim: PaymentClaim) -> None:
    assert owner.post(f"{HOME}{claim.id}/not-found", {"why": " "}).status_code == 422
    assert owner.post(f"{HOME}{claim.id}/not-found", {"why": "No está en Banco Uno"}).status_code == 302
    assert after(book) == ("not_found", Decimal(600), 0)
    assert owner.post(f"{HOME}{claim.id}/confirm", {"payment": "new"}).status_code == 422
    assert "No está en Banco Uno" in owner.get(f"{HOME}?state=decided").content.decode()


def test_said_again_in_vain_holds_nothing(book: Book, owner: Client, claim: PaymentClaim) -> None:
    owner.post(f"{HOME}{claim.id}/not-found", {"why": "No está"})
    with book.inside():
        again = claim_payment(
            book.by(), claim.customer_id, currency="PEN", amount=Decimal(500), paid_on=TODAY, said_by="Elvira"
        )
        assert again.held_until is None and not Hold.objects.filter(released_on=None).exists()


def test_an_item_is_held_by_one_claim_only(book: Book, claim: PaymentClaim) -> None:
    with book.inside():
        claim_payment(book.by(), claim.customer_id, currency="PEN", amount=Decimal(100), paid_on=TODAY)
        assert Hold.objects.count() == 1


def test_who_may_not_record_payments_only_looks(book: Book, claim: PaymentClaim, cast: Cast) -> None:
    auditor = Client()
    auditor.force_login(make_member(cast.organization, "auditor", "auditor@sembria.example"))
    assert auditor.get(HOME).status_code == 200
    assert auditor.post(f"{HOME}{claim.id}/confirm", {"payment": "new"}).status_code == 403
    assert after(book)[0] == "waiting"
