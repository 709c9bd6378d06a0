"""Whom a note mentions."""

from django.db import models
from django.db.models import Q

from puntual.parties.models import Customer
from puntual.tenancy.models import TenantKey, TenantModel


class Mention(TenantModel):
    """A member who is named in a note, and finds it in the inbox. The words stand in the activity alone.

    Whoever stands in for the member reads it too, which is not the member's reading it: it waits for them when they come back.
    """

    customer = TenantKey(Customer)
    activity_id = models.UUIDField()
    user_id = models.UUIDField()
    by_name = models.CharField(max_length=150)  # who wrote it, for the reader
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    stood_in_at = models.DateTimeField(null=True)  # read by the member's substitute
    stood_in_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "activity_id", "user_id"], name="mention_once")
        ]
        indexes = [
            models.Index(fields=["organization_id", "user_id", "-at", "-id"], name="mention_of_user"),
            models.Index(
                fields=["organization_id", "user_id", "-at", "-id"], condition=Q(seen_at=None), name="mention_unseen"
            ),
        ]
