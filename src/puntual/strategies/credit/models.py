"""Versions of the credit policy, and what customers applied for under them."""

from django.db import models
from django.db.models import Q

from puntual.parties.models import Customer
from puntual.tenancy.models import TenantKey, TenantModel


class CreditPolicy(TenantModel):
    """One wording of the organization's credit policy: `content` as `credit.policy` reads and writes it.

    One that was in force never changes; a change is a new draft.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        ACTIVE = "active"
        RETIRED = "retired"

    number = models.PositiveIntegerField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.DRAFT)
    content = models.JSONField()
    created_at = models.DateTimeField()
    activated_at = models.DateTimeField(null=True)
    activated_by = models.CharField(max_length=150, blank=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "number"], name="credit_policy_number"),
            models.UniqueConstraint(
                fields=["organization_id"], condition=Q(state="active"), name="credit_policy_one_active"
            ),
            models.UniqueConstraint(
                fields=["organization_id"], condition=Q(state="draft"), name="credit_policy_one_draft"
            ),
        ]


class CreditApplication(TenantModel):
    """What a customer asked for, under which rule, and what was decided. A decided one never changes.

    `rule` is the rule that counted on the day it came in, `facts` what the ledger knew when it was decided.
    """

    class State(models.TextChoices):
        OPEN = "open"
        APPROVED = "approved"
        PARTLY = "partly"  # less than was asked for
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    customer = TenantKey(Customer)
    policy = TenantKey(CreditPolicy)
    rule = models.JSONField()
    currency = models.CharField(max_length=3)
    asked_limit = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    asked_terms = models.PositiveSmallIntegerField(null=True)
    asked_by = models.CharField(max_length=150)
    asked_on = models.DateField()
    note = models.TextField(blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    granted_limit = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    granted_terms = models.PositiveSmallIntegerField(null=True)
    beyond = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    valid_until = models.DateField(null=True)
    decided_on = models.DateField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=150, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(asked_limit__isnull=False) | Q(asked_terms__isnull=False), name="credit_application_asks"
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_on__isnull=True) | (~Q(state="open") & Q(decided_on__isnull=False)),
                name="credit_application_decided",
            ),
            models.UniqueConstraint(
                fields=["organization_id", "customer", "currency"],
                condition=Q(state="open"),
                name="credit_application_one_open",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization_id", "customer", "-asked_on", "-id"], name="credit_application_customer"
            ),
            models.Index(
                fields=["organization_id", "asked_on", "id"], condition=Q(state="open"), name="credit_application_open"
            ),
        ]


class CreditDocument(TenantModel):
    """A document an application needs, as it came in: kept with its hash, or seen and not kept where it has no content."""

    application = TenantKey(CreditApplication)
    document = models.CharField(max_length=100)
    name = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=100, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    content = models.BinaryField(null=True)
    note = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=150)

    class Meta:
        indexes = [models.Index(fields=["organization_id", "application"], name="credit_document_application")]
