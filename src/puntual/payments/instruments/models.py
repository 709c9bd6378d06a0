"""What promises money on a day, and the items it is for."""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q

from puntual.parties.models import Creditor, Customer
from puntual.receivables.models import Installment, Invoice, money
from puntual.tenancy.models import TenantKey, TenantModel


class Instrument(TenantModel):
    """A paper or an order received for a customer: it holds its items through its maturity and `held_days` more.

    It settles nothing by itself: only its payment does. `expected_on` is its maturity, or the later day it was presented again
    for. `asked_on` is the day a task asked for its fate, because neither money nor a word had come.
    """

    class Kind(models.TextChoices):
        BILL = "bill"  # letra de cambio
        NOTE = "note"  # pagaré
        CHECK = "check"  # cheque diferido
        DEBIT = "debit"  # an order to debit the customer's account

    class State(models.TextChoices):
        RECEIVED = "received"
        DEPOSITED = "deposited"  # with a bank: deposited, or in collection
        PAID = "paid"
        RETURNED = "returned"  # bounced, protested, refused
        GIVEN_BACK = "given_back"
        RENEWED = "renewed"  # another instrument took its place

    creditor = TenantKey(Creditor)
    customer = TenantKey(Customer, agreeing=["creditor_id"])
    kind = models.CharField(max_length=5, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    number = models.CharField(max_length=60)
    number_key = models.CharField(max_length=60)  # references.document_key(number)
    bank = models.CharField(max_length=100, blank=True)  # it is drawn on, or collects it
    drawer = models.CharField(max_length=200, blank=True)  # who signs it, where it is not the customer
    currency = models.CharField(max_length=3)
    amount = money()
    received_on = models.DateField()
    matures_on = models.DateField()
    expected_on = models.DateField()
    held_days = models.PositiveSmallIntegerField()
    deposited_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)  # the day it was paid, returned, given back or renewed
    why = models.CharField(max_length=200, blank=True)  # it was returned, given back or renewed
    payment = TenantKey("payments.Payment", null=True)
    fee = TenantKey(Invoice, null=True)  # the charge for what the bank took for its return
    renews = TenantKey("self", null=True)
    asked_on = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "customer", "kind", "bank", "number_key"],
                condition=~Q(state="given_back"),
                name="instrument_once",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="instrument_amount_positive"),
            models.CheckConstraint(
                condition=Q(matures_on__gte=F("received_on"), expected_on__gte=F("matures_on")),
                name="instrument_days_in_order",
            ),
            models.CheckConstraint(
                condition=Q(state="paid", payment__isnull=False) | ~Q(state="paid"), name="instrument_paid_by"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["received", "deposited"], ended_on__isnull=True)
                | (~Q(state__in=["received", "deposited"]) & Q(ended_on__isnull=False)),
                name="instrument_under_way_or_ended",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization_id", "expected_on", "id"],
                condition=Q(state__in=["received", "deposited"]),
                name="instrument_under_way",
            ),
            models.Index(fields=["organization_id", "-matures_on", "-id"], name="instrument_when"),
            models.Index(fields=["organization_id", "customer", "matures_on"], name="instrument_customer"),
            models.Index(
                fields=["organization_id", "payment"], condition=Q(payment__isnull=False), name="instrument_payment"
            ),
        ]

    @property
    def held_until(self) -> date:
        """The last day it holds its items; from the day after, silence is a task."""
        last: date = self.expected_on + timedelta(days=self.held_days)
        return last


class InstrumentItem(TenantModel):
    """An installment an instrument is for, with how much of it."""

    instrument = TenantKey(Instrument)
    installment = TenantKey(Installment)
    amount = money()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "instrument", "installment"], name="instrument_item_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="instrument_item_positive"),
        ]
        indexes = [models.Index(fields=["organization_id", "installment"], name="instrument_of_item")]
