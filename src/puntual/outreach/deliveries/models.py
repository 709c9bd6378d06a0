"""The providers' own account of each message they took."""

from django.db import models

from puntual.tenancy.models import TenantModel


class Delivery(TenantModel):
    """One message with its provider. Each moment is kept as it was first reported; what comes late or twice changes nothing.

    That it was read is no evidence of anything but that it was delivered.
    """

    class State(models.TextChoices):
        TAKEN = "taken"  # the provider has it
        SENT = "sent"  # on its way
        DELIVERED = "delivered"
        READ = "read"
        FAILED = "failed"

    activity_id = models.UUIDField()
    channel = models.CharField(max_length=8)
    provider_id = models.CharField(max_length=200)
    state = models.CharField(max_length=9, choices=State.choices)
    taken_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    code = models.IntegerField(null=True)  # the provider's, of what went wrong
    said = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "channel", "provider_id"], name="delivery_once")
        ]
        indexes = [models.Index(fields=["organization_id", "activity_id"], name="delivery_activity")]
