"""The texts that come with Puntual: complete, careful, and with no variable nobody fills."""

import re

import pytest

from puntual.kernel.problems import Problem
from puntual.strategies.manual import LANGUAGES
from puntual.strategies.tests.build import MANUAL
from puntual.strategies.texts import VARIABLES, Text, check, load, parse, variables

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
    assert text == load(template, f"{language}-PE", "letter")


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
    ("template", "channel"), [("nothing", "email"), ("../texts/es/firm", "email"), ("firm", "sms"), ("firm", "fax")]
)
def test_a_text_that_is_not_there(template: str, channel: str) -> None:
    with pytest.raises(Problem) as caught:
        load(template, "es", channel)
    assert caught.value.details == {"template": template, "channel": channel}


@pytest.mark.parametrize(
    "text",
    [
        Text("", "", " \n"),
        Text("", "", "Le debe {amount}."),
        Text("", "", "Hola, {total"),
        Text("", "", "Hola, {total:>9}"),
        Text("", "", "Hola, {total!r}"),
        Text("", "", "Hola, {}"),
        Text("Debe {total}", "Hola", "x"),
        Text("Sus facturas {invoice_list}", "Hola", "x"),
        Text("Factura", "", "x"),
        Text("Factura", "Factura {first_number}", "x"),
        Text("Factura", "Vence el {due_date}", "x"),
    ],
)
def test_texts_that_are_refused(text: Text) -> None:
    with pytest.raises(Problem) as caught:
        check(text)
    assert str(caught.value)


def test_a_file_is_subjects_and_body() -> None:
    text = parse(
        "Subject: Factura {first_number}\nPrivate-Subject: Un mensaje\n\nHola, {greeting_name}:\n\nTotal: {total}\n"
    )
    assert text == Text("Factura {first_number}", "Un mensaje", "Hola, {greeting_name}:\n\nTotal: {total}\n")
    assert variables(text) == {"first_number", "greeting_name", "total"}
