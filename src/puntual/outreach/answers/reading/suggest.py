"""What an answer seems to say: suggestions for the person who reads it, each with the sentence it rests on."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from puntual.outreach.answers.reading import phrases
from puntual.outreach.answers.reading.addresses import written_in
from puntual.outreach.answers.reading.automatic import is_away
from puntual.outreach.answers.reading.days import find_day
from puntual.outreach.answers.reading.phrases import Phrases
from puntual.outreach.answers.reading.words import plain, sentences

_MOST_SENTENCES: Final = 200
# "a Rosa Quispe (rosa@…)", "with Mr. John de la Cruz: john@…": capitals, and small words between two of them.
_WORD = r"[A-ZÁÉÍÓÚÂÊÔÃÕÇÑ][\w'’-]{1,30}"
_NAMED: Final = re.compile(
    r"(?i:(?:\b(?:a|al|con|la|el|o|do|da|com|to|with|contact|is|es)|:)\s+(?:(?:srta|sra|sr|mrs|mr|ms|dra|dr)\b\.?\s+)?)"
    rf"({_WORD}(?: (?:(?:de|del|da|do|dos|la|las|los|van|von) ){{0,2}}{_WORD}){{0,3}})"
)
_LONGEST: Final = 600


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One outcome an answer seems to have, with its `quote`. `day`: until when they are away, by when they pay,
    or when they paid.

    `amount` is in `currency` ("" where the sign says none); `operation` is the bank's number of a payment; `name` and `address`
    are of whoever is to be written to instead.
    """

    outcome: str
    quote: str
    day: date | None = None
    amount: Decimal | None = None
    currency: str = ""
    operation: str = ""
    name: str = ""
    address: str = ""


_BY_PHRASES: Final[tuple[tuple[str, Phrases], ...]] = (
    ("opt_out", phrases.OPT_OUT),
    ("wrong_person", phrases.WRONG_PERSON),
    ("disputes", phrases.DISPUTES),
    ("paid", phrases.PAID),
    ("promises", phrases.PROMISES),
    ("asks_time", phrases.ASKS_TIME),
    ("asks_copy", phrases.ASKS_COPY),
)


def suggest(text: str, on: date, *, subject: str = "") -> tuple[Suggestion, ...]:
    """What the sender's own words, written `on` a day, seem to say: each outcome once, by the first sentence that says it.

    Pure, and made to miss rather than to invent: a promise counts only with its day.
    """
    found: dict[str, Suggestion] = {}
    for alone in (text, subject):
        if is_stop_word(alone):
            found["opt_out"] = Suggestion("opt_out", " ".join(alone.split()))
    said = sentences(text)[:_MOST_SENTENCES]
    for place, sentence in enumerate(said):
        words = plain(sentence[:_LONGEST])
        for outcome, rule in _BY_PHRASES:
            if outcome not in found and rule.says.search(words) and not rule.unless.search(words):
                suggestion = _suggestion(outcome, sentence, words, said[place + 1 : place + 3], on)
                if suggestion:
                    found[outcome] = suggestion
        if "away" not in found and is_away(words) and (until := find_day(words, on, ahead=True)):
            found["away"] = Suggestion("away", sentence, until)
    return tuple(found.values())


def asks_for_silence(text: str, subject: str) -> bool:
    """Whether somebody wrote one of the words that ask for silence, and nothing else; the word may stand in the subject alone."""
    return is_stop_word(text) or (not text.strip() and is_stop_word(subject))


def is_stop_word(text: str) -> bool:
    """Whether the whole text is one of the words that ask for silence."""
    return re.sub(r"[^\w ]", "", plain(text[:60])).strip() in phrases.STOP_WORDS


def _suggestion(outcome: str, sentence: str, words: str, after: tuple[str, ...], on: date) -> Suggestion | None:
    quote = sentence[:_LONGEST]
    if outcome == "promises":
        day = find_day(words, on, ahead=True)
        if day is None:
            return None
        amount, currency = _amount(sentence)
        return Suggestion(outcome, quote, day, amount, currency)
    if outcome == "paid":
        operation = next((number for one in (sentence, *after) if (number := _operation(one))), "")
        amount, currency = _amount(sentence)
        return Suggestion(outcome, quote, find_day(words, on, ahead=False), amount, currency, operation)
    if outcome == "asks_time":
        return Suggestion(outcome, quote, find_day(words, on, ahead=True))
    if outcome == "wrong_person":
        name, address = _successor((sentence, *after))
        return Suggestion(outcome, quote, name=name, address=address)
    return Suggestion(outcome, quote)


def _successor(said: tuple[str, ...]) -> tuple[str, str]:
    """Whom to write to instead, by name and address: the first address these sentences name, and the name before it."""
    for sentence in (one[:_LONGEST] for one in said):
        for address in written_in(sentence):
            named = _NAMED.findall(sentence[: sentence.lower().find(address.lower())])
            return (named[-1].strip() if named else ""), address
    return "", ""


def _operation(sentence: str) -> str:
    found = phrases.OPERATION.search(sentence)
    return found["number"] if found else ""


def _amount(sentence: str) -> tuple[Decimal | None, str]:
    """The first sum of money a sentence names."""
    found = phrases.AMOUNT.search(sentence)
    if not found:
        return None, ""
    sign = plain(found["before"] or found["after"])
    amount = _number(found["one"] or found["two"])
    return amount, phrases.CURRENCIES.get(sign, sign.upper() if sign.isalpha() and len(sign) == 3 else "")


def _number(text: str) -> Decimal | None:
    """A number as people write it: the last sign separates decimals where one or two digits follow it."""
    digits = re.sub(r"[ ']", "", text)
    decimals = re.search(r"[.,](\d{1,2})$", digits)
    whole = re.sub(r"[.,]", "", digits[: decimals.start()] if decimals else digits)
    try:
        return Decimal(f"{whole}.{decimals[1]}" if decimals else whole)
    except InvalidOperation:
        return None
