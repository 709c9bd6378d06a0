"""Sentences kept for later: an English message with what fills its places, told in whatever language is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from puntual.intake.reading.reasons import REFUSED, REMARKED, Fault
from puntual.kernel.problems import Problem

Sentence = dict[str, Any]
"""As it is stored: {"message": …, "details": {…}}."""

Translate = Callable[[str], str]


def as_written(message: str) -> str:
    """English: the message itself."""
    return message


def of_problem(problem: Problem) -> Sentence:
    """The sentence of a Problem."""
    return of_message(problem.message, problem.details)


def of_fault(fault: Fault) -> Sentence:
    """The sentence of a cell's fault or remark."""
    return of_message(REFUSED.get(fault.code) or REMARKED[fault.code], fault.details)


def of_message(message: str, details: Mapping[str, object]) -> Sentence:
    """A message with its details, as it is stored."""
    return {"message": message, "details": {name: str(value) for name, value in details.items()}}


def told(sentence: Sentence, translate: Translate = as_written) -> str:
    """The sentence in the language `translate` speaks; empty for no sentence."""
    return translate(sentence["message"]).format(**sentence["details"]) if sentence else ""


@dataclass(frozen=True, slots=True)
class StoredFault(Fault):
    """A reason as it was stored: its `code` is the message itself."""

    def text(self, translate: Translate = as_written) -> str:
        """The sentence in the language `translate` speaks."""
        return translate(self.code).format(**self.details)
