"""Reports on the desk: the list, each as a page, each as a file."""

import csv
import io
import json
import re
from datetime import timedelta
from decimal import Decimal
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from pypdf import PdfReader

from puntual.analytics.kept.keeping import keep_reports
from puntual.analytics.kept.models import WaitedFor
from puntual.analytics.letter.keeping import keep_letter
from puntual.analytics.rates.actions import set_loss_rates
from puntual.analytics.reports import REPORTS
from puntual.desk.tests.book import Book
from puntual.tenancy.scope import acting_for

WITHOUT_BALANCES = {
    *("collected", "effectiveness", "promises", "agreements", "calibration"),
    *("alerts", "credit-limits"),
}
PLAIN = sorted(set(REPORTS) - {"aging", "conduct", "disputes", "fairness", "letter"})


@pytest.fixture
def portfolio(book: Book) -> None:
    vinas, olivos = book.customer("Viñas"), book.customer("Olivos")
    book.invoice(vinas, "F-1", "100.00", due=-95)
    second = book.invoice(vinas, "F-2", "200.00", due=-10)
    book.invoice(olivos, "F-3", "40.00", due=20)
    book.invoice(olivos, "F-4", "70.00", due=-40, currency="USD")
    book.payment(vinas, "50.00", day=-3, to=second)


def test_a_kept_letter_says_its_day_as_one_writes_it(portfolio: None, book: Book, owner: Client) -> None:
    with book.inside():
        keep_letter(book.cast.actor())
    page = owner.get("/o/sembria/reports/letter").content.decode()
    assert "23 de noviembre de 2026." in page and "2026-11-23." not in page


def test_the_list_leads_to_every_report(portfolio: None, owner: Client) -> None:
    page = owner.get("/o/sembria/reports/").content.decode()
    assert "Días de venta por cobrar" in page and 'href="/o/sembria/reports/dso"' in page
    for name in PLAIN:
        assert f'href="/o/sembria/reports/{name}"' in page, name


@pytest.mark.parametrize("name", PLAIN)
def test_a_report_says_its_formula_and_shows_a_currency_at_a_time(portfolio: None, owner: Client, name: str) -> None:
    answer = owner.get(f"/o/sembria/reports/{name}")
    assert answer.status_code == 200
    shown = [part.currency for part in answer.context["parts"]]
    if name not in WITHOUT_BALANCES:
        assert shown == ["PEN", "USD"]
    assert answer.context["basis"] in answer.content.decode()
    assert not re.search(r"\d{4}-\d{2}-\d{2}", answer.context["basis"])


@pytest.mark.parametrize("name", PLAIN)
def test_an_empty_portfolio_gives_a_sensible_page(owner: Client, name: str) -> None:
    page = owner.get(f"/o/sembria/reports/{name}")
    assert page.status_code == 200 and "No hay nada que mostrar" in page.content.decode()


def test_the_largest_customers_add_up_to_all_that_is_open(portfolio: None, owner: Client) -> None:
    text = owner.get("/o/sembria/reports/top-customers.csv").getvalue().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert (rows[0]["currency"], rows[0]["open"], rows[0]["overdue"]) == ("PEN", "250.00", "250.00")
    soles = [row for row in rows if row["currency"] == "PEN"]
    assert sum(Decimal(row["open"]) for row in soles) == 290 and soles[-1]["running"] == "100.0"
    found = json.loads(owner.get("/o/sembria/reports/concentration.json").getvalue())
    assert found["currencies"][0]["open"] == "290.00" and found["currencies"][0]["top_1"] == "86.2"


def test_as_a_document(portfolio: None, owner: Client) -> None:
    answer = owner.get("/o/sembria/reports/dso.pdf")
    assert (
        answer["Content-Type"] == "application/pdf"
        and 'filename="sembria-dso-2026-11-23.pdf"' in answer["Content-Disposition"]
    )
    text = PdfReader(io.BytesIO(answer.getvalue())).pages[0].extract_text()
    assert "Días de venta por cobrar" in text and "PEN" in text


def test_what_the_day_worked_out_says_when_and_is_asked_anew(book: Book, portfolio: None, owner: Client) -> None:
    keep_reports(book.by(), "es", timedelta(0))
    book.payment(book.customer("Cerros"), "10.00", day=0)
    at = f"Calculado a las {book.by().now.astimezone(ZoneInfo('America/Lima')):%H:%M}"
    for name in ("forecast", "conduct"):
        page = owner.get(f"/o/sembria/reports/{name}").content.decode()
        assert at in page, name
        (address,) = re.findall(r'href="(\?[^"]*anew=1)"', page)
        anew = owner.get(f"/o/sembria/reports/{name}{unescape(address)}").content.decode()
        assert at not in anew, name
        assert f"/reports/{name}.csv?" in anew and "anew=1" in anew, "its files are worked out anew as well"
    found = json.loads(owner.get("/o/sembria/reports/scores.json").getvalue())
    assert found["worked_out_at"] and "worked_out_at" not in json.loads(
        owner.get("/o/sembria/reports/scores.json?anew=1").getvalue()
    )


def test_a_page_somebody_waited_for_is_ready_the_next_day(
    book: Book, portfolio: None, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner.get("/o/sembria/reports/dso?currency=USD")
    with acting_for(book.cast.organization.id):
        assert not WaitedFor.objects.exists(), "nobody had to wait"
    monkeypatch.setattr("puntual.desk.asking.SLOW", timedelta(0))
    page = owner.get("/o/sembria/reports/collected?currency=USD").content.decode()
    since = re.search(r'name="since" value="([\d-]+)"', page)
    assert since, "the form says from when, and what is narrowed with it goes on from there"
    owner.get(f"/o/sembria/reports/collected?currency=PEN&since={since[1]}")
    owner.get("/o/sembria/reports/dso?as_of=2026-10-01")
    owner.get("/o/sembria/reports/dso?anew=1")
    owner.get("/o/sembria/reports/conduct")
    with acting_for(book.cast.organization.id):
        found = [(one.name, one.language, one.narrowed) for one in WaitedFor.objects.order_by("id")]
    assert found == [
        ("collected", "es", {"currency": "USD"}),
        ("collected", "es", {"currency": "PEN"}),
        ("conduct", "", {}),
    ]


def test_what_is_asked_wrongly_is_not_asked(portfolio: None, owner: Client) -> None:
    assert owner.get("/o/sembria/reports/roll-rates?since=2027-01-01&as_of=nonsense&creditor=none").status_code == 200
    assert owner.get("/o/sembria/reports/astrology").status_code == 404
    assert owner.get("/o/sembria/reports/dso.docx").status_code == 404


def test_each_own_loss_rate_stands_beside_its_age(book: Book, owner: Client) -> None:
    day = book.by().today
    set_loss_rates(book.by(), day, [Decimal(n) for n in range(5)], reason="Castigos")
    set_loss_rates(book.by(), day, None, reason="Como se midió", creditor_id=book.creditor.id)
    page = owner.get("/o/sembria/reports/rates").content.decode()
    assert "1–30 días: </span>1 %" in page and "Como se midió" in page
