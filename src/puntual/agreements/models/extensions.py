"""More time, and changed terms."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from puntual.agreements.models.names import who
from puntual.parties.models import Customer
from puntual.receivables.models import Installment, money
from puntual.tenancy.models import TenantKey, TenantModel


class Extension(TenantModel):
    """More time for one installment: the manual's steps count from `to_due`, aging goes on from the original due date.

    A *renegotiated* one is shown apart in aging. The installment's extensions in the order they were granted are its chain; each
    begins at the day the one before it ended on.
    """

    class State(models.TextChoices):
        AWAITING = "awaiting"  # beyond the limits of whoever asked: somebody has to approve it
        GRANTED = "granted"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    customer = TenantKey(Customer)
    installment = TenantKey(Installment, agreeing=["customer_id"])
    from_due = models.DateField()
    to_due = models.DateField()
    renegotiated = models.BooleanField(default=False)
    stops_interest = models.BooleanField(default=False)  # that no late interest is charged meanwhile was agreed too
    reason = models.TextField(blank=True)
    asked_by = who(blank=True)  # who asked on the customer's side
    offer = models.CharField(max_length=40, blank=True)  # the manual's offer it was granted by
    situation = models.JSONField(default=dict)  # what the limits depended on, as it was
    source_id = models.UUIDField(null=True)
    state = models.CharField(max_length=9, choices=State.choices)
    granted_on = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = who()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(to_due__gt=F("from_due")), name="extension_is_later"),
            models.CheckConstraint(
                condition=~Q(state="granted") | Q(granted_on__isnull=False), name="extension_granted_dated"
            ),
            models.UniqueConstraint(
                fields=["organization_id", "installment"], condition=Q(state="awaiting"), name="extension_awaited_once"
            ),
        ]
        indexes = [
            models.Index(fields=["organization_id", "installment"], name="extension_chain"),
            models.Index(fields=["organization_id", "customer", "recorded_at"], name="extension_customer"),
        ]


class Terms(TenantModel):
    """Terms changed for good, before trouble starts: from `effective_on`, with the reason and both sides' consent.

    What is null or empty did not change.
    """

    customer = TenantKey(Customer)
    effective_on = models.DateField()
    terms_days = models.PositiveSmallIntegerField(null=True)
    pay_days = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)  # days of the month
    credit_limit = money(null=True)
    currency = models.CharField(max_length=3, blank=True)  # of the limit
    before = models.JSONField(default=dict)  # what held until then
    reason = models.TextField()
    consent_ours = who()
    consent_theirs = who()  # who agreed on the customer's side
    evidence = models.TextField()  # how that is known: an e-mail, a signed letter
    recorded_at = models.DateTimeField()
    applied_on = models.DateField(null=True)  # the day from which the customer's own row says so
    withdrawn_on = models.DateField(null=True)
    withdrawn_by = who(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["organization_id", "customer", "effective_on"], name="terms_customer"),
            models.Index(
                fields=["organization_id", "effective_on", "id"],
                condition=Q(applied_on__isnull=True, withdrawn_on__isnull=True),
                name="terms_to_come",
            ),
        ]
