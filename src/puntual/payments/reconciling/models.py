"""What may be done with a bank's line, what was done with it, and what payers are known by."""

from django.db import models
from django.db.models import Q

from puntual.parties.models import Creditor, Customer
from puntual.receivables.models import Entry, ExpectedDeduction, money
from puntual.tenancy.models import TenantKey, TenantModel


class LineProposal(TenantModel):
    """What a line may settle, as `matching.match` found it; `rank` 1 is the strongest. Amounts are texts in `parts`."""

    line = TenantKey("payments.BankLine")
    rank = models.PositiveSmallIntegerField()
    customer = TenantKey(Customer)  # who pays
    rule = models.CharField(max_length=40)
    sure = models.BooleanField()
    parts = models.JSONField(default=list)  # [[installment, amount], …]
    rest = money(default=0)
    adjustments = models.JSONField(default=list)  # [[kind, installment, amount, rate, code], …]
    evidence = models.JSONField(default=list)  # [[what tells it, the words], …]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization_id", "line", "rank"], name="line_proposal_rank")]


class LineSettlement(TenantModel):
    """A payment that was made of a line, or of a share of it. Undone, never deleted.

    `rule` is the rule of the strongest sure proposal there was, and `agreed` whether what was done is what it said: by that a
    rule's precision is measured.
    """

    line = TenantKey("payments.BankLine")
    payment = TenantKey("payments.Payment")
    rule = models.CharField(max_length=40, blank=True)
    agreed = models.BooleanField(null=True)
    automatic = models.BooleanField(default=False)
    settled_at = models.DateTimeField()
    settled_by = models.CharField(max_length=150)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=150, blank=True)
    undone_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "payment"], name="line_settlement_payment"),
        ]
        indexes = [
            models.Index(fields=["organization_id", "line"], name="line_settlement_line"),
            models.Index(fields=["organization_id", "rule"], condition=~Q(rule=""), name="line_settlement_rule"),
        ]


class PayerTrait(TenantModel):
    """An account or a name by which a person has confirmed that a customer pays. Forgotten, never deleted."""

    class Kind(models.TextChoices):
        ACCOUNT = "account"
        NAME = "name"

    kind = models.CharField(max_length=7, choices=Kind.choices)
    key = models.CharField(max_length=200)  # as it is compared
    shown = models.CharField(max_length=200)  # as the bank wrote it
    customer = TenantKey(Customer)
    line = TenantKey("payments.BankLine", null=True)  # that taught it
    learned_at = models.DateTimeField()
    learned_by = models.CharField(max_length=150)
    forgotten_at = models.DateTimeField(null=True)
    forgotten_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "customer", "kind", "key"],
                condition=Q(forgotten_at__isnull=True),
                name="payer_trait_once",
            ),
        ]


class LineDeduction(TenantModel):
    """A deposit into an account for deductions that closed an expected one. Undone, never deleted."""

    line = TenantKey("payments.BankLine")
    deduction = TenantKey(ExpectedDeduction)
    entry = TenantKey(Entry)
    automatic = models.BooleanField(default=False)
    settled_at = models.DateTimeField()
    settled_by = models.CharField(max_length=150)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "line"], condition=Q(undone_at__isnull=True), name="line_deduction_once"
            ),
        ]
        indexes = [models.Index(fields=["organization_id", "deduction"], name="line_deduction_of")]


class MatchingPolicy(TenantModel):
    """How sure a rule has to be before it posts by itself: the share of its answers that were right, from 0.995 to 1.

    Without a row it is 0.995. A bar of 1 lets nothing be posted that was ever wrong.
    """

    bar = models.DecimalField(max_digits=5, decimal_places=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id"], name="matching_policy_once"),
            models.CheckConstraint(condition=Q(bar__gte=0.995) & Q(bar__lte=1), name="matching_policy_bar"),
        ]


class StatementFile(TenantModel):
    """A bank's file on its way in: read, landed, and its lines looked at. `problem` says why it could not be.

    `states` counts what landed, `found` what the matching made of all lines that waited; `done` of `lines` are looked at. One
    that cannot be read without a person's word is ASKING: `asks` holds what the page needs to ask, `mapping` (TOML) the answer.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        ASKING = "asking"
        MATCHING = "matching"
        DONE = "done"
        FAILED = "failed"

    creditor = TenantKey(Creditor, null=True)  # named where nothing tells whose the account is
    file_name = models.CharField(max_length=200)
    path = models.CharField(max_length=400)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    states = models.JSONField(default=dict)
    warnings = models.JSONField(default=list)  # [[message, details], …]
    found = models.JSONField(default=dict)
    lines = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    problem = models.JSONField(null=True)  # [message, details]
    asks = models.JSONField(default=dict)  # {"columns": […], "rows": [[…]], "creditor": bool}
    mapping = models.TextField(blank=True)
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True)
    created_by_name = models.CharField(max_length=150)

    class Meta:
        indexes = [models.Index(fields=["organization_id", "-created_at", "-id"], name="statement_file_when")]
