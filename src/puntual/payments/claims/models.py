"""What a customer says it has paid, with its receipt."""

from django.db import models
from django.db.models import Q

from puntual.parties.models import Creditor, Customer
from puntual.receivables.models import Installment, money
from puntual.tenancy.models import TenantKey, TenantModel


class PaymentClaim(TenantModel):
    """A payment the customer says it made. It settles nothing: it holds its items through `held_until` while it is looked for.

    The receipt is kept as it came, with its SHA-256.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        CONFIRMED = "confirmed"
        NOT_FOUND = "not_found"

    creditor = TenantKey(Creditor)
    customer = TenantKey(Customer, agreeing=["creditor_id"])
    currency = models.CharField(max_length=3)
    amount = money()
    paid_on = models.DateField()
    bank = models.CharField(max_length=100, blank=True)
    note = models.CharField(max_length=500, blank=True)
    said_by = models.CharField(max_length=150, blank=True)
    address = models.GenericIPAddressField(null=True)  # it was said from
    receipt_name = models.CharField(max_length=200, blank=True)
    receipt_kind = models.CharField(max_length=100, blank=True)
    receipt_digest = models.CharField(max_length=64, blank=True)
    receipt = models.BinaryField(null=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    held_until = models.DateField(null=True)  # null: it holds nothing
    recorded_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=150, blank=True)
    why = models.CharField(max_length=500, blank=True)  # it was not found, in words for the customer
    payment = TenantKey("payments.Payment", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_claim_positive"),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(payment__isnull=False), name="payment_claim_confirmed_by"
            ),
            models.CheckConstraint(condition=~Q(state="not_found") | ~Q(why=""), name="payment_claim_not_found_why"),
        ]
        indexes = [
            models.Index(
                fields=["organization_id", "recorded_at", "id"],
                condition=Q(state="waiting"),
                name="payment_claim_waiting",
            ),
            models.Index(fields=["organization_id", "customer", "recorded_at"], name="payment_claim_customer"),
        ]


class PaymentClaimItem(TenantModel):
    """An item that a claimed payment is for, with how much of it."""

    claim = TenantKey(PaymentClaim)
    installment = TenantKey(Installment)
    amount = money()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "claim", "installment"], name="payment_claim_item_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_claim_item_positive"),
        ]
        indexes = [models.Index(fields=["organization_id", "installment"], name="payment_claim_of_item")]
