"""The check that refuses what must never go out: what is wrong in a text, in which line, and how to say it instead. Pure.

It reads the text before it is filled, so it judges the words a person chose and the variables they set, never a customer's
name. A person's own words for one message are read by the same rules (`faults_in_message`).
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

from puntual.conduct.gate import Subject, duties
from puntual.conduct.packs import pack_for
from puntual.kernel.problems import N_, Problem
from puntual.strategies.examples import examples
from puntual.strategies.forbidden import AMOUNT, DEBT, PRESSURE, RULES
from puntual.strategies.lengths import SMS_MOST, SUBJECT_MOST, WHATSAPP_MOST, sms_length
from puntual.strategies.texts import Place, Text, base_language, check
from puntual.strategies.variables import SHORT, SPOKEN, VARIABLES, WRITTEN

Where: TypeAlias = Literal["subject", "subject_private", "body"]

SAYINGS: Mapping[str, tuple[str, str]] = {
    "debtor": (
        N_("“{quote}” is no word for a customer."),
        N_("Say “you”, or use {{customer_name}}."),
    ),
    "threat": (
        N_("“{quote}” threatens."),
        N_("Say what will happen next, when, and how an answer stops it."),
    ),
    "bureau": (
        N_("“{quote}” threatens with a listing or with the customer's credit."),
        N_("Leave it out: a listing is announced on its own, and only where the law provides for it."),
    ),
    "shame": (
        N_("“{quote}” shames."),
        N_("State the fact, and leave a way out: “If something does not match, tell us.”"),
    ),
    "third_party": (
        N_("“{quote}” takes the matter to others."),
        N_("Speak only with the customer; of others ask at most who handles payments."),
    ),
    "court": (
        N_("“{quote}” makes it look like a court's paper."),
        N_("Call it what it is: a reminder, or your last notice."),
    ),
    "why": (
        N_("“{quote}” asks why it was not paid, which the law of a country of your customers does not allow."),
        N_("Offer what would help: a date, payment in parts, a copy of the document."),
    ),
    "pressure": (
        N_("“{quote}”: capitals and exclamation marks press."),
        N_("Write it in small letters; the date says what is urgent."),
    ),
    "debt_in_subject": (
        N_("The subject for natural persons tells of the debt (“{quote}”), and others may read it."),
        N_("Say only who writes: “A message from {{creditor_name}}”."),
    ),
    "amount_in_subject": (
        N_("The subject names an amount (“{quote}”), and others may read it."),
        N_("Leave the amount to the text."),
    ),
    "debt_in_preview": (
        N_("The first line tells of the debt (“{quote}”): a locked phone shows it to anyone."),
        N_("Begin with who writes and to whom, and tell the rest from the next line on."),
    ),
    "amount_in_preview": (
        N_("The first line names an amount (“{quote}”): a locked phone shows it to anyone."),
        N_("Begin with who writes, and name the amount from the next line on."),
    ),
    "list_in_line": (
        N_("“{quote}” takes several lines and cannot stand inside one."),
        N_("Give it a paragraph of its own."),
    ),
    "no_opt_out": (
        N_("It does not say how not to receive these messages any more."),
        N_("Add {{opt_out}} at the end."),
    ),
    "no_creditor": (
        N_("It does not say for which creditor you write."),
        N_("Add {{creditor_name}} or {{signature}}."),
    ),
    "no_document": (
        N_("It lacks the creditor's name, address and tax number, which a country of your customers asks for."),
        N_("Add {{signature}} at the end."),
    ),
    "long_subject": (
        N_("Filled in, the subject has {length} characters; from {most} on it is cut off."),
        N_("Say the one thing that matters."),
    ),
    "long_sms": (
        N_("Filled in, the SMS takes {length} segments; {most} are the most."),
        N_("Say less here, and the rest by e-mail."),
    ),
    "long_whatsapp": (
        N_("Filled in, the message has {length} characters; WhatsApp takes {most}."),
        N_("Say less here, and the rest by e-mail."),
    ),
}
"""Of each fault what is wrong and how to say it instead: English sentences for the catalogs, filled from `Fault.details`."""

_VARIABLE = re.compile(r"\{(\w+)\}")
_SENTENCE = re.compile(r"[^.;!?…]+[.;!?…]*")
_SAID = re.compile(r"[«“\"](.*?)[»”\"]")
_NOT = re.compile(r"\b(?:no|nunca|jamas|ni|sin|not|never|don't|do not|without|nao|sem)\b")
_SHOUTED = re.compile(r"\b[^\W\d_a-zß-öø-ÿ]{2,}(?:,? [^\W\d_a-zß-öø-ÿ]{2,}){4,}\b")
_ORDER = {"subject": 0, "subject_private": 1, "body": 2}


class _Line(NamedTuple):
    where: Where
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that must not go out like this. `line` counts from 1; 0 is the text as a whole.

    `what` and `instead` are English sentences for the catalogs with places for `details`; `instead` may be empty.
    """

    code: str
    where: Where
    line: int
    what: str
    instead: str = ""
    details: Mapping[str, object] = field(default_factory=dict)


def proofread(
    text: Text, place: Place, language: str, *, persons: bool = True, asked: Collection[str] = frozenset()
) -> tuple[Fault, ...]:
    """Everything that must not go out, from the top down; nothing where the text is good.

    `persons` says whether natural persons read it (`reaches_persons`), `asked` which duties the countries of the customers
    know for this channel (`asked_by`).
    """
    base = base_language(language)
    found = [*_unfillable(text, place)]
    for line in _lines(text):
        found += _spoken_against(line, place, base, asked)
        found += _given_away(line, place, persons)
        found += _crowded(line, place)
    found += _missing(text, place, asked)
    if not found:
        found += _too_long(text, place, base)
    return tuple(sorted(found, key=lambda fault: (_ORDER[fault.where], fault.line or 1_000_000)))


def faults_in_message(
    subject: str, body: str, language: str, channel: str = "email", *, persons: bool, names: Collection[str] = ()
) -> tuple[Fault, ...]:
    """What must not go out of one message in a person's own words, filled in; the `names` in it are what they are.

    Capitals press in a sentence; where there are figures they are a bank's name or a company's.
    """
    base, place = base_language(language), Place("", channel)
    where: Where = "subject_private" if persons else "subject"
    lines = [_Line(where, 1, subject)] if channel in WRITTEN else []
    lines += [_Line("body", number, line) for number, line in enumerate(body.strip().splitlines(), 1)]
    found: list[Fault] = []
    for line in lines:
        said = line._replace(text=_without(line.text, names))
        figures = any(sign.isdigit() for sign in said.text) and line.where == "body"
        against = _spoken_against(said, place, base, ())
        found += [fault for fault in against if not (figures and fault.code == "pressure")]
        found += _given_away(said, place, persons)
    return (*found, *_overlong(body.strip(), place))


def faults_in_words(words: str, language: str, asked: Collection[str] = ()) -> tuple[Fault, ...]:
    """What must not be said out of words that somebody says to a customer, line by line; `asked` as in `proofread`."""
    lines = (_Line("body", number, line) for number, line in enumerate(words.splitlines(), 1))
    base = base_language(language)
    return tuple(fault for line in lines for fault in _spoken_against(line, Place("", "email"), base, asked))


def _without(words: str, names: Collection[str]) -> str:
    for name in filter(None, names):
        words = words.replace(name, " " * len(name))
    return words


def reaches_persons(place: Place, taken: Collection[Place]) -> bool:
    """Whether natural persons read the text at a place, `taken` being where there are texts."""
    return place.audience == "consumer" or place._replace(audience="consumer") not in taken


@lru_cache(maxsize=256)
def asked_by(countries: frozenset[str], place: Place) -> frozenset[str]:
    """The codes of the duties that any of the countries (ISO 3166-1) knows for a place's channel, by law or by good manners."""
    found: set[str] = set()
    for country in countries:
        person = place.audience == "consumer"
        subject = Subject(natural=person, consumer=person, country=country, time_zone="UTC")
        found |= {duty.code for duty in duties(pack_for(country), place.channel, subject)}
    return frozenset(found)


def fold(words: str) -> str:
    """Small letters without accents, each sign at its place; variables are blanked."""
    blank = _VARIABLE.sub(lambda found: " " * len(found[0]), words)
    return "".join(unicodedata.normalize("NFD", sign)[0].lower()[:1] for sign in blank)


def _lines(text: Text) -> Iterator[_Line]:
    if text.subject:
        yield _Line("subject", 1, text.subject)
    if text.subject_private and text.subject_private != text.subject:
        yield _Line("subject_private", 1, text.subject_private)
    for number, line in enumerate(text.body.splitlines(), 1):
        if line.strip():
            yield _Line("body", number, line)


def _unfillable(text: Text, place: Place) -> Iterator[Fault]:
    """What `texts.check` refuses, with its line."""
    try:
        check(text, place)
    except Problem as problem:
        name = f"{{{problem.details['name']}}}" if "name" in problem.details else None
        line = next((line for line in _lines(text) if name and name in line.text), _Line("body", 0, ""))
        yield Fault("unfillable", line.where, line.number, problem.message, details=problem.details)


def _spoken_against(line: _Line, place: Place, language: str, asked: Collection[str]) -> Iterator[Fault]:
    """Threats, shame, third parties, a court's look, pressure: what is said, or what a caller is told to say."""
    for said in _pieces(line.text, place.channel):
        folded = fold(said)
        for code, patterns in RULES.items():
            if code == "why" and "no_question_why" not in asked:
                continue
            if code == "bureau" and "bureau_listing" in asked:
                continue
            if found := patterns[language].search(folded):
                yield _fault(code, line, said[found.start() : found.end()])
        if pressing := PRESSURE.search(_VARIABLE.sub(" ", said)) or _shouted(said):
            yield _fault("pressure", line, pressing[0])


def _pieces(words: str, channel: str) -> Iterator[str]:
    """What of a line the customer gets to hear. In a script that is what stands in quotation marks, and what the caller is told
    to do; what the caller is told *not* to do is none of it.
    """
    if channel not in SPOKEN:
        yield words
        return
    yield from (found[1] for found in _SAID.finditer(words))
    for sentence in _SENTENCE.finditer(_SAID.sub(" ", words)):
        if not _NOT.search(fold(sentence[0])):
            yield sentence[0]


def _shouted(words: str) -> re.Match[str] | None:
    """Five words in capitals, one after the other: no name and no acronym has as many."""
    return _SHOUTED.search(_VARIABLE.sub(" ", words))


def _given_away(line: _Line, place: Place, persons: bool) -> Iterator[Fault]:
    """Debt detail where others can read it: nothing at all to a natural person, to a company no amount."""
    if line.where == "body" and not (place.channel in SHORT and line.number == 1):
        return
    shown = "preview" if line.where == "body" else "subject"
    strict = line.where == "subject_private" or place.audience == "consumer" or (shown == "preview" and persons)
    if amount := AMOUNT.search(_VARIABLE.sub("x", line.text)) or _telling(line.text, ("amount",)):
        yield _fault(f"amount_in_{shown}", line, amount[0])
    elif strict and (debt := _telling(line.text, ("debt",)) or DEBT.search(_VARIABLE.sub("x", line.text))):
        yield _fault(f"debt_in_{shown}", line, debt[0])


def _telling(words: str, what: Collection[str]) -> re.Match[str] | None:
    found = (one for one in _VARIABLE.finditer(words) if one[1] in VARIABLES)
    return next((one for one in found if VARIABLES[one[1]].tells in what), None)


def _crowded(line: _Line, place: Place) -> Iterator[Fault]:
    """A list inside a line of other words, or in a subject; in an SMS each takes one line."""
    if place.channel == "sms":
        return
    for found in _VARIABLE.finditer(line.text):
        variable = VARIABLES.get(found[1])
        if variable and variable.kind == "list" and (line.where != "body" or line.text.strip() != found[0]):
            yield _fault("list_in_line", line, found[0])


def _missing(text: Text, place: Place, asked: Collection[str]) -> Iterator[Fault]:
    used = {found[1] for found in _VARIABLE.finditer(text.body)}
    whole = _Line("body", 0, "")
    if "opt_out" in asked and place.channel not in SPOKEN and "opt_out" not in used:
        yield _fault("no_opt_out", whole)
    if "identify_document" in asked and place.channel not in SPOKEN and "signature" not in used:
        yield _fault("no_document", whole)
    elif "identify_creditor" in asked and not used & {"creditor_name", "signature"}:
        yield _fault("no_creditor", whole)


def _too_long(text: Text, place: Place, language: str) -> Iterator[Fault]:
    """Measured with example values, so a text that just fits may still be long for a customer with a long name."""
    values = examples(language, "", place.channel, consumer=place.audience == "consumer")
    for line in _lines(text):
        length = len(line.text.format(**values))
        if line.where != "body" and length > SUBJECT_MOST:
            yield _fault("long_subject", line, length=length, most=SUBJECT_MOST)
    yield from _overlong(text.body.strip().format(**values), place)


def _overlong(filled: str, place: Place) -> Iterator[Fault]:
    """A message that its channel does not carry, or only at a price."""
    whole = _Line("body", 0, "")
    if place.channel == "sms" and (segments := sms_length(filled).segments) > SMS_MOST:
        yield _fault("long_sms", whole, length=segments, most=SMS_MOST)
    if place.channel == "whatsapp" and len(filled) > WHATSAPP_MOST:
        yield _fault("long_whatsapp", whole, length=len(filled), most=WHATSAPP_MOST)


def _fault(code: str, line: _Line, quote: str = "", **details: object) -> Fault:
    what, instead = SAYINGS[code]
    return Fault(code, line.where, line.number, what, instead, {"quote": quote.strip(), **details})
