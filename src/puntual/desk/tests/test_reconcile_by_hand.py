"""What a person says of the bank's lines: what was taken back, what a deposit is of, a letra paid, a file that asks, rates."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from conftest import TODAY, Cast, make_member
from puntual.desk.tests.bank import Bank, open_bank
from puntual.desk.tests.book import Book
from puntual.desk.tests.work import text
from puntual.parties.models import Creditor
from puntual.payments.instruments import actions as instruments
from puntual.payments.models import BankAccount, BankLine, Instrument, Payment, StatementFile, StatementMapping
from puntual.payments.tasks import bring_in_statement
from puntual.receivables.models import ExpectedDeduction, Installment

HOME = "/o/sembria/payments/reconcile/"


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path) -> None:
    settings.UPLOADS = tmp_path


@pytest.fixture
def bank(book: Book) -> Bank:
    return open_bank(book)


def state(book: Book, line: BankLine) -> str:
    with book.inside():
        return BankLine.objects.get(id=line.id).state


def work() -> None:
    for job in ProcrastinateJob.objects.filter(task_name=bring_in_statement.name, status="todo"):
        bring_in_statement(**job.args)


def test_what_the_bank_took_back_is_chosen(owner: Client, book: Book, bank: Bank) -> None:
    customer = book.customer("Quenara")
    item = book.invoice(customer, "F001-00777", "500.00", due=-20)
    bank.line("500", "PAGO F001-00777", ago=5)
    back = bank.line("-500", "DEVOLUCION", reverses=True, ago=1)
    other = bank.line("-3", "CORRECCION", reverses=True)
    bank.match()
    listed = text(owner, f"{HOME}taken-back/")
    assert "DEVOLUCION" in listed
    assert "CORRECCION" in listed
    with book.inside():
        payment = Payment.objects.get()
    assert owner.post(f"{HOME}taken-back/{back.id}/payment/{payment.id}").status_code == 302
    with book.inside():
        assert Installment.objects.get(id=item.id).open_amount == 500
    assert owner.post(f"{HOME}taken-back/{other.id}/ignore", {"why": ""}).status_code == 422
    owner.post(f"{HOME}taken-back/{other.id}/ignore", {"why": "El banco se corrigió"})
    assert [state(book, line) for line in (back, other)] == ["matched", "ignored"]


def test_a_deposit_is_given_to_its_deduction_or_its_invoice(owner: Client, book: Book, bank: Bank) -> None:
    with book.inside():
        account = BankAccount.objects.get()
    page = owner.post(f"{HOME}accounts/{account.id}/restrict", {"restricted": "1"}, follow=True)
    assert "detracciones" in page.content.decode()
    book.invoice(book.customer("Quenara"), "F-100200", "1000.00", due=-20, deduction="120.00")
    second = book.invoice(book.customer("Otra"), "F-100300", "500.00", due=-20)
    one, another = bank.line("120", "DEPOSITO"), bank.line("60", "DEPOSITO")
    bank.match()
    assert "F-100200" in text(owner, f"{HOME}deposits/")
    assert "DEPOSITO" not in text(owner, HOME)
    with book.inside():
        deduction = ExpectedDeduction.objects.get()
    owner.post(f"{HOME}deposits/{one.id}/deduction/{deduction.id}")
    there = f"{HOME}deposits/{another.id}/invoice"
    assert owner.post(there, {"number": "F-9"}).status_code == 422
    assert owner.post(there, {"number": "f-100300"}).status_code == 302
    with book.inside():
        assert Installment.objects.get(id=second.id).open_amount == 440
        assert not Payment.objects.exists()
    assert state(book, one) == state(book, another) == "matched"


def test_a_line_pays_a_letra(owner: Client, book: Book, bank: Bank) -> None:
    customer = book.customer("Quenara")
    book.invoice(customer, "F-1", "777.00", due=-20)
    one = instruments.receive(
        book.by(),
        customer_id=customer.id,
        kind="bill",
        number="L-00123",
        currency="PEN",
        amount=Decimal(777),
        matures_on=TODAY + timedelta(days=1),
        received_on=TODAY - timedelta(days=3),
    )
    line = bank.line("777", "ABONO L-00123")
    assert "L-00123" in text(owner, f"{HOME}{line.id}")
    owner.post(f"{HOME}{line.id}/instrument/{one.id}")
    with book.inside():
        assert Instrument.objects.get().state == "paid"
    assert state(book, line) == "matched"
    owner.post(f"{HOME}undo")
    with book.inside():
        assert Instrument.objects.get().state == "received"


AMBIGUOUS = "Fecha;Concepto;Abono\n03/04/2026;PAGO F-1;100,50\n05/06/2026;PAGO F-2;200,50\n"
UNNAMED = "Cuando;Que;Cuanto\n13/04/2026;PAGO F-1;100,50\n25/06/2026;PAGO F-2;200,50\n"


def brought(owner: Client, content: str) -> StatementFile:
    file = SimpleUploadedFile("movimientos.csv", content.encode(), "text/csv")
    page = owner.post(f"{HOME}statements/new", {"file": file})
    work()
    return page.headers["Location"]


@pytest.mark.parametrize(
    ("content", "given"),
    [
        (AMBIGUOUS, {"date_order": "day-first"}),
        (UNNAMED, {"column-booked_on": "Cuando", "column-amount": "Cuanto", "column-text": "Que"}),
    ],
)
def test_a_file_that_asks_is_answered(
    owner: Client, book: Book, bank: Bank, content: str, given: dict[str, str]
) -> None:
    where = brought(owner, content)
    asked = text(owner, where)
    assert "PAGO F-1" in asked
    with book.inside():
        assert not BankLine.objects.exists()
    wrong = owner.post(f"{where}/answer", {"date_order": "sideways"})
    assert wrong.status_code == 422
    assert owner.post(f"{where}/answer", given).status_code == 302
    work()
    with book.inside():
        assert BankLine.objects.count() == 2
        assert StatementFile.objects.get().state == "done"
        assert StatementMapping.objects.count() == 1
    again = brought(owner, content.replace("100,50", "300,50"))
    with book.inside():
        assert BankLine.objects.count() == 3, "the answer is remembered"
    assert owner.post(f"{again}/answer", given).status_code == 422


def test_whose_account_it_is_is_answered(owner: Client, book: Book, bank: Bank) -> None:
    with book.inside():
        other = Creditor.objects.create(
            organization_id=book.cast.id, code="OTRO", name="Otro", country="PE", currency="PEN", language="es"
        )
    where = brought(owner, "Fecha;Concepto;Abono;Cuenta\n13/04/2026;PAGO F-1;100,50;999-888-777\n")
    assert "Otro" in text(owner, where)
    assert owner.post(f"{where}/answer", {}).status_code == 422
    owner.post(f"{where}/answer", {"creditor": str(other.id)})
    work()
    with book.inside():
        assert BankLine.objects.get().creditor_id == other.id


def test_rates_are_left_out_and_added(owner: Client, book: Book) -> None:
    there = f"{HOME}withholdings/"
    assert "R.S. 037-2002/SUNAT" in text(owner, there)
    owner.post(f"{there}pe/detraccion_15/use", {"used": "0"})
    given = {
        "country": "PE",
        "name": "Garantía",
        "kind": "withholding",
        "percent": "5",
        "base": "total",
        "from_on": TODAY.isoformat(),
        "source": "",
    }
    assert owner.post(f"{there}new", given).status_code == 422
    assert owner.post(f"{there}new", {**given, "source": "Contrato marco"}).status_code == 302
    assert "Contrato marco" in text(owner, there)


@pytest.mark.parametrize("role", ["collector", "auditor"])
def test_who_keeps_no_books_reads_only(client: Client, cast: Cast, book: Book, bank: Bank, role: str) -> None:
    line = bank.line("-500", "DEVOLUCION", reverses=True)
    client.force_login(make_member(cast.organization, role, "somebody@sembria.example"))
    for page in ("taken-back/", "deposits/", "withholdings/"):
        assert client.get(f"{HOME}{page}").status_code == 200
    for page in (
        f"taken-back/{line.id}/payment/{line.id}",
        f"taken-back/{line.id}/ignore",
        f"deposits/{line.id}/deduction/{line.id}",
        f"deposits/{line.id}/invoice",
        f"accounts/{line.account_id}/restrict",
        f"statements/{line.id}/answer",
        f"{line.id}/instrument/{line.id}",
        "withholdings/new",
        "withholdings/pe/retencion_igv/use",
    ):
        assert client.post(f"{HOME}{page}").status_code == 403
