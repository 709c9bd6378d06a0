"""Everything that came back, as it came."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from puntual.parties.models import Customer
from puntual.tenancy.models import TenantKey, TenantModel


class Answer(TenantModel):
    """One message that came in: a bounce, a complaint, an automatic reply, or somebody's words.

    `customer` is whose it certainly is; `candidates` are those its sender's address belongs to, for a person to choose from.
    """

    class Kind(models.TextChoices):
        BOUNCE = "bounce"
        COMPLAINT = "complaint"
        AUTO_REPLY = "auto_reply"
        REPLY = "reply"
        OTHER = "other"

    class State(models.TextChoices):
        UNREAD = "unread"  # waits for a person; a reply pauses its customer meanwhile
        SETTLED = "settled"  # a person recorded what came of it
        NOTED = "noted"  # nothing is left to do: the program drew its consequences, or there were none

    class Threaded(models.TextChoices):
        MESSAGE = "message"  # it names our message, or returns it
        PLUS = "plus"  # it was sent to the address made for our message
        ADDRESS = "address"  # a report about an address, or words from a number, that we had just written to
        PERSON = "person"  # somebody said whose it is

    channel = models.CharField(max_length=8, default="email")  # of Activity.Channel: email, sms or whatsapp
    digest = models.CharField(max_length=64)  # of what the sender wrote: the same message is kept once
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=7, choices=State.choices)
    received_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=500, blank=True)
    sender = models.CharField(max_length=254, blank=True)
    sender_name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)  # what the sender wrote anew, without quotes
    signature = models.TextField(blank=True)
    said = models.CharField(max_length=500, blank=True)  # the mail server's or the provider's own words
    hard = models.BooleanField(
        null=True
    )  # of a bounce: the address does not exist (true), not now (false), neither (null)
    until = models.DateField(null=True)  # away until
    addresses = ArrayField(models.CharField(max_length=254), default=list)
    attachments = models.JSONField(default=list)  # [{"name", "kind", "size"}]
    suggestions = models.JSONField(default=list)  # [{"outcome", "quote", "day", "amount", "currency", "operation"}]
    limits = ArrayField(models.CharField(max_length=12), default=list)  # what was not read: too_large, too_complex
    raw = models.BinaryField()  # at most the first 10 MB
    size = models.PositiveIntegerField()  # bytes it came with
    customer = TenantKey(Customer, null=True)
    threaded = models.CharField(max_length=7, choices=Threaded.choices, blank=True)
    candidates = ArrayField(models.UUIDField(), default=list)
    activity_id = models.UUIDField(null=True)  # what it answers
    point_id = models.UUIDField(null=True)  # where the customer had been written to, or whose address it came from
    recorded_id = models.UUIDField(null=True)  # the incoming activity it became
    assigned_to = models.UUIDField(null=True)
    escalated_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True)
    note = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization_id", "digest"], name="answer_once")]
        indexes = [
            models.Index(fields=["organization_id", "received_at", "id"], name="answer_when"),
            models.Index(
                fields=["organization_id", "received_at", "id"], condition=Q(state="unread"), name="answer_unread"
            ),
            models.Index(fields=["organization_id", "customer", "-received_at"], name="answer_customer"),
        ]
