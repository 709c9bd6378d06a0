"""Every rule that ships can be said, in every language."""

import pytest
from django.utils import translation

from puntual.conduct.describe import confidence, limitation_in_words, promise, rule_in_words, whom, with_channels
from puntual.conduct.packs import pack_for, packs, read_policy
from puntual.conduct.rules import CONFIDENCES


def _rule(country: str, key: str):
    return next(rule for rule in pack_for(country).rules if rule.id == key)


@pytest.mark.parametrize(
    ("country", "key", "said", "law_for"),
    [
        ("PE", "pe-hours", "Only Monday to Friday 7:00–20:00, where the customer is.", "consumers"),
        (
            "CO",
            "co-hours",
            "Only Monday to Friday 7:00–19:00; Saturday 8:00–15:00, where the customer is.",
            "consumers",
        ),
        ("CO", "co-days-off", "No contact on Sundays and on holidays.", "consumers"),
        ("CL", "cl-call-or-visit", "At most 1 call or visit a week, over all debts together.", "consumers"),
        ("DO", "do-day", "At most 5 contacts a day, per debt.", "natural persons"),
        ("CL", "cl-other-spacing", "At least 2 days between contacts, over all debts together.", "consumers"),
        (
            "US",
            "us-after-conversation",
            "At least 7 days after a conversation, per debt.",
            "consumers and third parties that collect for others",
        ),
        ("CO", "co-one-channel", "A single channel within 7 days, over all debts together.", "consumers"),
        ("CO", "co-authorized", "Only where the customer agreed to it.", "consumers"),
        ("CO", "co-no-visits", "Never.", "consumers"),
        ("ES", "es-hours", "Only Monday to Friday 9:00–20:00, where the customer is.", ""),
        ("ES", "es-bureau", None, "everybody"),
    ],
)
def test_rules_in_english(country: str, key: str, said: str | None, law_for: str) -> None:
    with translation.override("en"):
        rule = _rule(country, key)
        assert whom(rule) == law_for
        assert said is None or rule_in_words(rule) == said


@pytest.mark.parametrize(
    ("country", "key", "said", "to_customer"),
    [
        (
            "PE",
            "pe-hours",
            "Calls, visits, e-mails, WhatsApp messages, and text messages: only Monday to Friday 7:00–20:00, where the"
            " customer is.",
            "Calls, visits, e-mails, WhatsApp messages, and text messages: only Monday to Friday 7:00–20:00, by the clock where"
            " you are.",
        ),
        (
            "CL",
            "cl-call-or-visit",
            "Calls and visits: at most 1 call or visit a week, over all debts together.",
            "Calls and visits: at most 1 call or visit a week.",
        ),
        ("CO", "co-no-visits", "Visits: never.", "Visits: never."),
        ("ES", "es-bureau", None, ""),
    ],
)
def test_rules_with_their_channels_and_as_promises(country: str, key: str, said: str | None, to_customer: str) -> None:
    with translation.override("en"):
        rule = _rule(country, key)
        assert said is None or with_channels(rule) == said
        assert promise(rule) == to_customer


def test_a_limitation_in_english() -> None:
    with translation.override("en"):
        assert limitation_in_words(pack_for("BR").limitations[0]) == (
            "A claim from a contract or invoice can be enforced for 5 years from its due date; paying a part, acknowledging the"
            " debt, a lawsuit, and a protest start the period anew, only once."
        )


def test_a_rule_that_closes_everything() -> None:
    rule = {"id": "r", "what": "hours", "channels": ["call"], "hours": {}}
    with translation.override("en"):
        assert rule_in_words(read_policy({"rules": [rule]}, "own").rules[0]) == "No contact at all."


@pytest.mark.parametrize("language", ["en", "es", "pt"])
def test_everything_that_ships_can_be_said(language: str) -> None:
    with translation.override(language):
        for pack in packs().values():
            said = [(rule_in_words(rule), rule.channels) for rule in pack.rules]
            assert all(text for text, _channels in said) and len(set(said)) == len(said), pack.country
            assert all(limitation_in_words(one) for one in pack.limitations)
        assert len({confidence(code) for code in CONFIDENCES}) == len(CONFIDENCES)
