"""The sentences: what a refusal and a duty say in Spanish, and that each has its words."""

# ruff: noqa: E501 - a table of sentences reads best with one a line

from datetime import datetime
from itertools import product

import pytest
from django.utils import translation

from puntual.conduct.gate import Refused, may_contact
from puntual.conduct.packs import pack_for, packs, read_policy
from puntual.conduct.rules import CHANNELS, DUTIES, Duty
from puntual.conduct.tests.test_hours import at, consumer
from puntual.conduct.tests.test_limits import past
from puntual.conduct.words import duty, refusal


def said(country: str, channel: str, when: datetime, language: str, *history: str, authorized: bool = True) -> str:
    answer = may_contact(
        pack_for(country), consumer(country), channel, when, past(country, *history), authorized=authorized
    )
    assert isinstance(answer, Refused)
    with translation.override(language):
        return refusal(answer.code, answer.params, law=answer.law)


@pytest.mark.parametrize(
    ("country", "channel", "when", "history", "sentence"),
    [
        ("PE", "call", "2026-03-04 20:00", [], "La norma peruana no permite llamar después de las 20:00 (Ley 29571, art. 62)."),
        ("PE", "email", "2026-03-04 20:00", [], "Su política no permite escribir por correo electrónico después de las 20:00."),
        ("MX", "visit", "2026-03-04 06:00", [], "La norma mexicana no permite visitar antes de las 7:00 (CONDUSEF, DOF 7-10-2014)."),
        ("PE", "visit", "2026-03-07 12:00", [], "La norma peruana no permite visitar los sábados (Ley 29571, art. 62)."),
        (
            "CL", "sms", "2026-09-18 12:00", [],
            "La norma chilena no permite enviar un SMS en feriados, y ese día es Día de la Independencia (Ley 19.496, art. 37; CPC, art. 59).",
        ),
        (
            "CL", "call", "2026-03-04 12:00", ["visit 2026-03-02 10:00"],
            "La norma chilena permite como máximo 1 llamada o visita por semana (Ley 19.496, art. 37; Ley 21.320).",
        ),
        (
            "CL", "email", "2026-03-04 12:00", ["sms 2026-03-03 10:00"],
            "La norma chilena pide dejar 2 días entre un contacto y el siguiente (Ley 19.496, art. 37; Ley 21.320).",
        ),
        (
            "CO", "call", "2026-03-04 12:00", ["sms 2026-03-03 10:00"],
            "La norma colombiana permite un solo canal en 7 días, y ya se usó otro (Ley 2300 de 2023, art. 3).",
        ),
        ("CO", "visit", "2026-03-04 12:00", [], "La norma colombiana no permite visitar (Ley 2300 de 2023, art. 6)."),
        ("EC", "call", "2026-03-04 12:00", ["sms 2026-03-04 10:00"], "La norma ecuatoriana permite como máximo 1 contacto al día (LODC, art. 49)."),
        ("UY", "call", "2026-03-04 12:00", ["call 2026-03-03 10:00 talked"], "Su política pide dejar pasar 7 días después de una conversación antes de volver a llamar."),
        ("UY", "call", "2026-03-04 12:00", ["sms 2026-03-02 10:00", "sms 2026-03-01 10:00", "sms 2026-02-28 10:00"], "Su política permite como máximo 3 contactos por semana."),
    ],
)  # fmt: skip
def test_refusals_in_spanish(country: str, channel: str, when: str, history: list[str], sentence: str) -> None:
    assert said(country, channel, at(country, when), "es", *history) == sentence


def test_refusals_in_english_and_portuguese() -> None:
    evening = at("BR", "2026-03-04 21:00")
    assert said("BR", "call", evening, "en") == "Your policy does not allow calling after 20:00."
    assert said("BR", "call", evening, "pt") == "Sua política não permite ligar depois das 20:00."
    noon = at("CO", "2026-03-04 12:00")
    assert said("CO", "sms", noon, "es", authorized=False) == (
        "La norma colombiana no permite enviar un SMS mientras el cliente no lo autorice (Ley 2300 de 2023, art. 2)."
    )
    assert said("PE", "call", at("PE", "2026-03-04 21:00"), "en") == (
        "Peruvian law does not allow calling after 20:00 (Ley 29571, art. 62)."
    )


def test_a_day_off_of_the_house_has_its_own_words() -> None:
    policy = read_policy({"added_holidays": ["2026-03-04"]}, "acme")
    answer = may_contact(pack_for("UY"), consumer("UY"), "call", at("UY", "2026-03-04 12:00"), policy=policy)
    assert isinstance(answer, Refused)
    with translation.override("es"):
        sentence = refusal(answer.code, answer.params, law=answer.law)
    assert sentence == "Su política no permite llamar en los días libres de su calendario."


@pytest.mark.parametrize("language", ["en", "es", "pt"])
def test_every_duty_and_every_pack_has_words_in_every_language(language: str) -> None:
    values = [rule.value for pack in packs().values() for rule in pack.rules]
    params = {value.code: dict(value.params) for value in values if isinstance(value, Duty)}
    with translation.override(language):
        duties = {duty(code, params.get(code, {})) for code in DUTIES}
        laws = {
            refusal("forbidden_channel", {"country": country, "channel": channel, "article": "art. 1"}, law=True)
            for country, channel in product(set(packs()) - {""}, CHANNELS)
        }
    assert len(duties) == len(DUTIES)
    assert len(laws) == (len(packs()) - 1) * len(CHANNELS)
