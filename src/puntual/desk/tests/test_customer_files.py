"""All files of a customer in one place, and keeping one's own."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from conftest import NOW, Cast, make_member
from puntual.agreements.actions import agree_plan
from puntual.agreements.plans.schedule import Wish
from puntual.audit.models import Record
from puntual.desk import customer_files
from puntual.desk.tests.book import Book
from puntual.disputes.actions import add_evidence, open_dispute
from puntual.kernel.problems import Problem
from puntual.outreach.actions import keep_file
from puntual.outreach.minutes import Attendee, MeetingMinutes, keep_minutes
from puntual.outreach.models import Activity, Answer, CustomerFile
from puntual.parties.models import Customer
from puntual.receivables.files import attach_file

PDF = b"%PDF-1.7 x"


@pytest.fixture
def customer(book: Book) -> Customer:
    return book.customer("Viñas")


def upload(client: Client, customer: Customer, name: str, content: bytes, **given: str) -> int:
    sent = {"file": SimpleUploadedFile(name, content), **given}
    return client.post(f"/o/sembria/customers/{customer.id}/file", sent).status_code


def test_whatever_is_kept_is_in_one_list(
    book: Book, owner: Client, customer: Customer, django_assert_max_num_queries
) -> None:
    item = book.invoice(customer, "F-1", "300.00", due=-40)
    other = book.customer("Otra")
    with book.inside():
        attach_file(book.by(-5), item.invoice_id, "F-1.pdf", PDF)
        dispute = open_dispute(book.by(-4), item.invoice_id, reason="price", amount=Decimal(10))
        add_evidence(book.by(-4), dispute.id, "orden.pdf", PDF)
        agree_plan(book.by(-3), customer.id, [item.id], Wish(2, book.by().today, book.by().today))
        meeting = book.activity(customer, item, "done", channel="meeting", tone="", settled_at=NOW)
        keep_minutes(book.by(-2), meeting, MeetingMinutes([Attendee("Ana Ruiz")]))
        Answer.objects.create(
            organization_id=book.cast.id,
            customer=customer,
            digest="x",
            kind="reply",
            state="unread",
            received_at=NOW - timedelta(days=1),
            sender="ana@c1.example",
            attachments=[{"name": "a.pdf", "kind": "application/pdf", "size": 2048}, {"name": "b.png"}],
            raw=b"",
            size=10,
        )
        keep_file(book.by(), customer.id, "contrato.pdf", PDF, about="Contrato marco")
        keep_file(book.by(), other.id, "ajeno.pdf", PDF)
    address = f"/o/sembria/customers/{customer.id}/files"
    with django_assert_max_num_queries(60) as few:
        page = owner.get(address)
    most = len(few)
    assert [(file.row.kind, file.row.name) for file, _href in page.context["files"]] == [
        ("own", "contrato.pdf"),
        ("answer", "b.png"),
        ("answer", "a.pdf"),
        ("minutes", ""),
        ("plan", page.context["files"][4][0].row.name),
        ("evidence", "orden.pdf"),
        ("invoice", "F-1.pdf"),
    ]
    for file, href in page.context["files"]:
        if file.row.kind != "answer":  # its message has no such part
            assert owner.get(href).status_code == 200, file.row.kind
    record = b"".join(owner.get(f"/o/sembria/customers/{customer.id}/record.zip").streaming_content)
    names = ZipFile(BytesIO(record)).namelist()
    assert [name for name in names if name.startswith("files/") and name.endswith("contrato.pdf")], names
    kinds = {kind: len(owner.get(f"{address}?kind={kind}").context["files"]) for kind in customer_files.KINDS}
    assert kinds == {"all": 7, "own": 1, "invoices": 1, "agreements": 1, "disputes": 1, "contacts": 3}
    with book.inside():
        for number in range(3):
            keep_file(book.by(), customer.id, f"{number}.txt", f"n {number}".encode())
    with django_assert_max_num_queries(most):
        assert len(owner.get(address).context["files"]) == 10


def test_pages_of_the_list_are_found_by_key(
    book: Book, owner: Client, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customer_files, "SIZE", 2)
    with book.inside():
        for number in range(5):
            keep_file(book.by(), customer.id, f"{number}.txt", f"n {number}".encode())
    address, names, query = f"/o/sembria/customers/{customer.id}/files", [], "?kind=own"
    while query:
        context = owner.get(address + query).context
        names += [file.title for file, _href in context["files"]]
        query = context["more"]
    assert sorted(names) == [f"{number}.txt" for number in range(5)]
    assert owner.get(f"{address}?before=nonsense").status_code == 422


def test_one_keeps_a_file_and_takes_it_away(book: Book, owner: Client, cast: Cast, customer: Customer) -> None:
    assert upload(owner, customer, "programa.exe", b"MZ\x00\x00") == 422
    assert upload(owner, customer, "vacio.pdf", b"") == 422
    assert upload(owner, customer, "grande.txt", b"x" * (10 * 1024 * 1024 + 1)) == 422
    assert upload(owner, customer, "página.pdf", b"<html>") == 422
    assert upload(owner, customer, "../contrato.doc", PDF, about="Contrato", theirs="on") == 302
    assert upload(owner, customer, "otra vez.pdf", PDF) == 302
    with book.inside():
        kept = CustomerFile.objects.get(organization_id=cast.id, customer=customer)
    assert (kept.name, kept.kind, kept.theirs, kept.about) == ("contrato.pdf", "application/pdf", True, "Contrato")
    answer = owner.get(f"/o/sembria/customers/files/{kept.id}")
    assert answer.content == PDF
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert answer["Content-Disposition"].startswith("attachment")
    auditor = Client()
    auditor.force_login(
        make_member(cast.organization, "auditor", "auditor@sembria.example"),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    assert auditor.get(f"/o/sembria/customers/files/{kept.id}").status_code == 200
    assert upload(auditor, customer, "x.pdf", PDF) == 403
    place = f"/o/sembria/customers/files/{kept.id}/remove"
    assert auditor.post(place, {"why": "x"}).status_code == 403
    assert owner.post(place, {"why": ""}).status_code == 422
    assert owner.post(place, {"why": "Era de otro cliente"}).status_code == 302
    assert owner.get(f"/o/sembria/customers/files/{kept.id}").status_code == 404
    with book.inside():
        kept.refresh_from_db()
        record = Record.objects.get(action="outreach.remove_customer_file", object_id=kept.id)
    assert bytes(kept.content) == b""
    assert (record.why, record.detail["digest"]) == ("Era de otro cliente", kept.digest)
    assert upload(owner, customer, "contrato.pdf", PDF) == 302, "the same file may be kept again"


def test_not_without_end(book: Book, customer: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("puntual.outreach.filing.actions.MOST_FILES", 1)
    with book.inside():
        keep_file(book.by(), customer.id, "a.txt", b"a")
        with pytest.raises(Problem, match="1 files already"):
            keep_file(book.by(), customer.id, "b.txt", b"b")
        assert not Activity.objects.filter(organization_id=book.cast.id).exists()
