"""The portfolio: invoices with their ledger, payments and what is done with them, and who may."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from conftest import TODAY, Cast, make_member
from puntual.desk.tests.book import Book
from puntual.parties.models import Customer
from puntual.payments.models import Allocation, Payment, Refund
from puntual.receivables.actions import close_deduction, hold, write_off
from puntual.receivables.models import CreditNote, ExpectedDeduction, Hold, Installment
from puntual.receivables.queries import standing_write_offs


@pytest.fixture
def customer(book: Book) -> Customer:
    return book.customer("Viñas")


def day(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


class TestInvoices:
    def numbers(self, owner: Client, query: str = "") -> list[str]:
        return [row.invoice.number for row in owner.get(f"/o/sembria/portfolio/invoices/{query}").context["rows"]]

    def test_the_list(self, book: Book, owner: Client, customer: Customer) -> None:
        book.invoice(customer, "F-1", due=-3)
        book.invoice(customer, "F-2", due=-30, currency="USD")
        book.invoice(customer, "G-3", due=10)
        paid = book.invoice(customer, "F-4", due=-60)
        book.payment(customer, "100.00", to=paid)
        assert self.numbers(owner) == ["F-2", "F-1", "G-3"]
        assert self.numbers(owner, "?view=overdue") == ["F-2", "F-1"]
        assert self.numbers(owner, "?view=all") == ["G-3", "F-1", "F-2", "F-4"]
        assert self.numbers(owner, "?view=all&q=f-") == ["F-1", "F-2", "F-4"]
        assert self.numbers(owner, "?q=F-2") == ["F-2"]
        assert self.numbers(owner, "?currency=USD") == ["F-2"]
        assert self.numbers(owner, "?q=1.93e9") == []
        assert "3 facturas abiertas" in owner.get("/o/sembria/portfolio/invoices/").content.decode()
        assert "2 facturas vencidas" in owner.get("/o/sembria/portfolio/invoices/?view=overdue").content.decode()

    def test_one_with_its_ledger_as_of_and_as_known_on(self, book: Book, owner: Client, customer: Customer) -> None:
        item = book.invoice(customer, "F-1", "100.00", due=-40)
        book.payment(customer, "30.00", day=-20, to=item)
        with book.inside():
            write_off(book.by(-10), item.id, why="muy antigua", amount=Decimal(20))

        def balances(query: str = "") -> list[Decimal]:
            answer = owner.get(f"/o/sembria/portfolio/invoices/{item.invoice_id}{query}")
            (_item, movements) = answer.context["ledgers"][0]
            return [one.balance for one in movements if one.entry.account == "receivable"]

        assert balances() == [100, 70, 50]
        assert balances(f"?as_of={day(-15)}") == [100, 70]
        assert balances(f"?known_on={day(-30)}") == [100]
        page = owner.get(f"/o/sembria/portfolio/invoices/{item.invoice_id}").content.decode()
        assert "PEN 50.00 abiertos de 100.00" in page
        assert "Castigo" in page

    def test_paused_and_what_will_be_withheld(self, book: Book, owner: Client, customer: Customer) -> None:
        item = book.invoice(customer, "F-1", "100.00", due=-40, deduction="12.00")
        path = f"/o/sembria/portfolio/invoices/{item.invoice_id}"
        given = {"reason": "person", "until": day(5), "note": "Falta una guía", "amount": "40.00"}
        assert owner.post(f"{path}/pause", given).headers["Location"] == path
        with book.inside():
            held = Hold.objects.get(organization_id=book.cast.id)
            deduction = ExpectedDeduction.objects.get(organization_id=book.cast.id)
        assert (held.invoice_id, held.amount) == (item.invoice_id, 40)
        assert "PEN\xa040.00 de F-1" in owner.get(path).content.decode()
        close = f"/o/sembria/portfolio/deductions/{deduction.id}/close"
        assert owner.post(close, {"certificate": "", "closed_on": day(0)}).status_code == 422
        assert owner.post(close, {"certificate": "C-1", "closed_on": day(9)}).status_code == 422
        owner.post(close, {"certificate": "C-1", "closed_on": day(0)})
        with book.inside():
            assert Installment.objects.get(id=item.id).open_amount == 88
        assert owner.post(f"/o/sembria/portfolio/deductions/{deduction.id}/give-up", {"why": "x"}).status_code == 422

    def test_written_off_in_part_and_whole(self, book: Book, owner: Client, customer: Customer) -> None:
        item = book.invoice(customer, "F-1", "100.00", due=-400)
        path = f"/o/sembria/portfolio/invoices/{item.invoice_id}"
        given = {"item": str(item.id), "amount": "30.00", "written_off_on": day(0), "why": "Cerró hace un año"}
        for wrong in ({"why": ""}, {"amount": "100.01"}, {"written_off_on": day(1)}, {"item": str(customer.id)}):
            assert owner.post(f"{path}/write-off", {**given, **wrong}).status_code == 422, wrong
        assert owner.post(f"{path}/write-off", given).headers["Location"] == path
        with book.inside():
            assert Installment.objects.get(id=item.id).open_amount == 70
        owner.post(f"{path}/write-off", {**given, "amount": ""})
        page = owner.get(path).content.decode()
        with book.inside():
            left = Installment.objects.get(id=item.id)
        assert (left.open_amount, left.written_off) == (0, 100)
        assert "Cerró hace un año" in page
        assert f"{path}/write-off" not in page  # nothing is left to write off
        assert owner.post(f"{path}/write-off", given).status_code == 422

    def test_a_write_off_is_undone_with_a_reason(self, book: Book, owner: Client, customer: Customer) -> None:
        item = book.invoice(customer, "F-1", "100.00", due=-400)
        path = f"/o/sembria/portfolio/invoices/{item.invoice_id}"
        with book.inside():
            write_off(book.by(-10), item.id, why="muy antigua", amount=Decimal(20))
            [entry] = standing_write_offs(book.cast.id)
        undo = f"/o/sembria/portfolio/entries/{entry.id}/undo-write-off"
        assert undo in owner.get(path).content.decode()
        given = {"undone_on": day(0), "why": "Volvió a operar"}
        for wrong in ({"why": ""}, {"undone_on": day(1)}):
            assert owner.post(undo, {**given, **wrong}).status_code == 422, wrong
        assert owner.post(undo, given).headers["Location"] == path
        page = owner.get(path).content.decode()
        with book.inside():
            back = Installment.objects.get(id=item.id)
        assert (back.open_amount, back.written_off) == (100, 0)
        assert undo not in page and "Volvió a operar" in page
        assert owner.post(undo, given).status_code == 404, "there is nothing left to undo"

    def test_a_credit_note_lowers_its_invoice_and_no_other(self, book: Book, owner: Client, customer: Customer) -> None:
        older = book.invoice(customer, "F-0", "50.00", due=-90)
        item = book.invoice(customer, "F-1", "100.00", due=-40)
        path = f"/o/sembria/portfolio/invoices/{item.invoice_id}"
        asked = owner.get(f"{path}/credit-note").content.decode()
        assert "otras facturas del mismo cliente." in asked, "a name like S.A. would end its sentence with two periods"
        given = {"number": "NC-1", "issued_on": day(-2), "amount": "120.00", "reason": "Devolución"}
        assert owner.post(f"{path}/credit-note", {**given, "issued_on": day(1)}).status_code == 422
        with book.inside():
            assert not CreditNote.objects.filter(organization_id=book.cast.id).exists()
        assert owner.post(f"{path}/credit-note", given).headers["Location"] == path
        owner.post(f"{path}/credit-note", given)  # the same once more
        with book.inside():
            note = CreditNote.objects.get(organization_id=book.cast.id)
            open_amounts = [Installment.objects.get(id=one.id).open_amount for one in (older, item)]
        assert (note.unapplied, open_amounts) == (20, [50, 0])
        assert "NC-1" in owner.get(path).content.decode()
        assert owner.post(f"{path}/credit-note", {**given, "amount": "7.00"}).status_code == 422  # another content

    def test_given_up(self, book: Book, owner: Client, customer: Customer) -> None:
        item = book.invoice(customer, "F-1", "100.00", due=-40, deduction="12.00")
        with book.inside():
            deduction = ExpectedDeduction.objects.get(organization_id=book.cast.id)
        owner.post(f"/o/sembria/portfolio/deductions/{deduction.id}/give-up", {"why": "No depositó"})
        with book.inside():
            assert Installment.objects.get(id=item.id).expected_deduction == 0


class TestPayments:
    def test_the_list(self, book: Book, owner: Client, customer: Customer) -> None:
        item = book.invoice(customer, "F-1", due=-40)
        book.payment(customer, "100.00", day=-9, to=item)
        book.payment(customer, "5.00", day=-2)
        book.payment(customer, "7.00", day=-5, currency="USD")
        given = {"reason": "Error", "reversed_on": day(0)}
        gone = book.payment(customer, "9.00", day=-1)
        owner.post(f"/o/sembria/portfolio/payments/{gone.id}/reverse", given)

        def amounts(query: str = "") -> list[Decimal]:
            return [row.amount for row in owner.get(f"/o/sembria/portfolio/payments/{query}").context["rows"]]

        assert amounts() == [9, 5, 7, 100]
        assert amounts("?view=on_account") == [5, 7]
        assert amounts("?view=reversed") == [9]
        assert amounts("?currency=USD") == [7]
        assert amounts("?q=OP-1") == [100]
        page = owner.get("/o/sembria/portfolio/payments/").content.decode()
        assert "Este mes entraron PEN\xa0105.00 y USD\xa07.00" in page

    def test_applied_taken_off_given_back_and_reversed(self, book: Book, owner: Client, customer: Customer) -> None:
        payment = book.payment(customer, "100.00", day=-5)
        item = book.invoice(customer, "F-1", "60.00", due=-40)
        path = f"/o/sembria/portfolio/payments/{payment.id}"

        def state() -> tuple[Decimal, Decimal]:
            with book.inside():
                return Payment.objects.get(id=payment.id).unapplied, Installment.objects.get(id=item.id).open_amount

        owner.post(f"{path}/apply", {"pay": [str(item.id)]})
        assert state() == (40, 0)
        assert "F-1" in owner.get(path).content.decode()
        with book.inside():
            allocation = Allocation.objects.get(organization_id=book.cast.id, payment=payment)
        take_off = f"/o/sembria/portfolio/allocations/{allocation.id}/take-off"
        assert owner.post(take_off, {"why": ""}).status_code == 422
        owner.post(take_off, {"why": "Era de otra"})
        assert state() == (100, 60)
        assert owner.post(take_off, {"why": "otra vez"}).status_code == 422
        back = {"amount": "500.00", "refunded_on": day(0), "reference": "D-1"}
        assert "500" in owner.post(f"{path}/refund", back).content.decode()
        owner.post(f"{path}/refund", {**back, "amount": "30.00"})
        assert state() == (70, 60)
        answer = owner.post(f"{path}/reverse", {"reason": "Rechazado", "reversed_on": day(0)})
        assert answer.status_code == 422  # part of it was given back
        with book.inside():
            assert Refund.objects.get(organization_id=book.cast.id).amount == 30
        assert "Devuelto" in owner.get(path).content.decode()

    def test_reversed_its_invoices_are_open_again(self, book: Book, owner: Client, customer: Customer) -> None:
        item = book.invoice(customer, "F-1", "60.00", due=-40)
        payment = book.payment(customer, "60.00", day=-5, to=item)
        path = f"/o/sembria/portfolio/payments/{payment.id}"
        assert owner.post(f"{path}/reverse", {"reason": "", "reversed_on": day(0)}).status_code == 422
        owner.post(f"{path}/reverse", {"reason": "Cheque sin fondos", "reversed_on": day(0)})
        with book.inside():
            assert Installment.objects.get(id=item.id).open_amount == 60
        page = owner.get(path).content.decode()
        assert "Cheque sin fondos" in page
        assert f"{path}/reverse" not in page


def paths(book: Book, customer: Customer) -> list[str]:
    """Every address of these pages, with things that exist."""
    item = book.invoice(customer, "F-1", "60.00", due=-40, deduction="6.00")
    payment = book.payment(customer, "20.00", day=-5, to=item)
    with book.inside():
        held = hold(book.by(), reason="person", invoice_id=item.invoice_id)
        deduction = ExpectedDeduction.objects.get(organization_id=book.cast.id)
        allocation = Allocation.objects.get(organization_id=book.cast.id)
        write_off(book.by(), item.id, why="muy antigua", amount=Decimal(1))
        [written_off] = standing_write_offs(book.cast.id)
    return [
        "portfolio/",
        "portfolio/aging.csv",
        "portfolio/invoices/",
        "portfolio/payments/",
        f"portfolio/invoices/{item.invoice_id}",
        f"portfolio/invoices/{item.invoice_id}/pause",
        f"portfolio/invoices/{item.invoice_id}/write-off",
        f"portfolio/invoices/{item.invoice_id}/credit-note",
        f"portfolio/entries/{written_off.id}/undo-write-off",
        f"portfolio/deductions/{deduction.id}/close",
        f"portfolio/deductions/{deduction.id}/give-up",
        f"portfolio/payments/{payment.id}",
        f"portfolio/payments/{payment.id}/apply",
        f"portfolio/payments/{payment.id}/reverse",
        f"portfolio/payments/{payment.id}/refund",
        f"portfolio/allocations/{allocation.id}/take-off",
        f"customers/holds/{held.id}/release",
        "customers/",
        f"customers/{customer.id}",
        *(f"customers/{customer.id}/{tab}" for tab in ("invoices", "agreements", "people", "behavior")),
        *(f"customers/{customer.id}/{form}" for form in ("payment", "pause", "note", "handling", "status", "person")),
    ]


def test_every_page_keeps_to_the_policy_and_to_its_organization(
    book: Book, owner: Client, cast: Cast, customer: Customer
) -> None:
    outsider = Client()
    outsider.force_login(cast.outsider)
    for path in paths(book, customer):
        answer = owner.get(f"/o/sembria/{path}")
        assert answer.status_code == 200, path
        if not answer.streaming:
            for forbidden in (b" style=", b"<script>", b"onclick", b"hx-on"):
                assert forbidden not in answer.content, (path, forbidden)
        assert outsider.get(f"/o/sembria/{path}").status_code == 404, path
        theirs = outsider.get(f"/o/lonkura/{path}")
        known = path in (
            "portfolio/",
            "portfolio/aging.csv",
            "portfolio/invoices/",
            "portfolio/payments/",
            "customers/",
        )
        assert theirs.status_code == (200 if known else 404), path
        if not theirs.streaming:
            assert b"F-1" not in theirs.content
            assert "Viñas" not in theirs.content.decode()


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_every_page_speaks_the_readers_language(
    book: Book, owner: Client, cast: Cast, customer: Customer, language: str
) -> None:
    cast.owner.language = language
    cast.owner.save()
    words = {"es": "Pagos", "en": "Payments", "pt": "Pagamentos"}
    assert words[language] in owner.get("/o/sembria/portfolio/payments/").content.decode()
    for path in paths(book, customer):
        assert owner.get(f"/o/sembria/{path}").status_code == 200, path


@pytest.mark.parametrize("role", ["collector", "auditor"])
def test_who_may_not_touch_the_books_sees_them(book: Book, client: Client, customer: Customer, role: str) -> None:
    client.force_login(make_member(book.cast.organization, role, f"{role}@sembria.example"))
    for path in paths(book, customer):
        writes = any(
            path.endswith(f"/{word}")
            for word in (
                "close",
                "give-up",
                "apply",
                "reverse",
                "refund",
                "take-off",
                "payment",
                "write-off",
                "undo-write-off",
                "credit-note",
            )
        )
        answer = client.get(f"/o/sembria/{path}")
        if writes:
            assert answer.status_code == 403, path
        elif "/pause" not in path and "release" not in path and role == "collector":
            assert answer.status_code == 200, path
    page = client.get(f"/o/sembria/{paths_of_payment(book)}").content.decode()
    assert "/reverse" not in page


def paths_of_payment(book: Book) -> str:
    with book.inside():
        return f"portfolio/payments/{Payment.objects.filter(organization_id=book.cast.id).first().id}"


def test_the_lists_cost_the_same_at_any_length(
    book: Book, owner: Client, customer: Customer, django_assert_max_num_queries
) -> None:
    first = book.invoice(customer, "F-0", due=-9)
    book.payment(customer, "10.00", to=first)
    places = (
        "portfolio/",
        f"portfolio/?as_of={day(-3)}",
        "portfolio/invoices/",
        "portfolio/invoices/?view=all",
        "portfolio/payments/",
    )
    counts = []
    for place in places:
        with django_assert_max_num_queries(40) as counted:
            owner.get(f"/o/sembria/{place}")
        counts.append(len(counted))
    for number in range(12):
        more = book.customer(f"A{number}", reachable=False)
        item = book.invoice(more, f"G-{number}", due=-9)
        book.payment(more, "10.00", to=item)
        book.invoice(customer, f"H-{number}", due=-19)
    with book.inside():
        deduction = book.invoice(customer, "I-1", due=-9, deduction="5.00")
        close_deduction(
            book.by(),
            ExpectedDeduction.objects.get(organization_id=book.cast.id, installment=deduction).id,
            certificate="C-1",
        )
    for place, most in zip(places, counts, strict=True):
        with django_assert_max_num_queries(most):
            owner.get(f"/o/sembria/{place}")
