"""Everything that writes placements and proposals to write off: placing, recalling, proposing, deciding."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.organizations.models import Membership
from puntual.parties.models import Customer
from puntual.placements.agencies.actions import (
    agency_named,
    agree_commission,
    record_agency_entry,
    withdraw_agency_entry,
)
from puntual.placements.models import Placement, WriteOffProposal
from puntual.placements.reviews.actions import REVIEW_AFTER, keep_no_longer, keep_open
from puntual.receivables.actions import hold, release_holds, write_off
from puntual.receivables.models import Hold, Installment

__all__ = [
    "REVIEW_AFTER",
    "agree_commission",
    "decide_write_off",
    "keep_no_longer",
    "keep_open",
    "place",
    "propose_write_off",
    "recall",
    "record_agency_entry",
    "withdraw_agency_entry",
]
State = WriteOffProposal.State


def place(
    by: Actor,
    customer_id: UUID,
    kind: str,
    with_whom: str,
    *,
    why: str,
    reference: str = "",
    handed_over: Mapping[str, Decimal] | None = None,
    items: Sequence[UUID] = (),
    source_id: UUID | None = None,
) -> Placement:
    """Hand a customer's debt to an agency or to legal: from now on nobody here chases it, until it is recalled. The commission
    agreed with them is the placement's.

    Raises Customer.DoesNotExist, ValueError for an unknown kind, Problem without a name or a reason, or where it is placed
    already.
    """
    kind = Placement.Kind(kind)
    if not with_whom.strip():
        raise Problem(N_("Say with whom it is placed."))
    _check_said(why)
    with action(by, "placements.place", kind=kind, with_whom=with_whom.strip(), why=why.strip()) as log:
        customer = _locked(by, customer_id)
        if Placement.objects.filter(organization_id=by.organization_id, customer=customer, recalled_on=None).exists():
            raise Problem(N_("It is placed with others already. Recall it first."))
        agency = agency_named(by, kind, with_whom.strip())
        found = Placement.objects.create(
            organization_id=by.organization_id,
            customer=customer,
            kind=kind,
            with_whom=with_whom.strip()[:150],
            agency=agency,
            percent=agency.percent,
            items=list(items),
            reference=reference.strip()[:60],
            why=why.strip(),
            handed_over={currency: str(amount) for currency, amount in (handed_over or {}).items()},
            placed_on=by.today,
            placed_by=by.name,
            source_id=source_id,
        )
        log.about(found)
        hold(by, reason=Hold.Reason.PLACEMENT, customer_id=customer.id, source_id=found.id, note=found.with_whom)
    return found


def recall(by: Actor, placement_id: UUID, *, why: str) -> Placement:
    """Take a debt back: the manual goes on where it stood. Raises Placement.DoesNotExist, Problem without a reason, or where it
    was taken back already.
    """
    _check_said(why)
    with action(by, "placements.recall", why=why.strip()) as log:
        found = Placement.objects.select_for_update().get(organization_id=by.organization_id, id=placement_id)
        log.about(found)
        if found.recalled_on:
            raise Problem(N_("It was recalled already."))
        found.recalled_on, found.recalled_by, found.recalled_why = by.today, by.name, why.strip()
        found.save(update_fields=["recalled_on", "recalled_by", "recalled_why"])
        release_holds(by, [found.id], reason=Hold.Reason.PLACEMENT, why=why.strip())
    return found


def propose_write_off(
    by: Actor, customer_id: UUID, items: Sequence[UUID], *, why: str, source_id: UUID | None = None
) -> WriteOffProposal:
    """Propose to write off what is open of these installments of a customer; whoever keeps the books decides.

    Raises Customer.DoesNotExist, Problem without a reason, where nothing of it is open, or one waits already.
    """
    _check_said(why)
    with action(by, "placements.propose_write_off", why=why.strip()) as log:
        customer = _locked(by, customer_id)
        waiting = WriteOffProposal.objects.filter(organization_id=by.organization_id, state=State.WAITING)
        if waiting.filter(customer=customer).exists():
            raise Problem(N_("A proposal to write off waits already for this customer."))
        open_items = [item.id for item in _open(by, customer.id, items)]
        if not open_items:
            raise Problem(N_("Nothing of it is open, so there is nothing to write off."))
        found = WriteOffProposal.objects.create(
            organization_id=by.organization_id,
            customer=customer,
            items=open_items,
            why=why.strip(),
            proposed_on=by.today,
            proposed_by=by.name,
            proposed_by_id=by.user_id,
            source_id=source_id,
        )
        log.about(found)
        log.say(items=open_items)
    return found


def decide_write_off(by: Actor, proposal_id: UUID, *, approve: bool, why: str) -> WriteOffProposal:
    """Write off what is open by now of what was proposed, or refuse it.

    Raises WriteOffProposal.DoesNotExist, Problem without a reason, for whoever proposed it (but an owner, above whom is nobody),
    and where it was decided.
    """
    _check_said(why)
    with action(by, "placements.decide_write_off", approve=approve, why=why.strip()) as log:
        found = WriteOffProposal.objects.select_for_update().get(organization_id=by.organization_id, id=proposal_id)
        log.about(found)
        if found.state != State.WAITING:
            raise Problem(N_("This was decided already."))
        if found.proposed_by_id == by.user_id and not _is_owner(by):
            raise Problem(N_("Nobody decides on what they proposed. Somebody else who keeps the books does."))
        if approve:
            for item in _open(by, found.customer_id, found.items):
                write_off(by, item.id, why=found.why)
        found.state = State.DONE if approve else State.REFUSED
        found.decided_on, found.decided_by, found.decided_why = by.today, by.name, why.strip()
        found.save(update_fields=["state", "decided_on", "decided_by", "decided_why"])
    return found


def _check_said(why: str) -> None:
    if not why.strip():
        raise Problem(N_("Say why, in a few words: whoever looks at this customer next will want to know."))


def _locked(by: Actor, customer_id: UUID) -> Customer:
    customers = Customer.objects.select_for_update(no_key=True)
    found: Customer = customers.get(organization_id=by.organization_id, id=customer_id)
    return found


def _open(by: Actor, customer_id: UUID, items: Sequence[UUID]) -> list[Installment]:
    rows = Installment.objects.filter(organization_id=by.organization_id, id__in=list(items), open_amount__gt=0)
    return list(rows.filter(customer_id=customer_id).order_by("id"))


def _is_owner(by: Actor) -> bool:
    if by.user_id is None:  # the clock owns nothing
        return False
    members = Membership.objects.filter(organization_id=by.organization_id, user_id=by.user_id)
    return members.filter(role=Membership.Role.OWNER).exists()
