"""Whom a note mentions."""

from django.db import models
from django.db.models import Q

from puntual.parties.models import Customer
from puntual.tenancy.models import TenantKey, TenantModel


class Mention(TenantModel):
    """A member who is named in a note, and finds it in the inbox. The words stand in the activity alone."""

    customer = TenantKey(Customer)
    activity_id = models.UUIDField()
    user_id = models.UUIDField()
    by_name = models.CharField(max_length=150)  # who wrote it, for the reader
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

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
