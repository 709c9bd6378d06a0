"""A talk, turn by turn: what the customer answers, what that does to the trust, and what is found good or bad about it. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from puntual.strategies.practice.acts import PROPOSALS, Act
from puntual.strategies.practice.characters import CHARACTERS, Case, Character

End: TypeAlias = Literal["", "deal", "callback", "claim", "nothing", "hung_up"]
HANGS_UP = -2
"""From this trust down the customer ends the talk."""


@dataclass(frozen=True, slots=True)
class State:
    """Where a talk stands. `told` is what the customer said of himself, `done` what the trainee did, `offer` what is on the table
    (`sure` unless the yes is worth nothing), `deal` what was agreed, `marks` what was noticed in this turn.
    """

    trust: int
    turn: int = 0
    told: frozenset[str] = frozenset()
    done: frozenset[Act] = frozenset()
    reflected: frozenset[str] = frozenset()
    eased: int = 0
    pressed: bool = False
    offer: str = ""
    sure: bool = True
    deal: str = ""
    end: End = ""
    marks: tuple[str, ...] = ()
    said: tuple[str, ...] = ()  # keys of what the customer answers in this turn

    def marking(self, *marks: str) -> "State":
        return replace(self, marks=(*self.marks, *marks))

    def saying(self, *keys: str) -> "State":
        return replace(self, said=(*self.said, *keys))

    def moved(self, trust: int) -> "State":
        return replace(self, trust=min(10, self.trust + trust))


Reply: TypeAlias = Callable[[Case, Character, State, bool], State]
"""What an act does to a talk; the last argument says whether it was done before."""


def beginning(case: Case) -> State:
    """Before anything is said: the customer picked up the phone."""
    return State(CHARACTERS[case.character].trust)


def answered(case: Case, state: State, acts: Sequence[Act]) -> State:
    """The talk after one more turn, in which all of `acts` were said in their order; none means nobody understood it."""
    who = CHARACTERS[case.character]
    now = replace(state, turn=state.turn + 1, marks=(), said=())
    if not acts:
        now = now.saying("pardon")
    for act in acts:
        if now.end:
            break
        now = _one(case, who, now, act)
    if not now.end and now.trust <= HANGS_UP:
        now = replace(now, end="hung_up", said=("hangs_up",))
    if not now.end and now.turn >= who.patience:
        now = replace(now.saying("tired"), end=_ending(now))
    return now


def replayed(case: Case, turns: Iterable[Sequence[Act]]) -> list[State]:
    """Every state of a talk, the beginning first."""
    states = [beginning(case)]
    for acts in turns:
        states.append(answered(case, states[-1], acts))
    return states


def _one(case: Case, who: Character, now: State, act: Act) -> State:
    if Act.GREET not in now.done and act is not Act.GREET:
        now = replace(now.moved(-1), done=now.done | {Act.GREET}).marking("nameless").saying("who_is_it")
        if act not in _FAULTY:
            return now
    again = act in now.done
    now = replace(now, done=now.done | {act})
    if act in _FAULTY:
        return _faulty(who, now, act)
    if act in PROPOSALS:
        return _proposed(case, who, now, act)
    return _DOES[act](case, who, now, again)


_FAULTY = {
    Act.PRESS: (-2, "pressed"),
    Act.ARGUE: (-2, "argued"),
    Act.SHAME: (-4, "shamed"),
    Act.OTHERS: (-4, "others"),
    Act.THREATEN: (-4, "threatened"),
}


def _faulty(who: Character, now: State, act: Act) -> State:
    trust, mark = _FAULTY[act]
    worse = -1 if act is Act.ARGUE and who.disputes else 0
    now = replace(now.moved(trust + worse), pressed=now.pressed or act is Act.PRESS)
    return now.marking(mark).saying("pressed" if mark == "pressed" else "argued" if mark == "argued" else "offended")


def _greeted(case: Case, who: Character, now: State, again: bool) -> State:
    return now.saying("again") if again else now.moved(1).marking("named").saying("hello")


def _eased(case: Case, who: Character, now: State, again: bool) -> State:
    """A kind word counts where there is something to be kind about, and not every time."""
    reason = "reason" in now.told or who.disputes
    if not reason:
        return (now if again else now.moved(1)).saying("again" if again else "thanks")
    if now.eased >= 2:
        return now.marking("by_rote").saying("again")
    return replace(now.moved(2), eased=now.eased + 1).marking("eased").saying("eased")


def _reflected(case: Case, who: Character, now: State, again: bool) -> State:
    if not now.told:
        return now.marking("nothing_to_repeat").saying("not_said")
    if now.told <= now.reflected:
        return now.saying("again")
    return replace(now.moved(2), reflected=now.told).marking("repeated").saying("repeated")


def _asked(act: Act) -> Reply:
    def reply(case: Case, who: Character, now: State, again: bool) -> State:
        if act is Act.ASK_REASON and not case.may_ask_why:
            now = now.marking("asked_why")
        if "reason" in now.told:
            return now.marking("asked_twice").saying("reason_again")
        if act is Act.ASK_RECEIVED and not who.disputes and who.code != "forgetful":
            return (now if again else now.marking("asked_received")).saying("again" if again else "received")
        if now.trust < who.opens_at:
            return (now if again else now.marking("asked_openly")).saying("guarded")
        return replace(now, told=now.told | {"reason"}).marking("learned_reason").saying("reason")

    return reply


def _asked_capacity(case: Case, who: Character, now: State, again: bool) -> State:
    if who.disputes and Act.TAKE_CLAIM not in now.done:
        return now.saying("claim_first")
    if "capacity" in now.told:
        return now.marking("asked_twice").saying("capacity")
    if now.trust < who.tells_at or not _ready(who, now):
        return (now if again else now.marking("asked_what_is_possible")).saying("capacity_guarded")
    return replace(now, told=now.told | {"capacity"}).marking("learned_capacity").saying("capacity")


def _ready(who: Character, now: State) -> bool:
    """Whether the customer can name a day at all: the one who depends on an approval cannot before that is spoken of."""
    return Act.ASK_WHO not in who.needs or "who" in now.told


def _asked_who(case: Case, who: Character, now: State, again: bool) -> State:
    if again:
        return now.marking("asked_twice").saying("again")
    found = now.marking("asked_who") if Act.ASK_WHO in who.needs else now
    return replace(found, told=now.told | {"who"}).saying("who")


def _copied(case: Case, who: Character, now: State, again: bool) -> State:
    useful = now.marking("made_it_easy") if not again and who.reason in ("forgotten", "paperwork") else now
    return (useful if again else useful.moved(1)).saying("copy")


def _took_claim(case: Case, who: Character, now: State, again: bool) -> State:
    if not who.disputes:
        return now.marking("no_claim_there").saying("no_claim")
    if "reason" not in now.told:
        return replace(now, done=now.done - {Act.TAKE_CLAIM}).saying("guarded")
    return now.saying("again") if again else now.moved(3).marking("took_claim").saying("claim_taken")


def _proposed(case: Case, who: Character, now: State, act: Act) -> State:
    if act is Act.PROPOSE_BEYOND:
        return replace(now.marking("beyond"), offer="beyond", sure=True).saying("takes_gladly")
    if who.disputes and Act.TAKE_CLAIM not in now.done:
        return now.moved(-1).marking("claim_unheard").saying("claim_first")
    early = "capacity" not in now.told
    now = now.marking("proposed_early") if early else now
    if act is Act.PROPOSE_PARTS:
        if who.code == "forgetful":
            return now.saying("no_need")
        return replace(now, offer="parts", sure=not who.says_yes_to_all or not early).saying("takes_it")
    if who.pays_whole and (not early or not who.says_yes_to_all):
        return replace(now, offer="full", sure=True).saying("takes_it")
    if who.says_yes_to_all or now.pressed:
        return replace(now, offer="full", sure=False).saying("weak_yes")
    return now.saying("too_much")


def _committed(case: Case, who: Character, now: State, again: bool) -> State:
    """An amount and a day: who is vague becomes clear here, if there is enough trust."""
    if now.deal:
        return now.saying("again")
    if who.disputes and Act.TAKE_CLAIM not in now.done:
        return now.marking("claim_unheard").saying("claim_first")
    if who.needs & {Act.ASK_WHO, Act.SEND_COPY} - now.done and not now.pressed:
        return now.saying("needs")
    if not now.offer or not now.sure:
        if now.offer and now.pressed:
            return replace(now, deal=now.offer).marking("committed").saying("weak_yes")
        if "capacity" not in now.told and now.trust < who.tells_at:
            return now.saying("slips")
        kind = "full" if who.pays_whole else "parts"
        now = replace(now, offer=kind, sure=True, told=now.told | {"capacity"})
    return replace(now.moved(1), deal=now.offer).marking("committed").saying("deal")


def _summarized(case: Case, who: Character, now: State, again: bool) -> State:
    if not now.deal:
        return now.saying("nothing_agreed")
    return now.saying("again") if again else now.marking("summarized").saying("confirmed")


def _called_back(case: Case, who: Character, now: State, again: bool) -> State:
    return now.saying("call_back")


def _bye(case: Case, who: Character, now: State, again: bool) -> State:
    return replace(now.saying("bye"), end=_ending(now))


def _ending(now: State) -> End:
    if now.deal:
        return "deal"
    if Act.CALL_BACK in now.done:
        return "callback"
    return "claim" if Act.TAKE_CLAIM in now.done else "nothing"


_DOES: Mapping[Act, Reply] = {
    Act.GREET: _greeted,
    Act.EMPATHIZE: _eased,
    Act.REFLECT: _reflected,
    Act.ASK_RECEIVED: _asked(Act.ASK_RECEIVED),
    Act.ASK_REASON: _asked(Act.ASK_REASON),
    Act.ASK_HELP: _asked(Act.ASK_HELP),
    Act.ASK_CAPACITY: _asked_capacity,
    Act.ASK_WHO: _asked_who,
    Act.SEND_COPY: _copied,
    Act.TAKE_CLAIM: _took_claim,
    Act.COMMIT: _committed,
    Act.SUMMARIZE: _summarized,
    Act.CALL_BACK: _called_back,
    Act.BYE: _bye,
}
