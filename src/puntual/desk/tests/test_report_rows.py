"""From a figure of a report to the rows that make it; reports narrowed on the page; portfolios with nothing, one or all paid."""

import csv
import io
import re
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client

from puntual.analytics.reports import REPORTS
from puntual.desk.tests.book import Book

HOME = "/o/sembria/reports/"
OWN_PAGES = {"conduct", "disputes", "fairness", "letter", "alerts"}


@pytest.fixture
def portfolio(book: Book) -> None:
    vinas, olivos = book.customer("Viñas"), book.customer("Olivos")
    for number in range(105):
        book.invoice(vinas, f"F-{number}", "10.00", due=-95 + number % 7)
    book.invoice(olivos, "G-1", "40.00", due=20)
    book.invoice(olivos, "G-2", "70.00", due=-40, currency="USD")


def links(page: str) -> list[str]:
    return [unescape(found) for found in re.findall(r'href="([^"]+/rows\?[^"]+)"', page)]


def test_a_figure_leads_to_its_rows_page_by_page_and_as_a_file(portfolio: None, owner: Client) -> None:
    found = links(owner.get(HOME + "top-customers").content.decode())
    (address,) = [link for link in found if "figure=overdue" in link and "PEN" in link]
    first = owner.get(address)
    assert first.context["total"] == "1,050.00" and len(first.context["rows"]) == 100
    second = owner.get(address.split("?")[0] + first.context["following"])
    assert len(second.context["rows"]) == 5 and not second.context["following"]
    assert {row.what for row in (*first.context["rows"], *second.context["rows"])} == {f"F-{n}" for n in range(105)}
    text = owner.get(address.replace("/rows?", "/rows.csv?")).getvalue().decode("utf-8-sig")
    assert sum(Decimal(row["amount"]) for row in csv.DictReader(io.StringIO(text))) == Decimal(1050)
    assert owner.get(first.context["rows"][0].address).status_code == 200


def test_what_is_no_figure_is_not_found(portfolio: None, owner: Client) -> None:
    for query in ("", "?figure=share", "?figure=open&row_currency=PEN&row_month=x", "?figure=nothing"):
        status = owner.get(HOME + f"top-customers/rows{query}").status_code
        assert status == (200 if "open" in query else 404)
    assert owner.get(HOME + "dso/rows?figure=sales&row_month=never&row_currency=PEN").status_code == 404
    assert owner.get(HOME + "conduct/rows?figure=kept").status_code == 404


def test_narrowed_on_the_page_and_in_its_files(portfolio: None, owner: Client) -> None:
    page = owner.get(HOME + "top-customers?currency=USD")
    assert [part.currency for part in page.context["parts"]] == ["USD"]
    assert "currency=USD" in page.context["query"]
    text = owner.get(HOME + "top-customers.csv?currency=USD").getvalue().decode("utf-8-sig")
    assert [row["currency"] for row in csv.DictReader(io.StringIO(text))] == ["USD"]
    assert all("currency=USD" in link for link in links(page.content.decode()))


def test_a_currency_without_a_rate_is_said(portfolio: None, owner: Client) -> None:
    answer = owner.get(HOME + "dso?into=PEN")
    assert answer.status_code == 422 and "USD" in answer.content.decode()
    day = {"on": "2026-11-20", "base": "usd", "quote": "PEN", "rate": "3.75", "source": "SBS"}
    assert owner.post(HOME + "rates/exchange", day).status_code == 302
    answer = owner.get(HOME + "dso?into=PEN")
    assert answer.status_code == 200 and "SBS" in answer.content.decode()
    file = io.BytesIO(b"fecha;de;a;tasa;fuente\n2026-11-21;USD;PEN;3.80;SBS\n")
    file.name = "rates.csv"
    assert owner.post(HOME + "rates/file", {"file": file}).status_code == 302
    assert [rate for _one, rate in owner.get(HOME + "rates").context["rates"]] == ["3.8", "3.75"]
    wrong = io.BytesIO(b"2026-11-21,USD,PEN,many,SBS\n")
    wrong.name = "rates.csv"
    assert "1" in owner.post(HOME + "rates/file", {"file": wrong}).content.decode()


def test_loss_rates_are_set_on_the_page(portfolio: None, owner: Client) -> None:
    rates = {f"percent_{place}": str(place + 1) for place in range(5)}
    given = {"from_on": "2026-01-01", "reason": "Política 2026", **rates}
    assert owner.post(HOME + "rates/loss", given).status_code == 302
    assert "Política 2026" in owner.get(HOME + "provision").content.decode()
    assert owner.post(HOME + "rates/loss", {**given, "percent_0": ""}).status_code == 422


def _nothing(book: Book) -> None:
    """No customer at all."""


def _one(book: Book) -> None:
    book.invoice(book.customer("Viñas"), "F-1", "100.00", due=-10)


def _all_paid(book: Book) -> None:
    vinas = book.customer("Viñas")
    for number in range(3):
        item = book.invoice(vinas, f"F-{number}", "100.00", due=-40 + number)
        book.payment(vinas, "100.00", day=-5, to=item)


@pytest.mark.parametrize("made", [_nothing, _one, _all_paid])
def test_portfolios_that_divide_by_nothing_give_sensible_pages(book: Book, owner: Client, made) -> None:
    """Every report, as a page and as each file: nothing, a single customer, everything paid."""
    made(book)
    for name in REPORTS:
        page = owner.get(HOME + name)
        assert page.status_code == 200, name
        if name not in OWN_PAGES:
            assert page.context["basis"] in unescape(page.content.decode()), name
        drawn = re.sub(r"<script.*?</script>", "", page.content.decode())
        # Whole words: the letters of a form's token may spell any short one.
        assert not re.search(r"(?<!\w)(NaN|Infinity|None|inf%)(?!\w)", drawn), name
        for kind in ("csv", "json", "xlsx"):
            assert owner.get(f"{HOME}{name}.{kind}").status_code == 200, (name, kind)
        for link in links(page.content.decode())[:1]:
            assert owner.get(link).status_code == 200, link
    for place in ("/o/sembria/alerts/", "/o/sembria/alerts/?state=closed", HOME + "letter.pdf", HOME + "alerts.pdf"):
        assert owner.get(place).status_code == 200, place
