"""Practicing: the only writers of talks. Callers outside the room import from here."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from puntual.agreements.guardrails import Situation
from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.organizations.models import Organization
from puntual.strategies.practice.acts import Act
from puntual.strategies.practice.characters import CHARACTERS, Case, Limits, amount_of, draw
from puntual.strategies.practice.choosing import offered
from puntual.strategies.practice.judging import judged
from puntual.strategies.practice.models import PracticeTalk
from puntual.strategies.practice.reading import LONGEST, understood
from puntual.strategies.practice.talking import replayed
from puntual.strategies.proofreading import asked_by
from puntual.strategies.queries import assignments
from puntual.strategies.situations import applying
from puntual.strategies.texts import Place


class TalkOver(Problem):
    """Something was said after the talk had ended."""

    def __init__(self) -> None:
        super().__init__(N_("This talk is over. Begin another one."))


def begin_talk(by: Actor, character: str, seed: int, *, role: str, language: str) -> PracticeTalk:
    """Call a customer: the case of a character and a seed, with the limits the organization's manual has for it and for `role`.

    Raises Problem for a character nobody knows and for an actor who is no person.
    """
    if character not in CHARACTERS:
        raise Problem(N_("There is no such customer to practice with. Choose one of the list."))
    with action(by, "practice.begin", character=character, seed=seed) as log:
        organization = Organization.objects.get(pk=by.organization_id)
        case = draw(
            character,
            seed,
            by.today,
            organization.currency,
            _limits(organization, character, seed, role, by.today),
            may_ask_why=may_ask_why(organization.country, person=CHARACTERS[character].person),
        )
        made = PracticeTalk.objects.create(
            organization_id=by.organization_id,
            user_id=_person(by),
            name=by.name,
            language=language,
            case=case.as_json(),
            character=character,
            started_at=by.now,
        )
        log.about(made)
    return made


def say(by: Actor, talk_id: UUID, *, act: str = "", words: str = "") -> PracticeTalk:
    """Say something in one's own talk: a chosen act with the words it was offered in, or words of one's own, which are read.

    The talk ends, and is scored, with what the customer makes of it. Raises PracticeTalk.DoesNotExist for somebody else's,
    TalkOver, Problem without words and for an act that was not offered.
    """
    said = words.strip()[:LONGEST]
    if not said:
        raise Problem(N_("Say something, or choose one of the sentences."), beside="words")
    with action(by, "practice.say") as log:
        found = PracticeTalk.objects.select_for_update(no_key=True).get(
            organization_id=by.organization_id, user_id=_person(by), id=talk_id
        )
        log.about(found)
        if found.ended_at:
            raise TalkOver
        if act and act not in offered(case_of(found), replayed(case_of(found), acts_of(found))[-1]):
            raise Problem(N_("That was not among the sentences. Choose one of them, or write your own."))
        acts = (Act(act),) if act else understood(said, found.language)
        found.turns = [*found.turns, {"acts": [str(one) for one in acts], "words": said, "typed": not act}]
        _keep(by, found)
        log.say(turn=len(found.turns), end=found.end)
    return found


def case_of(talk: PracticeTalk) -> Case:
    """What a talk is about."""
    return Case.from_json(talk.case)


def acts_of(talk: PracticeTalk) -> list[Sequence[Act]]:
    """What was said in it, turn by turn."""
    return [tuple(Act(one) for one in turn["acts"]) for turn in talk.turns]


def may_ask_why(country: str, *, person: bool) -> bool:
    """Whether the conduct rules of a country let one ask on the phone why it was not paid."""
    place = Place("", "call", "consumer" if person else "company")
    return "no_question_why" not in asked_by(frozenset({country}), place)


def _person(by: Actor) -> UUID:
    if by.user_id is None:
        raise Problem(N_("Only people practice. Sign in first."))
    return by.user_id


def _keep(by: Actor, talk: PracticeTalk) -> None:
    case = case_of(talk)
    states = replayed(case, acts_of(talk))
    if states[-1].end:
        result = judged(case, states)
        talk.end, talk.ended_at, talk.whole = states[-1].end, by.now, result.whole
        talk.outcome, talk.respect = result.outcome, result.respect
        talk.conduct, talk.listening = result.conduct, result.listening
    talk.save()


def _limits(organization: Organization, character: str, seed: int, role: str, day: date) -> Limits:
    """What the manual that holds for everyone offers in the case's situation, and the role may grant alone."""
    manuals = assignments(organization.id, day)
    if manuals is None:
        return Limits()
    amount, days_late = amount_of(character, seed, organization.currency)
    offers = applying(manuals.of_organization[1].offers, Situation(organization.currency, amount, days_late))
    mine = [one for one in offers if one.may_be_granted_by(role)]
    plans = [one for one in mine if one.kind == "plan"]
    cuts = [one for one in mine if one.kind == "discount"]
    return Limits(
        max((one.installments for one in plans), default=0),
        int(min((one.down_percent for one in plans), default=0)),
        int(max((one.percent for one in cuts), default=0)),
    )
