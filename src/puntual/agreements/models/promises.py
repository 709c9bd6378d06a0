"""What somebody said would be paid."""

from django.db import models
from django.db.models import F, Q

from puntual.agreements.models.names import who
from puntual.parties.models import Creditor, Customer, Person
from puntual.receivables.models import Installment, money
from puntual.tenancy.models import TenantKey, TenantModel


class Promise(TenantModel):
    """What somebody said would be paid, and by which day. It holds the chasing of what it covers until it is judged.

    It is judged by the entries of payments that took effect from `made_on` through `promised_for` and the working days a bank
    takes to book, with the organization's tolerance, and only once the creditor's bank is known through those days. `named` says
    whether only money for its own items counts; otherwise any of the customer's money in that currency does.
    """

    class State(models.TextChoices):
        OPEN = "open"
        KEPT = "kept"
        PARTLY_KEPT = "partly_kept"
        BROKEN = "broken"
        REPLACED = "replaced"  # by a later promise or another agreement, before its day
        WITHDRAWN = "withdrawn"  # recorded by mistake, or what it covered is not owed any more

    creditor = TenantKey(Creditor)
    customer = TenantKey(Customer, agreeing=["creditor_id"])
    currency = models.CharField(max_length=3)
    amount = money()
    promised_for = models.DateField()
    made_on = models.DateField()
    person = TenantKey(Person, null=True)  # who promised, where on record
    made_by = who(blank=True)  # who promised, as they gave their name
    named = models.BooleanField(default=False)
    source_id = models.UUIDField(null=True)  # the call, meeting or answer it was made in
    note = models.TextField(blank=True)
    state = models.CharField(max_length=11, choices=State.choices, default=State.OPEN)
    paid = money(default=0)  # what counted for it when it was judged
    valued_on = models.DateField(null=True)  # the organization's day on which it was judged
    ended_on = models.DateField(null=True)  # the day from which it holds nothing any more
    recorded_at = models.DateTimeField()
    recorded_by = who()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="promise_amount_positive"),
            models.CheckConstraint(condition=Q(paid__gte=0), name="promise_paid_not_negative"),
            models.CheckConstraint(condition=Q(promised_for__gte=F("made_on")), name="promise_for_later"),
            models.CheckConstraint(
                condition=Q(state="open", ended_on__isnull=True) | (~Q(state="open") & Q(ended_on__isnull=False)),
                name="promise_open_or_ended",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization_id", "promised_for", "id"], condition=Q(state="open"), name="promise_open"
            ),
            models.Index(fields=["organization_id", "customer", "made_on"], name="promise_customer"),
            models.Index(fields=["organization_id", "-promised_for", "-id"], name="promise_when"),
        ]


class PromiseItem(TenantModel):
    """An installment a promise covers, with how much of it."""

    promise = TenantKey(Promise)
    installment = TenantKey(Installment)
    amount = money()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "promise", "installment"], name="promise_item_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="promise_item_positive"),
        ]
        indexes = [models.Index(fields=["organization_id", "installment"], name="promise_of_item")]
