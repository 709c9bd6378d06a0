"""What must not be said when negotiating: the same check as every text's, part by part. Pure."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from puntual.kernel.problems import N_, Problem
from puntual.strategies.negotiation import PLACES, Objection, Question, Script
from puntual.strategies.proofreading import Fault, faults_in_words
from puntual.strategies.texts import names

LONGEST = 600
"""Characters of one line: more is no sentence that one says."""
MOST = 20
"""Lines of one part."""
NOT_BOTH = N_("To each objection belong what the customer says and an answer.")
TOO_LONG = N_("This is too long to keep: {most} lines a part and {longest} characters a line are the most.")
_WHY = "no_question_why"


@dataclass(frozen=True, slots=True)
class PartFault:
    """A fault and where it stands: in which part (goal, opening, questions, why, objections, steps or notes), and in which line
    of it, counted from 0.
    """

    part: str
    number: int
    fault: Fault


def faults_in_script(script: Script, language: str, asked: Collection[str] = ()) -> tuple[PartFault, ...]:
    """Everything that must not be said, part by part; `asked` as in `proofread`.

    What the customer says is theirs. The reason for the arrears is asked only by questions that say so: where the law forbids
    it they are left out, and nothing else may ask for it.
    """
    found: list[PartFault] = []
    counted: Counter[str] = Counter()
    for part, words, open_places in _lines(script):
        duties = {*asked} - {_WHY} if part in ("why", "goal", "steps", "notes") else {*asked, _WHY}
        wrong = _unfillable(words, PLACES if open_places else ())
        wrong += [] if wrong else faults_in_words(words, language, duties)
        found += [PartFault(part, counted[part], one) for one in wrong]
        counted[part] += 1
    return tuple(found)


def tidy(script: Script) -> Script:
    """A script without empty lines. Raises Problem where a part that is needed is empty, and for what is too long to keep."""
    kept = replace(
        script,
        goal=_line(script.goal),
        opening=_full(script.opening),
        questions=tuple(Question(text, one.why) for one in script.questions if (text := _line(one.text))),
        objections=tuple(
            Objection(_line(one.says), _line(one.answer)) for one in script.objections if _line(one.says + one.answer)
        ),
        steps=_full(script.steps),
        notes=_full(script.notes),
    )
    if not (kept.goal and kept.opening and kept.steps and kept.notes and kept.allowed_questions(why=False)):
        raise Problem(
            N_(
                "Write the goal, the words to open, at least one question that may always be asked, how to go on and what to"
                " write down."
            )
        )
    if any(not (one.says and one.answer) for one in kept.objections):
        raise Problem(NOT_BOTH)
    parts = (kept.opening, kept.questions, kept.objections, kept.steps, kept.notes)
    lines = [words for _part, words, _open in _lines(kept)] + [one.says for one in kept.objections]
    if max(map(len, parts)) > MOST or max(map(len, lines)) > LONGEST:
        raise Problem(TOO_LONG, most=MOST, longest=LONGEST)
    return kept


def _lines(script: Script) -> Iterator[tuple[str, str, bool]]:
    """Of each line the part, the words, and whether it is filled in for the customer."""
    yield "goal", script.goal, False
    yield from (("opening", words, True) for words in script.opening)
    yield from (("why" if one.why else "questions", one.text, True) for one in script.questions)
    yield from (("objections", one.answer, True) for one in script.objections)
    yield from (("steps", words, False) for words in script.steps)
    yield from (("notes", words, False) for words in script.notes)


def _unfillable(words: str, places: Collection[str]) -> list[Fault]:
    """What cannot be filled in: stray braces, and names that are no place."""
    try:
        unknown = names(words) - {*places}
    except Problem as problem:
        return [Fault("unfillable", "body", 1, problem.message, details=problem.details)]
    if not unknown:
        return []
    if not places:
        return [Fault("unfillable", "body", 1, N_("Nothing is filled in here: write it without braces."))]
    message = N_("“{{{name}}}” is not filled in here. Choose among: {choices}.")
    return [Fault("unfillable", "body", 1, message, details={"name": min(unknown), "choices": ", ".join(places)})]


def _line(words: str) -> str:
    return " ".join(words.split())


def _full(lines: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(line for one in lines if (line := _line(one)))
