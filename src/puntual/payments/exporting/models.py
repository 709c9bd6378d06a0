"""What was exported for accounting, when and by whom, and each movement as it was written the first time."""

from django.db import models
from django.db.models import F, Q

from puntual.parties.models import Creditor
from puntual.tenancy.models import TenantKey, TenantModel


class PaymentExport(TenantModel):
    """One export: what had not been exported before (`only_new`), or a period. Its lines are `queries.lines_of`."""

    number = models.PositiveIntegerField()  # 1, 2, 3 … in the organization
    creditor = TenantKey(Creditor, null=True)  # null: all of them
    only_new = models.BooleanField()
    from_on = models.DateField(null=True)
    to_on = models.DateField(null=True)
    lines = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "number"], name="payment_export_number"),
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="payment_export_ends_after"),
        ]


class ExportedMovement(TenantModel):
    """A movement as it was first exported; a later export of the same period writes the very same line."""

    class Kind(models.TextChoices):
        RECEIVED = "received"
        REVERSED = "reversed"
        REFUNDED = "refunded"
        APPLIED = "applied"
        TAKEN_OFF = "taken_off"

    payment = TenantKey("payments.Payment")
    creditor = TenantKey(Creditor)
    kind = models.CharField(max_length=9, choices=Kind.choices)
    source_id = models.UUIDField()  # the payment, refund or ledger entry
    number = models.PositiveIntegerField()  # of the first export that had it
    on = models.DateField()
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=20, decimal_places=4)
    content = models.JSONField()  # the texts of `queries.TEXTS`, in their order

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "kind", "source_id"], name="exported_movement_once")
        ]
        indexes = [
            models.Index(fields=["organization_id", "on", "source_id", "kind"], name="exported_movement_on"),
            models.Index(fields=["organization_id", "number", "on"], name="exported_movement_number"),
        ]
