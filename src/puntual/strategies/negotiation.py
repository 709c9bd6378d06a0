"""How to negotiate in each situation: the words to open, what to ask, likely objections, what to write down; and which options
come first. Pure: the words are data, in three languages.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from puntual.agreements.guardrails import Within, reaches
from puntual.agreements.profiles.findings import Procedure
from puntual.organizations.roles import AUTHORITY
from puntual.strategies.steps import LANGUAGES
from puntual.strategies.texts import base_language

UNKNOWN = "unknown"
"""Before anything is found out."""
SITUATIONS = (UNKNOWN, *Procedure)
PLACES = ("caller_name", "creditor_name", "customer_name", "total")
"""What the words leave open."""
PAY, PROMISE, DISPUTE = "pay", "promise", "dispute"
"""Options that are no offers of the manual: they are always there while something is owed."""
ORDER: Mapping[str, tuple[str, ...]] = {
    UNKNOWN: (PAY, PROMISE, "early_payment", "extension", "plan", "discount", DISPUTE),
    Procedure.CAN_AND_WANTS: (PAY, PROMISE, "early_payment", "extension", "plan", DISPUTE),
    Procedure.WANTS_BUT_CANNOT: (PROMISE, "plan", "extension", "discount", DISPUTE),
    Procedure.CAN_BUT_DOES_NOT_WANT: (DISPUTE, PAY, PROMISE, "discount", "plan"),
    Procedure.NEITHER: ("discount", "plan", PROMISE, DISPUTE),
}
"""The kinds of options by situation, the first to be tried first; what is not named is not proposed in it."""


@dataclass(frozen=True, slots=True)
class Question:
    """Something to ask; `why` asks for the reason of the arrears, which not every law allows."""

    text: str
    why: bool = False


@dataclass(frozen=True, slots=True)
class Objection:
    """What the customer may say, and an answer."""

    says: str
    answer: str


@dataclass(frozen=True, slots=True)
class Script:
    """One situation of `SITUATIONS`: what is to be reached, the words to open, how to go on and what to write down."""

    code: str
    goal: str
    opening: tuple[str, ...]
    questions: tuple[Question, ...]
    objections: tuple[Objection, ...]
    steps: tuple[str, ...]
    notes: tuple[str, ...]

    def allowed_questions(self, *, why: bool) -> tuple[Question, ...]:
        """Those that may be asked; those for the reason only where the law allows them (`why`)."""
        return tuple(question for question in self.questions if why or not question.why)


@dataclass(frozen=True, slots=True)
class Option:
    """One way out for the customer: a kind of `ORDER` and, for an offer, what the manual allows of it.

    `alone` says whether whoever speaks may grant it alone.
    """

    kind: str
    within: Within | None = None

    @property
    def least(self) -> str:
        """The first role that may grant it alone."""
        return self.within.allowance.role if self.within else AUTHORITY[0]

    @property
    def alone(self) -> bool:
        return self.within is None or reaches(self.within.role, self.within.allowance.role)


def options(situation: str, allowed: Sequence[Within]) -> tuple[Option, ...]:
    """What may be proposed in a situation, ranked: by kind as in `ORDER`, then by who may grant it, then as the manual."""
    found: list[Option] = []
    for kind in ORDER[situation]:
        if kind in (PAY, PROMISE, DISPUTE):
            found.append(Option(kind))
            continue
        offers = [Option(kind, within) for within in allowed if within.allowance.kind == kind]
        found += sorted(offers, key=lambda option: AUTHORITY.index(option.least))
    return tuple(found)


def script(situation: str, language: str) -> Script:
    """The words for a situation in a language, its general form counting; in English where there are none in it."""
    base = base_language(language)
    return _scripts(base if base in LANGUAGES else "en")[situation]


@lru_cache
def _scripts(language: str) -> Mapping[str, Script]:
    source = resources.files("puntual.strategies").joinpath("builtin", "negotiation", f"{language}.toml")
    found = [read_script(raw) for raw in tomllib.loads(source.read_text("utf-8"))["situation"]]
    return {one.code: one for one in found}


def read_script(raw: Mapping[str, Any]) -> Script:
    """A script from a table of a file, as `as_content` writes it."""
    return Script(
        code=raw["code"],
        goal=raw["goal"],
        opening=tuple(raw["opening"]),
        questions=tuple(Question(one["text"], one.get("why", False)) for one in raw["question"]),
        objections=tuple(Objection(one["says"], one["answer"]) for one in raw["objection"]),
        steps=tuple(raw["steps"]),
        notes=tuple(raw["notes"]),
    )


def as_content(script: Script) -> dict[str, Any]:
    """A script as plain values: how it is kept and filed."""
    return {
        "code": script.code,
        "goal": script.goal,
        "opening": list(script.opening),
        "question": [{"text": one.text, "why": True} if one.why else {"text": one.text} for one in script.questions],
        "objection": [{"says": one.says, "answer": one.answer} for one in script.objections],
        "steps": list(script.steps),
        "notes": list(script.notes),
    }
