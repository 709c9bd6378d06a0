"""Strategies and their versions. An active version never changes; a change is a new draft."""

from django.db import models
from django.db.models import Q

from puntual.parties.models import Creditor, Customer
from puntual.strategies.credit.models import CreditApplication as CreditApplication
from puntual.strategies.credit.models import CreditDocument as CreditDocument
from puntual.strategies.credit.models import CreditPolicy as CreditPolicy
from puntual.strategies.experiments import ARMS
from puntual.strategies.portfolios.models import PortfolioRule as PortfolioRule
from puntual.strategies.practice.models import PracticeTalk as PracticeTalk
from puntual.strategies.scripts.models import OwnScript as OwnScript
from puntual.strategies.texts import AUDIENCES, Place, Text
from puntual.tenancy.models import TenantKey, TenantModel


class Strategy(TenantModel):
    """A collections manual by name: which steps, in which tone, by which channel, from which day."""

    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=150)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization_id", "code"], name="strategy_code")]


class Version(TenantModel):
    """One wording of a strategy. `content` is the manual itself, as `strategies.manual` reads and writes it.

    One that `predates_notices` was made before the notices of `later.LATER` were known, and says them too.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        ACTIVE = "active"
        RETIRED = "retired"

    strategy = TenantKey(Strategy)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.DRAFT)
    content = models.JSONField()
    created_at = models.DateTimeField()
    activated_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)
    predates_notices = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "strategy", "number"], name="version_number"),
            models.UniqueConstraint(
                fields=["organization_id", "strategy"], condition=Q(state="active"), name="version_one_active"
            ),
        ]


class StoredSegment(TenantModel):
    """A segment as an organization keeps it. `conditions` are as `strategies.segments` reads and writes them.

    Where a customer is in several segments with a strategy of their own, the one with the lowest `position` counts.
    """

    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=100)
    conditions = models.JSONField(default=list)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization_id", "code"], name="segment_code")]


class Assignment(TenantModel):
    """Which strategy applies: the customer's own, else its segment's, else its creditor's, else the organization's."""

    strategy = TenantKey(Strategy)
    creditor = TenantKey(Creditor, null=True)
    segment = TenantKey(StoredSegment, null=True)
    customer = TenantKey(Customer, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(creditor__isnull=True) & Q(segment__isnull=True))
                | (Q(creditor__isnull=True) & Q(customer__isnull=True))
                | (Q(segment__isnull=True) & Q(customer__isnull=True)),
                name="assignment_one_scope",
            ),
            models.UniqueConstraint(
                fields=["organization_id", "creditor", "segment", "customer"],
                nulls_distinct=False,
                name="assignment_once",
            ),
        ]


class CustomerFigures(TenantModel):
    """What segments ask of a customer and its balances tell, in one row with the customer's own id. Kept by `figures`.

    The meaning of each is in `segments.Figures`; days are kept as the date they are counted from. There is no foreign key: the
    row is worked out again, never the source of anything.
    """

    open_amounts = models.JSONField(default=dict)  # by currency, numbers
    overdue_amounts = models.JSONField(default=dict)
    overdue_since = models.DateField(null=True)
    known_since = models.DateField()
    invoices = models.PositiveIntegerField(default=0)
    usual_delay = models.IntegerField(null=True)  # days
    paid_late = models.PositiveSmallIntegerField(null=True)  # percent
    broken_promises = models.PositiveSmallIntegerField(default=0)
    promises_kept = models.PositiveSmallIntegerField(null=True)  # percent


class FiguresRead(TenantModel):
    """Of which day an organization's figures are, and when they were last worked out."""

    day = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization_id"], name="figures_read_once")]


class OwnText(TenantModel):
    """An organization's own words at a place of the texts (`texts.Place`), for all its creditors or for one, in versions.

    The active one is used instead of the built-in one. Once it was in force its words stay as they were (a trigger sees to it).
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        ACTIVE = "active"
        RETIRED = "retired"

    template = models.CharField(max_length=60)
    channel = models.CharField(max_length=8)
    audience = models.CharField(max_length=8, choices=[(audience, audience) for audience in AUDIENCES])
    language = models.CharField(max_length=2)
    creditor = TenantKey(Creditor, null=True)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.DRAFT)
    subject = models.CharField(max_length=300, blank=True)
    subject_private = models.CharField(max_length=300, blank=True)
    body = models.TextField()
    created_at = models.DateTimeField()
    activated_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "template", "channel", "audience", "language", "creditor", "number"],
                nulls_distinct=False,
                name="own_text_number",
            ),
            models.UniqueConstraint(
                fields=["organization_id", "template", "channel", "audience", "language", "creditor"],
                condition=Q(state="active"),
                nulls_distinct=False,
                name="own_text_one_active",
            ),
            models.UniqueConstraint(
                fields=["organization_id", "template", "channel", "audience", "language", "creditor"],
                condition=Q(state="draft"),
                nulls_distinct=False,
                name="own_text_one_draft",
            ),
        ]

    @property
    def place(self) -> Place:
        return Place(self.template, self.channel, "consumer" if self.audience == "consumer" else "company")

    @property
    def text(self) -> Text:
        return Text(self.subject, self.subject_private, self.body)


class Experiment(TenantModel):
    """Champion and challenger: of the customers whom a strategy applies to, some follow another or hear everything later.

    Shares are in percent of the customers. What counts is whether an item that falls due from `starts_on` through `ends_on` is
    paid within `within_days` of its due date.
    """

    name = models.CharField(max_length=100)
    champion = TenantKey(Strategy)
    challenger = TenantKey(Strategy, null=True)
    challenger_share = models.PositiveSmallIntegerField(default=0)
    holdback_share = models.PositiveSmallIntegerField(default=0)
    holdback_days = models.PositiveSmallIntegerField(default=0)
    starts_on = models.DateField()
    ends_on = models.DateField()
    within_days = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()
    stopped_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gt=models.F("starts_on")), name="experiment_lasts"),
            models.CheckConstraint(
                condition=Q(challenger_share__lte=50, holdback_share__lte=20), name="experiment_leaves_a_champion"
            ),
            models.CheckConstraint(
                condition=Q(challenger__isnull=False, challenger_share__gt=0)
                | Q(challenger__isnull=True, challenger_share=0),
                name="experiment_challenger_has_a_share",
            ),
            models.CheckConstraint(
                condition=Q(holdback_share=0, holdback_days=0) | Q(holdback_share__gt=0, holdback_days__gt=0),
                name="experiment_holdback_is_a_delay",
            ),
        ]


class Enrollment(TenantModel):
    """A customer whom the champion applied to when an experiment began, and its arm: who is counted in the end.

    Who comes later is treated by the same hash, and not counted.
    """

    experiment = TenantKey(Experiment)
    customer = TenantKey(Customer)
    arm = models.CharField(max_length=10, choices=[(arm, arm) for arm in ARMS])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "experiment", "customer"], name="enrolled_once"),
        ]
