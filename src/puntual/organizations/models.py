"""The global tables: who runs Puntual and who may sign in. Everything else belongs to one organization."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from puntual.kernel.ids import uuid7
from puntual.organizations.absences.models import Absence as Absence
from puntual.organizations.saved_views.models import SavedView as SavedView
from puntual.tenancy.models import TenantModel


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A person who signs in. One person may be a member of several organizations."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150, blank=True)
    language = models.CharField(max_length=10, blank=True)
    theme = models.CharField(max_length=5, blank=True, choices=[("", "system"), ("light", "light"), ("dark", "dark")])
    keys = models.JSONField(default=dict)  # own keys, by the key as it comes
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "email"
    objects = UserManager()

    # The desk has no staff area and no superusers: what a person may do is a membership's role.
    is_staff = False
    is_superuser = False

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)


class Organization(models.Model):
    """Whoever runs Puntual: the tenant. Days are days in its time zone.

    An agency collects for others: it signs in its own name, on behalf of the creditor, and is reached at its own phone and mail.
    """

    class Kind(models.TextChoices):
        COMPANY = "company"
        AGENCY = "agency"

    class Mode(models.TextChoices):
        REHEARSAL = "rehearsal"
        LIVE = "live"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=150)
    country = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    language = models.CharField(max_length=10, default="es")
    time_zone = models.CharField(max_length=50)
    kind = models.CharField(max_length=7, choices=Kind.choices, default=Kind.COMPANY)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.REHEARSAL)
    live_since = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    tone_rest_days = models.PositiveSmallIntegerField(default=21)
    minimum_gap_days = models.PositiveSmallIntegerField(default=3)
    stale_after_days = models.PositiveSmallIntegerField(default=5)
    approval_hours = models.PositiveSmallIntegerField(default=48)
    dispute_days = models.PositiveSmallIntegerField(default=5)  # business days in which a dispute is answered

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(country__regex="^[A-Z]{2}$"), name="organization_country_code"),
            models.CheckConstraint(condition=Q(currency__regex="^[A-Z]{3}$"), name="organization_currency_code"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_live(self) -> bool:
        return self.mode == self.Mode.LIVE

    @property
    def is_agency(self) -> bool:
        return self.kind == self.Kind.AGENCY


class Membership(models.Model):
    """What one person is in one organization."""

    class Role(models.TextChoices):
        OWNER = "owner"
        MANAGER = "manager"
        COLLECTOR = "collector"
        ACCOUNTANT = "accountant"
        AUDITOR = "auditor"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role.choices)
    calls_per_day = models.PositiveSmallIntegerField(default=30)
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "organization"], name="membership_once")]


class Holiday(TenantModel):
    """A day this organization adds to, or takes out of, a country's calendar."""

    country = models.CharField(max_length=2)
    day = models.DateField()
    works = models.BooleanField(default=False)
    name = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization_id", "country", "day"], name="holiday_once")]


class Tolerance(TenantModel):
    """What is too small to chase, per currency: an installment with less open than this never leads a contact."""

    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=20, decimal_places=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "currency"], name="tolerance_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="tolerance_not_negative"),
        ]
