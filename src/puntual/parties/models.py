"""Creditors, parties, customers, people and contact points, in the words of docs/domain.md."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from puntual.parties.credit.models import CreditLimit as CreditLimit
from puntual.parties.logos.models import CreditorLogo as CreditorLogo
from puntual.parties.preferences.models import Preference as Preference
from puntual.tenancy.models import TenantKey, TenantModel


class Creditor(TenantModel):
    """The legal entity that is owed. Its "data through" dates say until when its invoices and its bank are known."""

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    tax_id = models.CharField(max_length=40, blank=True)
    country = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    language = models.CharField(max_length=10)
    address = models.TextField(blank=True)
    email = models.EmailField(blank=True)  # where it is reached: stands in the signature
    phone = models.CharField(max_length=30, blank=True)
    signs_as = models.CharField(max_length=150, blank=True)  # who signs where no signer is named for the tone
    invoices_through = models.DateField(null=True)
    bank_through = models.DateField(null=True)
    books_closed_through = models.DateField(null=True)  # no entry may take effect on or before this day

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization_id", "code"], name="creditor_code")]

    def __str__(self) -> str:
        return self.name


class CreditorAccount(TenantModel):
    """Where a creditor is paid, one or more per currency; never shown for another currency."""

    creditor = TenantKey(Creditor)
    currency = models.CharField(max_length=3)
    bank = models.CharField(max_length=100)
    number = models.CharField(max_length=50)
    interbank_number = models.CharField(max_length=50, blank=True)  # CCI, CLABE, IBAN
    holder = models.CharField(max_length=200, blank=True)
    ends_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organization_id", "creditor", "currency"], name="creditor_account")]


class Sender(TenantModel):
    """From where a creditor writes in one channel. Nothing leaves from it before it is verified, and nothing from another's."""

    class Channel(models.TextChoices):
        EMAIL = "email"
        SMS = "sms"
        WHATSAPP = "whatsapp"

    class How(models.TextChoices):
        CODE = "code"  # a code mailed to it came back
        PROVIDER = "provider"  # it is among the senders of the account this installation uses
        OPERATOR = "operator"  # whoever runs this installation answers for it
        IN_USE = "in_use"  # messages left from it before senders were verified

    creditor = TenantKey(Creditor)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    address = models.CharField(max_length=254)  # a mailbox; a number or a provider's id
    name = models.CharField(max_length=150, blank=True)  # what is read beside it; the creditor's name where empty
    reply_to = models.EmailField(blank=True)  # where answers go; the address itself where empty
    verified_at = models.DateTimeField(null=True)
    verified_how = models.CharField(max_length=8, choices=How.choices, blank=True)
    code_digest = models.CharField(max_length=64, blank=True)
    code_mailed_at = models.DateTimeField(null=True)
    code_tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "creditor", "channel"], name="sender_once"),
            models.CheckConstraint(
                condition=Q(verified_at__isnull=True, verified_how="")
                | (Q(verified_at__isnull=False) & ~Q(verified_how="")),
                name="sender_verified_somehow",
            ),
        ]


class Signer(TenantModel):
    """Somebody who signs messages in some tones, for one creditor or (none named) for all that have nobody of their own.

    From `away_from` through `away_until` the deputy signs.
    """

    creditor = TenantKey(Creditor, null=True)
    name = models.CharField(max_length=150)
    position = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    tones = ArrayField(models.CharField(max_length=9), default=list)
    away_from = models.DateField(null=True)
    away_until = models.DateField(null=True)
    deputy = TenantKey("self", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(deputy=models.F("id")), name="signer_not_own_deputy"),
            models.CheckConstraint(
                condition=Q(away_until__isnull=True) | Q(away_until__gte=models.F("away_from")),
                name="signer_away_in_order",
            ),
        ]
        indexes = [models.Index(fields=["organization_id", "creditor"], name="signer_creditor")]

    def __str__(self) -> str:
        return self.name


class Party(TenantModel):
    """The legal or natural person, by tax id where known; one party can owe several creditors.

    A status other than active is a hard stop that no manual loosens.
    """

    class Kind(models.TextChoices):
        LEGAL = "legal"
        NATURAL = "natural"

    class Status(models.TextChoices):
        ACTIVE = "active"
        DECEASED = "deceased"
        INSOLVENT = "insolvent"
        REPRESENTED = "represented"
        IDENTITY_DISPUTED = "identity_disputed"

    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.LEGAL)
    name = models.CharField(max_length=200)
    search_name = models.CharField(max_length=200)
    country = models.CharField(max_length=2)
    tax_id = models.CharField(max_length=40, blank=True)  # normalized; as written where it could not be
    tax_id_valid = models.BooleanField(null=True)  # null: no rule known for the country
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.ACTIVE)
    status_on = models.DateField(null=True)
    status_evidence = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "country", "tax_id"], condition=~Q(tax_id=""), name="party_tax_id"
            ),
            models.CheckConstraint(
                condition=Q(status="active") | Q(status_on__isnull=False), name="party_status_has_date"
            ),
        ]


class Customer(TenantModel):
    """A party's account with one creditor. Balance, strategy, activities and agreements are per customer."""

    class Handling(models.TextChoices):
        AUTOMATIC = "automatic"
        APPROVE = "approve"
        OWNER_ONLY = "owner_only"
        NONE = "none"

    class Owned(models.TextChoices):
        """How it came to be somebody's, or nobody's. An owner without a word of it was named by a file or by hand."""

        HAND = "hand"  # a person said so: no rule changes it
        RULE = "rule"

    creditor = TenantKey(Creditor)
    party = TenantKey(Party)
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    search_name = models.CharField(max_length=200)
    language = models.CharField(max_length=10)
    time_zone = models.CharField(max_length=50)
    consumer = models.BooleanField(default=False)
    handling = models.CharField(max_length=10, choices=Handling.choices, default=Handling.AUTOMATIC)
    paid_by = TenantKey("self", null=True)
    owner = models.ForeignKey("organizations.User", models.SET_NULL, null=True, related_name="+", db_index=False)
    owned_by = models.CharField(max_length=4, choices=Owned.choices, blank=True, default="", db_default="")
    terms_days = models.PositiveSmallIntegerField(null=True)
    credit_limit = models.DecimalField(max_digits=20, decimal_places=4, null=True)  # now, in the creditor's currency
    tags = ArrayField(models.CharField(max_length=40), default=list)
    willing = models.BooleanField(null=True)
    able = models.BooleanField(null=True)
    arrears_reason = models.CharField(max_length=40, blank=True)
    created_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "creditor", "code"], name="customer_code"),
            models.CheckConstraint(condition=~Q(paid_by=models.F("id")), name="customer_not_its_own_payer"),
        ]
        indexes = [
            models.Index(fields=["organization_id", "party"], name="customer_party"),
            models.Index(fields=["organization_id", "search_name", "id"], name="customer_search"),
            models.Index(
                fields=["organization_id", "paid_by"], condition=Q(paid_by__isnull=False), name="customer_paid_by"
            ),
            models.Index(fields=["organization_id", "owner"], condition=Q(owner__isnull=False), name="customer_owner"),
        ]

    def __str__(self) -> str:
        return self.name


class Person(TenantModel):
    """Somebody at a customer, in one or more roles, for as long as it lasts."""

    class Role(models.TextChoices):
        BILLING = "billing"
        APPROVER = "approver"
        ESCALATION = "escalation"
        NOTICES = "notices"

    customer = TenantKey(Customer)
    name = models.CharField(max_length=150)
    search_name = models.CharField(max_length=200, db_default="", default="")
    title = models.CharField(max_length=100, blank=True)
    roles = ArrayField(models.CharField(max_length=12, choices=Role.choices), default=list)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organization_id", "customer"], name="person_customer"),
            models.Index(fields=["organization_id", "search_name", "id"], name="person_search"),
        ]


class PaymentRules(TenantModel):
    """How a customer pays by its own rules: on which days, and what it needs before. One row for each customer that has any.

    `pay_days` are days of the month (31: the last one), `weekdays` of the week (0: Monday). An invoice that reached it less than
    `cut_off_days` before a pay day waits for the next one. `cap_days` is how long after the due date is waited for at most.
    """

    customer = TenantKey(Customer)
    pay_days = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    cut_off_days = models.PositiveSmallIntegerField(default=0)
    cap_days = models.PositiveSmallIntegerField(default=15)
    needs_order = models.BooleanField(default=False)  # a purchase order's number on the invoice
    portal = models.CharField(max_length=300, blank=True)  # where invoices have to be uploaded
    documents = ArrayField(models.CharField(max_length=100), default=list, blank=True)  # what else has to come along
    approver = TenantKey(Person, null=True)
    note = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "customer"], name="payment_rules_once"),
            models.CheckConstraint(condition=Q(cap_days__lte=90), name="payment_rules_cap"),
        ]


class ContactPoint(TenantModel):
    """Where a customer is reached. `consent` is the kept answer for collections; `Consent` holds its history per purpose."""

    class Kind(models.TextChoices):
        EMAIL = "email"
        PHONE = "phone"
        WHATSAPP = "whatsapp"
        POST = "post"

    class ConsentState(models.TextChoices):
        UNKNOWN = "unknown"
        GRANTED = "granted"
        WITHDRAWN = "withdrawn"

    class Bounce(models.TextChoices):
        NONE = "none"
        SOFT = "soft"
        HARD = "hard"

    customer = TenantKey(Customer)
    person = TenantKey(Person, null=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    value = models.CharField(max_length=300)  # normalized: E.164, lower-case domain
    language = models.CharField(max_length=10, blank=True)
    time_zone = models.CharField(max_length=50, blank=True)
    consent = models.CharField(max_length=9, choices=ConsentState.choices, default=ConsentState.UNKNOWN)
    bounce = models.CharField(max_length=4, choices=Bounce.choices, default=Bounce.NONE)
    bounces = models.PositiveSmallIntegerField(default=0)
    takes_sms = models.BooleanField(default=True, db_default=True)  # of a phone: a landline takes calls alone
    retired_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "customer", "kind", "value"], name="contact_point_once")
        ]
        indexes = [models.Index(fields=["organization_id", "value"], name="contact_point_value")]


class Consent(TenantModel):
    """One dated yes or no about one point and one purpose. The history: none is ever changed or taken away.

    A point belongs to a customer and so to one creditor; `person_id` is whose it was when it was said.
    """

    class Purpose(models.TextChoices):
        COLLECTIONS = "collections"
        STATEMENTS = "statements"
        SURVEYS = "surveys"
        EDUCATION = "education"  # advice and news: what advertising law calls marketing

    point = TenantKey(ContactPoint)
    person_id = models.UUIDField(null=True)
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    granted = models.BooleanField()
    given_on = models.DateField()
    source = models.CharField(max_length=200)
    evidence = models.TextField(blank=True)  # the words it was said in, or a document and its number
    source_id = models.UUIDField(null=True)  # the answer that says so

    class Meta:
        indexes = [models.Index(fields=["organization_id", "point", "given_on"], name="consent_point")]
