"""Bad input: refused beside the field with what was typed still there, and never an error of ours."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.test import Client

from conftest import TODAY
from puntual.desk.tests.book import Book
from puntual.organizations.models import User
from puntual.parties.models import Customer
from puntual.receivables.models import Installment


@pytest.fixture
def customer(book: Book) -> Customer:
    return book.customer("Viñas")


class _Beside(HTMLParser):
    """The controls that are marked as wrong, with what describes them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.described: dict[str, str] = {}
        self.values: dict[str, str] = {}
        self.page = page
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("name"):
            self.values[given["name"] or ""] = given.get("value") or ""
        if given.get("aria-invalid") == "true" or (tag == "fieldset" and given.get("aria-describedby")):
            name = given.get("name") or (given["aria-describedby"] or "").removeprefix("id_").removesuffix("_error")
            told = re.search(rf'<p class="wrong" id="{given.get("aria-describedby")}">([^<]+)</p>', self.page)
            if told:
                self.described[name] = told[1].strip()


def beside(page: str) -> dict[str, str]:
    """By field what is said to be wrong with it, in words that the field is described by."""
    return _Beside(page).described


def wrote_off(item: Installment, **given: str) -> dict[str, str]:
    values = {"item": str(item.id), "amount": "5", "written_off_on": TODAY.isoformat(), "why": "Diferencia menor"}
    return values | given


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("amount", "0"),
        ("amount", "-5"),
        ("amount", "0.001"),
        ("amount", "0.123456"),
        ("amount", "12,5,3"),
        ("amount", "NaN"),
        ("amount", "1e999"),
        ("written_off_on", (TODAY + timedelta(days=1)).isoformat()),
        ("written_off_on", "1900-01-01"),
        ("written_off_on", "9999-12-31"),
        ("written_off_on", "31/02/2026"),
        ("why", "   "),
        ("why", "x" * 1000),
        ("why", "a\0b"),
    ],
)
def test_what_is_wrong_stands_beside_the_field(
    book: Book, owner: Client, customer: Customer, field: str, typed: str
) -> None:
    item = book.invoice(customer, "F-1", due=-20)
    with book.inside():
        path = f"/o/sembria/portfolio/invoices/{Installment.objects.get(pk=item.pk).invoice_id}/write-off"
    answer = owner.post(path, wrote_off(item, **{field: typed}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert list(beside(page)) == [field]
    if field != "why":
        assert _Beside(page).values[field] == typed
        assert "Diferencia menor" in page


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("es", "0 no es un importe mayor que cero. Indique uno."),
        ("en", "0 is not an amount above zero. Give one."),
        ("pt", "0 não é um valor maior que zero. Indique um."),
    ],
)
def test_it_is_said_in_the_readers_language(
    book: Book, owner: Client, customer: Customer, language: str, said: str
) -> None:
    User.objects.filter(pk=book.cast.owner.pk).update(language=language)
    item = book.invoice(customer, "F-1", due=-20)
    with book.inside():
        path = f"/o/sembria/portfolio/invoices/{Installment.objects.get(pk=item.pk).invoice_id}/write-off"
    assert beside(owner.post(path, wrote_off(item, amount="0")).content.decode()) == {"amount": said}


def test_what_is_gone_meanwhile_is_said(book: Book, owner: Client, customer: Customer) -> None:
    """Somebody else has paid the only item there was to choose: the form cannot show it any more, and still says so."""
    item, other = book.invoice(customer, "F-1", due=-20), book.invoice(customer, "F-2", due=-20)
    with book.inside():
        path = f"/o/sembria/portfolio/invoices/{Installment.objects.get(pk=item.pk).invoice_id}/write-off"
    page = owner.post(path, wrote_off(other)).content.decode()
    assert "Esto cambió mientras tanto y no se hizo nada." in page
    assert "Diferencia menor" in page


def test_ticks_and_choices_are_described_too(book: Book, owner: Client) -> None:
    page = owner.post("/o/sembria/manual/conduct/rules/frequency", {"times": "1", "days": "7"}).content.decode()
    assert beside(page) == {"channels": "Este campo es obligatorio."}


def test_hours_that_end_before_they_begin(owner: Client, book: Book) -> None:
    path = "/o/sembria/manual/conduct/rules/hours"
    hours = {"channels": ["call"], "weekdays_from": "17:00", "weekdays_until": "10:00", "saturday_from": "09:00"}
    assert beside(owner.post(path, hours).content.decode()) == {
        "weekdays_until": "El horario termina antes de empezar.",
        "saturday_until": "Indique las dos horas, o ninguna.",
    }


TWO_FIELDS = [
    ("customers/{customer}/preference", {"first": "9", "last": "9"}, "last", "Indique al menos 2 horas"),
    (
        "portfolio/interest/{customer}/terms",
        {"basis": "law", "pay_within": "30", "from_on": TODAY},
        "percent",
        "pactada",
    ),
    (
        "team/absences/new",
        {"user": "{owner}", "substitute": "{owner}", "starts_on": TODAY},
        "substitute",
        "otra persona",
    ),
    (
        "reports/rates/loss",
        {"from_on": TODAY, "reason": "Histórico", "percent_0": "1"},
        "percent_1",
        "Indique una tasa",
    ),
    (
        "reports/rates/exchange",
        {"on": TODAY, "base": "USD", "quote": "USD", "rate": "3.7", "source": "SBS"},
        "quote",
        "dos monedas",
    ),
    (
        "manual/experiments/begin",
        {"name": "A", "champion": "{manual}", "challenger_share": "0", "holdback_share": "10", "holdback_days": "0"}
        | {"starts_on": TODAY, "ends_on": TODAY + timedelta(days=60), "within_days": "30"},
        "holdback_days",
        "una parte y unos días",
    ),
]


@pytest.mark.parametrize(("path", "typed", "field", "said"), TWO_FIELDS)
def test_of_two_fields_the_one_to_mend_is_told(
    book: Book, owner: Client, customer: Customer, path: str, typed: dict[str, object], field: str, said: str
) -> None:
    ids = {"customer": customer.id, "owner": book.cast.owner.pk, "manual": book.version.strategy_id}
    answer = owner.post(
        f"/o/sembria/{path}".format(**ids), {name: str(value).format(**ids) for name, value in typed.items()}
    )
    told = beside(answer.content.decode())
    assert list(told) == [field]
    assert said in told[field]


@pytest.mark.parametrize(
    "path",
    [
        "customers/?q=a%00b",
        "portfolio/payments/?q=%00",
        "customers/?tag=%00&sort=%00",
        "%00",
    ],
)
def test_an_address_that_no_link_of_ours_has(owner: Client, book: Book, path: str) -> None:
    answer = owner.get(f"/o/sembria/{path}")
    assert answer.status_code == 400
    assert "No se pudo leer la solicitud" in answer.content.decode()


def test_a_post_that_no_form_of_ours_sends(owner: Client, book: Book) -> None:
    answer = owner.post("/o/sembria/manual/segments/try", {"name": "x", "code": "a\0b"})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "reports/conduct?as_of={day}",
        "reports/conduct?since={day}",
        "reports/disputes?as_of={day}",
        "reports/fairness?as_of={day}",
        "reports/aging?as_of={day}&known_on={day}",
        "portfolio/?as_of={day}",
        "portfolio/payments/?from={day}&to={day}",
        "team/targets/?month={day}",
    ],
)
def test_a_day_that_nobody_means_is_not_asked_for(owner: Client, book: Book, path: str) -> None:
    for day in ("0001-01-01", "9999-12-31", "1949-12-31", "2026-02-31", "x"):
        assert owner.get(f"/o/sembria/{path.format(day=day)}").status_code == 200, day


def test_a_week_where_dates_end_has_no_rows(owner: Client, book: Book) -> None:
    for week in ("0001-01-01", "9999-12-31", "x"):
        address = f"/o/sembria/reports/forecast/rows?figure=came&row_currency=PEN&row_week={week}"
        assert owner.get(address).status_code == 404, week
