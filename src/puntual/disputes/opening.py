"""Actions that open a dispute, or say anew what it is about. Callers import them from `actions`."""

from decimal import Decimal
from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.disputes.keeping import hold_parts, live, locked, note_step, open_items, release, team_calendar
from puntual.disputes.models import Dispute, DisputeNote
from puntual.disputes.problems import AlreadyDisputed, ReasonMissing
from puntual.disputes.states import answer_by, state_after
from puntual.organizations.models import Organization
from puntual.receivables.models import Installment, Invoice
from puntual.receivables.postings import check_amount
from puntual.receivables.problems import MoreThanOpen, NothingOpen


def open_dispute(
    by: Actor,
    invoice_id: UUID,
    *,
    reason: str,
    amount: Decimal | None = None,
    said: str = "",
    said_by: str = "",
    source: str = Dispute.Source.DESK,
    source_id: UUID | None = None,
    owner_id: UUID | None = None,
) -> Dispute:
    """Record that a customer objects to an invoice, to all that is open of it or to `amount` of it.

    What is disputed is not asked for from today; the rest is. It is answered within the organization's `dispute_days` business
    days. `owner_id` sees to it: whoever is named, else the customer's owner, else the person who acts. Raises
    Invoice.DoesNotExist, AlreadyDisputed, NothingOpen, NotPositive, MoreThanOpen, ValueError for a reason or source of no kind.
    """
    with action(by, "disputes.open", reason=reason, amount=amount, source=source) as log:
        organization = Organization.objects.get(id=by.organization_id)
        invoices = Invoice.objects.select_related("customer").filter(organization_id=by.organization_id)
        invoice = invoices.get(id=invoice_id, withdrawn_on=None)
        items = open_items(by.organization_id, invoice.id)
        if live(by.organization_id, invoice.id):
            raise AlreadyDisputed(invoice.number)
        total = _open(invoice, items, amount)
        whole = amount is None or amount == total
        made = Dispute.objects.create(
            organization_id=by.organization_id,
            creditor_id=invoice.creditor_id,
            customer_id=invoice.customer_id,
            invoice=invoice,
            currency=invoice.currency,
            amount=total if amount is None else amount,
            whole=whole,
            reason=Dispute.Reason(reason),
            said=said.strip(),
            said_by=said_by.strip(),
            source=Dispute.Source(source),
            source_id=source_id,
            opened_on=by.today,
            opened_at=by.now,
            opened_by=by.name,
            owner_id=owner_id or invoice.customer.owner_id or by.user_id,
            deadline=answer_by(team_calendar(organization), by.today, organization.dispute_days),
        )
        hold_parts(by, made, items, None if whole else made.amount)
        log.about(made)
        log.say(number=invoice.number, currency=invoice.currency, deadline=made.deadline)
    return made


def record_objection(by: Actor, invoice_id: UUID, *, reason: str, said: str, **more: object) -> Dispute:
    """What a customer objected to on a call or in an answer: a dispute, or one more word in the one that is live already.

    `more` is as for `open_dispute`; so are the errors, but for AlreadyDisputed.
    """
    with action(by, "disputes.record_objection", reason=reason) as log:
        found = live(by.organization_id, invoice_id)
        if found is None:
            found = open_dispute(by, invoice_id, reason=reason, said=said, **more)  # type: ignore[arg-type]
        elif said.strip():
            source_id = more.get("source_id")
            DisputeNote.objects.create(
                organization_id=by.organization_id,
                dispute=found,
                kind=DisputeNote.Kind.CUSTOMER,
                text=said.strip(),
                source_id=source_id if isinstance(source_id, UUID) else None,
                at=by.now,
                by_name=by.name,
            )
        log.about(found)
    return found


def restate(
    by: Actor, dispute_id: UUID, *, why: str, amount: Decimal | None = None, reason: str | None = None
) -> Dispute:
    """Say anew how much is disputed (None: all that is open), and for which reason where that is given.

    Raises Dispute.DoesNotExist, NotInThisState, ReasonMissing, NothingOpen, NotPositive, MoreThanOpen.
    """
    if not why.strip():
        raise ReasonMissing
    with action(by, "disputes.restate", why=why.strip(), amount=amount) as log:
        found = locked(by, dispute_id)
        log.about(found)
        found.state = state_after(found.state, "restate")
        items = open_items(by.organization_id, found.invoice_id)
        total = _open(found.invoice, items, amount)
        before, was = found.amount, found.reason
        found.amount, found.whole = total if amount is None else amount, amount is None or amount == total
        found.reason = Dispute.Reason(reason or found.reason)
        found.save(update_fields=["amount", "whole", "reason"])
        release(by, found)
        hold_parts(by, found, items, None if found.whole else found.amount)
        log.say(before=before, after=found.amount, currency=found.currency)
        other = found.reason if found.reason != was else None
        note_step(by, found, "restate", why, before=before, after=found.amount, currency=found.currency, reason=other)
    return found


def _open(invoice: Invoice, items: list[Installment], amount: Decimal | None) -> Decimal:
    """All that is open, once `amount` was found to be a part of it."""
    total = sum((item.open_amount for item in items), Decimal(0))
    if not total:
        raise NothingOpen(invoice.number)
    if amount is not None:
        check_amount(amount, invoice.currency)
        if amount > total:
            raise MoreThanOpen(invoice.number, amount, total, invoice.currency)
    return total
