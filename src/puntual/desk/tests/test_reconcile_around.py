"""Around reconciling: what was done lately, files that come in, the rules' record, and what payers are known by."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from conftest import Cast, make_member
from puntual.desk.tests.bank import Bank, open_bank
from puntual.desk.tests.book import Book
from puntual.desk.tests.work import HTMX, text
from puntual.payments.models import BankLine, PayerTrait, StatementFile
from puntual.payments.tasks import bring_in_statement
from puntual.receivables.models import Installment

HOME = "/o/sembria/payments/reconcile/"
CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>
<GrpHdr><MsgId>1</MsgId><CreDtTm>2026-11-23T06:00:00</CreDtTm></GrpHdr>
<Stmt><Id>2026-11-20</Id><CreDtTm>2026-11-23T06:00:00</CreDtTm><Acct><Id><Othr><Id>194-1</Id></Othr></Id><Ccy>PEN</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="PEN">100.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<Dt><Dt>2026-11-20</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="PEN">2480.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<Dt><Dt>2026-11-20</Dt></Dt></Bal>
{entries}</Stmt></BkToCstmrStmt></Document>"""
ENTRY = """<Ntry><Amt Ccy="PEN">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-20</Dt></BookgDt>
<AcctSvcrRef>{key}</AcctSvcrRef><BkTxCd/><NtryDtls><TxDtls><RmtInf><Ustrd>{words}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"""


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path) -> None:
    settings.UPLOADS = tmp_path


@pytest.fixture
def bank(book: Book) -> Bank:
    return open_bank(book)


def work() -> None:
    """What a worker does with the files that were brought in."""
    for job in ProcrastinateJob.objects.filter(task_name=bring_in_statement.name, status="todo"):
        bring_in_statement(**job.args)


def upload(client: Client, content: str, name: str = "extracto.xml") -> str:
    """Bring a file in; where its page is."""
    answer = client.post(f"{HOME}statements/new", {"file": SimpleUploadedFile(name, content.encode())})
    assert answer.status_code == 302
    return answer.headers["Location"]


def test_a_statement_comes_in_and_is_matched(book: Book, owner: Client) -> None:
    item = book.invoice(book.customer("Quenara"), "F001-00012345", "1180.00", due=-5)
    entries = [
        ENTRY.format(amount="1180.00", key="A", words="PAGO F001-00012345"),
        ENTRY.format(amount="1200.00", key="B", words="X"),
    ]
    content = CAMT.format(entries="".join(entries))
    where = upload(owner, content)
    waits = text(owner, where)
    assert "Puede salir de esta página" in waits
    assert 'id="progress"' in waits and "<progress" in text(owner, where, headers=HTMX)
    work()
    assert owner.get(where, headers=HTMX).headers["HX-Redirect"] == where
    page = text(owner, where)
    assert "2 líneas nuevas" in page and "1 línea se reconoció sola" in page and "Ver la que espera" in page
    with book.inside():
        assert Installment.objects.get(id=item.id).open_amount == 0
    listed = text(owner, f"{HOME}statements/")
    assert "194-1" in listed and "2,480.00" in listed and "1,200.00" in listed and "camt.053" in listed
    again = upload(owner, content)
    work()
    page = text(owner, again)
    assert "Nada nuevo: todas sus líneas ya habían entrado." in page and "se reconocieron solas" not in page
    with book.inside():
        assert BankLine.objects.count() == 2


def test_a_file_that_is_no_statement_says_so(book: Book, owner: Client) -> None:
    where = upload(owner, "Hola, esto no es nada", "carta.txt")
    work()
    assert 'role="alert"' in text(owner, where)
    with book.inside():
        assert StatementFile.objects.get().state == "failed"
    assert owner.post(f"{HOME}statements/new").status_code == 422


def test_what_was_done_is_listed_and_taken_back_with_a_reason(book: Book, bank: Bank, owner: Client) -> None:
    item = book.invoice(book.customer("Quenara"), "F001-00012345", "1180.00", due=-5)
    line, own = bank.line("1180.00", "F001-00012345"), bank.line("5.00", "INTERESES")
    bank.match()
    owner.post(f"{HOME}{own.id}/ignore", {"reason": "Intereses"})
    page = text(owner, f"{HOME}done/")
    assert "Quenara" in page and "Número de factura" in page and "1,180.00" in page
    assert "Quenara" not in text(owner, f"{HOME}done/?view=hand")
    assert "Intereses" in text(owner, f"{HOME}done/?view=ignored")
    assert owner.post(f"{HOME}{line.id}/take-back", {"why": ""}).status_code == 422
    assert owner.post(f"{HOME}{line.id}/take-back", {"why": "Era de otro"}).status_code == 302
    with book.inside():
        assert Installment.objects.get(id=item.id).open_amount == 1180
    assert "1,180.00" not in text(owner, f"{HOME}done/")


def test_the_rules_have_their_record_and_the_bar_is_raised(book: Book, owner: Client) -> None:
    page = text(owner, f"{HOME}rules/")
    assert "Número de factura: el importe es exacto" in page and "contabiliza sola" in page
    before = page.count("contabiliza sola")
    assert owner.post(f"{HOME}rules/bar", {"bar": "1"}).status_code == 302
    raised = text(owner, f"{HOME}rules/")
    assert 0 < raised.count("contabiliza sola") < before
    refused = owner.post(f"{HOME}rules/bar", {"bar": "0.9"})
    assert refused.status_code == 422 and 'id="id_bar_error"' in refused.content.decode()
    assert '<option value="1" selected>' in text(owner, f"{HOME}rules/")


def test_what_a_payer_is_known_by_can_be_forgotten(book: Book, bank: Bank, owner: Client) -> None:
    customer = book.customer("Quenara")
    book.invoice(customer, "F-1", "431.17", due=-5)
    line = bank.line("431.17", payer_name="Holding Austral", payer_account="PE77 0001")
    bank.match()
    owner.post(f"{HOME}{line.id}/accept/1")
    page = text(owner, f"{HOME}rules/?customer={customer.id}")
    assert "PE77 0001" in page and "Holding Austral" in page
    with book.inside():
        trait = PayerTrait.objects.get(kind="name")
    assert owner.post(f"{HOME}rules/{trait.id}/forget", {"why": "La vendieron"}).status_code == 302
    assert owner.get(f"{HOME}rules/{trait.id}/forget").status_code == 404
    with book.inside():
        assert PayerTrait.objects.get(id=trait.id).forgotten_by == "Owner"


@pytest.mark.parametrize(
    ("role", "money", "bar"),
    [("manager", 200, 302), ("accountant", 200, 403), ("collector", 403, 403), ("auditor", 403, 403)],
)
def test_who_may(book: Book, bank: Bank, cast: Cast, client: Client, role: str, money: int, bar: int) -> None:
    line = bank.line("5.00")
    client.force_login(make_member(cast.organization, role, "somebody@sembria.example"))
    for page in ("done/", "statements/", "rules/"):
        assert client.get(HOME + page).status_code == 200
    assert client.get(f"{HOME}{line.id}/take-back").status_code == money
    assert client.post(f"{HOME}rules/bar", {"bar": "0.999"}).status_code == bar
    sent = client.post(f"{HOME}statements/new", {"file": SimpleUploadedFile("x", b"x")})
    assert sent.status_code == (302 if money == 200 else 403)
