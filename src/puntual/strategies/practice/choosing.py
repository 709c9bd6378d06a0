"""Which things to say are offered in a turn: some that fit, some that do not, in an order the seed draws. Pure."""

from random import Random

from puntual.strategies.practice.acts import Act
from puntual.strategies.practice.characters import CHARACTERS, Case
from puntual.strategies.practice.talking import State

_GOOD, _WRONG = 4, 2


def offered(case: Case, state: State) -> tuple[Act, ...]:
    """What the trainee may choose from now; nothing once the talk is over."""
    if state.end:
        return ()
    random = Random(f"{case.character}:{case.seed}:{state.turn}")  # noqa: S311 - the same choices every time
    good, wrong = _fitting(case, state), _tempting(case, state)
    chosen = [*good[:_GOOD], *random.sample(wrong, min(_WRONG, len(wrong)))]
    random.shuffle(chosen)
    return tuple(dict.fromkeys(chosen))


def _fitting(case: Case, state: State) -> list[Act]:
    """What makes sense here, what helps most first."""
    if Act.GREET not in state.done:
        return [Act.GREET]
    if state.deal:
        return [Act.BYE] if Act.SUMMARIZE in state.done else [Act.SUMMARIZE, Act.BYE]
    who = CHARACTERS[case.character]
    found: list[Act] = []
    if state.told - state.reflected:
        found.append(Act.REFLECT)
    if who.needs & {Act.SEND_COPY} - state.done and "reason" in state.told:
        found.append(Act.SEND_COPY)
    if "reason" not in state.told:
        if Act.ASK_REASON in state.done and Act.EMPATHIZE not in state.done:
            found.append(Act.EMPATHIZE)
        found += [Act.ASK_HELP if not case.may_ask_why else Act.ASK_REASON, Act.ASK_RECEIVED]
    elif who.disputes and Act.TAKE_CLAIM not in state.done:
        found.append(Act.TAKE_CLAIM)
    if state.eased < 2 and ("reason" in state.told or who.disputes):
        found.append(Act.EMPATHIZE)
    if "reason" in state.told and Act.ASK_WHO not in state.done:
        found.append(Act.ASK_WHO)
    if "capacity" not in state.told:
        found.append(Act.ASK_CAPACITY)
    if state.offer or "capacity" in state.told:
        found.insert(0, Act.COMMIT)
    if "capacity" in state.told and not state.offer:
        found.insert(0, Act.PROPOSE_FULL if who.pays_whole else Act.PROPOSE_PARTS)
    if Act.SEND_COPY not in state.done:
        found.append(Act.SEND_COPY)
    return [*found, Act.CALL_BACK, Act.EMPATHIZE]


def _tempting(case: Case, state: State) -> list[Act]:
    """What one is tempted to say here and had better not."""
    if Act.GREET not in state.done:
        return [Act.PROPOSE_FULL, Act.PRESS, Act.ASK_REASON]
    if state.deal:
        return [Act.PRESS, Act.THREATEN]
    found = [Act.PRESS, Act.PROPOSE_BEYOND, Act.PROPOSE_FULL, Act.PROPOSE_PARTS, Act.BYE]
    if state.turn > 1:
        found += [Act.THREATEN, Act.SHAME, Act.OTHERS]
    if state.told:
        found.append(Act.ARGUE)
    if not case.may_ask_why and "reason" not in state.told:
        found.append(Act.ASK_REASON)
    return found
