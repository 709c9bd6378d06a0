"""Reasons in words."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from puntual.conduct.gate import Subject
from puntual.conduct.packs import packs
from puntual.strategies.decide import decide
from puntual.strategies.outcomes import Reason
from puntual.strategies.tests.build import DAY, MANUAL, facts, item, outcome, rules
from puntual.strategies.words import CHANNELS, REASONS, TONES, sentence


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "The invoice is 18 days late and the manual asks for the firm step from day 15 on."),
        ("es", "La factura lleva 18 días vencida y el manual pide el paso firme desde el día 15."),
        ("pt", "A fatura está vencida há 18 dias e o manual pede o passo firme a partir do dia 15."),
    ],
)
def test_the_reason_of_a_step(language: str, expected: str) -> None:
    found = outcome(item(18, "100", "friendly"))
    with override(language):
        assert sentence(found.why.code, found.why.params) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"hold": "promise", "hold_until": DAY}, "en pausa hasta el 24 de noviembre de 2026: hay una promesa de pago."),
        ({"hold": "dispute"}, "El cliente está en pausa: hay un reclamo abierto."),
        ({"party_status": "represented"}, "Un abogado representa al cliente: no se le contacta directamente."),
        ({"last_contact_on": DAY}, "El último contacto fue el 24 de noviembre de 2026; el siguiente puede ser el 27"),
        ({"reachable": frozenset(), "unusable": {"email": "bounced"}}, "fueron devueltos (correo)."),
    ],
)
def test_reasons_for_nothing(values: dict[str, object], expected: str) -> None:
    found = outcome(item(18), **values)
    with override("es"):
        assert expected in sentence(found.why.code, found.why.params)


def test_amounts_have_the_decimals_of_their_currency() -> None:
    with override("es"):
        said = sentence("credit_to_apply", {"amount": "1234567.5000", "currency": "PEN"})
    assert "50 PEN" in said and "5000" not in said


def test_conduct_speaks_for_itself_and_says_when_again() -> None:
    person = Subject(natural=True, consumer=True, country="PE", time_zone="America/Lima")
    sunday = DAY - timedelta(days=2)
    given = rules(sunday, packs=packs(), channels=frozenset({"call"}))
    found = decide(facts(item(8), subject=person), MANUAL, sunday, given)
    assert found.reason == Reason.CONDUCT
    with override("es"):
        said = sentence(found.why.code, found.why.params)
    assert "Ley 29571" in said and "Se podrá desde el 23 de noviembre de 2026" in said


def test_a_reason_of_another_release_is_shown_as_it_is() -> None:
    assert sentence("of_the_future", {"days": 3}) == "of_the_future"


def test_every_reason_tone_and_channel_has_its_word() -> None:
    assert set(REASONS) == set(Reason)
    assert len(TONES) == 5 and "internal" in CHANNELS
