"""Activities with customers, what each of them marked, the capture mailbox, and how many a day the team can take."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from puntual.outreach.answers.models import Answer as Answer
from puntual.outreach.channels.letter.models import DeliveryProof as DeliveryProof
from puntual.outreach.channels.letter.models import PrintBatch as PrintBatch
from puntual.outreach.channels.letter.models import PrintedLetter as PrintedLetter
from puntual.outreach.channels.letter.models import PrintFile as PrintFile
from puntual.outreach.channels.whatsapp.models import ApprovedText as ApprovedText
from puntual.outreach.channels.whatsapp.models import Mapping as Mapping
from puntual.outreach.deliveries.models import Delivery as Delivery
from puntual.outreach.filing.models import CustomerFile as CustomerFile
from puntual.outreach.notes.models import Mention as Mention
from puntual.outreach.providers.models import Provider as Provider
from puntual.outreach.providers.models import ProviderHour as ProviderHour
from puntual.outreach.queue.models import Turn as Turn
from puntual.outreach.record.models import Attempt as Attempt
from puntual.outreach.record.models import Forgotten as Forgotten
from puntual.outreach.record.models import KeptFile as KeptFile
from puntual.outreach.record.models import LegalHold as LegalHold
from puntual.outreach.record.models import Retention as Retention
from puntual.outreach.staff.models import StaffMail as StaffMail
from puntual.parties.models import Creditor, Customer, Party
from puntual.strategies.models import StoredSegment
from puntual.tenancy.models import TenantKey, TenantModel


class Activity(TenantModel):
    """One attempt to reach a customer, or one internal step, with its reason and its result.

    Only the customer is a foreign key: a planned day writes hundreds of thousands of rows, and the items are guarded by the
    unique key and by `puntual verify`. `demand` is what the message asks for when planned or edited; it is asked again, and
    rendered, when sent.
    """

    class Channel(models.TextChoices):
        EMAIL = "email"
        WHATSAPP = "whatsapp"
        SMS = "sms"
        LETTER = "letter"
        CALL = "call"
        VISIT = "visit"
        MEETING = "meeting"
        INTERNAL = "internal"

    class Tone(models.TextChoices):
        COURTEOUS = "courteous"
        FRIENDLY = "friendly"
        FIRM = "firm"
        FORMAL = "formal"
        FINAL = "final"

    class State(models.TextChoices):
        PROPOSED = "proposed"  # waits for a person's approval
        QUEUED = "queued"  # may leave from not_before on
        TO_DO = "to_do"  # a call or another task on a person's list
        ATTEMPTING = "attempting"  # claimed by a sender
        SENT = "sent"
        DONE = "done"  # a call or task with its result
        FAILED = "failed"
        UNKNOWN = "unknown"  # a crash between claim and answer: for a person, never sent again by itself
        DROPPED = "dropped"  # a person said no
        LAPSED = "lapsed"  # nobody approved in time, or what it asked for was settled or held

    customer = TenantKey(Customer)
    day = models.DateField()  # the organization's day it was planned for
    direction = models.CharField(max_length=3, choices=[("out", "out"), ("in", "in")], default="out")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    tone = models.CharField(max_length=9, choices=Tone.choices, blank=True)
    state = models.CharField(max_length=10, choices=State.choices)
    version_id = models.UUIDField(null=True)
    step = models.CharField(max_length=60)
    template = models.CharField(max_length=60, blank=True)
    attempt = models.PositiveSmallIntegerField(default=1)
    lead_id = models.UUIDField(null=True)
    lead_days = models.IntegerField(null=True)
    due_generation = models.PositiveSmallIntegerField(default=1)
    point_id = models.UUIDField(null=True)
    not_before = models.DateTimeField(null=True)
    not_after = models.DateTimeField(null=True)
    lapses_at = models.DateTimeField(null=True)  # when an approval that did not come is no longer waited for
    demand = models.JSONField(default=dict)  # {"PEN": "4720.00"}
    value = models.DecimalField(
        max_digits=20, decimal_places=4, default=0
    )  # for ranking within a day, never shown as money
    items = ArrayField(models.UUIDField(), default=list)  # every installment it demands, lead first
    item_steps = ArrayField(models.CharField(max_length=60), default=list)  # the step each item's own age had reached
    why = models.JSONField(default=dict)  # {"code": …, "params": …}: said in words by strategies.words
    assigned_to = models.UUIDField(null=True)
    subject = models.CharField(max_length=300, blank=True)  # a person's wording, or what was sent
    body = models.TextField(blank=True)
    edited = models.BooleanField(default=False)
    signed_by = models.CharField(max_length=260, blank=True, db_default="")  # who signed what was sent, in words
    approved_by = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)  # sent, done, failed, dropped or lapsed
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)  # how often a provider put it off
    captured = models.BooleanField(default=False)  # rehearsal: it stayed in the capture mailbox
    message_id = models.CharField(max_length=200, blank=True)
    result = models.CharField(max_length=40, blank=True)  # a call's result code; why it failed, dropped or lapsed
    note = models.TextField(blank=True)
    refusal = models.JSONField(
        null=True
    )  # the rule of conduct that said no when it was last about to happen: see refusals
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "customer", "lead_id", "due_generation", "step", "attempt"],
                name="activity_said_once",
            ),
        ]
        indexes = [
            models.Index(fields=["organization_id", "customer", "-created_at"], name="activity_customer"),
            # Counts are read from the index alone.
            models.Index(
                fields=["organization_id", "day"],
                include=["direction", "channel", "tone", "state", "result"],
                name="activity_day",
            ),
            models.Index(
                fields=["organization_id", "customer"],
                include=["channel", "tone", "state"],
                condition=Q(state__in=["proposed", "queued", "to_do", "attempting", "unknown", "failed"]),
                name="activity_open",
            ),
            models.Index(
                fields=["organization_id", "tone", "value", "id"],
                condition=Q(state="proposed"),
                name="activity_proposed",
            ),
            models.Index(fields=["organization_id", "value", "id"], condition=Q(state="to_do"), name="activity_to_do"),
            models.Index(
                fields=["organization_id", "assigned_to", "not_before"],
                condition=Q(state="to_do", assigned_to__isnull=False),
                name="activity_own",
            ),
            models.Index(
                fields=["organization_id", "not_before", "id"], condition=Q(state="queued"), name="activity_queued"
            ),
            models.Index(
                fields=["organization_id", "claimed_at"],
                condition=Q(state__in=["attempting", "unknown", "failed"]),
                name="activity_unsettled",
            ),
        ]

    @property
    def chases(self) -> bool:
        """Whether it was planned to ask for what was late, and not to announce what comes."""
        return (self.lead_days or 0) > 0


class Mark(TenantModel):
    """A step that an item has *had*: delivered and not bounced, or a call with a result."""

    customer = TenantKey(Customer)
    installment_id = models.UUIDField()
    due_generation = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=60)
    tone = models.CharField(max_length=9, blank=True)
    activity_id = models.UUIDField()
    at = models.DateTimeField()
    voided = models.BooleanField(default=False)  # it bounced after all

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "installment_id", "due_generation", "step", "activity_id"], name="mark_once"
            )
        ]
        indexes = [models.Index(fields=["organization_id", "customer", "-at"], name="mark_customer")]


class CapturedMessage(TenantModel):
    """What would have left in rehearsal, as it would have left."""

    activity_id = models.UUIDField()
    captured_at = models.DateTimeField()
    sender = models.CharField(max_length=300)
    recipient = models.CharField(max_length=300)
    subject = models.CharField(max_length=300)
    raw = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["organization_id", "-captured_at", "-id"], name="captured_when")]


class Engaged(TenantModel):
    """A party whom somebody is calling or meeting at this moment: meanwhile nobody else does, and no message leaves for it."""

    party = TenantKey(Party)
    activity_id = models.UUIDField()
    user_id = models.UUIDField(null=True)
    name = models.CharField(max_length=150)  # who it is, for the others to read
    since = models.DateTimeField()
    until = models.DateTimeField()  # whoever forgets to say what came of it holds nobody up for longer

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization_id", "party"], name="engaged_once")]


class Minutes(TenantModel):
    """What a meeting came to, as written down after it: never changed, a correction is written beside it.

    `attendees` are {"name", "role"}; `agreed` are {"what", "by"}: what, and who is to do it.
    """

    activity_id = models.UUIDField()
    attendees = models.JSONField()
    agreed = models.JSONField()
    next_on = models.DateField(null=True)
    text = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)

    class Meta:
        indexes = [models.Index(fields=["organization_id", "activity_id", "recorded_at"], name="minutes_meeting")]


class StatementSchedule(TenantModel):
    """On which day of the month account statements go out by themselves: to a customer, a segment, a creditor's, or everybody."""

    customer = TenantKey(Customer, null=True)
    segment = TenantKey(StoredSegment, null=True)
    creditor = TenantKey(Creditor, null=True)
    day = models.PositiveSmallIntegerField(null=True)  # 1 to 28; null: never
    approve = models.BooleanField(default=False)  # a person looks at each first
    since = models.DateField()  # from then on; no month is made up for

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "customer", "segment", "creditor"],
                name="statement_schedule_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(day__isnull=True) | Q(day__range=(1, 28)), name="statement_day"),
        ]


class Capacity(TenantModel):
    """How many activities of a channel may be planned for one day; calls come from the members' own capacity."""

    channel = models.CharField(max_length=8, choices=Activity.Channel.choices)
    per_day = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization_id", "channel"], name="capacity_once")]


class Claim(TenantModel):
    """A message that a sender has claimed and not yet handed to a provider: while this row stands, nothing of it has left.

    The table is unlogged: PostgreSQL empties it when it recovers from a crash, and what it then cannot vouch for is unknown.
    """

    activity_id = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization_id", "activity_id"], name="claim_once")]
