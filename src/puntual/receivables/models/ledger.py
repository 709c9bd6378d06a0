"""The postings, and how the open portfolio changed with them."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from puntual.receivables.models.amounts import money
from puntual.receivables.models.documents import Installment
from puntual.tenancy.models import TenantKey, TenantModel


class Entry(TenantModel):
    """One posting to an installment, never edited: reversed and posted again.

    `effective_on` is the day it counts from ("as of"), `recorded_at` when it was known ("as known on"). Debits are positive.
    `source_id` names the payment, credit note, deduction or agreement behind it; those rooms lie above or beside this one.
    """

    class Kind(models.TextChoices):
        ISSUED = "issued"
        PAYMENT = "payment"
        CREDIT_NOTE = "credit_note"
        CANCELLATION = "cancellation"  # the document was annulled
        WAIVER = "waiver"  # a charge let go
        DEDUCTION = "deduction"
        DISCOUNT = "discount"
        WRITE_OFF = "write_off"
        RECOVERY = "recovery"
        CLOSED_OUTSIDE = "closed_outside"  # gone from the creditor's books; not a dated payment, not a kept promise
        ADJUSTMENT = "adjustment"  # rounding, bank fee, currency difference: named in `memo`

    class Account(models.TextChoices):
        RECEIVABLE = "receivable"
        WRITTEN_OFF = "written_off"

    installment = TenantKey(Installment)
    account = models.CharField(max_length=11, choices=Account.choices, default=Account.RECEIVABLE)
    kind = models.CharField(max_length=14, choices=Kind.choices)
    amount = money()
    currency = models.CharField(max_length=3)
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()
    source_id = models.UUIDField(null=True)
    reverses = TenantKey("self", null=True)
    memo = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="entry_amount_not_zero"),
            models.UniqueConstraint(
                fields=["organization_id", "reverses"], condition=Q(reverses__isnull=False), name="entry_reversed_once"
            ),
        ]
        indexes = [
            models.Index(fields=["organization_id", "installment", "effective_on"], name="entry_installment"),
            models.Index(
                fields=["organization_id", "source_id"], condition=Q(source_id__isnull=False), name="entry_source"
            ),
            models.Index(
                fields=["organization_id", "effective_on"], condition=~Q(kind="issued"), name="entry_movements"
            ),
            # Entries only come after one another: what was recorded since some time lies at the end.
            BrinIndex(fields=["recorded_at"], name="entry_recorded"),
        ]


class PortfolioDelta(TenantModel):
    """How the open portfolio changed, aggregated by creditor, currency and due date; a trigger writes it with each statement.

    Summed it gives the aging of today in milliseconds at any size; `compact_portfolio` folds its rows together from time to time.
    """

    creditor_id = models.UUIDField()
    currency = models.CharField(max_length=3)
    due_on = models.DateField()
    open_amount = money()
    open_count = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["organization_id", "currency", "due_on"], name="portfolio_delta")]
