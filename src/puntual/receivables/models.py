"""The receivables ledger. Balances are kept beside the items and are only ever the sum of their entries."""

from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest

from puntual.parties.models import Creditor, Customer
from puntual.receivables.interest.models import InterestCharge as InterestCharge
from puntual.receivables.interest.models import InterestTerms as InterestTerms
from puntual.receivables.interest.models import OwnRate as OwnRate
from puntual.tenancy.models import TenantKey, TenantModel


def money(**options: Any) -> "models.DecimalField[Any, Any]":
    """A column for an amount: 20 digits, 4 of them decimals, enough for every ISO 4217 currency."""
    return models.DecimalField(max_digits=20, decimal_places=4, **options)


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


class EarlyTerms(TenantModel):
    """What a customer may keep of each new invoice that is paid within some days of its issue: 2/10 is `percent` 2, `days` 10.

    They begin with the invoices issued on `from_on`; the ones that stand are those without an end.
    """

    customer = TenantKey(Customer)
    percent = models.DecimalField(max_digits=7, decimal_places=4)
    days = models.PositiveSmallIntegerField()
    from_on = models.DateField()
    reason = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)
    ended_on = models.DateField(null=True)  # no invoice issued on or after it has them
    ended_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(percent__gt=0) & Q(percent__lte=50), name="early_terms_percent"),
            models.UniqueConstraint(
                fields=["organization_id", "customer"],
                condition=Q(ended_on__isnull=True),
                name="early_terms_stand_once",
            ),
        ]


class EarlyDiscount(TenantModel):
    """What a customer may keep of one installment if all the rest is paid through `until_on`; nothing is owed less before that.

    Taken, it is an entry of kind discount beside the payment; missed, `days_late` says by how much the money came late.
    """

    class State(models.TextChoices):
        OPEN = "open"
        TAKEN = "taken"
        MISSED = "missed"
        WITHDRAWN = "withdrawn"

    class Source(models.TextChoices):
        FILE = "file"  # the invoice's own terms, as imported
        TERMS = "terms"  # the customer's
        BENEFIT = "benefit"  # granted to somebody who pays well

    installment = TenantKey(Installment)
    source = models.CharField(max_length=7, choices=Source.choices)
    percent = models.DecimalField(max_digits=7, decimal_places=4)
    amount = money()  # what may be kept
    until_on = models.DateField()
    agreed_on = models.DateField()
    reason = models.CharField(max_length=200, blank=True)
    offer = models.CharField(max_length=40, blank=True)  # the manual's offer it was granted by
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    ended_on = models.DateField(null=True)
    payment_id = models.UUIDField(null=True)  # the payment it was taken with
    days_late = models.PositiveSmallIntegerField(null=True)  # how long after `until_on` the money came
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(percent__gt=0) & Q(amount__gt=0), name="early_discount_positive"),
            models.CheckConstraint(
                condition=Q(state="open", ended_on__isnull=True) | (~Q(state="open") & Q(ended_on__isnull=False)),
                name="early_discount_open_or_ended",
            ),
            models.UniqueConstraint(
                fields=["organization_id", "installment"], condition=Q(state="open"), name="early_discount_open_once"
            ),
        ]
        indexes = [
            models.Index(fields=["organization_id", "installment"], name="early_discount_item"),
            models.Index(
                fields=["organization_id", "payment_id"],
                condition=Q(payment_id__isnull=False),
                name="early_discount_payment",
            ),
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
        ]


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
            models.Index(
                fields=["organization_id", "customer"], condition=Q(released_on__isnull=True), name="hold_active"
            ),
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
