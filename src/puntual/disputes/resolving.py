"""Actions that settle a dispute, and that open it again. Callers import them from `actions`."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from puntual.audit.actions import Actor, Log, action
from puntual.disputes.keeping import hold_parts, live, locked, note_step, open_items, release, team_calendar
from puntual.disputes.models import Dispute
from puntual.disputes.problems import AlreadyDisputed, NoCorrectedInvoice, ReasonMissing
from puntual.disputes.states import OpenPart, answer_by, cover, state_after
from puntual.kernel.problems import N_, Problem
from puntual.kernel.references import document_key
from puntual.organizations.models import Organization
from puntual.receivables.actions import Designation, apply_credit_note, cancel_invoice, issue_credit_note
from puntual.receivables.models import CreditNote, Hold, Installment, Invoice
from puntual.receivables.postings import check_amount
from puntual.receivables.problems import DocumentDiffers, MoreThanOpen

State = Dispute.State


def accept(by: Actor, dispute_id: UUID, *, cause: str, why: str, amount: Decimal | None = None) -> Dispute:
    """Say that the customer is right, about all that is disputed or about `amount` of it; its document is still to come.

    That much stays held until it is there, the rest is asked for again; the document is expected within as many business days as
    a dispute is answered in. Raises Dispute.DoesNotExist, NotInThisState, ReasonMissing, NotPositive, MoreThanOpen.
    """
    with action(by, "disputes.accept", why=why.strip(), amount=amount, cause=cause) as log:
        found = _decided(by, log, dispute_id, "accept", cause, why)
        granted = found.amount if amount is None else amount
        check_amount(granted, found.currency)
        if granted > found.amount:
            raise MoreThanOpen(found.invoice.number, granted, found.amount, found.currency)
        organization = Organization.objects.get(id=by.organization_id)
        found.granted = granted
        found.deadline = answer_by(team_calendar(organization), by.today, organization.dispute_days)
        found.escalated_on, found.escalated_to = None, None
        found.save(update_fields=["state", "cause", "why", "granted", "deadline", "escalated_on", "escalated_to"])
        release(by, found, why)
        items = open_items(by.organization_id, found.invoice_id)
        hold_parts(by, found, items, None if found.whole and granted == found.amount else granted)
        log.say(granted=granted, currency=found.currency)
        note_step(by, found, "accept", why, amount=granted, currency=found.currency, cause=cause)
    return found


def credit(
    by: Actor,
    dispute_id: UUID,
    *,
    number: str,
    cause: str = "",
    why: str = "",
    amount: Decimal | None = None,
    issued_on: date | None = None,
) -> Dispute:
    """Settle a dispute by a credit note, for what was granted (or is disputed) unless another amount is given.

    A credit note that came in meanwhile is found by its number, any other is issued; it is set against the disputed invoice, what
    is more than is open of it waits in the customer's favor. From then on nothing is held. `cause` and `why` are those of the
    acceptance where there was one. Raises Dispute.DoesNotExist, NotInThisState, ReasonMissing, DocumentDiffers, NotPositive,
    MoreThanOpen, FutureDate, ClosedPeriod, Problem for a number that is none.
    """
    with action(by, "disputes.credit", why=why.strip(), number=number, amount=amount) as log:
        found = _decided(by, log, dispute_id, "credit", cause, why)
        granted = amount if amount is not None else found.granted or found.amount
        check_amount(granted, found.currency)
        if granted > found.invoice.amount:
            raise MoreThanOpen(found.invoice.number, granted, found.invoice.amount, found.currency)
        first = _held_first(by, found)
        note = _credit_note(by, found, number, granted, issued_on or by.today)
        items = {item.id: item for item in open_items(by.organization_id, found.invoice_id)}
        parts = _onto(min(note.unapplied, granted), [items[key] for key in first if key in items], items)
        if parts:
            apply_credit_note(by, note.id, designations=parts, effective_on=by.today)
        found.credit_note, found.granted = note, granted
        _settle(by, found)
        log.say(granted=granted, currency=found.currency, credit_note=note.id)
        note_step(by, found, "credit", found.why, number=note.number, amount=granted, currency=found.currency)
    return found


def correct(by: Actor, dispute_id: UUID, *, number: str, cause: str = "", why: str = "") -> Dispute:
    """Settle a dispute by a corrected invoice: it is there already, and what is open of the disputed one is annulled.

    What was paid of the disputed one stays paid; take the payment off first where it is for the new one. Raises
    Dispute.DoesNotExist, NotInThisState, ReasonMissing, NoCorrectedInvoice, ClosedPeriod, Problem for a number that is none.
    """
    with action(by, "disputes.correct", why=why.strip(), number=number) as log:
        found = _decided(by, log, dispute_id, "correct", cause, why)
        invoices = Invoice.objects.filter(
            organization_id=by.organization_id,
            creditor_id=found.creditor_id,
            customer_id=found.customer_id,
            currency=found.currency,
            kind=Invoice.Kind.INVOICE,
            withdrawn_on=None,
        )
        corrected = invoices.filter(number_key=document_key(number)).exclude(id=found.invoice_id).first()
        if corrected is None:
            raise NoCorrectedInvoice(number)
        if open_items(by.organization_id, found.invoice_id):
            cancel_invoice(by, found.invoice_id, why=found.why)
        found.corrected, found.granted = corrected, found.granted or found.amount
        _settle(by, found)
        log.say(corrected=corrected.id)
        note_step(by, found, "correct", found.why, number=corrected.number)
    return found


def reject(by: Actor, dispute_id: UUID, *, cause: str, why: str) -> Dispute:
    """Say that it is owed after all, with the reason: from now on it is asked for as if it had never been disputed.

    Raises Dispute.DoesNotExist, NotInThisState, ReasonMissing.
    """
    with action(by, "disputes.reject", why=why.strip(), cause=cause) as log:
        found = _decided(by, log, dispute_id, "reject", cause, why)
        _settle(by, found)
        note_step(by, found, "reject", why, cause=cause)
    return found


def withdraw(by: Actor, dispute_id: UUID, *, why: str, cause: str = "") -> Dispute:
    """The customer no longer objects: what was missing was given, or it was recorded by mistake.

    Raises Dispute.DoesNotExist, NotInThisState, ReasonMissing.
    """
    with action(by, "disputes.withdraw", why=why.strip(), cause=cause) as log:
        found = _decided(by, log, dispute_id, "withdraw", cause or Dispute.Cause.CUSTOMER, why)
        _settle(by, found)
        note_step(by, found, "withdraw", why)
    return found


def reopen(by: Actor, dispute_id: UUID, *, why: str) -> Dispute:
    """Look at it once more: take an acceptance, a rejection or a withdrawal back. What is still open of it is held again, and a
    new day of answer begins.

    Raises Dispute.DoesNotExist, NotInThisState, ReasonMissing, AlreadyDisputed where another dispute of the invoice is live,
    NothingOpen.
    """
    if not why.strip():
        raise ReasonMissing
    with action(by, "disputes.reopen", why=why.strip()) as log:
        found = locked(by, dispute_id)
        log.about(found)
        before = found.state
        found.state = state_after(before, "reopen")
        items = open_items(by.organization_id, found.invoice_id)
        other = live(by.organization_id, found.invoice_id)
        if other is not None and other.id != found.id:
            raise AlreadyDisputed(found.invoice.number)
        organization = Organization.objects.get(id=by.organization_id)
        found.deadline = answer_by(team_calendar(organization), by.today, organization.dispute_days)
        found.escalated_on = found.escalated_to = found.granted = None
        found.resolved_on = found.resolved_at = None
        found.cause = found.why = found.resolved_by = ""
        found.save()
        release(by, found)
        hold_parts(by, found, items, None if found.whole else found.amount)
        log.say(before=before)
        note_step(by, found, "reopen", why, before=before)
    return found


def _decided(by: Actor, log: Log, dispute_id: UUID, verb: str, cause: str, why: str) -> Dispute:
    """The dispute, locked, in the state after the verb, with its cause and reason: those given, or an acceptance's."""
    found = locked(by, dispute_id)
    log.about(found)
    found.state = state_after(found.state, verb)
    found.cause = Dispute.Cause(cause or found.cause or Dispute.Cause.OTHER)
    found.why = why.strip() or found.why
    if not found.why:
        raise ReasonMissing
    return found


def _settle(by: Actor, found: Dispute) -> None:
    """Keep who decided and when; nothing is held any more."""
    found.resolved_on, found.resolved_at, found.resolved_by = by.today, by.now, by.name
    found.save()
    release(by, found, found.why)


def _credit_note(by: Actor, found: Dispute, number: str, amount: Decimal, issued_on: date) -> CreditNote:
    """The customer's credit note of that number, issued where it is not there yet."""
    if not number.strip():
        raise Problem(N_("Give the number of the credit note."))
    there = CreditNote.objects.filter(
        organization_id=by.organization_id,
        creditor_id=found.creditor_id,
        number_key=document_key(number),
        withdrawn_on=None,
    ).first()
    if there is not None:
        if (there.customer_id, there.currency) != (found.customer_id, found.currency):
            raise DocumentDiffers(there.number, ("customer", "currency"))
        return there
    return issue_credit_note(
        by,
        customer_id=found.customer_id,
        number=number.strip(),
        issued_on=issued_on,
        currency=found.currency,
        amount=amount,
        invoice_id=found.invoice_id,
        reason=found.why[:200],
    )


def _held_first(by: Actor, found: Dispute) -> list[UUID]:
    """The installments on which the dispute lies."""
    holds = Hold.objects.filter(organization_id=by.organization_id, source_id=found.id, released_on=None)
    return [key for key in holds.order_by("id").values_list("installment_id", flat=True) if key]


def _onto(amount: Decimal, first: Sequence[Installment], items: dict[UUID, Installment]) -> list[Designation]:
    """The amount set against the installments it was held on, then against the others, each as far as it is open."""
    parts = cover(amount, [OpenPart(item.id, item.due_on, item.open_amount) for item in first])
    rest = amount - sum((part for _key, part in parts), Decimal(0))
    named = {item.id for item in first}
    others = [OpenPart(item.id, item.due_on, item.open_amount) for item in items.values() if item.id not in named]
    return [Designation(key, part) for key, part in [*parts, *cover(rest, others)]]
