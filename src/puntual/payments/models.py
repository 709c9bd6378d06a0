"""Payments and their allocations; bank statements have theirs beside them."""

from django.db import models
from django.db.models import F, Q

from puntual.parties.models import Creditor, Customer
from puntual.payments.claims.models import PaymentClaim as PaymentClaim
from puntual.payments.claims.models import PaymentClaimItem as PaymentClaimItem
from puntual.payments.exporting.models import ExportedMovement as ExportedMovement
from puntual.payments.exporting.models import PaymentExport as PaymentExport
from puntual.payments.instruments.models import Instrument as Instrument
from puntual.payments.instruments.models import InstrumentItem as InstrumentItem
from puntual.payments.links.models import PaymentLink as PaymentLink
from puntual.payments.links.models import PaymentLinkEvent as PaymentLinkEvent
from puntual.payments.links.models import PaymentLinkItem as PaymentLinkItem
from puntual.payments.reconciling.models import LineDeduction as LineDeduction
from puntual.payments.reconciling.models import LineProposal as LineProposal
from puntual.payments.reconciling.models import LineSettlement as LineSettlement
from puntual.payments.reconciling.models import MatchingPolicy as MatchingPolicy
from puntual.payments.reconciling.models import PayerTrait as PayerTrait
from puntual.payments.reconciling.models import StatementFile as StatementFile
from puntual.payments.statements.models import BankAccount as BankAccount
from puntual.payments.statements.models import BankLine as BankLine
from puntual.payments.statements.models import BankStatement as BankStatement
from puntual.payments.statements.models import StatementMapping as StatementMapping
from puntual.payments.withholdings.models import WithholdingRate as WithholdingRate
from puntual.receivables.models import Entry, Installment, money
from puntual.tenancy.models import TenantKey, TenantModel


class Payment(TenantModel):
    """Money received from a customer. What no item has taken, and was not refunded, is on account (`unapplied`)."""

    class Method(models.TextChoices):
        TRANSFER = "transfer"
        CARD = "card"
        CASH = "cash"
        CHECK = "check"
        DEBIT = "debit"
        OTHER = "other"

    creditor = TenantKey(Creditor)
    customer = TenantKey(Customer, agreeing=["creditor_id"])
    reference = models.CharField(max_length=100)  # the client's own key, unique per organization
    received_on = models.DateField()
    recorded_at = models.DateTimeField()
    currency = models.CharField(max_length=3)
    amount = money()
    unapplied = money()
    method = models.CharField(max_length=8, choices=Method.choices, default=Method.TRANSFER)
    memo = models.CharField(max_length=300, blank=True)
    reversed_on = models.DateField(null=True)
    reversal_reason = models.CharField(max_length=200, blank=True)
    batch_id = models.UUIDField(null=True)
    withdrawn_on = models.DateField(null=True)  # its import was undone: the reference is free again

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "reference"],
                condition=Q(withdrawn_on__isnull=True),
                name="payment_reference",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0) & Q(unapplied__gte=0) & Q(unapplied__lte=F("amount")),
                name="payment_unapplied_within",
            ),
        ]
        indexes = [
            models.Index(fields=["organization_id", "customer", "-received_on"], name="payment_customer"),
            models.Index(fields=["organization_id", "-received_on", "-id"], name="payment_when"),
            models.Index(
                fields=["organization_id", "customer"], condition=Q(unapplied__gt=0), name="payment_on_account"
            ),
            models.Index(
                fields=["organization_id", "reversed_on"],
                condition=Q(reversed_on__isnull=False),
                name="payment_reversed",
            ),
        ]


class Allocation(TenantModel):
    """Part of a payment set against one item; `entry` is the posting it made. Reversed, never edited."""

    payment = TenantKey(Payment)
    installment = TenantKey(Installment)
    entry = TenantKey(Entry)
    amount = money()
    reversed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="allocation_amount_positive")]
        indexes = [
            models.Index(fields=["organization_id", "payment"], name="allocation_payment"),
            models.Index(fields=["organization_id", "installment"], name="allocation_installment"),
        ]


class Refund(TenantModel):
    """Money given back out of what was on account."""

    payment = TenantKey(Payment)
    refunded_on = models.DateField()
    recorded_at = models.DateTimeField()
    amount = money()
    reference = models.CharField(max_length=100)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_amount_positive"),
            models.UniqueConstraint(fields=["organization_id", "reference"], name="refund_reference"),
        ]
