"""What was agreed with a customer. The invoices stay the only receivable: an agreement holds them, dates them and is measured by
the entries that payments post to them; it never owes anything itself.
"""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from puntual.agreements.profiles.models import Finding as Finding
from puntual.agreements.promises.models import PromiseJudgment as PromiseJudgment
from puntual.parties.models import ContactPoint, Creditor, Customer, Person
from puntual.receivables.models import Installment, Invoice, money
from puntual.tenancy.models import TenantKey, TenantModel


def who(**options: Any) -> "models.CharField[Any, Any]":
    """A column for the name of a person, or of Puntual where the clock acted."""
    return models.CharField(max_length=150, **options)


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


class Extension(TenantModel):
    """More time for one installment: the manual's steps count from `to_due`, aging goes on from the original due date.

    A *renegotiated* one is shown apart in aging. The installment's extensions in the order they were granted are its chain; each
    begins at the day the one before it ended on.
    """

    class State(models.TextChoices):
        AWAITING = "awaiting"  # beyond the limits of whoever asked: somebody has to approve it
        GRANTED = "granted"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    customer = TenantKey(Customer)
    installment = TenantKey(Installment, agreeing=["customer_id"])
    from_due = models.DateField()
    to_due = models.DateField()
    renegotiated = models.BooleanField(default=False)
    stops_interest = models.BooleanField(default=False)  # that no late interest is charged meanwhile was agreed too
    reason = models.TextField(blank=True)
    asked_by = who(blank=True)  # who asked on the customer's side
    offer = models.CharField(max_length=40, blank=True)  # the manual's offer it was granted by
    situation = models.JSONField(default=dict)  # what the limits depended on, as it was
    source_id = models.UUIDField(null=True)
    state = models.CharField(max_length=9, choices=State.choices)
    granted_on = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = who()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(to_due__gt=F("from_due")), name="extension_is_later"),
            models.CheckConstraint(
                condition=~Q(state="granted") | Q(granted_on__isnull=False), name="extension_granted_dated"
            ),
            models.UniqueConstraint(
                fields=["organization_id", "installment"], condition=Q(state="awaiting"), name="extension_awaited_once"
            ),
        ]
        indexes = [
            models.Index(fields=["organization_id", "installment"], name="extension_chain"),
            models.Index(fields=["organization_id", "customer", "recorded_at"], name="extension_customer"),
        ]


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


class Terms(TenantModel):
    """Terms changed for good, before trouble starts: from `effective_on`, with the reason and both sides' consent.

    What is null or empty did not change.
    """

    customer = TenantKey(Customer)
    effective_on = models.DateField()
    terms_days = models.PositiveSmallIntegerField(null=True)
    pay_days = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)  # days of the month
    credit_limit = money(null=True)
    currency = models.CharField(max_length=3, blank=True)  # of the limit
    before = models.JSONField(default=dict)  # what held until then
    reason = models.TextField()
    consent_ours = who()
    consent_theirs = who()  # who agreed on the customer's side
    evidence = models.TextField()  # how that is known: an e-mail, a signed letter
    recorded_at = models.DateTimeField()
    applied_on = models.DateField(null=True)  # the day from which the customer's own row says so
    withdrawn_on = models.DateField(null=True)
    withdrawn_by = who(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["organization_id", "customer", "effective_on"], name="terms_customer"),
            models.Index(
                fields=["organization_id", "effective_on", "id"],
                condition=Q(applied_on__isnull=True, withdrawn_on__isnull=True),
                name="terms_to_come",
            ),
        ]


class Approval(TenantModel):
    """A yes or no asked for because something goes beyond what whoever proposes it may grant alone."""

    class Decision(models.TextChoices):
        WAITING = "waiting"
        APPROVED = "approved"
        REFUSED = "refused"
        LAPSED = "lapsed"  # what it was about is gone

    customer = TenantKey(Customer)
    kind = models.CharField(max_length=12)  # extension, plan, settlement: which table `subject_id` is of
    subject_id = models.UUIDField()
    beyond = models.JSONField()  # each limit that is passed: [{"limit", "allowed", "asked"}]
    reason = models.TextField()
    needs_role = models.CharField(max_length=12)  # the least role that may decide
    asked_at = models.DateTimeField()
    asked_by = who()
    asked_by_id = models.UUIDField(null=True)  # nobody approves what they asked for
    decision = models.CharField(max_length=8, choices=Decision.choices, default=Decision.WAITING)
    decided_at = models.DateTimeField(null=True)
    decided_by = who(blank=True)
    why = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "subject_id"], condition=Q(decision="waiting"), name="approval_waits_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["organization_id", "asked_at", "id"], condition=Q(decision="waiting"), name="approval_waiting"
            ),
            models.Index(fields=["organization_id", "subject_id"], name="approval_subject"),
        ]


class Acceptance(TenantModel):
    """The customer's yes in writing: a signed link to one address, a one-time code, and what was accepted, word for word.

    Only hashes of the link's secret and of the code are kept. `document` is the PDF that was shown.
    """

    class State(models.TextChoices):
        SENT = "sent"
        ACCEPTED = "accepted"
        DECLINED = "declined"
        CLOSED = "closed"  # too old, too many wrong codes, or the agreement changed

    customer = TenantKey(Customer)
    plan = TenantKey(Plan)
    point = TenantKey(ContactPoint, null=True)  # where the link and the code go
    secret_hash = models.CharField(max_length=64)
    code_hash = models.CharField(max_length=128, blank=True)
    code_sent_at = models.DateTimeField(null=True)
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State.choices, default=State.SENT)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    digest = models.CharField(max_length=64)  # SHA-256 of the document
    document = models.BinaryField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = who(blank=True)
    address = models.GenericIPAddressField(null=True)
    browser = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "secret_hash"], name="acceptance_secret"),
            models.UniqueConstraint(
                fields=["organization_id", "plan"], condition=Q(state="sent"), name="acceptance_open_once"
            ),
        ]
        indexes = [models.Index(fields=["organization_id", "plan"], name="acceptance_plan")]
