"""What keeps a sound manual from being put into force in an organization, and where it is said."""

from dataclasses import replace

import pytest
from django.utils import translation

from conftest import NOW, Cast
from puntual.kernel.problems import Problem
from puntual.parties.actions import create_creditor
from puntual.parties.models import ContactPoint, Customer, Party
from puntual.strategies.actions import activate, import_draft, install_builtin
from puntual.strategies.builtin import KINDS, builtin
from puntual.strategies.fitness import faults, languages_of
from puntual.strategies.manual import LANGUAGES, to_toml
from puntual.strategies.models import Version
from puntual.strategies.segment_actions import store_segment
from puntual.strategies.segments import Condition, Segment
from puntual.strategies.steps import Manual
from puntual.strategies.tests.test_manual_files import FULL
from puntual.strategies.text_actions import activate_text, write_text
from puntual.strategies.texts import Place, Text


@pytest.fixture
def customer(acting: Cast) -> Customer:
    creditor = create_creditor(acting.actor(), code="A", name="A", country="PE", currency="PEN", language="es")
    party = Party.objects.create(organization_id=acting.id, name="a", search_name="a", country="PE")
    return Customer.objects.create(
        organization_id=acting.id,
        creditor=creditor,
        party=party,
        code="a",
        name="a",
        search_name="a",
        language="es-PE",
        time_zone="America/Lima",
        created_on=NOW.date(),
    )


def changed(**fields: object) -> Manual:
    """A sound manual with another friendly step."""
    return replace(FULL, steps=tuple(replace(one, **fields) if one.code == "friendly" else one for one in FULL.steps))


def said(acting: Cast, manual: Manual) -> list[tuple[str, str, str, str]]:
    with translation.override("en"):
        found = faults(acting.id, manual)
        return [(one.table, one.code, one.field, one.reason(translation.gettext)) for one in found]


def test_what_comes_with_puntual_is_fit_in_every_language(acting: Cast, customer: Customer) -> None:
    for number, language in enumerate(LANGUAGES):
        ContactPoint.objects.create(
            organization_id=acting.id, customer=customer, kind="email", value=f"{number}@a.example", language=language
        )
    Customer.objects.filter(organization_id=acting.id).update(consumer=True)
    assert languages_of(acting.id) == set(LANGUAGES)
    for kind in KINDS:
        for language in LANGUAGES:
            assert said(acting, builtin(language, kind.code)) == [], (kind.code, language)


def test_a_step_without_words_is_not_put_into_force(acting: Cast, customer: Customer) -> None:
    in_force = install_builtin(acting.actor(), "es")
    manual = changed(template="our_way", channels=("email", "whatsapp"))
    draft = import_draft(acting.actor(), to_toml(replace(manual, code=in_force.strategy.code)))
    with pytest.raises(Problem, match="our_way"):
        activate(acting.actor(), draft)
    in_force.refresh_from_db()
    assert in_force.state == Version.State.ACTIVE
    missing = "there is no text “our_way” for {} in español. Write it, or choose another one."
    assert said(acting, manual) == [
        ("step", "friendly", "template", missing.format("e-mail")),
        ("step", "friendly", "template", missing.format("WhatsApp")),
    ]

    words = Text(
        "Su factura", "Un mensaje", "Hola, {greeting_name}:\n\nQueda {total} de {customer_name}.\n\n{signature}\n"
    )
    for channel in ("email", "whatsapp"):
        subjects = words if channel == "email" else Text("", "", words.body + "\n{opt_out}\n")
        activate_text(acting.actor(), write_text(acting.actor(), Place("our_way", channel), "es", subjects))
    assert said(acting, manual) == []
    assert activate(acting.actor(), draft).state == Version.State.ACTIVE


def test_words_are_asked_for_in_the_languages_somebody_is_written_to_in(acting: Cast, customer: Customer) -> None:
    text = Text(
        "Su factura", "Un mensaje", "Hola, {greeting_name}:\n\nQueda {total} de {customer_name}.\n\n{signature}\n"
    )
    activate_text(acting.actor(), write_text(acting.actor(), Place("our_way", "email"), "es", text))
    manual = changed(template="our_way", channels=("email",))
    assert said(acting, manual) == []
    Customer.objects.filter(pk=customer.pk).update(language="pt-BR")
    assert [reason for *_where, reason in said(acting, manual)] == [
        "there is no text “our_way” for e-mail in português. Write it, or choose another one."
    ]


def test_a_segment_that_is_not_there_stands_at_its_step(acting: Cast) -> None:
    manual = changed(segments=("big",))
    here = ("step", "friendly", "segments", "there is no segment “big”. Make it, or change the step.")
    assert here in said(acting, manual)
    store_segment(acting.actor(), Segment("big", "Big", (Condition("days_overdue", "at_least", 30),)))
    assert here not in said(acting, manual)


def test_an_offer_is_made_in_words_that_may_go_out(acting: Cast) -> None:
    threat = replace(FULL, offers=(replace(FULL.offers[0], words="Pague o lo demandaremos."), *FULL.offers[1:]))
    [(table, code, field, _reason)] = said(acting, threat)
    assert (table, code, field) == ("offer", FULL.offers[0].code, "words")
