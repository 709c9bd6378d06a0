"""What stops the chasing of a claim, and what bears on its limitation."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from puntual.parties.models import Customer
from puntual.receivables.models.amounts import money
from puntual.receivables.models.documents import Installment, Invoice
from puntual.tenancy.models import TenantKey, TenantModel


class Hold(TenantModel):
    """A dated reason not to chase, charge interest or remind: on a customer, an invoice or an installment, for all or an amount.

    `invoice` or `installment` is set, never both: the narrowest that is meant; neither means the whole customer. An amount is in
    the document's currency, so it needs one.
    """

    class Reason(models.TextChoices):
        PERSON = "person"  # somebody said "not now"
        DISPUTE = "dispute"
        PROMISE = "promise"
        PLAN = "plan"
        EXTENSION = "extension"
        PLACEMENT = "placement"
        REPLY = "reply"  # an unread answer
        MISSING = "missing"  # vanished from a creditor's snapshot, not yet confirmed
        PAYMENT_CLAIMED = "payment_claimed"
        INSTRUMENT = "instrument"  # a letra, a pagaré, a check or a debit promises it for a day

    customer = TenantKey(Customer)
    invoice = TenantKey(Invoice, null=True)
    installment = TenantKey(Installment, null=True)
    reason = models.CharField(max_length=16, choices=Reason.choices)
    amount = money(null=True)  # null: all of it
    from_on = models.DateField()
    until_on = models.DateField(null=True)  # the last day it holds; null: until released
    stops_chasing = models.BooleanField(default=True)
    stops_interest = models.BooleanField(default=False)
    stops_pre_due = models.BooleanField(default=True)
    note = models.TextField(blank=True)
    source_id = models.UUIDField(null=True)
    created_by = models.CharField(max_length=150)
    released_on = models.DateField(null=True)  # from this day it holds no more
    released_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__isnull=True) | Q(amount__gt=0), name="hold_amount_positive"),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="hold_until_after_from"
            ),
            models.CheckConstraint(
                condition=Q(invoice__isnull=True) | Q(installment__isnull=True), name="hold_on_one_thing"
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(invoice__isnull=False) | Q(installment__isnull=False),
                name="hold_amount_has_currency",
            ),
        ]
        indexes = [
            # Released ones too: what held on a day is asked by "released after it", which no index of the standing ones answers.
            models.Index(fields=["organization_id", "customer"], name="hold_customer"),
            models.Index(
                fields=["organization_id", "source_id"],
                condition=Q(released_on__isnull=True, source_id__isnull=False),
                name="hold_source",
            ),
        ]


class ClaimFact(TenantModel):
    """What bears on the limitation of a claim and no ledger knows: what may start its period anew, and counsel's word that
    one whose period is over is pursued all the same. On one invoice, or on all that a customer owes.
    """

    class Kind(models.TextChoices):
        ACKNOWLEDGMENT = "acknowledgment"
        LAWSUIT = "lawsuit"
        DEMAND = "demand"  # out of court, and it can be proved
        PROTEST = "protest"
        LIFTED = "lifted"  # counsel: the claim is pursued though its period is over

    customer = TenantKey(Customer)
    invoice = TenantKey(Invoice, null=True)
    kind = models.CharField(max_length=14, choices=Kind.choices)
    on = models.DateField()  # the day it happened; of what is lifted, the day from which
    evidence = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)
    withdrawn_on = models.DateField(null=True)  # from this day it counts no more
    withdrawn_by = models.CharField(max_length=150, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organization_id", "customer"], name="claim_fact_of")]

    def counts_on(self, day: date) -> bool:
        """Whether it had happened by a day and was not withdrawn."""
        return self.on <= day and (self.withdrawn_on is None or self.withdrawn_on > day)
