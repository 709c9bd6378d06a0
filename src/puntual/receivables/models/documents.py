"""What is owed, and what is credited: invoices with their installments, and credit notes."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest

from puntual.parties.models import Creditor, Customer
from puntual.receivables.models.amounts import money
from puntual.tenancy.models import TenantKey, TenantModel


class Invoice(TenantModel):
    """A document that is owed: an invoice, or a charge (interest, fee) billed on its own."""

    class Kind(models.TextChoices):
        INVOICE = "invoice"
        CHARGE = "charge"

    class ClaimOwner(models.TextChoices):
        OURS = "ours"
        FACTORED = "factored"
        SOLD = "sold"

    creditor = TenantKey(Creditor)
    customer = TenantKey(Customer, agreeing=["creditor_id"])
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.INVOICE)
    number = models.CharField(max_length=80)
    number_key = models.CharField(max_length=80)  # references.document_key(number)
    issued_on = models.DateField()
    currency = models.CharField(max_length=3)
    amount = money()
    description = models.CharField(max_length=300, blank=True)
    charge_for = TenantKey("self", null=True)  # the invoice a charge arises from
    claim_owner = models.CharField(max_length=8, choices=ClaimOwner.choices, default=ClaimOwner.OURS)
    claim_owner_since = models.DateField(null=True)
    batch_id = models.UUIDField(null=True)  # the import that brought it
    withdrawn_on = models.DateField(null=True)  # its import was undone: the number is free again

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "creditor", "kind", "number_key"],
                condition=Q(withdrawn_on__isnull=True),
                name="invoice_number",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="invoice_amount_positive"),
            models.CheckConstraint(
                condition=Q(claim_owner="ours") | Q(claim_owner_since__isnull=False), name="invoice_claim_owner_dated"
            ),
        ]
        indexes = [
            models.Index(fields=["organization_id", "customer", "issued_on"], name="invoice_customer"),
            models.Index(fields=["organization_id", "-issued_on", "-id"], name="invoice_when"),
            models.Index(fields=["organization_id"], condition=~Q(claim_owner="ours"), name="invoice_not_ours"),
        ]


class InvoiceFile(TenantModel):
    """A file of an invoice as it was supplied: a PDF, never changed. One that was taken away is not sent any more."""

    invoice = TenantKey(Invoice)
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)  # SHA-256 of the content
    size = models.PositiveIntegerField()  # bytes
    content = models.BinaryField()
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=150)
    removed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "invoice", "digest"], name="invoice_file_once")
        ]


class Installment(TenantModel):
    """The open item: what ages, is chased, held and paid. Customer, creditor and currency are the invoice's, repeated for speed.

    `open_amount` is the sum of its entries on the receivable account, `written_off` of those on the written-off account.
    It ages from `due_on`; the manual counts from `expected_on`, which the database keeps: the day of an extension, else the
    customer's own pay day, else the due date, and never before it. `due_generation` rises when the due date moves or is
    extended, so that the manual starts afresh for the new date.
    """

    invoice = TenantKey(Invoice, agreeing=["creditor_id", "customer_id", "currency"])
    creditor = TenantKey(Creditor)
    customer = TenantKey(Customer)
    position = models.PositiveSmallIntegerField(default=1)
    due_on = models.DateField()
    due_generation = models.PositiveSmallIntegerField(default=1)
    extended_to = models.DateField(null=True)  # the day its latest extension gives
    pays_on = models.DateField(null=True)  # the day the customer's payment rules bring it, where they have pay days
    expected_on = models.GeneratedField(
        expression=Greatest("due_on", Coalesce("extended_to", "pays_on")),
        output_field=models.DateField(),
        db_persist=True,
    )
    currency = models.CharField(max_length=3)
    amount = money()
    open_amount = money()
    written_off = money(default=0)
    expected_deduction = money(default=0)  # still expected: the sum of its unclosed ExpectedDeduction rows
    settled_on = models.DateField(null=True)  # effective date of the entry that brought it to zero

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "invoice", "position"], name="installment_position"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="installment_amount_positive"),
            models.CheckConstraint(
                condition=Q(open_amount__gte=0) & Q(open_amount__lte=F("amount")), name="installment_open_within_amount"
            ),
            models.CheckConstraint(
                condition=Q(written_off__gte=0) & Q(written_off__lte=F("amount")), name="installment_written_off_within"
            ),
            models.CheckConstraint(condition=Q(expected_deduction__gte=0), name="installment_deduction_not_negative"),
            models.CheckConstraint(
                condition=Q(open_amount=0) | Q(settled_on__isnull=True), name="installment_settled_is_zero"
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization_id", "customer", "due_on"],
                condition=Q(open_amount__gt=0),
                name="installment_open",
            ),
            models.Index(
                fields=["organization_id", "due_on", "id"], condition=Q(open_amount__gt=0), name="installment_due"
            ),
            models.Index(fields=["organization_id", "customer", "settled_on"], name="installment_history"),
        ]


class Reception(TenantModel):
    """What a customer said when it was asked whether an invoice was received and approved. The latest counts.

    `missing` are the codes of what keeps them from approving it (`reception.MISSING`); nothing is missing once it is approved.
    """

    invoice = TenantKey(Invoice)
    received = models.BooleanField()
    approved = models.BooleanField(default=False)
    missing = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    note = models.TextField(blank=True)
    said_by = models.CharField(max_length=150, blank=True)
    said_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(approved=False) | Q(received=True), name="reception_approved_received"),
            models.CheckConstraint(condition=Q(approved=False) | Q(missing=[]), name="reception_approved_complete"),
        ]
        indexes = [models.Index(fields=["organization_id", "invoice", "recorded_at"], name="reception_invoice")]


class CreditNote(TenantModel):
    """A document in the customer's favor. `unapplied` is what has not yet been set against an item."""

    creditor = TenantKey(Creditor)
    customer = TenantKey(Customer, agreeing=["creditor_id"])
    number = models.CharField(max_length=80)
    number_key = models.CharField(max_length=80)
    issued_on = models.DateField()
    currency = models.CharField(max_length=3)
    amount = money()
    unapplied = money()
    invoice = TenantKey(Invoice, null=True)  # the one it corrects, where it says so
    reason = models.CharField(max_length=200, blank=True)
    batch_id = models.UUIDField(null=True)
    withdrawn_on = models.DateField(null=True)  # its import was undone: the number is free again

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "creditor", "number_key"],
                condition=Q(withdrawn_on__isnull=True),
                name="credit_note_number",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0) & Q(unapplied__gte=0) & Q(unapplied__lte=F("amount")),
                name="credit_note_unapplied_within",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization_id", "customer"], condition=Q(unapplied__gt=0), name="credit_note_waiting"
            )
        ]
