"""What is said to members: kept until it has left, and then only that it did."""

from django.db import models
from django.db.models import Q

from puntual.tenancy.models import TenantModel


class StaffMail(TenantModel):
    """One message to one member, complete with its file. `reference` is its sender's own name for it: the same is queued once.

    What it said and its file are let go when it is settled; whoever may see them can make them again.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        ATTEMPTING = "attempting"  # claimed by a sender
        SENT = "sent"
        FAILED = "failed"
        UNKNOWN = "unknown"  # a crash between claim and answer: never sent again by itself
        DROPPED = "dropped"  # the member left, or may not see it any more

    user_id = models.UUIDField()
    permission = models.CharField(max_length=20)  # what the member needs to be sent it
    reference = models.CharField(max_length=200)
    about_id = models.UUIDField(null=True)  # the subscription it came from
    subject = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    language = models.CharField(max_length=10)
    file_name = models.CharField(max_length=200, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    content = models.BinaryField(default=bytes)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    not_before = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    captured = models.BooleanField(default=False)  # rehearsal: it stayed in the capture mailbox
    result = models.CharField(max_length=500, blank=True)  # why it did not leave
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization_id", "reference"], name="staff_mail_once")]
        indexes = [
            models.Index(
                fields=["organization_id", "not_before", "id"],
                condition=Q(state__in=["queued", "attempting"]),
                name="staff_mail_waiting",
            ),
            models.Index(fields=["organization_id", "about_id", "-created_at"], name="staff_mail_about"),
        ]
