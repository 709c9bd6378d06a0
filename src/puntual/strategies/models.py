"""Strategies and their versions. An active version never changes; a change is a new draft."""

from django.db import models
from django.db.models import Q

from puntual.parties.models import Creditor, Customer
from puntual.tenancy.models import TenantKey, TenantModel


class Strategy(TenantModel):
    """A collections manual by name: which steps, in which tone, by which channel, from which day."""

    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=150)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization_id", "code"], name="strategy_code")]


class Version(TenantModel):
    """One wording of a strategy. `content` is the manual itself, as `strategies.manual` reads and writes it."""

    class State(models.TextChoices):
        DRAFT = "draft"
        ACTIVE = "active"
        RETIRED = "retired"

    strategy = TenantKey(Strategy)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.DRAFT)
    content = models.JSONField()
    created_at = models.DateTimeField()
    activated_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "strategy", "number"], name="version_number"),
            models.UniqueConstraint(
                fields=["organization_id", "strategy"], condition=Q(state="active"), name="version_one_active"
            ),
        ]


class Assignment(TenantModel):
    """Which strategy applies: the customer's own, else its creditor's, else the organization's."""

    strategy = TenantKey(Strategy)
    creditor = TenantKey(Creditor, null=True)
    customer = TenantKey(Customer, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(creditor__isnull=True) | Q(customer__isnull=True), name="assignment_one_scope"
            ),
            models.UniqueConstraint(
                fields=["organization_id", "creditor", "customer"], nulls_distinct=False, name="assignment_once"
            ),
        ]
