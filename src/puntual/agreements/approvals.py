"""Actions on approvals: what goes beyond one's authority is asked for, and somebody else says yes or no.

What an approval is about belongs to another part of the room: each registers what follows from a decision (`answered_by`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from puntual.agreements.guardrails import Excess, reaches
from puntual.agreements.models import Approval, Extension, Plan
from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.organizations.roles import AUTHORITY


class ReasonMissing(Problem):
    """Something beyond the limits was asked for without saying why. Shown beside the field of the reason."""

    def __init__(self) -> None:
        super().__init__(
            N_("This goes beyond the manual's limits. Say why this customer needs it: somebody has to decide.")
        )


class NotYours(Problem):
    """The decision is another person's: whoever asked, or whose role does not reach, does not take it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What follows from a decision, by the id of what it is about. Each locks that row and raises Problem where it no longer
    waits; the approval itself is left to `decide`.
    """

    approved: Callable[[Actor, UUID], object]
    refused: Callable[[Actor, UUID, str], object]


_answers: dict[str, Answer] = {}


def answered_by(
    *kinds: str, approved: Callable[[Actor, UUID], object], refused: Callable[[Actor, UUID, str], object]
) -> None:
    """What to do once something of these kinds is decided: said once, where that part of the room is loaded."""
    for kind in kinds:
        _answers[kind] = Answer(approved, refused)


def ask(
    by: Actor, subject: Extension | Plan, kind: str, excesses: tuple[Excess, ...], reason: str, needs_role: str
) -> Approval:
    """Ask for a yes to what passes the limits, with the reason; or, where `needs_role` is "", put an owner's exception on record.

    Raises ReasonMissing.
    """
    if not reason.strip():
        raise ReasonMissing
    with action(by, "agreements.ask_approval", kind=kind, why=reason.strip(), needs_role=needs_role) as log:
        own = not needs_role
        asked = Approval.objects.create(
            organization_id=by.organization_id,
            customer_id=subject.customer_id,
            kind=kind,
            subject_id=subject.pk,
            beyond=[one.as_json() for one in excesses],
            reason=reason.strip(),
            needs_role=needs_role or AUTHORITY[-1],
            asked_at=by.now,
            asked_by=by.name,
            asked_by_id=by.user_id,
            decision=Approval.Decision.APPROVED if own else Approval.Decision.WAITING,
            decided_at=by.now if own else None,
            decided_by=by.name if own else "",
        )
        log.about(asked)
        log.say(beyond=asked.beyond)
    return asked


def decide(by: Actor, approval_id: UUID, *, approve: bool, why: str, role: str) -> Approval:
    """Say yes or no, with why, as a member in `role`; what was asked for follows at once.

    Raises Approval.DoesNotExist; NotYours; Problem where nothing waits any more, without a reason, or where what it is about
    cannot be granted as it stands now.
    """
    with action(by, "agreements.decide_approval", approve=approve, why=why.strip()) as log:
        found = Approval.objects.get(organization_id=by.organization_id, pk=approval_id)
        log.about(found)
        log.say(kind=found.kind, subject=found.subject_id)
        _check_may(by, found, role)
        if not why.strip():
            raise Problem(N_("Say why: it is kept with the decision, and whoever asked reads it."))
        # What it is about is locked first, as by everybody who ends it; the approval follows.
        if found.decision == Approval.Decision.WAITING:
            answer = _answers[found.kind]
            if approve:
                answer.approved(by, found.subject_id)
            else:
                answer.refused(by, found.subject_id, why.strip())
        decision = Approval.Decision.APPROVED if approve else Approval.Decision.REFUSED
        waiting = Approval.objects.filter(
            organization_id=by.organization_id, pk=approval_id, decision=Approval.Decision.WAITING
        )
        if not waiting.update(decision=decision, decided_at=by.now, decided_by=by.name, why=why.strip()):
            raise Problem(N_("This was decided already. Load the page again."))
        found.refresh_from_db()
    return found


def lapse(by: Actor, subject_id: UUID) -> int:
    """Nobody has to decide about it any more: it was withdrawn or is gone. How many approvals waited for it."""
    waiting = Approval.objects.filter(
        organization_id=by.organization_id, subject_id=subject_id, decision=Approval.Decision.WAITING
    )
    with action(by, "agreements.lapse_approval", subject=subject_id) as log:
        lapsed = waiting.update(decision=Approval.Decision.LAPSED, decided_at=by.now, decided_by=by.name)
        log.say(lapsed=lapsed)
    return lapsed


def may_decide(approval: Approval, user_id: UUID | None, role: str) -> bool:
    """Whether that member decides it: with the role it needs, and never what they asked for themselves."""
    return reaches(role, approval.needs_role) and (approval.asked_by_id is None or approval.asked_by_id != user_id)


def _check_may(by: Actor, approval: Approval, role: str) -> None:
    if not reaches(role, approval.needs_role):
        raise NotYours(N_("Your role does not decide this. Ask somebody with more authority."))
    if not may_decide(approval, by.user_id, role):
        raise NotYours(N_("You asked for this yourself: somebody else has to decide."))
