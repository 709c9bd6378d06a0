"""The texts that come with Puntual: there for every step, fit for who reads them, and one SMS long."""

import pytest

from puntual.conduct.rules import CHANNELS
from puntual.strategies.builtin import KINDS, builtin
from puntual.strategies.examples import examples
from puntual.strategies.lengths import sms_length
from puntual.strategies.manual import LANGUAGES
from puntual.strategies.proofreading import asked_by, proofread, reaches_persons
from puntual.strategies.texts import Place, Text, builtin_places, load, names, variables
from puntual.strategies.texts import builtin as text_at

COUNTRIES = frozenset({"PE", "CL", "CO", "MX", "AR", "BR", "EC", "DO", "US", "ES"})
TEMPLATES = sorted({step.template for kind in KINDS for step in builtin("es", kind.code).steps if step.template})
MORE = ["thanks", "statement", "club_fee"]
EVERY = [(language, place) for language in LANGUAGES for place in builtin_places(language)]


def found(language: str, place: Place) -> Text:
    text = text_at(place, language)
    assert text
    return text


def test_the_languages_have_the_same_texts() -> None:
    assert len({builtin_places(language) for language in LANGUAGES}) == 1


@pytest.mark.parametrize("template", [*TEMPLATES, *MORE])
def test_every_channel_and_audience_has_words(template: str) -> None:
    for language in LANGUAGES:
        for channel in sorted(CHANNELS):
            for consumer in (False, True):
                assert load(template, language, channel, consumer=consumer).body.strip()


@pytest.mark.parametrize("template", [*TEMPLATES, *MORE])
def test_languages_fill_the_same_places(template: str) -> None:
    """A translation that lost the amount, the offer or the way out would show here."""
    for place in builtin_places("es"):
        if place.template == template:
            used = {language: variables(found(language, place)) for language in LANGUAGES}
            assert used["en"] == used["es"] == used["pt"], place.file


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_in_them_must_not_go_out(language: str) -> None:
    there = builtin_places(language)
    wrong = [
        (place.file, fault.line, fault.code)
        for place in there
        for fault in proofread(
            found(language, place),
            place,
            language,
            persons=reaches_persons(place, there),
            asked=asked_by(COUNTRIES, place),
        )
    ]
    assert not wrong


def test_an_sms_is_one_segment() -> None:
    """Its own words are in the short alphabet; names of usual length leave it in one segment."""
    for language, place in EVERY:
        if place.channel == "sms":
            text = found(language, place)
            values = examples("en", "US", "sms", consumer=place.audience == "consumer")
            size = sms_length(text.body.strip().format(**values))
            assert (size.encoding, size.segments) == ("GSM-7", 1), place.file
            assert "total" not in variables(text)


def test_to_a_person_an_sms_says_nothing_of_the_matter() -> None:
    for language, place in EVERY:
        if place.channel == "sms" and reaches_persons(place, builtin_places(language)):
            assert not variables(found(language, place)) & {"first_number", "due_date", "days_late", "total"}


def test_what_is_asked_for_comes_with_where_to_pay_and_a_way_to_answer() -> None:
    chasing = [template for template in TEMPLATES if template not in ("welcome", "courtesy", "due_today")]
    for language in LANGUAGES:
        for template in chasing:
            for consumer in (False, True):
                written = variables(load(template, language, "email", consumer=consumer))
                assert {"total", "invoice_list", "payment_details", "signature", "opt_out"} <= written
                spoken = variables(load(template, language, "call", consumer=consumer))
                assert {"greeting_name", "caller_name", "creditor_name", "total", "offer", "payment_details"} <= spoken


def test_an_agency_names_itself_and_the_creditor_everywhere() -> None:
    for language, place in EVERY:
        if place.template.startswith("agency_"):
            used = variables(found(language, place))
            assert "creditor_name" in used
            assert "agency_name" in used or place.channel == "sms"


def test_who_stands_at_the_door_does_not_say_they_are_calling() -> None:
    for language in LANGUAGES:
        for template in [*TEMPLATES, *MORE]:
            for consumer in (False, True):
                at_the_door = load(template, language, "visit", consumer=consumer).body
                assert at_the_door != load(template, language, "call", consumer=consumer).body


def test_an_agency_never_takes_the_money() -> None:
    said = {"es": "no recibe dinero", "en": "takes no money", "pt": "não recebe dinheiro"}
    for language, words in said.items():
        for template in (template for template in TEMPLATES if template.startswith("agency_")):
            for consumer in (False, True):
                assert words in load(template, language, "email", consumer=consumer).body


def test_a_script_tells_what_to_say_to_somebody_else() -> None:
    """The line for whoever else answers names neither the creditor nor the matter."""
    starts = {"es": "Si contesta otra", "en": "If somebody else or", "pt": "Se outra pessoa ou"}
    for language, place in EVERY:
        if place.channel == "call":
            line = next(one for one in found(language, place).body.splitlines() if one.startswith(starts[language]))
            assert names(line) == {"caller_name", "greeting_name"}


def test_a_consumer_is_spoken_to_of_the_matter_only_once_known() -> None:
    """Nothing of the debt stands before the person confirmed who they are."""
    for language in LANGUAGES:
        for template in [*TEMPLATES, *MORE]:
            for channel in ("call", "visit"):
                paragraphs = load(template, language, channel, consumer=True).body.split("\n\n")
                told = [n for n, one in enumerate(paragraphs) if names(one) & {"total", "due_date", "first_number"}]
                assert not told or told[0] >= 3, (template, channel)
