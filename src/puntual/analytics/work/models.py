"""Why what people have to do stands in its order, and what a contact costs."""

from django.db import models
from django.db.models import Q

from puntual.receivables.models import money
from puntual.tenancy.models import TenantModel


class ContactWorth(TenantModel):
    """What an activity on a list was found to be worth when the list was last put in order, with its parts: see `work.worth`."""

    activity_id = models.UUIDField()
    size = money()  # in average open items: of several currencies, so no money
    risk = models.DecimalField(max_digits=4, decimal_places=3)
    reach = models.DecimalField(max_digits=4, decimal_places=3)
    cost = money()  # in average open items
    by_model = models.BooleanField(default=False, db_default=False)  # whether a learned model told whom it is like
    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization_id", "activity_id"], name="contact_worth_once")]


class ContactCost(TenantModel):
    """What one contact of a channel costs the organization, in its own currency."""

    channel = models.CharField(max_length=8)
    currency = models.CharField(max_length=3)
    amount = money()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "channel"], name="contact_cost_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="contact_cost_above_zero"),
        ]
