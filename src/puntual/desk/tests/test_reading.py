"""The reader's language, numbers, dates and theme."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.test import Client
from django.utils import timezone, translation

from conftest import TODAY, Cast
from puntual.desk import formats

LIMA = ZoneInfo("America/Lima")


@pytest.mark.parametrize(
    ("language", "country", "tag"),
    [
        ("es", "PE", "es_PE"),
        ("es", "ES", "es_ES"),
        ("en", "PE", "en"),
        ("pt", "CL", "pt"),
        ("pt", "PT", "pt_PT"),
        ("es", "", "es"),
    ],
)
def test_the_readers_locale(language: str, country: str, tag: str) -> None:
    assert str(formats.locale_for(language, country)) == tag


@pytest.mark.parametrize(
    ("language", "country", "amount", "currency", "expected"),
    [
        ("es", "PE", "4720", "PEN", "4,720.00"),
        ("es", "PE", "-31480", "PEN", "−31,480.00"),
        ("es", "PE", "0.005", "PEN", "0.00"),
        ("es", "PE", "-0.001", "PEN", "0.00"),
        ("es", "CL", "3570000", "CLP", "3.570.000"),
        ("es", "CL", "38123.4567", "CLF", "38.123,4567"),
        ("es", "MX", "1234567.8", "MXN", "1,234,567.80"),
        ("es", "ES", "12345.6", "EUR", "12.345,60"),
        ("es", "CO", "5000000", "COP", "5.000.000,00"),
        ("en", "PE", "4720", "USD", "4,720.00"),
        ("pt", "BR", "4720", "BRL", "4.720,00"),
        ("es", "PE", "12.345", "KWD", "12.345"),
    ],
)
def test_money_as_the_reader_writes_it(language: str, country: str, amount: str, currency: str, expected: str) -> None:
    with formats.reading(formats.locale_for(language, country)):
        assert formats.money(Decimal(amount), currency) == expected


@pytest.mark.parametrize(
    ("language", "short", "with_year", "long", "clock"),
    [
        ("es", "23 nov", "3 feb 2025", "lunes, 23 de noviembre de 2026", "9:12"),
        ("en", "Nov 23", "Feb 3, 2025", "Monday, November 23, 2026", "9:12 AM"),
        ("pt", "23 de nov", "3 de fev de 2025", "segunda-feira, 23 de novembro de 2026", "9:12"),
    ],
)
def test_dates_as_the_reader_writes_them(language: str, short: str, with_year: str, long: str, clock: str) -> None:
    with formats.reading(formats.locale_for(language, "PE")):
        assert formats.short_date(TODAY, TODAY) == short
        assert formats.short_date(date(2025, 2, 3), TODAY) == with_year
        assert formats.long_date(TODAY) == long
        assert formats.clock(datetime(2026, 11, 23, 9, 12, tzinfo=LIMA)).replace("\u202f", " ") == clock


@pytest.mark.parametrize(
    ("day", "ago", "due"),
    [
        (date(2026, 10, 20), "hace 34 días", "venció hace 34 días"),
        (date(2026, 11, 22), "ayer", "venció ayer"),
        (TODAY, "hoy", "vence hoy"),
        (date(2026, 11, 24), "mañana", "vence mañana"),
        (date(2026, 12, 5), "en 12 días", "vence en 12 días"),
    ],
)
def test_relative_dates(day: date, ago: str, due: str) -> None:
    with translation.override("es"):
        assert formats.ago(day, TODAY) == ago
        assert formats.due(day, TODAY) == due


def render(source: str, **context: object) -> str:
    with translation.override("es"), timezone.override(LIMA), formats.reading(formats.locale_for("es", "PE")):
        return Template("{% load desk %}" + source).render(Context({"today": TODAY, **context}))


def test_a_count_that_stopped_says_that_there_may_be_more() -> None:
    with formats.reading("es_PE"):
        assert [formats.up_to(count, 1000) for count in (0, 999, 1000)] == ["0", "999", "1,000+"]


def test_dates_carry_the_full_date_in_the_title() -> None:
    title = 'title="lunes, 23 de noviembre de 2026"'
    assert render("{% day d %}", d=TODAY) == f'<time datetime="2026-11-23" {title}>23 nov</time>'
    assert title in render("{% ago d %}", d=TODAY)
    assert render("{% day d %}", d=None) == ""
    moment = datetime(2026, 11, 23, 14, 12, tzinfo=ZoneInfo("UTC"))
    assert ">9:12<" in render("{% moment m %}", m=moment)
    assert ">20 nov 9:12<" in render("{% moment m %}", m=moment.replace(day=20))


def test_tone_light_and_icon_have_a_word_and_a_shape() -> None:
    assert render("{% tone 'firm' %}") == '<span class="tone tone-3">Firme</span>'
    assert 'class="tone tone-5">Final, por carta<' in render("{% tone 'final' 'Final, por carta' %}")
    light = render("{% light 'wait' 'Ahora no' reason %}", reason="<b>")
    assert "#i-clock-pause" in light
    assert "Ahora no" in light
    assert "<span>&lt;b&gt;</span>" in light
    assert 'aria-hidden="true"' in render("{% icon 'home' %}")


def test_an_amount_shows_what_it_is_made_of() -> None:
    parts = [("Minera <Lucma>", Decimal("86400")), ("Otros 23 clientes", Decimal("152270"))]
    html = render("{% amount v 'PEN' href='/x' parts=parts total='34 facturas' %}", v=Decimal("238670"), parts=parts)
    assert 'aria-describedby="made-PEN"' in html
    assert 'id="made-PEN"' in html
    assert "Minera &lt;Lucma&gt;" in html
    assert html.count("238,670.00") == 2
    assert render("{% amount v 'PEN' %}", v=Decimal(1)).strip() == "1.00"


def test_the_age_bar_is_whole_spoken_and_free_of_style() -> None:
    ages = {
        "current": Decimal("50"),
        "1-30": Decimal("25"),
        "31-60": Decimal(0),
        "61-90": Decimal("20"),
        "91+": Decimal(5),
    }
    html = render("{% age_bar ages 'PEN' %}", ages=ages)
    assert html.count("<rect") == 4
    assert '<rect class="age-4" x="95.00%" width="5.00%"' in html
    assert "PEN: por vencer 50.00; 1–30 25.00; 61–90 20.00; 91+ 5.00" in html
    assert "style" not in html
    assert render("{% age_bar ages 'PEN' %}", ages={"current": Decimal(0)}) == ""
    assert "91+" in render("{% age_legend %}")


@pytest.mark.parametrize(
    ("saved", "cookie", "accepts", "expected"),
    [
        ("pt", "en", "es", "pt"),
        ("", "en", "es", "en"),
        ("", "", "pt-BR,en;q=0.5", "pt"),
        ("", "", "de,fr", "es"),
        ("xx", "", "en", "en"),
    ],
)
def test_whose_language_counts(
    cast: Cast, client: Client, saved: str, cookie: str, accepts: str, expected: str
) -> None:
    cast.owner.language = saved
    cast.owner.save()
    client.force_login(cast.owner)
    if cookie:
        client.cookies["django_language"] = cookie
    answer = client.get("/o/sembria/", headers={"Accept-Language": accepts})
    assert answer.headers["Content-Language"] == expected
    assert f'<html lang="{expected}' in answer.content.decode()


def test_theme_and_language_are_kept(cast: Cast, client: Client) -> None:
    assert b"data-bs-theme" not in client.get("/accounts/login/").content
    answer = client.post("/preferences", {"theme": "dark", "language": "en", "next": "/accounts/login/"})
    assert answer.headers["Location"] == "/accounts/login/"
    page = client.get("/accounts/login/").content.decode()
    assert 'data-bs-theme="dark"' in page
    assert "Sign in" in page
    client.force_login(cast.owner)
    client.post("/preferences", {"theme": "light"})
    cast.owner.refresh_from_db()
    assert (cast.owner.theme, cast.owner.language) == ("light", "es")
    client.cookies.clear()
    client.force_login(cast.owner)
    assert 'data-bs-theme="light"' in client.get("/o/sembria/").content.decode()
    client.post("/preferences", {"theme": ""})
    cast.owner.refresh_from_db()
    assert cast.owner.theme == ""


def test_preferences_never_lead_elsewhere(client: Client, db: None) -> None:
    for target in ("https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""):
        assert client.post("/preferences", {"theme": "dark", "next": target}).headers["Location"] == "/"
    assert client.get("/preferences").status_code == 405
    assert "language" not in client.post("/preferences", {"language": "xx"}).cookies
