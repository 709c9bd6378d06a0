"""The manual as a document: all of it for the team, and for customers nothing that is only ours."""

import json

import pytest

from conftest import NOW, Cast
from puntual.conduct.actions import add_rule
from puntual.strategies.actions import activate, import_draft
from puntual.strategies.document import document, pdf
from puntual.strategies.manual import to_toml
from puntual.strategies.models import Version
from puntual.strategies.tests.test_manual_files import FULL


@pytest.fixture
def version(acting: Cast) -> Version:
    return activate(acting.actor(), import_draft(acting.actor(), to_toml(FULL)))


def test_the_team_gets_everything(acting: Cast, version: Version) -> None:
    made = document(acting.organization, version, "team", "es")
    assert made["title"] == "Manual de cobranzas"
    said = json.dumps(made, ensure_ascii=False)
    for policy in FULL.policies:
        assert policy.title in said
    for step in FULL.steps:
        assert step.name in said
    for offer in FULL.offers:
        assert offer.name in said
    assert "hasta 3 partes en 90 días, al menos 30" in said and "cobranzas, responsable o titular" in said
    assert "Solo después de 2 contactos entregados." in said and "Le toca a: cobranzas." in said
    assert "Ley 29571, art. 62 (consumidores)" in said, "the organization is in Peru"
    assert "lunes a viernes 7:00–20:00" in said
    assert "‹" in said and "{" not in json.dumps(made["sections"][-1]["blocks"][0]["paragraphs"])


def test_what_the_organization_asks_of_itself_stands_with_the_law(acting: Cast, version: Version) -> None:
    add_rule(acting.actor(), "", "days_off", ["call"], weekdays=["fri"], holidays=False)
    said = json.dumps(document(acting.organization, version, "team", "es"), ensure_ascii=False)
    assert '"Llamadas: sin contacto los viernes.", "regla propia"' in said


def test_customers_read_nothing_that_is_only_ours(acting: Cast, version: Version) -> None:
    made = document(acting.organization, version, "customers", "es")
    assert made["title"] == "Cómo cobramos"
    said = json.dumps(made, ensure_ascii=False)
    assert "Crédito" in said and "Carta formal" in said and "Tres partes, sin interés." in said
    assert "Nunca amenazamos" in said
    for inner in (
        "De usted.",
        "Decidir",
        "hasta 3 partes",
        "titular",
        "aprueba",
        "contactos entregados",
        "‹",
        "Ley 29571",
    ):
        assert inner not in said, inner


@pytest.mark.parametrize(
    ("language", "title", "day"),
    [
        ("en", "Collections manual", "3 days after the due date"),
        ("pt", "Manual de cobrança", "3 dias depois do vencimento"),
        ("es", "Manual de cobranzas", "3 días después del vencimiento"),
    ],
)
def test_in_each_language(acting: Cast, version: Version, language: str, title: str, day: str) -> None:
    made = document(acting.organization, version, "team", language)
    assert made["title"] == title
    said = json.dumps(made, ensure_ascii=False)
    assert day in said
    assert language == "en" or "approves it first" not in said


def test_as_pdf_it_is_the_same_every_time(acting: Cast, version: Version) -> None:
    first = pdf(acting.organization, version, "customers", "pt", NOW)
    assert first.startswith(b"%PDF") and first == pdf(acting.organization, version, "customers", "pt", NOW)
