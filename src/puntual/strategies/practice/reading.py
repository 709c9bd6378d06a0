"""What somebody typed, understood as acts: by words alone, on this machine. Pure.

What must never be said is recognized by the same check that reads the texts (`proofreading`); the rest by each language's
patterns, which meet the text in small letters without accents.
"""

import re

from puntual.strategies.practice.acts import PROPOSALS, Act
from puntual.strategies.practice.scripts import words_in
from puntual.strategies.proofreading import faults_in_words, fold
from puntual.strategies.steps import LANGUAGES
from puntual.strategies.texts import base_language

LONGEST = 600
"""Characters that are read."""
_FAULTS = {
    "threat": Act.THREATEN,
    "bureau": Act.THREATEN,
    "court": Act.THREATEN,
    "shame": Act.SHAME,
    "debtor": Act.SHAME,
    "third_party": Act.OTHERS,
    "pressure": Act.PRESS,
}
_FIGURE = r"(?:\d[\d.,]*|la mitad|half|a metade|{)"
_DAY = (
    r"(?:lunes|martes|miercoles|jueves|viernes|manana|hoy|quincena|fin de mes|monday|tuesday|wednesday|thursday|friday|"
    r"tomorrow|today|end of the month|segunda|terca|quarta|quinta|sexta|amanha|hoje|fim do mes|\b\d{1,2}[/.-]\d{1,2}\b|"
    r"\b(?:el|dia|on the|em|no dia) \d{1,2}\b)"
)
_ORDER = {act: place for place, act in enumerate(Act)}
_COMMITS = re.compile(rf"(?=.*{_FIGURE})(?=.*{_DAY})", re.DOTALL)


def understood(words: str, language: str) -> tuple[Act, ...]:
    """The acts in what was typed, in the order a talk takes them; nothing where none is recognized.

    An amount with a day is a commitment that is asked for.
    """
    base = base_language(language)
    base = base if base in LANGUAGES else "en"
    words = words[:LONGEST]
    folded = fold(words)
    found = {Act(act) for act, reads in words_in(base).reads.items() if any(one.search(folded) for one in reads)}
    found |= {_FAULTS[fault.code] for fault in faults_in_words(words, base) if fault.code in _FAULTS}
    if _COMMITS.search(folded) and not found & {Act.SUMMARIZE, *PROPOSALS}:
        found.add(Act.COMMIT)
        found.discard(Act.ASK_CAPACITY)
    if Act.SUMMARIZE in found:
        found.discard(Act.SEND_COPY)
    return tuple(sorted(found, key=_ORDER.__getitem__))
