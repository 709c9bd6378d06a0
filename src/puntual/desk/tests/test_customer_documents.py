"""What is taken along of a customer: the account statement and the record."""

from django.test import Client

from conftest import NOW, TODAY
from puntual.desk import evidence
from puntual.desk.tests.book import Book
from puntual.kernel.documents import pdf
from puntual.outreach.models import Activity
from puntual.tenancy.scope import acting_for


def test_the_account_statement_is_taken_along_by_whoever_may_export(book: Book, owner: Client) -> None:
    customer = book.customer("Pesquera")
    address = f"/o/sembria/customers/{customer.id}/statement.pdf"
    assert address in owner.get(f"/o/sembria/customers/{customer.id}").content.decode()
    answer = owner.get(address)
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF-")
    assert answer["Content-Disposition"] == 'attachment; filename="estado-de-cuenta-2026-11-23.pdf"'


def test_the_record_of_a_customer_is_a_document_and_names_what_was_sent(book: Book, owner: Client, monkeypatch) -> None:
    customer = book.customer("Pesquera")
    seen: dict = {}
    monkeypatch.setattr(evidence, "pdf", lambda layout, values, at: seen.update(values) or pdf(layout, values, at))
    with acting_for(customer.organization_id):
        Activity.objects.create(
            organization_id=customer.organization_id,
            customer=customer,
            day=TODAY,
            channel="email",
            tone="firm",
            state="sent",
            step="firm",
            subject="Factura F-1",
            body="Hola:\n#panic *no* $x$",
            message_id="<1@x>",
            created_at=NOW,
            settled_at=NOW,
        )
    address = f"/o/sembria/customers/{customer.id}/record.pdf"
    assert address in owner.get(f"/o/sembria/customers/{customer.id}").content.decode()
    answer = owner.get(address)
    assert answer.content.startswith(b"%PDF-") and answer["Content-Disposition"].startswith("attachment")
    sent = next(row for row in seen["rows"] if row["reference"])
    assert (sent["reference"], sent["subject"], sent["tone"]) == ("<1@x>", "Factura F-1", "firm")
    assert "#panic *no*" in sent["body"] and seen["seal"].endswith(tuple("0123456789abcdef"))
