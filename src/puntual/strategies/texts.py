"""The words a step sends or says: texts with variables, one file per template and language, checked before they are used.

A file holds `Subject:` and `Private-Subject:` lines, an empty line, and the body; what is said on a call has a body only.
`<template>.txt` is written, `<template>.call.txt` is said; a template without words of its own for a call uses `call.call.txt`.
Who sends them fills the variables (`str.format` with every name of `VARIABLES`).
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from string import Formatter

from puntual.kernel.problems import N_, Problem
from puntual.strategies.manual import LANGUAGES

VARIABLES = {
    "greeting_name": N_("the person written to or called; the customer's name where no person is known"),
    "customer_name": N_("the customer's name"),
    "creditor_name": N_("the creditor's name"),
    "invoice_list": N_("the items asked for as a table; below it, apart and not totaled in, what is not asked for now"),
    "first_number": N_("the number of the oldest invoice asked for"),
    "days_late": N_("for how long that invoice is late, with the word: “1 day”, “18 days”"),
    "due_date": N_("the date that invoice fell or falls due"),
    "total": N_("the total asked for, one amount per currency"),
    "payment_details": N_("where to pay, for the currencies asked for"),
    "signature": N_("who signs, with the creditor's name, tax number, address and phone"),
    "opt_out": N_("how not to receive these messages any more"),
    "caller_name": N_("the person who calls"),
}
"""Every variable a text may use, and what it stands for. All are rendered in the text's language, in the reader's locale."""

_IN_SUBJECT = frozenset({"first_number", "due_date", "days_late", "customer_name", "creditor_name", "greeting_name"})
_IN_PRIVATE_SUBJECT = frozenset({"customer_name", "creditor_name", "greeting_name"})
_SPOKEN = frozenset({"call", "visit"})
_WRITTEN = frozenset({"email", "letter"})
_HEADER = re.compile(r"(Subject|Private-Subject): (.+)")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


@dataclass(frozen=True, slots=True)
class Text:
    """A message. `subject` goes to a company's billing contact, `subject_private`, which gives nothing away, to a natural
    person. What is said on a call has no subjects.
    """

    subject: str
    subject_private: str
    body: str


@lru_cache(maxsize=512)
def load(template: str, language: str, channel: str) -> Text:
    """The built-in text of a template. A regional language ("es-PE") takes the general one, an unknown one English.

    Raises Problem where there is no such text for the channel.
    """
    base = language.lower().replace("_", "-").split("-")[0]
    folder = resources.files("puntual.strategies").joinpath("builtin", "texts", base if base in LANGUAGES else "en")
    names = [f"{template}.txt"] if channel in _WRITTEN else []
    if channel in _SPOKEN:
        names = [f"{template}.call.txt", "call.call.txt"]
    for name in names if _NAME.fullmatch(template) else []:
        file = folder.joinpath(name)
        if file.is_file():
            return parse(file.read_text("utf-8"))
    raise Problem(
        N_(
            "There is no text “{template}” for this channel ({channel}). Choose another template or channel for the step."
        ),
        template=template,
        channel=channel,
    )


def parse(source: str) -> Text:
    """A text from a file's content. Raises what `check` raises."""
    subjects = {"Subject": "", "Private-Subject": ""}
    lines = source.splitlines()
    while lines and (header := _HEADER.fullmatch(lines[0])):
        subjects[header[1]] = header[2]
        lines.pop(0)
    text = Text(subjects["Subject"], subjects["Private-Subject"], "\n".join(lines).strip() + "\n")
    check(text)
    return text


def variables(text: Text) -> frozenset[str]:
    """The names of the variables a text uses. Raises Problem where its braces do not match."""
    return _used(text.subject) | _used(text.subject_private) | _used(text.body)


def check(text: Text) -> None:
    """Raise Problem on an unknown variable, stray braces, an empty body, or a subject that says more than it may.

    A subject never names the amount; one for a natural person names neither number nor date nor days.
    """
    if not text.body.strip():
        raise Problem(N_("The text is empty. Write what the customer is to read or hear."))
    for name in sorted(variables(text) - VARIABLES.keys()):
        raise Problem(
            N_("“{{{name}}}” is not a variable of a text. Choose among: {choices}."),
            name=name,
            choices=", ".join(VARIABLES),
        )
    if bool(text.subject) != bool(text.subject_private):
        raise Problem(N_("A text needs both subjects, for companies and for natural persons, or none if it is spoken."))
    for name in sorted(_used(text.subject) - _IN_SUBJECT):
        raise Problem(N_("A subject must not contain “{{{name}}}”: others may read it."), name=name)
    for name in sorted(_used(text.subject_private) - _IN_PRIVATE_SUBJECT):
        raise Problem(
            N_("The subject for a natural person must not contain “{{{name}}}”: it says nothing of the debt."),
            name=name,
        )


def _used(text: str) -> frozenset[str]:
    try:
        parts = list(Formatter().parse(text))
    except ValueError as error:
        raise Problem(N_("A brace in the text has no partner. Write variables as {{name}}.")) from error
    if any(name is not None and (spec or conversion) for _, name, spec, conversion in parts):
        raise Problem(N_("A variable stands alone between its braces, as in {{total}}, with nothing after its name."))
    return frozenset(name for _, name, _, _ in parts if name is not None)
