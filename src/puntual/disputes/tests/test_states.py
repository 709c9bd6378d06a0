"""Each state and each verb: what leads where, and that nothing else does."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puntual.disputes import actions
from puntual.disputes.models import Dispute
from puntual.disputes.states import TRANSITIONS, VERBS, NotInThisState, OpenPart, cover, state_after, verbs_in
from puntual.disputes.tests.build import again, disputed, holds
from puntual.kernel.ids import uuid7
from puntual.receivables.tests.build import Books

TABLE = {
    #            restate extend accept      credit      correct      reject      withdraw     reopen
    "open": ("open", "open", "accepted", "credited", "corrected", "rejected", "withdrawn", None),
    "accepted": (None, "accepted", None, "credited", "corrected", None, None, "open"),
    "credited": (None, None, None, None, None, None, None, None),
    "corrected": (None, None, None, None, None, None, None, None),
    "rejected": (None, None, None, None, None, None, None, "open"),
    "withdrawn": (None, None, None, None, None, None, None, "open"),
}


def do(books: Books, dispute: Dispute, verb: str) -> Dispute:
    """Take a verb by its action."""
    by, id = books.by, dispute.id
    match verb:
        case "restate":
            return actions.restate(by, id, why="Era menos", amount=Decimal(20))
        case "extend":
            return actions.extend_deadline(by, id, again(books, dispute).deadline + timedelta(days=7), why="Falta")
        case "accept":
            return actions.accept(by, id, cause="pricing", why="Tienen razón", amount=Decimal(10))
        case "credit":
            return actions.credit(by, id, number="NC-1", cause="pricing", why="Tienen razón", amount=Decimal(10))
        case "correct":
            return actions.correct(by, id, number="F001-NEW", cause="billing", why="Se corrigió")
        case "reject":
            return actions.reject(by, id, cause="customer", why="El precio es el del contrato")
        case "withdraw":
            return actions.withdraw(by, id, why="Llegó la guía")
        case _:
            return actions.reopen(by, id, why="Mandaron el contrato")


def in_state(books: Books, state: str) -> Dispute:
    """A dispute of a part, in that state, with a corrected invoice to be had."""
    customer = books.customer()
    books.item(customer, "80", number="F001-NEW")
    made = disputed(books, books.item(customer, "100", number="F001-OLD"), "40")
    verb = {"open": "", "accepted": "accept", "credited": "credit", "corrected": "correct"} | {
        "rejected": "reject",
        "withdrawn": "withdraw",
    }
    return do(books, made, verb[state]) if verb[state] else made


def test_the_table_is_the_machine() -> None:
    rows = {(state, verb): after for state, afters in TABLE.items() for verb, after in zip(VERBS, afters, strict=True)}
    assert {pair: after for pair, after in rows.items() if after} == dict(TRANSITIONS)
    assert set(TABLE) == set(Dispute.State.values)
    assert verbs_in("accepted") == ("extend", "credit", "correct", "reopen")
    with pytest.raises(KeyError):
        state_after("open", "forget")


@pytest.mark.parametrize("state", TABLE)
@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_in_every_state(books: Books, state: str, verb: str) -> None:
    dispute = in_state(books, state)
    after = dict(zip(VERBS, TABLE[state], strict=True))[verb]
    before = [(hold.installment_id, hold.amount) for hold in holds(books, dispute.id)]
    if after is None:
        with pytest.raises(NotInThisState):
            do(books, dispute, verb)
        assert again(books, dispute).state == state
        assert [(hold.installment_id, hold.amount) for hold in holds(books, dispute.id)] == before
        return
    do(books, dispute, verb)
    found = again(books, dispute)
    assert found.state == after
    assert bool(holds(books, dispute.id)) == (after in ("open", "accepted")), "held exactly while it is live"
    assert (found.resolved_on is None) == (after in ("open", "accepted"))


parts = st.lists(st.tuples(st.integers(0, 400), st.decimals("0.01", "5000", places=2)), min_size=1, max_size=6)


@given(parts, st.decimals("0.01", "40000", places=2))
def test_an_amount_is_covered_once_and_never_beyond_what_is_open(rows, amount) -> None:
    found = [OpenPart(uuid7(), date(2026, 1, 1) + timedelta(days=days), open) for days, open in rows]
    covered = dict(cover(amount, found))
    assert sum(covered.values()) == min(amount, sum(part.open for part in found))
    assert all(0 < covered[part.id] <= part.open for part in found if part.id in covered)
    uncovered = [part.due_on for part in found if covered.get(part.id, Decimal(0)) < part.open]
    assert all(part.due_on <= min(uncovered, default=date.max) for part in found if part.id in covered)
