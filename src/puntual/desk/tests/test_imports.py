"""Files in, from the page: uploaded, asked about, landed, mended, stopped, undone."""

import re
from datetime import date

import pytest
from django.test import Client
from django.utils.translation import gettext, override

from conftest import Cast
from puntual.desk.proposing import HEADS
from puntual.desk.tests.book import Book
from puntual.desk.tests.files import AMBIGUOUS, HEADER, PLAIN, job_of, upload, uploaded, work
from puntual.desk.tests.work import prepare_day
from puntual.desk.views.imports import TEMPLATES
from puntual.intake.models import ImportJob
from puntual.intake.reading.fields import FIELDS, Kind, Type
from puntual.intake.reading.propose import propose
from puntual.kernel.sheets.tables import open_table
from puntual.outreach.models import Activity
from puntual.receivables.models import Installment
from puntual.tenancy.scope import acting_for

IMPORTS = "/o/sembria/imports/"
SAMPLES = {
    "customer_tax_id": "20100017491",
    "contact_name": "Elvira Montalván",
    "invoice_numbers": "F001-22",
    Type.KEY: "F001-22",
    Type.EMAILS: "pagos@quenara.example",
    Type.PHONE: "987654321",
    Type.DATE: "2026-10-31",
    Type.AMOUNT: "1180.00",
    Type.CURRENCY: "PEN",
    Type.LANGUAGE: "es",
    Type.DAYS: "30",
}


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def installments(cast: Cast) -> list[tuple[date, str]]:
    with acting_for(cast.id):
        rows = Installment.objects.filter(organization_id=cast.id, open_amount__gt=0).order_by("due_on")
        return [(row.due_on, str(row.open_amount.normalize())) for row in rows]


def test_a_clear_file_is_shown_landed_and_leads_to_the_day(book: Book, owner: Client) -> None:
    where = uploaded(owner, PLAIN)
    shown = text(owner, where)
    assert "Así se va a leer" in shown
    assert "31 oct 2026" in shown and "12,900.00" in shown
    assert installments(book.cast) == []  # nothing is written before the person says so
    assert owner.post(f"{where}/launch").headers["Location"] == where
    assert "se está importando" in text(owner, where)
    work(book.cast)
    result = text(owner, where)
    assert "Entraron 3 filas de facturas.csv" in result
    assert "Preparar el día" in result
    assert len(installments(book.cast)) == 3
    prepare_day(owner)
    with book.inside():
        assert Activity.objects.filter(state="proposed").exists()


def test_an_ambiguous_file_asks_and_is_read_as_answered(book: Book, owner: Client) -> None:
    where = uploaded(owner, AMBIGUOUS)
    shown = text(owner, where)
    assert "1 pregunta antes de leer facturas.csv" in shown
    assert "3 abr 2026" in shown and "4 mar 2026" in shown
    assert "/launch" not in shown
    assert owner.post(f"{where}/launch").status_code == 422
    owner.post(f"{where}/answer", {"date_order": "month-first"})
    assert "primero el mes" in text(owner, where)
    owner.post(f"{where}/launch")
    work(book.cast)
    assert [day for day, _amount in installments(book.cast)] == [date(2026, 3, 4), date(2026, 5, 6)]


def test_what_was_recognized_can_be_changed(book: Book, owner: Client) -> None:
    where = uploaded(owner, PLAIN.replace("Importe", "Importe;Pendiente").replace(".00\n", ".00;7.50\n"))
    assert job_of(book.cast, where).proposal["readings"][-1]["field"] != ""
    owner.post(f"{where}/answer", {"columns.open_amount": "Pendiente", "columns.amount": "Importe", "decimal": "."})
    assert "7.50" in text(owner, where)
    owner.post(f"{where}/answer", {"columns.open_amount": ""})
    fields = {one["field"] for one in job_of(book.cast, where).proposal["readings"]}
    assert "open_amount" not in fields
    wrong = owner.post(f"{where}/answer", {"columns.amount": "Sin tal columna"})
    assert wrong.status_code == 422
    assert "Sin tal columna" in wrong.content.decode()


def test_days_after_the_issue_date_answer_for_a_missing_due_date(book: Book, owner: Client) -> None:
    content = (
        "Cliente;Número;Emisión;Moneda;Importe\nTextiles;F-1;2026-10-01;PEN;10.00\nTextiles;F-2;2026-10-13;PEN;20.00\n"
    )
    where = uploaded(owner, content)
    assert 'name="terms_days"' in text(owner, where)
    owner.post(f"{where}/answer", {"terms_days": "30"})
    owner.post(f"{where}/launch")
    work(book.cast)
    assert [day for day, _amount in installments(book.cast)] == [date(2026, 10, 31), date(2026, 11, 12)]


def test_the_currency_of_rows_that_name_none_is_shown_and_changed(book: Book, owner: Client) -> None:
    where = uploaded(owner, "Cliente;Número;Vencimiento;Importe\nTextiles;F-1;2026-10-31;10.00\n")
    assert '<option value="PEN" selected>' in text(owner, where)
    owner.post(f"{where}/answer", {"currency": "USD"})
    assert '<option value="USD" selected>' in text(owner, where)


def test_bad_rows_come_back_to_be_mended(book: Book, owner: Client) -> None:
    bad = ("C3;Cafés;;F-4;2026-09-01;05:23.4;USD;100.00", "C3;Cafés;;F-5;2026-09-01;2026-10-01;USD;mucho")
    where = uploaded(owner, PLAIN + "\n".join(bad) + "\n")
    assert "2 de las primeras 5 filas se rechazarían" in text(owner, where)
    owner.post(f"{where}/launch")
    work(book.cast)
    result = text(owner, where)
    for said in (
        "2 filas rechazadas",
        "<code>05:23.4</code>",
        "convirtió esta fecha en una hora",
        "<code>mucho</code>",
    ):
        assert said in result
    answer = owner.get(f"{where}/refused")
    mended = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert HEADER in mended
    again = uploaded(owner, mended.replace("05:23.4", "2026-10-01").replace("mucho", "70.00"))
    owner.post(f"{again}/launch")
    assert work(book.cast).result["created"] == 2
    assert len(installments(book.cast)) == 5


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "está vacío"),
        (b"%PDF-1.7 not a table", "no es una hoja de cálculo"),
        (b"<html><body><table></table></body></html>", "página web"),
        (b"PK\x03\x04broken", "dañado"),
        (b"1;2;3\n4;5;6\n", "columnas"),
    ],
)
def test_a_wrong_file_is_refused_in_words(book: Book, owner: Client, content: bytes, said: str) -> None:
    answer = upload(owner, content)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    with book.inside():
        assert not ImportJob.objects.exists()


def test_a_snapshot_that_would_close_much_stops_and_asks(book: Book, owner: Client) -> None:
    owner.post(f"{uploaded(owner, PLAIN)}/launch")
    work(book.cast)
    rest = "\n".join(PLAIN.splitlines()[:3]) + "\n"
    where = uploaded(owner, rest, snapshot_on="2026-11-22")
    owner.post(f"{where}/launch")
    assert work(book.cast).state == "stopped"
    asked = text(owner, where)
    assert "cerraría mucho" in asked
    assert "(12,900.00 de 12,900.00 USD)" in asked
    owner.post(f"{where}/confirm")
    assert work(book.cast).state == "done"
    assert "1 partida no está en el archivo" in text(owner, where)


def test_a_file_is_discarded_stopped_taken_up_again_and_undone(book: Book, owner: Client) -> None:
    where = uploaded(owner, PLAIN)
    owner.post(f"{where}/cancel")
    assert "Importarlo de todos modos" in text(owner, where)
    owner.post(f"{where}/launch")
    work(book.cast)
    assert "¿Era otro el archivo?" in text(owner, where)
    owner.post(f"{where}/undo")
    assert "se deshizo" in text(owner, where)
    assert installments(book.cast) == []
    assert owner.post(f"{where}/undo").status_code == 422


def test_without_a_worker_the_page_says_so(book: Book, owner: Client) -> None:
    where = uploaded(owner, PLAIN)
    owner.post(f"{where}/launch")
    assert "puntual work" in text(owner, where)
    part = owner.get(f"{where}/progress", headers={"HX-Request": "true"})
    assert "<progress" in part.content.decode() and "<html" not in part.content.decode()
    work(book.cast)
    assert owner.get(f"{where}/progress", headers={"HX-Request": "true"}).headers["HX-Redirect"] == where


@pytest.mark.parametrize("language", ["es", "en", "pt"])
@pytest.mark.parametrize("kind", ["invoices", "customers", "payments", "balances"])
def test_a_template_is_recognized_again(book: Book, owner: Client, language: str, kind: str, tmp_path) -> None:
    book.cast.owner.language = language
    book.cast.owner.save()
    answer = owner.get(f"{IMPORTS}template/{kind}.csv")
    header = answer.content.decode("utf-8-sig").strip()
    path = tmp_path / "template.csv"
    cells = [SAMPLES.get(name) or SAMPLES.get(FIELDS[Kind(kind)][name].type, "Textiles") for name in TEMPLATES[kind]]
    path.write_text(header + "\n" + ",".join(cells) + "\n")
    found = propose(open_table(path), kind, currency="PEN").readings
    with override(language):
        assert {name: reading.header for name, reading in found.items()} == {
            name: gettext(HEADS[name]) for name in TEMPLATES[kind]
        }


def test_roles(book: Book, owner: Client, client: Client) -> None:
    where = uploaded(owner, PLAIN)
    client.force_login(book.cast.colleague)  # a collector reads, and brings nothing in
    assert client.get(IMPORTS).status_code == client.get(where).status_code == 200
    assert "/launch" not in text(client, where)
    assert client.get(f"{IMPORTS}new").status_code == 403
    for verb in ("answer", "launch", "cancel", "confirm", "undo"):
        assert client.post(f"{where}/{verb}").status_code == 403
    client.force_login(book.cast.outsider)
    for address in (IMPORTS, where, f"{IMPORTS}new", f"{where}/refused"):
        assert client.get(address).status_code == 404
    theirs = where.replace("sembria", "lonkura")  # one's own organization does not open another's file
    assert client.get(theirs).status_code == client.post(f"{theirs}/launch").status_code == 404


def test_the_list_asks_the_same_for_any_number_of_files(
    book: Book, owner: Client, django_assert_max_num_queries
) -> None:
    for _file in range(3):
        uploaded(owner, PLAIN)
    with django_assert_max_num_queries(10):
        shown = text(owner, IMPORTS)
    assert len(re.findall("facturas.csv", shown)) == 3
