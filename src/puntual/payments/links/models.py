"""What a customer was sent to a payment provider for, and what the provider reported."""

from django.db import models
from django.db.models import Q

from puntual.parties.models import Creditor, Customer
from puntual.receivables.models import Installment, money
from puntual.tenancy.models import TenantKey, TenantModel


class PaymentLink(TenantModel):
    """One checkout with a provider, for an amount of some items. `reference` is ours, and comes back with every report.

    What was received counts in minor units of `currency`: `received_minor` less `refunded_minor`, and nothing while `disputed`.
    `payment` is the payment that stands for it now; each change reverses it and records another.
    """

    class Provider(models.TextChoices):
        STRIPE = "stripe"
        MERCADOPAGO = "mercadopago"

    creditor = TenantKey(Creditor)
    customer = TenantKey(Customer, agreeing=["creditor_id"])
    provider = models.CharField(max_length=11, choices=Provider.choices)
    reference = models.CharField(max_length=40)
    currency = models.CharField(max_length=3)
    amount = money()
    provider_key = models.CharField(max_length=100, blank=True)  # what the provider calls the checkout
    url = models.CharField(max_length=2000, blank=True)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    paid_key = models.CharField(max_length=100, blank=True)  # what the provider calls the payment
    paid_on = models.DateField(null=True)
    received_minor = models.BigIntegerField(default=0)
    refunded_minor = models.BigIntegerField(default=0)
    disputed = models.BooleanField(default=False)
    times = models.PositiveSmallIntegerField(default=0)  # how many payments were recorded for it
    payment = TenantKey("payments.Payment", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "reference"], name="payment_link_reference"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_link_positive"),
            models.CheckConstraint(
                condition=Q(received_minor__gte=0) & Q(refunded_minor__gte=0), name="payment_link_not_negative"
            ),
        ]
        indexes = [
            models.Index(fields=["organization_id", "customer", "-made_at"], name="payment_link_customer"),
            models.Index(
                fields=["organization_id", "provider", "paid_key"], condition=~Q(paid_key=""), name="payment_link_paid"
            ),
        ]


class PaymentLinkItem(TenantModel):
    """An item a checkout is for, with how much of it."""

    link = TenantKey(PaymentLink)
    installment = TenantKey(Installment)
    amount = money()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "link", "installment"], name="payment_link_item_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_link_item_positive"),
        ]


class PaymentLinkEvent(TenantModel):
    """A report of a provider that was acted upon; the same one again changes nothing."""

    link = TenantKey(PaymentLink)
    event_key = models.CharField(max_length=150)  # what the provider calls the report, or what makes it the same
    kind = models.CharField(max_length=60)
    outcome = models.CharField(max_length=12)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "link", "event_key"], name="payment_link_event_once")
        ]
