"""What a customer will not pay because somebody else gets it, or because it was granted."""

from django.db import models
from django.db.models import Q

from puntual.receivables.models.amounts import money
from puntual.receivables.models.documents import Installment
from puntual.tenancy.models import TenantKey, TenantModel


class ExpectedDeduction(TenantModel):
    """A part the customer will not pay because the law has it withheld or deposited elsewhere (retención, detracción), or because
    a discount was granted after invoicing, for which the credit note is still to come.

    Never asked for; closed by its certificate, its deposit or its credit note, or demanded again when that does not come.
    """

    class Kind(models.TextChoices):
        WITHHOLDING = "withholding"
        DETRACTION = "detraction"
        CREDIT_NOTE = "credit_note"

    installment = TenantKey(Installment)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    amount = money()
    certificate = models.CharField(max_length=100, blank=True)
    expected_from = models.DateField()
    reason = models.CharField(max_length=200, blank=True)  # why a discount was granted
    credit_note = TenantKey("receivables.CreditNote", null=True)  # that closed it
    source_id = models.UUIDField(null=True)  # the payment that came in net of it
    closed_on = models.DateField(null=True)  # its certificate, deposit or credit note came
    given_up_on = models.DateField(null=True)  # it did not come: demanded again from this day

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="deduction_amount_positive"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(given_up_on__isnull=True), name="deduction_ends_once"
            ),
        ]
        indexes = [
            models.Index(fields=["organization_id", "installment"], name="deduction_installment"),
            models.Index(
                fields=["organization_id", "expected_from", "id"],
                condition=Q(closed_on__isnull=True, given_up_on__isnull=True),
                name="deduction_expected",
            ),
        ]


class DeductionFile(TenantModel):
    """The certificate of a deduction, or the slip of its deposit, as it was supplied; never changed."""

    deduction = TenantKey(ExpectedDeduction)
    name = models.CharField(max_length=200)
    type = models.CharField(max_length=20)  # what its content shows: pdf, png, jpeg, xml
    digest = models.CharField(max_length=64)  # SHA-256 of the content
    size = models.PositiveIntegerField()  # bytes
    content = models.BinaryField()
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "deduction", "digest"], name="deduction_file_once")
        ]
