"""The only writers of claimed payments. The customer says so; a person says whether the money is there."""

from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, NamedTuple
from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.organizations.calendars import calendar_of
from puntual.parties.models import Customer
from puntual.payments.actions import payer_family, record_payment
from puntual.payments.models import Payment, PaymentClaim, PaymentClaimItem
from puntual.receivables.actions import Designation, hold, release_holds
from puntual.receivables.models import Hold, Installment
from puntual.receivables.postings import check_amount
from puntual.receivables.queries import ItemBalance, open_items

State = PaymentClaim.State
HELD_DAYS: Final = 5
"""Business days for which nothing is chased while the money is looked for."""
MOST_WAITING: Final = 5
"""Claims of one customer that wait at once."""
OLDEST: Final = timedelta(days=180)
_AGAIN: Final = timedelta(days=30)
"""For so long after an item was said to be paid and no money was found, saying so again does not hold it."""


class ClaimDecided(Problem):
    """Somebody has decided meanwhile."""

    def __init__(self) -> None:
        super().__init__(N_("Somebody has dealt with it meanwhile. Reload the page to see how."))


class Receipt(NamedTuple):
    """A file that shows a payment: its name, fit for a header, what it is, its SHA-256, and itself."""

    name: str
    kind: str
    digest: str
    content: bytes


def claim_payment(
    by: Actor,
    customer_id: UUID,
    *,
    currency: str,
    amount: Decimal,
    paid_on: date,
    bank: str = "",
    note: str = "",
    said_by: str = "",
    item_ids: Collection[UUID] = (),
    receipt: Receipt | None = None,
    address: str | None = None,
) -> PaymentClaim:
    """Take down that a customer says it has paid, for the items it names or the oldest ones, and hold these meanwhile.

    The same once more while it waits is the first. Items that were said to be paid within 30 days, without any
    money found yet, are not held once more.

    Raises Customer.DoesNotExist, NotPositive, Problem for a day to come or long past, and where
    too many wait already.
    """
    check_amount(amount, currency)
    if not by.today - OLDEST <= paid_on <= by.today:
        raise Problem(N_("Give the day it was paid: today or within the last months."), day=paid_on)
    with action(by, "payments.claim_payment", amount=amount, currency=currency, paid_on=paid_on) as log:
        customers = Customer.objects.select_related("creditor").select_for_update(of=("self",), no_key=True)
        customer = customers.get(organization_id=by.organization_id, id=customer_id)
        waiting = PaymentClaim.objects.filter(
            organization_id=by.organization_id, customer=customer, state=State.WAITING
        ).defer("receipt")
        same = waiting.filter(currency=currency, amount=amount, paid_on=paid_on).first()
        if same is not None:
            log.about(same)
            log.say(repeated=True)
            return same
        if waiting.count() >= MOST_WAITING:
            raise Problem(N_("Several payments are being looked for already. We will write to you about them."))
        claim = PaymentClaim.objects.create(
            organization_id=by.organization_id,
            creditor_id=customer.creditor_id,
            customer=customer,
            currency=currency,
            amount=amount,
            paid_on=paid_on,
            bank=bank.strip(),
            note=note.strip(),
            said_by=said_by.strip(),
            address=address,
            recorded_at=by.now,
            **_kept(receipt),
        )
        log.about(claim)
        _hold(by, claim, _items(by, claim, frozenset(item_ids)))
        log.say(customer=customer.id, held_until=claim.held_until, receipt=claim.receipt_digest)
        return claim


def _kept(receipt: Receipt | None) -> dict[str, object]:
    if receipt is None:
        return {}
    return {
        "receipt_name": receipt.name,
        "receipt_kind": receipt.kind,
        "receipt_digest": receipt.digest,
        "receipt": receipt.content,
    }


def _items(by: Actor, claim: PaymentClaim, named: Collection[UUID]) -> list[tuple[ItemBalance, Decimal]]:
    """What the amount covers of the items that are named, or of all, the oldest first."""
    found = [
        item
        for item in open_items(by.organization_id, [claim.customer_id])
        if item.currency == claim.currency
        and item.claim_owner == "ours"
        and (not named or item.installment_id in named)
    ]
    left, covered = claim.amount, []
    for item in sorted(found, key=lambda item: (item.due_on, item.installment_id)):
        if (part := min(item.open, left)) > 0:
            covered.append((item, part))
            left -= part
    return covered


def _hold(by: Actor, claim: PaymentClaim, covered: list[tuple[ItemBalance, Decimal]]) -> None:
    PaymentClaimItem.objects.bulk_create(
        PaymentClaimItem(
            organization_id=by.organization_id, claim=claim, installment_id=item.installment_id, amount=part
        )
        for item, part in covered
    )
    of_others = PaymentClaimItem.objects.filter(
        organization_id=by.organization_id, installment_id__in=[item.installment_id for item, _part in covered]
    ).exclude(claim=claim)
    not_again = set(
        of_others.filter(
            claim__state__in=(State.NOT_FOUND, State.WAITING), claim__recorded_at__gte=by.now - _AGAIN
        ).values_list("installment_id", flat=True)
    )
    held = [(item, part) for item, part in covered if item.installment_id not in not_again]
    if not held:
        return
    until = calendar_of(by.organization_id, claim.creditor.country).add_business_days(by.today, HELD_DAYS)
    for item, part in held:
        hold(
            by,
            reason=Hold.Reason.PAYMENT_CLAIMED,
            installment_id=item.installment_id,
            amount=None if part == item.open else part,
            until_on=until,
            note=claim.bank,
            source_id=claim.id,
        )
    claim.held_until = until
    claim.save(update_fields=["held_until"])


def confirm_claim(
    by: Actor, claim_id: UUID, *, payment_id: UUID | None = None, received_on: date | None = None
) -> PaymentClaim:
    """The money is there: it is `payment_id`, or, where nothing recorded it yet, a payment made now for the claim's items.

    What it held is released. Raises PaymentClaim.DoesNotExist, ClaimDecided, Payment.DoesNotExist, Problem for a payment of
    somebody else or in another currency, and what `record_payment` raises.
    """
    with action(by, "payments.confirm_claim") as log:
        claim = _waiting(by, claim_id)
        log.about(claim)
        if payment_id is None:
            payment = record_payment(
                by,
                customer_id=claim.customer_id,
                reference=f"claim-{claim.id}",
                received_on=received_on or claim.paid_on,
                currency=claim.currency,
                amount=claim.amount,
                designations=_designations(by, claim),
                memo=claim.bank,
            )
        else:
            payment = Payment.objects.get(organization_id=by.organization_id, id=payment_id, withdrawn_on=None)
            if (
                payment.currency != claim.currency
                or payment.reversed_on
                or claim.customer_id not in payer_family(by.organization_id, payment)
            ):
                raise Problem(N_("That payment is not this customer's, or not in this currency. Choose another one."))
        claim.payment = payment
        _decide(by, claim, State.CONFIRMED)
        log.say(payment=payment.id, amount=claim.amount, currency=claim.currency)
        return claim


def _designations(by: Actor, claim: PaymentClaim) -> list[Designation]:
    items = PaymentClaimItem.objects.filter(organization_id=by.organization_id, claim=claim).order_by("id")
    wanted = dict(items.values_list("installment_id", "amount"))
    left = dict(
        Installment.objects.filter(organization_id=by.organization_id, id__in=list(wanted)).values_list(
            "id", "open_amount"
        )
    )
    return [Designation(key, min(amount, left[key])) for key, amount in wanted.items() if left[key] > 0]


def reject_claim(by: Actor, claim_id: UUID, *, why: str) -> PaymentClaim:
    """The money was not found: what it held is chased again from today. `why` is what the customer reads on its page.

    Raises PaymentClaim.DoesNotExist, ClaimDecided, Problem without a reason.
    """
    if not why.strip():
        raise Problem(N_("Say what was looked for and what is missing: the customer reads it."))
    with action(by, "payments.reject_claim", why=why) as log:
        claim = _waiting(by, claim_id)
        log.about(claim)
        claim.why = why.strip()[:500]
        _decide(by, claim, State.NOT_FOUND)
        return claim


def _decide(by: Actor, claim: PaymentClaim, state: str) -> None:
    claim.state, claim.decided_at, claim.decided_by = state, by.now, by.name
    claim.save(update_fields=["state", "decided_at", "decided_by", "why", "payment"])
    release_holds(by, [claim.id], reason=Hold.Reason.PAYMENT_CLAIMED, why=state)


def _waiting(by: Actor, claim_id: UUID) -> PaymentClaim:
    claims = PaymentClaim.objects.defer("receipt").select_for_update(no_key=True)
    claim: PaymentClaim = claims.get(organization_id=by.organization_id, id=claim_id)
    if claim.state != State.WAITING:
        raise ClaimDecided
    return claim
