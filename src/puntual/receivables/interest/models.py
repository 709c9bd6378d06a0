"""On which terms a creditor charges late interest, rates an organization entered, and what was charged for which days."""

from django.db import models
from django.db.models import F, Q

from puntual.parties.models import Creditor, Customer
from puntual.tenancy.models import TenantKey, TenantModel


class InterestTerms(TenantModel):
    """Late interest is on for a creditor, or otherwise for one of its customers; off where there is no row.

    Ended, never edited.
    """

    class Basis(models.TextChoices):
        LAW = "law"
        AGREED = "agreed"
        NEVER = "never"

    creditor = TenantKey(Creditor)
    customer = TenantKey(Customer, null=True)
    basis = models.CharField(max_length=6, choices=Basis.choices)
    percent = models.DecimalField(max_digits=9, decimal_places=4, null=True)  # a year, where agreed
    clause = models.CharField(max_length=200, blank=True)  # where it was agreed
    fixed = models.BooleanField(default=False)  # the law's compensation or commission too
    pay_within = models.PositiveSmallIntegerField(default=30)  # days from the charge to its due date
    from_on = models.DateField()  # the first day that may bear interest
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=150)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "creditor", "customer"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="interest_terms_once",
            ),
            models.CheckConstraint(
                condition=~Q(basis="agreed") | (Q(percent__gt=0) & ~Q(clause="")), name="interest_agreed_has_rate"
            ),
        ]


class OwnRate(TenantModel):
    """A row of a published rate that the organization entered, with its source.

    It goes before the shipped row of the same day.
    """

    series = models.CharField(max_length=40)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    percent = models.DecimalField(max_digits=9, decimal_places=4)  # a year
    source = models.CharField(max_length=300)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=150)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "series", "valid_from"],
                condition=Q(withdrawn_at__isnull=True),
                name="own_rate_once",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="own_rate_ends_after"
            ),
        ]


class InterestCharge(TenantModel):
    """What was charged for an installment and which days, with the lines as they were worked out. No day is charged twice.

    A charge that was waived stays charged: its days are not charged again.
    """

    class Kind(models.TextChoices):
        INTEREST = "interest"
        FIXED = "fixed"  # compensation or commission, once for an item

    charge = TenantKey("receivables.Invoice")
    installment = TenantKey("receivables.Installment")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    first_day = models.DateField()
    last_day = models.DateField()
    amount = models.DecimalField(max_digits=20, decimal_places=4)
    law = models.CharField(max_length=10)
    lines = models.JSONField()  # as `statement.as_data` writes them

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "installment", "first_day"],
                condition=Q(kind="interest"),
                name="interest_period_once",
            ),
            models.UniqueConstraint(
                fields=["organization_id", "installment"], condition=Q(kind="fixed"), name="fixed_charge_once"
            ),
            models.UniqueConstraint(fields=["organization_id", "charge"], name="interest_of_charge"),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="interest_ends_after"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="interest_charge_positive"),
        ]
        indexes = [models.Index(fields=["organization_id", "installment"], name="interest_installment")]
