"""What is known of each provider, by whoever sends through it: all organizations and all workers share it."""

from django.db import models


class Provider(models.Model):
    """One server or service that messages leave through, by the channel and its host.

    `failures` in a row close the way until `rest_until`; then one message goes first, by whoever holds `probing_until`.
    `next_slot` is when the next message may leave where there is a limit, `full_until` when the day's limit has room again.
    """

    name = models.CharField(primary_key=True, max_length=200)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=20, blank=True)  # the outcome of the last failure
    detail = models.TextField(blank=True)  # the provider's own words
    rest_until = models.DateTimeField(null=True)
    probing_until = models.DateTimeField(null=True)
    next_slot = models.DateTimeField(null=True)
    full_until = models.DateTimeField(null=True)


class ProviderHour(models.Model):
    """How many messages left through a provider with a daily limit in one hour (UTC)."""

    provider = models.CharField(max_length=200)
    hour = models.DateTimeField()
    sent = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "hour"], name="provider_hour_once")]
