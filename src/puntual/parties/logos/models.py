"""One logo per creditor."""

from typing import Final

from django.db import models

from puntual.tenancy.models import TenantKey, TenantModel

WIDTH: Final = 50.0
HEIGHT: Final = 14.0
"""Millimeters it may take at the head of a document."""
DOTS: Final = 240.0
"""Per inch: what an office printer shows of it; more would only make each document larger."""


class CreditorLogo(TenantModel):
    """What stands beside a creditor's name on letters, statements and agreements: a PNG drawn anew from what was given."""

    creditor = TenantKey("Creditor")
    name = models.CharField(max_length=200)  # of the file that was given
    digest = models.CharField(max_length=64)  # SHA-256 of the content
    content = models.BinaryField()
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=150)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization_id", "creditor"], name="creditor_logo_once")]
