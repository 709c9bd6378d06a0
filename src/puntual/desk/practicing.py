"""The trainer as its pages show it: what was said so far, what can be said now, and at the end how it went and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import override

from puntual.outreach.formats import day_and_month, locale_of, money
from puntual.strategies.negotiation import Script
from puntual.strategies.practice.actions import acts_of, case_of
from puntual.strategies.practice.characters import CHARACTERS, Case
from puntual.strategies.practice.choosing import offered
from puntual.strategies.practice.judging import DIMENSIONS, MARKS, judged
from puntual.strategies.practice.models import PracticeTalk
from puntual.strategies.practice.scripts import Words, words_in
from puntual.strategies.practice.talking import State, replayed
from puntual.strategies.practice.words import dimension, mark
from puntual.strategies.scripts.queries import script_for


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that was noticed: why, and whether it helped."""

    text: str
    good: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """What the trainee said, what the customer answered, and what is to be said of it."""

    said: str
    answer: str
    remarks: Sequence[Remark]


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be said now."""

    act: str
    words: str


@dataclass(frozen=True, slots=True)
class Result:
    """How it went: the scores with their names, what came of it, and what the manual says for such a customer."""

    whole: int
    scores: Sequence[tuple[str, int]]
    came: str
    script: Script


@dataclass(frozen=True, slots=True)
class Shown:
    """A talk as its page shows it; `result` once it is over."""

    about: str
    person: str
    firm: str
    amount: str
    limits: Sequence[str]
    turns: Sequence[Turn]
    choices: Sequence[Choice]
    result: Result | None


def shown(talk: PracticeTalk, country: str, creditor: str) -> Shown:
    """The talk so far. The remarks are for when it is over: nobody who speaks with a customer is told in between."""
    case, words = case_of(talk), words_in(talk.language)
    states = replayed(case, acts_of(talk))
    person, firm = words.who(case)
    fill = _Filling(case, talk, country, creditor, person, firm)
    turns = [
        Turn(
            said["words"],
            " ".join(dict.fromkeys(words.answer(case, place, key).format(**fill(state)) for key in state.said)),
            [Remark(mark(code), not any(points < 0 for _name, points in MARKS[code])) for code in state.marks],
        )
        for place, (said, state) in enumerate(zip(talk.turns, states[1:], strict=True), 1)
    ]
    last = states[-1]
    choices = [Choice(act, words.phrase(case, last.turn, act).format(**fill(last))) for act in offered(case, last)]
    result = _result(case, words, states, fill, talk) if last.end else None
    about = words.characters[case.character].about
    return Shown(about, person, firm, fill.fixed["amount"], _limits(case), turns, choices, result)


def _limits(case: Case) -> list[str]:
    """What the manual lets the trainee grant, in sentences."""
    limits, said = case.limits, []
    if limits.installments > 1:
        text = _("Up to {n} parts.").format(n=limits.installments)
        if limits.down_percent:
            text = _("Up to {n} parts, at least {percent} % at once.").format(
                n=limits.installments, percent=limits.down_percent
            )
        said.append(text)
    if limits.discount_percent:
        said.append(_("Up to {percent} % less.").format(percent=limits.discount_percent))
    return said


class _Filling:
    """What the places of the words stand for in a state of the talk."""

    def __init__(self, case: Case, talk: PracticeTalk, country: str, creditor: str, person: str, firm: str) -> None:
        self.case, self.talk, self.locale = case, talk, locale_of(talk.language, country)
        self.fixed = {
            "caller": talk.name,
            "creditor": creditor,
            "contact": person.split(",")[0],
            "company": firm,
            "number": case.number,
            "parts": str(case.parts),
            "percent": str(case.too_much_off),
            "amount": self.money(case.amount),
            "rest": self.money(case.undisputed),
            "disputed": self.money(case.disputed),
            "part": self.money(case.first_part),
            "day": day_and_month(case.pay_on, self.locale),
        }

    def money(self, amount: Decimal) -> str:
        return money(amount, self.case.currency, self.locale)

    def __call__(self, state: State) -> Mapping[str, str]:
        when = self.case.pay_on if "capacity" in state.told else self.case.soon_on
        day = day_and_month(when, self.locale)
        return {**self.fixed, "when": day, "offer": self._offer(state, day)}

    def _offer(self, state: State, day: str) -> str:
        """What is on the table, else what would be asked for now."""
        kind = state.deal or state.offer
        if not kind:
            whole = CHARACTERS[self.case.character].pays_whole or "capacity" not in state.told
            kind = "full" if whole else "parts"
        with override(self.talk.language):
            if kind == "parts":
                text = _("{n} parts, the first of {amount} on {day}")
                return text.format(n=self.case.parts, amount=self.money(self.case.first_part), day=day)
            amount = self.case.undisputed
            if kind == "beyond":
                amount = amount * (100 - self.case.too_much_off) / 100
            return _("{amount} on {day}").format(amount=self.money(amount), day=day)


def _result(case: Case, words: Words, states: Sequence[State], fill: _Filling, talk: PracticeTalk) -> Result:
    judgment = judged(case, states)
    return Result(
        whole=judgment.whole,
        scores=[(dimension(name), getattr(judgment, name)) for name in DIMENSIONS],
        came=words.came[judgment.came].format(**fill(states[-1])),
        script=script_for(talk.organization_id, CHARACTERS[case.character].procedure, talk.language),
    )
