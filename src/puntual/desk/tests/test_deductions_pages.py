"""What customers will not pay, on the desk: certificates with their files, discounts whose credit note is to come, the lists."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from conftest import TODAY, Cast, make_member
from puntual.desk.tests.book import Book
from puntual.desk.tests.work import text
from puntual.receivables.models import DeductionFile, ExpectedDeduction, Installment

HOME = "/o/sembria/portfolio/deductions/"


def expected(book: Book) -> ExpectedDeduction:
    with book.inside():
        return ExpectedDeduction.objects.get(organization_id=book.cast.id)


def certificate(content: bytes = b"%PDF-1.7 x", name: str = "R001-9.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def test_a_certificate_closes_it_with_its_file(owner: Client, book: Book) -> None:
    item = book.invoice(book.customer("Quenara"), "F-1", "100.00", due=-40, deduction="12.00")
    one = expected(book)
    assert "F-1" in text(owner, HOME)
    given = {"certificate": "R001-9", "closed_on": TODAY.isoformat()}
    wrong = owner.post(f"{HOME}{one.id}/close", {**given, "file": certificate(b"MZ")})
    assert wrong.status_code == 422
    assert expected(book).closed_on is None
    owner.post(f"{HOME}{one.id}/close", {**given, "file": certificate()})
    assert expected(book).certificate == "R001-9"
    assert "R001-9.pdf" in text(owner, f"/o/sembria/portfolio/invoices/{item.invoice_id}")
    assert "F-1" not in text(owner, HOME)
    assert "R001-9.pdf" in text(owner, HOME, data={"state": "came"})
    with book.inside():
        kept = DeductionFile.objects.get()
    sent = owner.get(f"{HOME}files/{kept.id}")
    assert sent.content == b"%PDF-1.7 x"
    assert sent["Content-Disposition"].startswith("attachment")
    assert "sandbox" in sent["Content-Security-Policy"]


def test_its_file_may_come_later(owner: Client, book: Book) -> None:
    book.invoice(book.customer("Quenara"), "F-1", "100.00", due=-40, deduction="12.00")
    one = expected(book)
    owner.post(f"{HOME}{one.id}/close", {"certificate": "R001-9", "closed_on": TODAY.isoformat()})
    assert owner.post(f"{HOME}{one.id}/file", {"file": certificate()}).status_code == 302
    with book.inside():
        assert DeductionFile.objects.get().deduction_id == one.id


def test_a_discount_waits_for_its_credit_note(owner: Client, book: Book) -> None:
    item = book.invoice(book.customer("Quenara"), "F-1", "100.00", due=-40)
    there = f"/o/sembria/portfolio/invoices/{item.invoice_id}"
    assert owner.post(f"{there}/discount", {"item": str(item.id), "amount": "20.00", "why": ""}).status_code == 422
    assert owner.post(f"{there}/discount", {"item": str(item.id), "amount": "120", "why": "x"}).status_code == 422
    owner.post(f"{there}/discount", {"item": str(item.id), "amount": "20.00", "why": "Entrega tardía"})
    assert "Entrega tardía" in text(owner, there)
    listed = text(owner, HOME, data={"state": "credit_notes"})
    assert "Entrega tardía" in listed
    assert "Entrega tardía" not in text(owner, HOME)
    owner.post(
        f"{there}/credit-note",
        {"number": "NC-1", "issued_on": TODAY.isoformat(), "amount": "20.00", "reason": "Entrega tardía"},
    )
    with book.inside():
        now = Installment.objects.get(id=item.id)
        assert (now.open_amount, now.expected_deduction) == (80, 0)
    assert "NC-1" in text(owner, HOME, data={"state": "came"})


def test_given_up_it_is_listed_so(owner: Client, book: Book) -> None:
    item = book.invoice(book.customer("Quenara"), "F-1", "100.00", due=-40, deduction="12.00")
    owner.post(f"{HOME}{expected(book).id}/give-up", {"why": "No depositó"})
    assert "F-1" in text(owner, HOME, data={"state": "given_up"})
    with book.inside():
        assert Installment.objects.get(id=item.id).expected_deduction == 0


@pytest.mark.parametrize("role", ["collector", "auditor"])
def test_who_keeps_no_books_reads_only(client: Client, cast: Cast, book: Book, role: str) -> None:
    item = book.invoice(book.customer("Quenara"), "F-1", "100.00", due=-40, deduction="12.00")
    one = expected(book)
    client.force_login(make_member(cast.organization, role, "somebody@sembria.example"))
    assert client.get(HOME).status_code == 200
    for verb in ("close", "give-up", "file"):
        assert client.post(f"{HOME}{one.id}/{verb}").status_code == 403
    assert client.post(f"/o/sembria/portfolio/invoices/{item.invoice_id}/discount").status_code == 403
