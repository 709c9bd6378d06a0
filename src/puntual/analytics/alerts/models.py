"""Alerts that were raised, whose they are and what came of them."""

from django.db import models
from django.db.models import Q

from puntual.parties.models import Creditor, Customer
from puntual.tenancy.models import TenantKey, TenantModel


class Alert(TenantModel):
    """One thing that changed, with the facts it was raised on; they are never worked out anew.

    `subject` is what it is about more narrowly than a customer or a creditor: a currency, a tag, an item and how near its day is.
    `series` is the shape of the change, of which the last `fresh` points are the news and `usual` is the level before.
    """

    class State(models.TextChoices):
        OPEN = "open"
        CLOSED = "closed"

    kind = models.CharField(max_length=10)  # kinds.Kind
    creditor = TenantKey(Creditor)
    customer = TenantKey(Customer, null=True)  # none: a creditor's customers together
    subject = models.CharField(max_length=60, blank=True)
    raised_on = models.DateField()
    facts = models.JSONField()
    series = models.JSONField(default=list)
    fresh = models.PositiveSmallIntegerField(default=0)
    usual = models.FloatField(null=True)  # a level to draw, no amount
    assigned_to = models.ForeignKey("organizations.User", models.SET_NULL, null=True, related_name="+", db_index=False)
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    outcome = models.CharField(max_length=11, blank=True)  # kinds.Outcome
    note = models.TextField(blank=True)
    closed_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "kind", "creditor", "customer", "subject"],
                condition=Q(state="open"),
                nulls_distinct=False,
                name="alert_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state="open", outcome="", closed_on=None, closed_at=None)
                | (Q(state="closed", closed_on__isnull=False, closed_at__isnull=False) & ~Q(outcome="")),
                name="alert_open_or_closed",
            ),
        ]
        indexes = [
            models.Index(fields=["organization_id", "state", "-raised_on", "-id"], name="alert_list"),
            models.Index(fields=["organization_id", "customer", "kind"], name="alert_customer"),
            models.Index(
                fields=["organization_id", "assigned_to", "-raised_on", "-id"],
                condition=Q(state="open"),
                name="alert_of_member",
            ),
        ]
