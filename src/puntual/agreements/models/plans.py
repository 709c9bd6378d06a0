"""Payment in parts and settlements."""

from django.db import models
from django.db.models import F, Q

from puntual.agreements.models.names import who
from puntual.parties.models import Creditor, Customer
from puntual.receivables.models import Installment, Invoice, money
from puntual.tenancy.models import TenantKey, TenantModel


class Plan(TenantModel):
    """Payment in parts, or a settlement with a discount (quita), over one or many installments of one customer and currency.

    What it covers keeps its age and stays the only receivable; while the plan is active it is held. `principal` is the sum of its
    items to the cent, and principal + interest - discount the sum of its parts. Interest becomes a charge and the discount an
    entry of its own, the discount only once everything else was paid. Money settles the covered items and is counted for the
    parts in the order of their days.
    """

    class Kind(models.TextChoices):
        PLAN = "plan"
        SETTLEMENT = "settlement"

    class State(models.TextChoices):
        AWAITING = "awaiting"  # beyond the limits of whoever made it: somebody has to approve it
        OFFERED = "offered"  # waits for the customer's acceptance through `offered_until`
        ACTIVE = "active"
        COMPLETED = "completed"
        BROKEN = "broken"
        REPLANNED = "replanned"  # another plan took its place
        REFUSED = "refused"  # by whoever had to approve it, or by the customer
        EXPIRED = "expired"  # not accepted in time
        WITHDRAWN = "withdrawn"

    class How(models.TextChoices):
        IN_PERSON = "in_person"
        BY_PHONE = "by_phone"
        IN_WRITING = "in_writing"  # a letter or a message of the customer's own
        LINK = "link"  # a signed link with a one-time code: `Acceptance` has it word for word

    class Rhythm(models.TextChoices):
        WEEKLY = "weekly"
        FORTNIGHTLY = "fortnightly"
        MONTHLY = "monthly"

    creditor = TenantKey(Creditor)
    customer = TenantKey(Customer, agreeing=["creditor_id"])
    number = models.CharField(max_length=20)  # PP-2026-0001: what people call it
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PLAN)
    state = models.CharField(max_length=9, choices=State.choices)
    currency = models.CharField(max_length=3)
    principal = money()
    interest = money(default=0)
    discount = money(default=0)
    yearly_percent = models.DecimalField(max_digits=7, decimal_places=4, default=0)  # interest, of the balance, a year
    rhythm = models.CharField(max_length=11, choices=Rhythm.choices, default=Rhythm.MONTHLY)
    agreed_on = models.DateField()
    offered_until = models.DateField(null=True)
    grace_days = models.PositiveSmallIntegerField(
        default=3
    )  # business days after a part's day before it counts as missed
    misses_allowed = models.PositiveSmallIntegerField(default=1)  # with one more it is broken
    replaces = TenantKey("self", null=True)
    times_replanned = models.PositiveSmallIntegerField(default=0)
    offer = models.CharField(max_length=40, blank=True)  # the manual's offer it was granted by
    situation = models.JSONField(default=dict)  # what the limits depended on, as it was
    reason = models.TextField(blank=True)
    asked_by = who(blank=True)
    source_id = models.UUIDField(null=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_how = models.CharField(max_length=10, choices=How.choices, blank=True)
    accepted_by = who(blank=True)  # on the customer's side
    evidence = models.TextField(blank=True)  # how that is known, where it was not accepted by a link
    ended_on = models.DateField(null=True)
    ended_why = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = who()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "number"], name="plan_number"),
            models.CheckConstraint(condition=Q(principal__gt=0), name="plan_principal_positive"),
            models.CheckConstraint(
                condition=Q(interest__gte=0) & Q(discount__gte=0) & Q(discount__lt=F("principal")),
                name="plan_costs_within",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["active", "completed", "broken", "replanned"]) | Q(accepted_at__isnull=False),
                name="plan_accepted",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["awaiting", "offered", "active"], ended_on__isnull=True)
                | (~Q(state__in=["awaiting", "offered", "active"]) & Q(ended_on__isnull=False)),
                name="plan_under_way_or_ended",
            ),
        ]
        indexes = [
            models.Index(fields=["organization_id", "customer", "agreed_on"], name="plan_customer"),
            models.Index(
                fields=["organization_id", "id"],
                condition=Q(state__in=["awaiting", "offered", "active"]),
                name="plan_under_way",
            ),
            models.Index(fields=["organization_id", "-agreed_on", "-id"], name="plan_when"),
        ]


class PlanItem(TenantModel):
    """An installment a plan covers, with the principal of it: what was open, whole, when the plan was agreed.

    `held` is true while the plan is active, so that the database keeps an installment from being in two plans at once.
    `paid_before` and `relieved_before` are what money, and what else lowers a debt, had taken off the installment by the moment
    the plan was accepted: what the plan is measured by are the entries beyond them, whenever those take effect.
    """

    plan = TenantKey(Plan)
    installment = TenantKey(Installment)
    principal = money()
    paid_before = money(default=0)
    relieved_before = money(default=0)
    held = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "plan", "installment"], name="plan_item_once"),
            models.UniqueConstraint(
                fields=["organization_id", "installment"], condition=Q(held=True), name="plan_item_held_once"
            ),
            models.CheckConstraint(condition=Q(principal__gt=0), name="plan_item_positive"),
        ]


class PlanPart(TenantModel):
    """One payment of a plan: `amount` = principal + interest - discount, by `due_on`. Position 0 is the down payment.

    Its interest is charged by a document of its own when the plan is accepted, due on the same day.
    """

    class State(models.TextChoices):
        DUE = "due"
        PAID = "paid"
        MISSED = "missed"  # its day and the grace went by; money that comes later still counts for it

    plan = TenantKey(Plan)
    position = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    principal = money()
    interest = money(default=0)
    discount = money(default=0)
    amount = money()
    paid = money(default=0)
    state = models.CharField(max_length=6, choices=State.choices, default=State.DUE)
    paid_on = models.DateField(null=True)
    missed_on = models.DateField(null=True)  # the last day of its grace, once it went by: kept when it is paid later
    charge = TenantKey(Invoice, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "plan", "position"], name="plan_part_position"),
            models.CheckConstraint(
                condition=Q(amount=F("principal") + F("interest") - F("discount")) & Q(amount__gt=0),
                name="plan_part_adds_up",
            ),
            models.CheckConstraint(condition=Q(paid__gte=0) & Q(paid__lte=F("amount")), name="plan_part_paid_within"),
        ]
        indexes = [
            models.Index(
                fields=["organization_id", "due_on", "id"], condition=~Q(state="paid"), name="plan_part_unpaid"
            )
        ]
