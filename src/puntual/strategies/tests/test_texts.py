"""The texts that come with Puntual: complete, careful, and with no variable nobody fills."""

import re

import pytest

from puntual.conduct.rules import CHANNELS
from puntual.kernel.problems import Problem
from puntual.strategies.manual import LANGUAGES
from puntual.strategies.tests.build import MANUAL
from puntual.strategies.texts import (
    Place,
    Text,
    builtin,
    builtin_places,
    check,
    load,
    parse,
    places,
    variables,
    without_gaps,
)
from puntual.strategies.variables import VARIABLES

STEPS = [step for step in MANUAL.steps if not step.internal]
WRITTEN = [(step.template, language) for step in STEPS for language in LANGUAGES]
NEVER = re.compile(
    r"deudor|devedor|debtor|embarg|juzgado|juicio|tribunal|court|lawsuit|legal action"
    r"|demanda judicial|acción legal|processo judicial|infocorp|serasa"
    r"|\b(tu|tus|tuyo|contigo|vos)\b|[A-ZÁÉÍÓÚÑ]{5,}|!",
)


@pytest.mark.parametrize(("template", "language"), WRITTEN)
def test_every_step_has_a_whole_e_mail(template: str, language: str) -> None:
    text = load(template, language, "email")
    needed = {"greeting_name", "invoice_list", "first_number", "payment_details", "signature", "opt_out"}
    assert needed <= variables(text) <= VARIABLES.keys()
    assert "{first_number}" in text.subject
    assert not {"first_number", "total", "due_date", "days_late"} & variables(Text(text.subject_private, "", "x"))
    said = " ".join((text.subject, text.subject_private, text.body))
    assert not NEVER.search(re.sub(r"\{\w+\}", "", said))
    assert text.body.split("\n")[0].count("{") == 1  # a natural person's preview: the greeting and nothing else
    assert text == load(template, f"{language}-PE", "email")


@pytest.mark.parametrize("language", LANGUAGES)
def test_chasing_names_the_total_and_a_notice_does_not(language: str) -> None:
    for step in STEPS:
        assert ("total" in variables(load(step.template, language, "email"))) is (step.day > 0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_has_something_to_say_on_a_call(language: str) -> None:
    for step in STEPS:
        script = load(step.template, language, "call")
        assert script.subject == ""
        assert {"greeting_name", "caller_name", "creditor_name", "first_number", "total"} <= variables(script)
    assert not NEVER.search(re.sub(r"\{\w+\}", "", script.body))


def test_languages_differ_and_an_unknown_one_reads_english() -> None:
    bodies = {load("firm", language, "email").body for language in LANGUAGES}
    assert len(bodies) == 3
    assert load("firm", "fr", "email") == load("firm", "en", "email")


@pytest.mark.parametrize(
    ("template", "channel"), [("nothing", "email"), ("../texts/es/firm", "email"), ("call", "fax"), ("nothing", "sms")]
)
def test_a_text_that_is_not_there(template: str, channel: str) -> None:
    with pytest.raises(Problem) as caught:
        load(template, "es", channel)
    assert caught.value.details == {"template": template, "channel": channel}


LETTER = Text("Factura {first_number}", "Un mensaje", "Hola")


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        (Text("a", "b", " \n"), "email"),
        (Text("a", "b", "Le debe {amount}."), "email"),
        (Text("a", "b", "Hola, {total"), "email"),
        (Text("a", "b", "Hola, {total:>9}"), "email"),
        (Text("a", "b", "Hola, {total!r}"), "email"),
        (Text("a", "b", "Hola, {}"), "email"),
        (Text("Factura", "", "x"), "email"),
        (Text("", "", "x"), "letter"),
        (LETTER, "sms"),
        (LETTER, "call"),
        (Text("", "", "{invoice_list}"), "sms"),
        (Text("", "", "Le llama {caller_name}"), "whatsapp"),
        (Text("", "", "{signature}"), "call"),
    ],
)
def test_texts_that_cannot_be_sent(text: Text, channel: str) -> None:
    with pytest.raises(Problem) as caught:
        check(text, Place("firm", channel))
    assert str(caught.value)


def test_a_file_is_subjects_and_body() -> None:
    text = parse(
        "Subject: Factura {first_number}\nPrivate-Subject: Un mensaje\n\nHola, {greeting_name}:\n\nTotal: {total}\n",
        Place("firm", "email"),
    )
    assert text == Text("Factura {first_number}", "Un mensaje", "Hola, {greeting_name}:\n\nTotal: {total}\n")
    assert variables(text) == {"first_number", "greeting_name", "total"}
    private = parse("Subject: Un mensaje\n\nHola", Place("firm", "email", "consumer"))
    assert private == Text("Un mensaje", "Un mensaje", "Hola\n")


@pytest.mark.parametrize(
    ("channel", "consumer", "files"),
    [
        ("email", False, "firm.txt"),
        ("email", True, "firm.consumer.txt firm.txt"),
        ("letter", True, "firm.letter.consumer.txt firm.letter.txt firm.consumer.txt firm.txt"),
        ("sms", True, "firm.sms.consumer.txt firm.sms.txt"),
        ("whatsapp", False, "firm.whatsapp.txt"),
        ("call", False, "firm.call.txt call.call.txt"),
        ("visit", False, "firm.visit.txt firm.call.txt call.call.txt"),
    ],
)
def test_where_a_text_is_looked_for(channel: str, consumer: bool, files: str) -> None:
    assert [place.file for place in places("firm", channel, consumer=consumer)] == files.split()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_built_in_file_can_be_filled(language: str) -> None:
    found = builtin_places(language)
    assert found
    for place in found:
        assert place.channel in CHANNELS and builtin(place, language) is not None, place.file


def test_a_line_whose_optional_variable_has_no_value_is_left_out() -> None:
    body = "Hola\n\nSu página: {portal_link}\n\nTotal: {total}\nTeléfono: {creditor_phone}\n"
    values = {"portal_link": "", "total": "10", "creditor_phone": "555"}
    assert without_gaps(body, values) == "Hola\n\nTotal: {total}\nTeléfono: {creditor_phone}\n"


def test_a_name_that_ends_in_a_full_stop_ends_the_sentence() -> None:
    body = "Le escribe {creditor_name}. «Soy {caller_name}.» Por {total}... {creditor_name}, gracias."
    values = dict.fromkeys(VARIABLES, "") | {"creditor_name": "Rumbo S.A.C.", "caller_name": "Ana", "total": "1."}
    assert without_gaps(body, values).format(**values) == (
        "Le escribe Rumbo S.A.C. «Soy Ana.» Por 1.... Rumbo S.A.C., gracias.\n"
    )
