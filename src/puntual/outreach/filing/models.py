"""A customer's own files."""

from django.db import models

from puntual.parties.models import Customer
from puntual.tenancy.models import TenantKey, TenantModel


class CustomerFile(TenantModel):
    """A file about a customer as it was supplied, with its hash, never changed.

    One that was put there by mistake is taken away: its name and hash stay on record, its content is gone.
    """

    customer = TenantKey(Customer)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=100)  # its media type, told by its content
    digest = models.CharField(max_length=64)  # SHA-256 of the content
    size = models.PositiveIntegerField()  # bytes
    content = models.BinaryField()
    about = models.CharField(max_length=200, blank=True)  # what it is, in a few words
    theirs = models.BooleanField(default=False)  # the customer supplied it
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=150)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "customer", "digest"],
                condition=models.Q(removed_at=None),
                name="customer_file_once",
            )
        ]
