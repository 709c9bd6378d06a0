"""The words a step sends or says, and the texts that come with Puntual: one file per template, channel, language and audience.

They lie in `builtin/texts/<lang>/` (es, en, pt):

    <template>.txt                       e-mail; also the letter, where there is none of its own
    <template>.<channel>.txt             sms, whatsapp, letter, call, visit
    <template>.consumer.txt              the same for natural persons (consumers) ...
    <template>.<channel>.consumer.txt    ... in each of the channels

The first file there is (`places`) is the text. For a customer who is a natural person each line's `.consumer` file comes first:

    email       <template>
    letter      <template>.letter     <template>
    sms         <template>.sms
    whatsapp    <template>.whatsapp
    call        <template>.call       call.call
    visit       <template>.visit      <template>.call      call.call
    meeting     that of a visit

A company never gets a `.consumer` text. A general text without a `.consumer` one beside it reaches natural persons as well, so
it has to be fit for them. A template without a text for a channel cannot be used in it.

An e-mail or letter begins with `Subject:` and `Private-Subject:` lines (the second is for natural persons and gives nothing
away) and an empty line; a `.consumer` one has a `Subject:` line only, which gives nothing away either. The others have a body
only. The body is plain text; an empty line parts paragraphs. In a call's script what stands between quotation marks is said,
the rest is for the caller. `{name}` is one of `variables.VARIABLES`; a line with an optional variable that has no value is left
out. What the words may not say is `proofreading`'s.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from string import Formatter
from typing import Literal, NamedTuple, TypeAlias

from puntual.kernel.problems import N_, Problem
from puntual.strategies.manual import LANGUAGES
from puntual.strategies.variables import SPOKEN, VARIABLES, WRITTEN

Audience: TypeAlias = Literal["company", "consumer"]
AUDIENCES: tuple[Audience, ...] = ("company", "consumer")

_STOPPED = re.compile(r"\{(\w+)\}\.(?!\.)")
_HEADER = re.compile(r"(Subject|Private-Subject): *(.*)")
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
"""What a template's code looks like."""


class Place(NamedTuple):
    """Where a text stands among the others: whose step, by which channel, for whom."""

    template: str
    channel: str
    audience: Audience = "company"

    @property
    def file(self) -> str:
        """The name of its built-in file: `firm.txt`, `firm.sms.consumer.txt`."""
        parts = [self.template]
        parts += [self.channel] if self.channel != "email" else []
        parts += [self.audience] if self.audience == "consumer" else []
        return ".".join(parts) + ".txt"


@dataclass(frozen=True, slots=True)
class Text:
    """A message. `subject` goes to a company's billing contact, `subject_private`, which gives nothing away, to a natural
    person. Only e-mails and letters have subjects.
    """

    subject: str
    subject_private: str
    body: str


def places(template: str, channel: str, *, consumer: bool) -> tuple[Place, ...]:
    """Where a text for this template, channel and customer is looked for, the first that has one."""
    named = [(template, channel)]
    if channel == "letter":
        named.append((template, "email"))
    elif channel == "visit":
        named.append((template, "call"))
    elif channel == "meeting":  # what is said is what a visit says
        named = [(template, "visit"), (template, "call")]
    if channel in SPOKEN:
        named.append(("call", "call"))
    audiences: tuple[Audience, ...] = ("consumer", "company") if consumer else ("company",)
    return tuple(Place(name, by, audience) for name, by in named for audience in audiences)


def load(template: str, language: str, channel: str, *, consumer: bool = False) -> Text:
    """The built-in text of a template. A regional language ("es-PE") takes the general one, an unknown one English.

    Raises Problem where there is no such text for the channel.
    """
    for place in places(template, channel, consumer=consumer):
        if text := builtin(place, language):
            return text
    raise missing(template, channel)


def missing(template: str, channel: str) -> Problem:
    """That a template has no text for a channel."""
    return Problem(
        N_(
            "There is no text “{template}” for this channel ({channel}). Choose another template or channel for the step."
        ),
        template=template,
        channel=channel,
    )


def base_language(language: str) -> str:
    """The language of texts for a language tag: "es" for "es-PE"; English where there are no texts in it."""
    base = language.lower().replace("_", "-").split("-")[0]
    return base if base in LANGUAGES else "en"


def builtin(place: Place, language: str) -> Text | None:
    """The built-in text at exactly this place, or None."""
    return _builtin(place, base_language(language)) if NAME.fullmatch(place.template) else None


@lru_cache(maxsize=2048)
def _builtin(place: Place, language: str) -> Text | None:
    file = _folder(language).joinpath(place.file)
    return parse(file.read_text("utf-8"), place) if file.is_file() else None


@lru_cache(maxsize=8)
def builtin_places(language: str) -> tuple[Place, ...]:
    """Every place with a built-in text in a language, in alphabetical order."""
    found = []
    for file in _folder(language).iterdir():
        template, *rest, _txt = file.name.split(".")
        audience: Audience = "consumer" if "consumer" in rest else "company"
        channel = next((part for part in rest if part != "consumer"), "email")
        found.append(Place(template, channel, audience))
    return tuple(sorted(found))


def parse(source: str, place: Place) -> Text:
    """A text from a file's content. Raises what `check` raises."""
    subjects = {"Subject": "", "Private-Subject": ""}
    lines = source.splitlines()
    while lines and (header := _HEADER.fullmatch(lines[0])):
        subjects[header[1]] = header[2].strip()
        lines.pop(0)
    subject, private = subjects["Subject"], subjects["Private-Subject"]
    if place.audience == "consumer":
        subject = private = private or subject
    text = Text(subject, private, "\n".join(lines).strip() + "\n")
    check(text, place)
    return text


def variables(text: Text) -> frozenset[str]:
    """The names of the variables a text uses. Raises Problem where its braces do not match."""
    return names(text.subject) | names(text.subject_private) | names(text.body)


def names(words: str) -> frozenset[str]:
    """The names of the variables in a piece of text. Raises Problem where its braces do not match."""
    try:
        parts = list(Formatter().parse(words))
    except ValueError as error:
        raise Problem(N_("A brace in the text has no partner. Write variables as {{name}}.")) from error
    if any(name is not None and (spec or conversion) for _, name, spec, conversion in parts):
        raise Problem(N_("A variable stands alone between its braces, as in {{total}}, with nothing after its name."))
    return frozenset(name for _, name, _, _ in parts if name is not None)


def without_gaps(body: str, values: Mapping[str, str]) -> str:
    """A body without the lines whose optional variable has no value, and without the empty room they would leave.

    A value that ends in a full stop (“S.A.C.”) brings the sentence's own.
    """
    kept = [
        line
        for line in body.splitlines()
        if not any(VARIABLES[name].optional and not values[name] for name in names(line))
    ]
    tight = re.sub(r"\n{3,}", "\n\n", "\n".join(kept).strip()) + "\n"
    return _STOPPED.sub(lambda found: f"{{{found[1]}}}" if values[found[1]].endswith(".") else found[0], tight)


def check(text: Text, place: Place) -> None:
    """Raise Problem where a text cannot be filled and sent at all: empty, stray braces, an unknown variable or one that the
    channel cannot carry, a subject missing or too many.
    """
    if not text.body.strip():
        raise Problem(N_("The text is empty. Write what the customer is to read or hear."), beside="body")
    used = variables(text)
    for name in sorted(used - VARIABLES.keys()):
        raise Problem(
            N_("“{{{name}}}” is not a variable of a text. Choose among: {choices}."),
            name=name,
            choices=", ".join(name for name, one in VARIABLES.items() if place.channel in one.channels),
        )
    for name in sorted(name for name in used if place.channel not in VARIABLES[name].channels):
        raise Problem(N_("“{{{name}}}” cannot be used in this channel ({channel})."), name=name, channel=place.channel)
    if place.channel not in WRITTEN and (text.subject or text.subject_private):
        raise Problem(N_("Only an e-mail or a letter has a subject."))
    if place.channel in WRITTEN and not (text.subject and text.subject_private):
        raise Problem(
            N_("An e-mail or a letter needs its subjects: for companies and for natural persons."),
            beside="subject_private" if text.subject else "subject",
        )


def _folder(language: str) -> Traversable:
    return resources.files("puntual.strategies").joinpath("builtin", "texts", base_language(language))
