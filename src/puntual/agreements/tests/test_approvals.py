"""Approvals: asked for with a reason, decided by somebody else whose role reaches, and what follows at once."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from conftest import NOW, TODAY, Cast
from puntual.agreements import approvals
from puntual.agreements.approval_queries import waiting_for
from puntual.agreements.approvals import NotYours, ReasonMissing, ask, decide, lapse
from puntual.agreements.guardrails import Excess
from puntual.agreements.models import Approval, Extension
from puntual.audit.actions import Actor
from puntual.audit.models import Record
from puntual.kernel.problems import Problem
from puntual.receivables.tests.build import Books, books_for

State = Extension.State
BEYOND = (Excess("days", 7, 20),)


@pytest.fixture
def books(acting: Cast, monkeypatch: pytest.MonkeyPatch) -> Books:
    """Extensions that are simply granted or refused once somebody decides."""

    def granted(by: Actor, pk: UUID) -> None:
        _waiting(by, pk).update(state=State.GRANTED, granted_on=by.today)

    def refused(by: Actor, pk: UUID, why: str) -> None:
        _waiting(by, pk).update(state=State.REFUSED, reason=why)

    answers = {**approvals._answers, "extension": approvals.Answer(granted, refused)}
    monkeypatch.setattr(approvals, "_answers", answers)
    return books_for(acting.actor())


def _waiting(by: Actor, pk: UUID):  # type: ignore[no-untyped-def]
    rows = Extension.objects.select_for_update().filter(organization_id=by.organization_id, pk=pk)
    if not rows.filter(state=State.AWAITING).exists():
        raise Problem("It does not wait any more.")
    return rows


def extension(books: Books) -> Extension:
    item = books.item(books.customer("Ana"))
    return Extension.objects.create(
        organization_id=books.org,
        customer_id=item.customer_id,
        installment=item,
        from_due=item.due_on,
        to_due=item.due_on + timedelta(days=20),
        reason="Cobra el 30.",
        state=State.AWAITING,
        recorded_at=NOW,
        recorded_by="Ana",
    )


def other(books: Books) -> Actor:
    return replace(books.by, user_id=uuid4(), name="Bea")


def asked(books: Books, needs: str = "manager", reason: str = "Cobra el 30.") -> Approval:
    return ask(books.by, extension(books), "extension", BEYOND, reason, needs)


def again(approval: Approval) -> tuple[str, str]:
    found = Approval.objects.get(organization_id=approval.organization_id, pk=approval.pk)
    return found.decision, Extension.objects.get(organization_id=found.organization_id, pk=found.subject_id).state


def test_a_yes_grants_it_and_says_who_and_why(books: Books) -> None:
    made = asked(books)
    assert (made.decision, made.needs_role, made.asked_by_id) == ("waiting", "manager", books.by.user_id)
    assert made.beyond == [{"limit": "days", "allowed": "7", "asked": "20"}]
    decided = decide(other(books), made.id, approve=True, why="Siempre pagó.", role="manager")
    assert again(made) == ("approved", "granted")
    assert (decided.decided_by, decided.why, decided.decided_at) == ("Bea", "Siempre pagó.", NOW)
    (entry,) = Record.objects.filter(organization_id=books.org, action="agreements.decide_approval")
    assert entry.why == "Siempre pagó." and entry.object_id == made.id


def test_a_no_refuses_it(books: Books) -> None:
    made = asked(books)
    decide(other(books), made.id, approve=False, why="Hay otro acuerdo.", role="owner")
    assert again(made) == ("refused", "refused")


@pytest.mark.parametrize(
    ("role", "needs", "may"),
    [
        ("collector", "collector", True),
        ("collector", "manager", False),
        ("manager", "manager", True),
        ("manager", "owner", False),
        ("owner", "owner", True),
        ("accountant", "collector", False),
        ("auditor", "collector", False),
    ],
)
def test_who_decides(books: Books, role: str, needs: str, may: bool) -> None:
    made, bea = asked(books, needs), other(books)
    assert (made in waiting_for(books.org, bea.user_id, role)) is may
    if may:
        decide(bea, made.id, approve=True, why="Sí.", role=role)
        return
    with pytest.raises(NotYours):
        decide(bea, made.id, approve=True, why="Sí.", role=role)
    assert again(made) == ("waiting", "awaiting")


@pytest.mark.parametrize("role", ["manager", "owner"])
def test_nobody_approves_what_they_asked_for(books: Books, role: str) -> None:
    made = asked(books)
    assert made not in waiting_for(books.org, books.by.user_id, role)
    for approve in (True, False):
        with pytest.raises(NotYours, match="somebody else"):
            decide(books.by, made.id, approve=approve, why="Sí.", role=role)
    assert again(made) == ("waiting", "awaiting")


def test_without_a_reason_nothing_is_asked_nor_decided(books: Books) -> None:
    with pytest.raises(ReasonMissing):
        asked(books, reason="  ")
    made = asked(books)
    with pytest.raises(Problem, match="Say why"):
        decide(other(books), made.id, approve=True, why=" ", role="owner")
    assert again(made) == ("waiting", "awaiting")


def test_what_was_decided_stays_decided(books: Books) -> None:
    made = asked(books)
    decide(other(books), made.id, approve=False, why="No.", role="manager")
    for approve in (True, False):
        with pytest.raises(Problem, match="decided already"):
            decide(other(books), made.id, approve=approve, why="Sí.", role="manager")
    assert lapse(books.by, made.subject_id) == 0
    assert again(made) == ("refused", "refused")


def test_what_is_gone_needs_no_decision(books: Books) -> None:
    made = asked(books)
    assert lapse(books.by, made.subject_id) == 1
    assert again(made)[0] == "lapsed"
    with pytest.raises(Problem, match="decided already"):
        decide(other(books), made.id, approve=True, why="Sí.", role="owner")


def test_what_cannot_be_granted_any_more_keeps_waiting(books: Books) -> None:
    made = asked(books)
    Extension.objects.filter(organization_id=books.org).update(state=State.WITHDRAWN)
    with pytest.raises(Problem, match="does not wait"):
        decide(other(books), made.id, approve=True, why="Sí.", role="owner")
    assert again(made) == ("waiting", "withdrawn")


def test_an_owners_own_exception_stands_with_its_reason(books: Books) -> None:
    made = asked(books, needs="")
    assert (made.decision, made.decided_by, made.needs_role) == ("approved", books.by.name, "owner")
    assert not waiting_for(books.org, None, "owner").exists() and TODAY
