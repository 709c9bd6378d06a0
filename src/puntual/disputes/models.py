"""Disputes: what a customer objects to on an invoice, what was said and shown about it, and what came of it.

What is disputed is held in `receivables` and never changes a balance by itself; only its credit note or a corrected invoice does.
"""

from typing import Any

from django.db import models
from django.db.models import Q

from puntual.parties.models import Creditor, Customer
from puntual.receivables.models import CreditNote, Invoice, money
from puntual.tenancy.models import TenantKey, TenantModel


def who(**options: Any) -> "models.CharField[Any, Any]":
    """A column for the name of a person, or of Puntual where the clock acted."""
    return models.CharField(max_length=150, **options)


class Dispute(TenantModel):
    """An objection to an invoice, to all of it (`whole`) or to `amount`; at most one of an invoice is live.

    While it is live its holds in `receivables` carry its id. `deadline` is the day by which it is answered; once that is over
    it is escalated, and what is disputed stays held until somebody decides.
    """

    class Reason(models.TextChoices):
        PRICE = "price"
        DELIVERY = "delivery"  # not delivered, or not all of it
        ORDER_NUMBER = "order_number"  # the purchase order's number is missing or wrong
        DUPLICATE = "duplicate"
        QUALITY = "quality"
        TAX = "tax"
        OTHER = "other"

    class Cause(models.TextChoices):
        """Why it came to the dispute, as found out: what is counted, so that it does not happen again."""

        PRICING = "pricing"  # the agreed price was not in the system, or not honored
        ORDERING = "ordering"  # the order was taken down wrongly or without its number
        DELIVERY = "delivery"
        QUALITY = "quality"
        BILLING = "billing"  # an error in making out the invoice
        PAYMENT = "payment"  # a payment or a credit of theirs was not recognized
        CUSTOMER = "customer"  # a misunderstanding on the customer's side
        OTHER = "other"

    class Source(models.TextChoices):
        CONTACT = "contact"  # a call, a visit or a meeting
        ANSWER = "answer"
        PORTAL = "portal"
        DESK = "desk"
        FILE = "file"  # a column of an imported file

    class State(models.TextChoices):
        OPEN = "open"
        ACCEPTED = "accepted"  # the customer is right: the credit note or the corrected invoice is still to come
        CREDITED = "credited"
        CORRECTED = "corrected"
        REJECTED = "rejected"
        WITHDRAWN = "withdrawn"

    creditor = TenantKey(Creditor)
    customer = TenantKey(Customer)
    invoice = TenantKey(Invoice, agreeing=["creditor_id", "customer_id", "currency"])
    currency = models.CharField(max_length=3)
    amount = money()  # what is disputed; of a whole one, what was open when it was opened
    whole = models.BooleanField(default=False)
    reason = models.CharField(max_length=12, choices=Reason.choices)
    said = models.TextField(blank=True)  # in the customer's words
    said_by = who(blank=True)  # who objects on the customer's side
    source = models.CharField(max_length=7, choices=Source.choices)
    source_id = models.UUIDField(null=True)  # the call, meeting, answer or import it came by
    opened_on = models.DateField()
    opened_at = models.DateTimeField()
    opened_by = who()
    owner = models.ForeignKey("organizations.User", models.SET_NULL, null=True, related_name="+", db_index=False)
    deadline = models.DateField()
    escalated_on = models.DateField(null=True)
    escalated_to = models.UUIDField(null=True)  # the member who sees to it that it is decided
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    granted = money(null=True)  # what the customer was found right about, in `currency`
    cause = models.CharField(max_length=8, choices=Cause.choices, blank=True)
    resolved_on = models.DateField(null=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = who(blank=True)
    why = models.TextField(blank=True)  # the reason of the resolution, as the customer may read it
    credit_note = TenantKey(CreditNote, null=True)
    corrected = TenantKey(Invoice, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "invoice"],
                condition=Q(state__in=["open", "accepted"]),
                name="dispute_live_once",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="dispute_amount_positive"),
            models.CheckConstraint(
                condition=Q(granted__isnull=True) | Q(granted__gt=0), name="dispute_granted_positive"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "accepted"], resolved_on__isnull=True)
                | (~Q(state__in=["open", "accepted"]) & Q(resolved_on__isnull=False)),
                name="dispute_live_or_resolved",
            ),
            models.CheckConstraint(
                condition=(~Q(state="credited") | Q(credit_note__isnull=False))
                & (~Q(state="corrected") | Q(corrected__isnull=False)),
                name="dispute_ends_with_its_document",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization_id", "deadline", "id"],
                condition=Q(state__in=["open", "accepted"]),
                name="dispute_live",
            ),
            models.Index(fields=["organization_id", "customer", "opened_on"], name="dispute_customer"),
            models.Index(fields=["organization_id", "invoice"], name="dispute_invoice"),
            models.Index(fields=["organization_id", "-opened_on", "-id"], name="dispute_when"),
            models.Index(fields=["organization_id", "-resolved_on", "-id"], name="dispute_resolved"),
        ]


class DisputeNote(TenantModel):
    """Something said about a dispute, or done with it: never changed.

    `step` and `detail` say what was done (`words.STEPS`); amounts in it are strings.
    """

    class Kind(models.TextChoices):
        INNER = "inner"  # for the team only
        CUSTOMER = "customer"  # the customer said it
        OURS = "ours"  # we said it to the customer
        STEP = "step"

    dispute = TenantKey(Dispute)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    step = models.CharField(max_length=9, blank=True)
    detail = models.JSONField(default=dict)
    text = models.TextField(blank=True)
    source_id = models.UUIDField(null=True)  # the call, the answer or the message it was said in
    at = models.DateTimeField()
    by_name = who()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="step", step__gt="") | (~Q(kind="step") & Q(step="", text__gt="")),
                name="dispute_note_says_something",
            )
        ]
        indexes = [models.Index(fields=["organization_id", "dispute", "at", "id"], name="dispute_note_when")]


class Evidence(TenantModel):
    """A file about a dispute, as it was supplied: kept with its hash and never changed."""

    dispute = TenantKey(Dispute)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=100)  # its media type, told by its content
    digest = models.CharField(max_length=64)  # SHA-256 of the content
    size = models.PositiveIntegerField()  # bytes
    content = models.BinaryField()
    theirs = models.BooleanField(default=False)  # the customer supplied it
    added_at = models.DateTimeField()
    added_by = who()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "dispute", "digest"], name="dispute_evidence_once")
        ]
