"""One row for each action, written in the action's own transaction and never changed."""

from django.db import models
from django.db.models import Q

from puntual.tenancy.models import TenantModel


class Record(TenantModel):
    """Who did what, when and why. `detail` holds what a reader needs to understand it, amounts as strings."""

    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=150)
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=40, blank=True)
    object_id = models.UUIDField(null=True)
    why = models.TextField(blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["organization_id", "-at"], name="audit_when"),
            models.Index(fields=["organization_id", "object_id", "-at"], name="audit_about"),
            # What people did today, without what the clock did, which is far more.
            models.Index(fields=["organization_id", "-at"], condition=Q(actor_id__isnull=False), name="audit_people"),
        ]
