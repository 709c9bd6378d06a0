"""What every action here shares: the dispute under its lock, its day of answer, its holds, and a line about what was done."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from puntual.audit.actions import Actor
from puntual.disputes.models import Dispute, DisputeNote
from puntual.disputes.states import LIVE, OpenPart, cover, review_on
from puntual.kernel.calendars import BusinessCalendar
from puntual.organizations.calendars import calendar_of
from puntual.organizations.models import Organization
from puntual.receivables.actions import hold, release_holds
from puntual.receivables.models import Hold, Installment
from puntual.receivables.postings import lock

HELD = Hold.Reason.DISPUTE


def locked(by: Actor, dispute_id: UUID) -> Dispute:
    """The dispute with its invoice, locked until the transaction ends. Raises Dispute.DoesNotExist."""
    rows = Dispute.objects.select_related("invoice").select_for_update(of=("self",), no_key=True)
    return rows.get(organization_id=by.organization_id, id=dispute_id)


def live(organization_id: UUID, invoice_id: UUID) -> Dispute | None:
    """The invoice's dispute that nobody has settled, if any."""
    return Dispute.objects.filter(organization_id=organization_id, invoice_id=invoice_id, state__in=LIVE).first()


def team_calendar(organization: Organization) -> BusinessCalendar:
    """By which days the team answers: those of its own country."""
    return calendar_of(organization.id, organization.country)


def open_items(organization_id: UUID, invoice_id: UUID) -> list[Installment]:
    """What is open of the invoice, locked."""
    rows = Installment.objects.filter(organization_id=organization_id, invoice_id=invoice_id, open_amount__gt=0)
    return list(lock(rows).values())


def hold_parts(by: Actor, dispute: Dispute, items: Sequence[Installment], amount: Decimal | None) -> None:
    """Hold the dispute's amount, or all (None), on these installments of its invoice until the day of review.

    While it is looked at nobody asks for it, and no interest is charged on it.
    """
    organization = Organization.objects.get(id=by.organization_id)
    until = review_on(team_calendar(organization), dispute.deadline, by.today)
    parts = [OpenPart(item.id, item.due_on, item.open_amount) for item in items]
    held: Sequence[tuple[UUID, Decimal | None]] = (
        [(part.id, None) for part in parts] if amount is None else cover(amount, parts)
    )
    for installment_id, part in held:
        hold(
            by,
            reason=HELD,
            installment_id=installment_id,
            amount=part,
            until_on=until,
            stops_interest=True,
            note=dispute.said[:500],
            source_id=dispute.id,
        )


def release(by: Actor, dispute: Dispute, why: str = "") -> None:
    """Hold nothing for the dispute any more."""
    release_holds(by, [dispute.id], reason=HELD, why=why)


def note_step(by: Actor, dispute: Dispute, step: str, why: str = "", **detail: object) -> DisputeNote:
    """Write down what was done with the dispute, beside the log: days and amounts as text."""
    return DisputeNote.objects.create(
        organization_id=by.organization_id,
        dispute=dispute,
        kind=DisputeNote.Kind.STEP,
        step=step,
        text=why.strip(),
        detail={name: _plain(value) for name, value in detail.items() if value is not None},
        at=by.now,
        by_name=by.name,
    )


def _plain(value: object) -> object:
    return str(value) if isinstance(value, Decimal | date | UUID) else value
