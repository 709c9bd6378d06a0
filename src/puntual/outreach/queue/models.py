"""What people did with what stood on a list."""

from django.db import models

from puntual.tenancy.models import TenantModel


class Turn(TenantModel):
    """What a person did with an activity on a list: with it the last one can be taken back, and what was passed over is not given
    to the same person again that day.

    `before` is what the activity was, for as long as it may be taken back: `queue.turns`.
    """

    class Kind(models.TextChoices):
        RESULT = "result"
        LATER = "later"  # put off to an hour
        SKIP = "skip"  # passed over: left for others, or for another day

    activity_id = models.UUIDField()
    user_id = models.UUIDField()
    name = models.CharField(max_length=150)  # whose turn it was, for the others to read
    kind = models.CharField(max_length=6, choices=Kind.choices)
    reason = models.CharField(max_length=40, blank=True)  # why it was passed over, or the result
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    before = models.JSONField(default=dict)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organization_id", "user_id", "-at"], name="turn_of_user"),
            models.Index(fields=["organization_id", "activity_id", "-at"], name="turn_of_activity"),
        ]
