"""What left and what went along with it, never changed; and what an organization says about how long it is kept."""

from django.db import models

from puntual.parties.models import Customer
from puntual.tenancy.models import TenantKey, TenantModel


class Attempt(TenantModel):
    """One attempt to hand a message to a provider: everything about it, written before it left, whatever became of it.

    What became of it stands in the activity's state, in the audit log, and in the provider's reports.
    """

    customer = TenantKey(Customer)
    activity_id = models.UUIDField()
    at = models.DateTimeField()
    channel = models.CharField(max_length=8)
    message_id = models.CharField(max_length=200)
    sender = models.CharField(max_length=254)
    sender_name = models.CharField(max_length=500)
    reply_to = models.CharField(max_length=254, blank=True)
    recipient = models.CharField(max_length=300)
    recipient_name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    html = models.TextField(blank=True)
    language = models.CharField(max_length=10)
    stop_link = models.CharField(max_length=500, blank=True)
    signed_by = models.CharField(max_length=260, blank=True)
    documents = models.JSONField(default=list)  # [{"name", "kind", "size", "sha256"}]: the bytes are in KeptFile

    class Meta:
        indexes = [
            models.Index(fields=["organization_id", "customer", "at", "id"], name="attempt_customer"),
            models.Index(fields=["organization_id", "activity_id", "at"], name="attempt_activity"),
        ]


class KeptFile(TenantModel):
    """A file that went to a customer, once for all the messages it went with."""

    customer = TenantKey(Customer)
    sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization_id", "customer", "sha256"], name="kept_file_once")]


class Retention(TenantModel):
    """For how long personal content about customers of a country is kept after the last thing that happened with them.

    It does nothing until it is turned on. `country` is empty for all that have no period of their own.
    """

    country = models.CharField(max_length=2, blank=True)
    months = models.PositiveSmallIntegerField()
    reason = models.TextField()
    active = models.BooleanField(default=False)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=150)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization_id", "country"], name="retention_once")]


class LegalHold(TenantModel):
    """Nothing about the customer is forgotten while it lasts, whatever the period: for a claim, an audit, a request."""

    customer = TenantKey(Customer)
    reason = models.TextField()
    placed_at = models.DateTimeField()
    placed_by = models.CharField(max_length=150)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=150, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organization_id", "customer"], name="legal_hold_customer")]


class Forgotten(TenantModel):
    """That personal content about a customer was forgotten, when, and by which period."""

    customer = TenantKey(Customer)
    forgotten_at = models.DateTimeField()
    months = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [models.Index(fields=["organization_id", "customer", "forgotten_at"], name="forgotten_customer")]
