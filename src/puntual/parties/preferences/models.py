"""One preference per person, and one for everybody at a customer."""

from django.db import models
from django.db.models import F, Q

from puntual.tenancy.models import TenantKey, TenantModel


class Preference(TenantModel):
    """The channel somebody prefers and the hours of the day, there, in which they prefer to be reached; either may be open.

    It orders and narrows what conduct and the manual allow, and never adds to it. Without a person it is of everybody there.
    """

    class Channel(models.TextChoices):
        EMAIL = "email"
        WHATSAPP = "whatsapp"
        SMS = "sms"
        CALL = "call"
        LETTER = "letter"

    class Source(models.TextChoices):
        TEAM = "team"  # somebody of ours wrote down what they said
        PORTAL = "portal"  # the customer, on its own page

    customer = TenantKey("Customer")
    person = TenantKey("Person", null=True)
    channel = models.CharField(max_length=8, choices=Channel.choices, blank=True)
    hours_from = models.PositiveSmallIntegerField(null=True)  # whole hours of the customer's day, 0 to 24
    hours_until = models.PositiveSmallIntegerField(null=True)
    source = models.CharField(max_length=6, choices=Source.choices)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "customer", "person"], name="preference_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(hours_from__isnull=True, hours_until__isnull=True)
                | Q(hours_from__gte=0, hours_from__lt=F("hours_until"), hours_until__lte=24),
                name="preference_hours",
            ),
        ]
