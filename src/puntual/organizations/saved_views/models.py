"""A kept view of a list."""

from django.db import models

from puntual.tenancy.models import TenantModel


class SavedView(TenantModel):
    """What a list is narrowed to, in which order and with which columns, under a name: a member's own, or (no user) everybody's.

    `query` is the part of the list's address behind "?", without a place in the list.
    """

    list_name = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2000, blank=True)
    user = models.ForeignKey("organizations.User", models.CASCADE, null=True, related_name="+", db_index=False)
    saved_at = models.DateTimeField()
    saved_by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "list_name", "user", "name"], name="saved_view_name", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return self.name
