"""Our bank accounts, the statements read of them, and their lines."""

from django.db import models
from django.db.models import Q

from puntual.parties.models import Creditor
from puntual.receivables.models import money
from puntual.tenancy.models import TenantKey, TenantModel


class BankAccount(TenantModel):
    """An account whose statements are read: a creditor's, in one currency. `key` is its number as it is compared.

    A *restricted* one takes in only what the law has customers deposit (in Peru the account for detracciones at the Banco de la
    Nación): what comes in there closes expected deductions and is never a payment.
    """

    creditor = TenantKey(Creditor)
    currency = models.CharField(max_length=3)
    number = models.CharField(max_length=60, blank=True)  # as the first file wrote it; empty: its files name none
    key = models.CharField(max_length=60, blank=True)
    restricted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "creditor", "key", "currency"], name="bank_account_once"
            ),
        ]


class BankStatement(TenantModel):
    """One statement as its file gave it. Balances are signed; `difference` is opening and entries less closing."""

    class Kind(models.TextChoices):
        POSTED = "posted"
        PROVISIONAL = "provisional"  # its lines are replaced by what is posted
        SPLIT = "split"  # says what posted bulk credits are made of

    account = TenantKey(BankAccount)
    format = models.CharField(max_length=20)
    kind = models.CharField(max_length=11, choices=Kind.choices)
    number = models.CharField(max_length=60, blank=True)
    file_name = models.CharField(max_length=200)
    from_on = models.DateField()
    to_on = models.DateField()
    opening = money(null=True)
    closing = money(null=True)
    difference = money(null=True)
    entries = models.PositiveIntegerField()
    credits = money()
    debits = money()
    digest = models.CharField(max_length=64)  # of all it says: the same statement is kept once
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "account", "digest"], name="bank_statement_once"),
            models.CheckConstraint(condition=Q(from_on__lte=models.F("to_on")), name="bank_statement_days"),
        ]
        indexes = [models.Index(fields=["organization_id", "account", "-to_on"], name="bank_statement_days_of")]


class BankLine(TenantModel):
    """One movement of an account, or one payment of a bulk credit (`part_of`).

    What is to be matched are the posted lines without parts, and the parts. `amount` is what the account moved by, positive for
    money in; the payer paid `amount + fees`. `identity` tells it from every other line of its account, so that the same line
    lands once however many files bring it.
    """

    class State(models.TextChoices):
        NEW = "new"  # nobody, no rule has looked at it yet
        MATCHED = "matched"
        PARTLY_MATCHED = "partly_matched"  # some of it is not explained yet
        UNMATCHED = "unmatched"  # looked at, and nobody knows whose it is
        DUPLICATE = "duplicate"  # the same movement came in a file of another format
        IGNORED = "ignored"  # no customer's payment, with a reason
        REVERSED = "reversed"  # the bank took it back

    account = TenantKey(BankAccount, agreeing=["creditor_id"])
    creditor = TenantKey(Creditor)
    statement = TenantKey(BankStatement)  # that brought it first
    part_of = TenantKey("self", null=True)
    parts = models.PositiveIntegerField(default=0)  # how many payments it is made of: they are matched in its place
    kind = models.CharField(max_length=11, choices=BankStatement.Kind.choices)
    identity = models.CharField(max_length=64)
    booked_on = models.DateField()
    value_on = models.DateField(null=True)
    amount = money()
    currency = models.CharField(max_length=3)
    fees = money(default=0)
    original_amount = money(null=True)  # as it was paid, in another currency
    original_currency = models.CharField(max_length=3, blank=True)
    text = models.TextField(blank=True)
    references = models.JSONField(default=list)  # [[scheme, value], …]; schemes: reading.statement.Scheme
    payer_name = models.CharField(max_length=200, blank=True)
    payer_account = models.CharField(max_length=60, blank=True)
    payer_tax_id = models.CharField(max_length=40, blank=True)
    bank_key = models.CharField(max_length=100, blank=True)
    code = models.CharField(max_length=40, blank=True)  # the bank's kind of transaction
    reverses = models.BooleanField(default=False)  # it takes an earlier movement back
    state = models.CharField(max_length=14, choices=State.choices, default=State.NEW)
    reason = models.CharField(max_length=200, blank=True)
    raw = models.TextField(blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "account", "identity"], name="bank_line_once"),
            models.CheckConstraint(condition=~Q(state="ignored") | ~Q(reason=""), name="bank_line_ignored_why"),
            models.CheckConstraint(condition=Q(fees__gte=0), name="bank_line_fees_not_negative"),
            models.CheckConstraint(condition=Q(part_of__isnull=True) | Q(parts=0), name="bank_line_parts_one_deep"),
        ]
        indexes = [
            models.Index(
                fields=["organization_id", "-booked_on", "-id"],
                condition=Q(kind="posted", parts=0, state__in=("new", "partly_matched", "unmatched")),
                name="bank_line_to_match",
            ),
            models.Index(fields=["organization_id", "account", "booked_on"], name="bank_line_day"),
            models.Index(fields=["organization_id", "statement"], name="bank_line_statement"),
            models.Index(
                fields=["organization_id", "part_of"], condition=Q(part_of__isnull=False), name="bank_line_part"
            ),
        ]


class StatementMapping(TenantModel):
    """How the columns of a bank's export are read, as a person said it once; `signature` tells its layout from every other."""

    signature = models.CharField(max_length=64)
    toml = models.TextField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "signature"], name="statement_mapping_once"),
        ]
