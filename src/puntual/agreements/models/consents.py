"""Who said yes: to what goes beyond one's own limits, and to what was offered."""

from django.db import models
from django.db.models import Q

from puntual.agreements.models.names import who
from puntual.agreements.models.plans import Plan
from puntual.parties.models import ContactPoint, Customer
from puntual.tenancy.models import TenantKey, TenantModel


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
