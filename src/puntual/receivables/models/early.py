"""What may be kept for paying early."""

from django.db import models
from django.db.models import Q

from puntual.parties.models import Customer
from puntual.receivables.models.amounts import money
from puntual.receivables.models.documents import Installment
from puntual.tenancy.models import TenantKey, TenantModel


class EarlyTerms(TenantModel):
    """What a customer may keep of each new invoice that is paid within some days of its issue: 2/10 is `percent` 2, `days` 10.

    They begin with the invoices issued on `from_on`; the ones that stand are those without an end.
    """

    customer = TenantKey(Customer)
    percent = models.DecimalField(max_digits=7, decimal_places=4)
    days = models.PositiveSmallIntegerField()
    from_on = models.DateField()
    reason = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)
    ended_on = models.DateField(null=True)  # no invoice issued on or after it has them
    ended_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(percent__gt=0) & Q(percent__lte=50), name="early_terms_percent"),
            models.UniqueConstraint(
                fields=["organization_id", "customer"],
                condition=Q(ended_on__isnull=True),
                name="early_terms_stand_once",
            ),
        ]


class EarlyDiscount(TenantModel):
    """What a customer may keep of one installment if all the rest is paid through `until_on`; nothing is owed less before that.

    Taken, it is an entry of kind discount beside the payment; missed, `days_late` says by how much the money came late.
    """

    class State(models.TextChoices):
        OPEN = "open"
        TAKEN = "taken"
        MISSED = "missed"
        WITHDRAWN = "withdrawn"

    class Source(models.TextChoices):
        FILE = "file"  # the invoice's own terms, as imported
        TERMS = "terms"  # the customer's
        BENEFIT = "benefit"  # granted to somebody who pays well

    installment = TenantKey(Installment)
    source = models.CharField(max_length=7, choices=Source.choices)
    percent = models.DecimalField(max_digits=7, decimal_places=4)
    amount = money()  # what may be kept
    until_on = models.DateField()
    agreed_on = models.DateField()
    reason = models.CharField(max_length=200, blank=True)
    offer = models.CharField(max_length=40, blank=True)  # the manual's offer it was granted by
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    ended_on = models.DateField(null=True)
    payment_id = models.UUIDField(null=True)  # the payment it was taken with
    days_late = models.PositiveSmallIntegerField(null=True)  # how long after `until_on` the money came
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(percent__gt=0) & Q(amount__gt=0), name="early_discount_positive"),
            models.CheckConstraint(
                condition=Q(state="open", ended_on__isnull=True) | (~Q(state="open") & Q(ended_on__isnull=False)),
                name="early_discount_open_or_ended",
            ),
            models.UniqueConstraint(
                fields=["organization_id", "installment"], condition=Q(state="open"), name="early_discount_open_once"
            ),
        ]
        indexes = [
            models.Index(fields=["organization_id", "installment"], name="early_discount_item"),
            models.Index(
                fields=["organization_id", "payment_id"],
                condition=Q(payment_id__isnull=False),
                name="early_discount_payment",
            ),
        ]
