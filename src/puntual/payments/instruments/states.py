"""What may be done with an instrument in which state, and where it leads. Pure: one table."""

from collections.abc import Mapping
from enum import StrEnum

from puntual.kernel.problems import N_, Problem


class State(StrEnum):
    """Where an instrument is, as the database keeps it."""

    RECEIVED = "received"
    DEPOSITED = "deposited"
    PAID = "paid"
    RETURNED = "returned"
    GIVEN_BACK = "given_back"
    RENEWED = "renewed"


class Verb(StrEnum):
    """What happens to an instrument."""

    DEPOSIT = "deposit"
    PAY = "pay"
    RETURN = "return"
    GIVE_BACK = "give_back"
    RENEW = "renew"


LEADS_TO: Mapping[Verb, State] = {
    Verb.DEPOSIT: State.DEPOSITED,
    Verb.PAY: State.PAID,
    Verb.RETURN: State.RETURNED,
    Verb.GIVE_BACK: State.GIVEN_BACK,
    Verb.RENEW: State.RENEWED,
}
ALLOWED: Mapping[State, frozenset[Verb]] = {
    State.RECEIVED: frozenset({Verb.DEPOSIT, Verb.PAY, Verb.GIVE_BACK, Verb.RENEW}),
    State.DEPOSITED: frozenset({Verb.PAY, Verb.RETURN, Verb.GIVE_BACK, Verb.RENEW}),
    State.PAID: frozenset({Verb.RETURN}),
    State.RETURNED: frozenset({Verb.DEPOSIT, Verb.GIVE_BACK, Verb.RENEW}),  # a bounced check is presented again
    State.GIVEN_BACK: frozenset(),
    State.RENEWED: frozenset(),
}
UNDER_WAY = (State.RECEIVED, State.DEPOSITED)
"""The states in which it promises money: it holds its items."""
HELD_DAYS: Mapping[str, int] = {"bill": 8, "note": 8, "check": 3, "debit": 3}
"""By kind, for how many days after its maturity an instrument holds its items where nobody says otherwise.

A bank in Peru keeps a bill of exchange eight days for payment before it is protested; a check or a debit is answered for by the
bank's clearing within a few days.
"""


class NotNow(Problem):
    """What was asked cannot be done with the instrument as it is."""


_REFUSED: Mapping[State, str] = {
    State.RECEIVED: N_("{number} has not been deposited yet. Record the deposit first, or give it back."),
    State.DEPOSITED: N_("{number} is with the bank already. Record whether it was paid or returned."),
    State.PAID: N_("{number} was paid. If the bank took the money back, record its return."),
    State.RETURNED: N_("{number} was returned. Deposit it again, give it back, or renew it."),
    State.GIVEN_BACK: N_("{number} was given back to the customer, so nothing more happens with it."),
    State.RENEWED: N_("{number} was renewed. Go on with the one that took its place."),
}


def after(state: str, verb: Verb, number: str) -> State:
    """The state an instrument is in after it. Raises NotNow, which says what can be done instead."""
    now = State(state)
    if verb not in ALLOWED[now]:
        raise NotNow(_REFUSED[now], number=number)
    return LEADS_TO[verb]
