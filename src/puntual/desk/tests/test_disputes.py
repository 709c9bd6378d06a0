"""Disputes on the desk: opened on an invoice, talked about, shown, decided; who may, and what a file may be."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from conftest import NOW, TODAY, Cast, make_member
from puntual.desk.tests.book import Book
from puntual.disputes import actions
from puntual.disputes.models import Dispute, DisputeNote, Evidence
from puntual.receivables.models import CreditNote, Hold, Installment

BASE = "/o/sembria/agreements/disputes/"
PDF = b"%PDF-1.7\n%evidence"


@pytest.fixture
def item(book: Book) -> Installment:
    return book.invoice(book.customer("Viñas Trehuelén"), "F001-254", "1180.00", due=-20)


def make(book: Book, item: Installment, amount: str | None = "300", **more: object) -> Dispute:
    given = {"reason": "price", "said": "El precio acordado era otro.", **more}
    with book.inside():
        return actions.open_dispute(
            book.by(), item.invoice_id, amount=None if amount is None else Decimal(amount), **given
        )


def again(book: Book, dispute: Dispute) -> Dispute:
    with book.inside():
        return Dispute.objects.get(id=dispute.id)


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_opened_on_the_invoice_with_a_file(book: Book, owner: Client, item: Installment) -> None:
    place = f"/o/sembria/portfolio/invoices/{item.invoice_id}"
    assert f"{place}/dispute" in text(owner, place)
    given = {"reason": "price", "amount": "300.00", "said": "El precio acordado era otro.", "said_by": "Ana Ruiz"}
    file = SimpleUploadedFile("../orden.pdf", PDF)
    assert owner.post(f"{place}/dispute", {**given, "file": file}).status_code == 302
    with book.inside():
        made = Dispute.objects.get()
        kept = Evidence.objects.get()
        hold = Hold.objects.get()
    assert (made.amount, made.whole, made.said_by, made.owner_id) == (300, False, "Ana Ruiz", book.cast.owner.id)
    assert (hold.amount, hold.source_id, hold.reason) == (300, made.id, "dispute")
    assert (kept.name, kept.kind, kept.theirs) == ("orden.pdf", "application/pdf", True)
    shown = text(owner, f"{BASE}{made.id}")
    assert "300.00" in shown and "El precio acordado era otro." in shown and "orden.pdf" in shown
    shown = text(owner, place)
    assert f"{BASE}{made.id}" in shown and f"{place}/dispute" not in shown, "one live dispute of an invoice"
    assert owner.post(f"{place}/dispute", given).status_code == 422
    assert "F001-254" in text(owner, f"/o/sembria/customers/{item.customer_id}/agreements")
    assert "Viñas Trehuelén" in text(owner, BASE)


def test_a_file_that_is_refused_opens_nothing(book: Book, owner: Client, item: Installment) -> None:
    place = f"/o/sembria/portfolio/invoices/{item.invoice_id}/dispute"
    given = {
        "reason": "price",
        "said": "Otro precio",
        "file": SimpleUploadedFile("x.pdf", b"<script>alert(1)</script>"),
    }
    assert owner.post(place, given).status_code == 422
    with book.inside():
        assert not Dispute.objects.exists() and not Hold.objects.exists()


def test_talk_files_and_where_it_lies(book: Book, owner: Client, item: Installment) -> None:
    made = make(book, item)
    place = f"{BASE}{made.id}"
    for kind, words in (("inner", "Preguntar a ventas"), ("customer", "Mando la orden"), ("ours", "La revisamos")):
        assert owner.post(f"{place}/note", {"kind": kind, "text": words}).status_code == 302
        assert words in text(owner, place)
    assert owner.post(f"{place}/note", {"kind": "inner", "text": " "}).status_code == 422
    assert owner.post(f"{place}/note", {"kind": "step", "text": "x"}).status_code == 422
    assert (
        owner.post(f"{place}/evidence", {"file": SimpleUploadedFile("guía.png", b"\x89PNG\r\n\x1a\nx")}).status_code
        == 302
    )
    with book.inside():
        kept = Evidence.objects.get()
        assert DisputeNote.objects.count() == 3
    answer = owner.get(f"{BASE}files/{kept.id}")
    assert answer.content == b"\x89PNG\r\n\x1a\nx" and answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert (
        answer.headers["X-Content-Type-Options"] == "nosniff" and "sandbox" in answer.headers["Content-Security-Policy"]
    )
    later = (made.deadline + timedelta(days=4)).isoformat()
    assert owner.post(f"{place}/extend", {"deadline": later, "why": "Ventas está de viaje"}).status_code == 302
    assert owner.post(f"{place}/assign", {"owner": str(book.cast.colleague.id)}).status_code == 302
    assert (
        owner.post(f"{place}/restate", {"reason": "quality", "amount": "250.00", "why": "Era menos"}).status_code == 302
    )
    found = again(book, made)
    assert (found.deadline.isoformat(), found.owner_id) == (later, book.cast.colleague.id)
    assert (found.reason, found.amount) == ("quality", 250)
    shown = text(owner, place)
    assert "Ventas está de viaje" in shown and "Colleague" in shown


def test_won_in_part(book: Book, owner: Client, item: Installment) -> None:
    made = make(book, item)
    place = f"{BASE}{made.id}"
    given = {"cause": "pricing", "why": "La orden decía otro precio", "amount": "200.00"}
    assert f"{place}/credit" in text(owner, place)
    assert owner.post(f"{place}/accept", given).status_code == 302
    assert again(book, made).state == "accepted"
    note = {"number": "NC01-7", "amount": "200.00", "issued_on": TODAY.isoformat()}
    assert 'value="200.00"' in text(owner, f"{place}/credit"), "what was granted is proposed"
    assert owner.post(f"{place}/credit", note).status_code == 302
    found = again(book, made)
    with book.inside():
        credit = CreditNote.objects.get()
        assert Installment.objects.get(id=item.id).open_amount == 980
        assert not Hold.objects.filter(released_on=None).exists()
    assert (found.state, found.credit_note_id, found.cause, found.why) == (
        "credited",
        credit.id,
        "pricing",
        given["why"],
    )
    shown = text(owner, place)
    assert "NC01-7" in shown and f"{place}/credit" not in shown
    assert "Viñas" in text(owner, f"{BASE}?state=untold"), "nobody told the customer yet"
    assert "Viñas" in text(owner, f"{BASE}?state=settled")
    owner.post(f"{place}/note", {"kind": "ours", "text": "Le enviamos la nota de crédito."})
    assert "Viñas" not in text(owner, f"{BASE}?state=untold")
    assert owner.post(f"{place}/reject", {"cause": "customer", "why": "No"}).status_code == 422


@pytest.mark.parametrize(
    ("verb", "given", "state"),
    [
        ("credit", {"number": "NC-1", "amount": "300.00", "issued_on": TODAY.isoformat()}, "credited"),
        ("correct", {"number": "F001-300"}, "corrected"),
        ("reject", {}, "rejected"),
        ("withdraw", {}, "withdrawn"),
    ],
)
def test_each_way_it_ends(book: Book, owner: Client, item: Installment, verb: str, given: dict, state: str) -> None:
    with book.inside():
        customer = item.customer
    book.invoice(customer, "F001-300", "880.00", due=10)
    made = make(book, item)
    place = f"{BASE}{made.id}"
    assert owner.get(f"{place}/{verb}").status_code == 200
    assert owner.post(f"{place}/{verb}", {"cause": "billing", "why": "", **given}).status_code == 422, (
        "without a reason"
    )
    assert owner.post(f"{place}/{verb}", {"cause": "billing", "why": "Por esto", **given}).status_code == 302
    assert again(book, made).state == state
    if state in ("rejected", "withdrawn"):
        assert owner.get(f"{place}/reopen").status_code == 200
        assert owner.post(f"{place}/reopen", {"why": "Mandaron el contrato"}).status_code == 302
        assert again(book, made).state == "open"


def test_what_is_overdue_is_on_the_first_page(book: Book, owner: Client, item: Installment) -> None:
    made = make(book, item)
    assert "Disputas por responder" in text(owner, "/o/sembria/")
    with book.inside():
        Dispute.objects.filter(id=made.id).update(deadline=TODAY - timedelta(days=1))
        actions.escalate(book.by())
    assert "1 atrasada, 1 pasó a usted" in " ".join(text(owner, "/o/sembria/").split())
    assert "1 disputa está atrasada" in text(owner, BASE)
    assert "Viñas" in text(owner, f"{BASE}?state=overdue")


def test_the_customers_time_line_tells_it_once(book: Book, owner: Client, item: Installment) -> None:
    made, later = make(book, item), book.by().on(TODAY, NOW + timedelta(minutes=5))
    with book.inside():
        actions.reject(later, made.id, cause="customer", why="El contrato lo dice")
    for kind in ("", "?kind=pauses"):
        page = owner.get(f"/o/sembria/customers/{item.customer_id}{kind}")
        told = [event.said for _day, events in page.context["days"] for event in events]
        assert [said.text for said in told if said.key == made.id] == [
            "El contrato lo dice",
            "El precio acordado era otro.",
        ]
        assert not [said for said in told if said.icon.startswith("player")], "its pause is not told beside it"


def test_causes_on_the_page_and_as_files(book: Book, owner: Client, item: Installment) -> None:
    made = make(book, item)
    owner.post(f"{BASE}{made.id}/reject", {"cause": "customer", "why": "El contrato lo dice"})
    page = owner.get("/o/sembria/reports/disputes")
    (line,) = page.context["lines"]
    assert (line.cause, line.disputes, line.won, line.amount) == ("customer", 1, 0, 300)
    assert "noviembre 2026" in page.content.decode()
    ((_line, links),) = page.context["rows"]
    assert owner.get(links["amount"]).context["total"] == "300.00" and not links["won"]
    book.invoice(book.customer("Otra"), "U-1", "10.00", due=-5, currency="USD")
    assert not owner.get("/o/sembria/reports/disputes?currency=USD").context["lines"]
    narrowed = owner.get("/o/sembria/reports/disputes?currency=PEN&since=2026-11-01&through=2026-11-30")
    assert narrowed.context["lines"] == [line] and "currency=PEN" in narrowed.context["query"]
    assert b'"cause": "customer"' not in b"".join(
        owner.get("/o/sembria/reports/disputes.json?currency=USD").streaming_content
    )
    assert b'"cause": "customer"' in b"".join(owner.get("/o/sembria/reports/disputes.json").streaming_content)
    assert owner.get("/o/sembria/reports/disputes.xlsx").status_code == 200
    assert b"customer" in b"".join(owner.get("/o/sembria/reports/disputes.csv").streaming_content)
    assert owner.get("/o/sembria/reports/disputes.exe").status_code == 404


def test_who_may(book: Book, cast: Cast, item: Installment) -> None:
    made = make(book, item)
    with book.inside():
        kept = actions.add_evidence(book.by(), made.id, "orden.pdf", PDF)
    place, decides = f"{BASE}{made.id}", {"cause": "pricing", "why": "Sí", "number": "NC-1", "amount": "10.00"}
    clients = {"collector": Client(), "auditor": Client(), "accountant": Client()}
    clients["collector"].force_login(cast.colleague)
    for role in ("auditor", "accountant"):
        clients[role].force_login(make_member(cast.organization, role, f"{role}@sembria.example"))
    for role, client in clients.items():
        assert client.get(place).status_code == client.get(BASE).status_code == 200, role
        assert client.get(f"{BASE}files/{kept.id}").status_code == 200
    auditor, collector = clients["auditor"], clients["collector"]
    for verb in ("note", "evidence", "restate", "assign", "extend", "reject", "withdraw", "reopen"):
        assert auditor.post(f"{place}/{verb}", decides).status_code == 403, verb
    assert auditor.post(f"/o/sembria/portfolio/invoices/{item.invoice_id}/dispute", {}).status_code == 403
    for verb in ("accept", "credit", "correct"):
        assert collector.post(f"{place}/{verb}", decides).status_code == 403, verb
        assert f"{place}/{verb}" not in text(collector, place)
    assert f"{place}/note" not in text(auditor, place)
    assert collector.post(f"{place}/note", {"kind": "inner", "text": "Visto"}).status_code == 302
    given = {**decides, "issued_on": TODAY.isoformat()}
    assert clients["accountant"].post(f"{place}/credit", given).status_code == 302
    assert again(book, made).state == "credited"
