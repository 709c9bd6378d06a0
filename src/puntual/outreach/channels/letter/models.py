"""Print batches, the letters in them, what the printer gets, and the proofs that something was delivered."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from puntual.parties.models import Customer
from puntual.tenancy.models import TenantKey, TenantModel


class PrintBatch(TenantModel):
    """Letters that are printed and posted together, numbered within the organization.

    `service` is the code of a way of posting that is proved, or "" for ordinary post. One made in rehearsal is a `sample`: every
    page says so, and none of it can be posted.
    """

    class State(models.TextChoices):
        MAKING = "making"  # a worker looks at each letter again and sets it
        READY = "ready"  # to be printed and posted
        CLOSED = "closed"  # every letter was posted, put back or fell out

    number = models.PositiveIntegerField()
    state = models.CharField(max_length=6, choices=State.choices, default=State.MAKING)
    service = models.CharField(max_length=30, blank=True)
    window = models.CharField(max_length=5, choices=[("left", "left"), ("right", "right")], default="left")
    sample = models.BooleanField(default=False)
    total = models.PositiveIntegerField()
    made = models.PositiveIntegerField(default=0)
    fell_out = models.PositiveIntegerField(default=0)
    posted_on = models.DateField(null=True)
    office = models.CharField(max_length=200, blank=True)  # by whom and where it was posted: Correos, Notaría Paredes
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization_id", "number"], name="print_batch_number")]


class PrintedLetter(TenantModel):
    """One letter of a batch. While it is `claimed` or `made` its activity is in no other batch.

    What it says is kept as it was set; the activity takes it over when it is posted.
    """

    class State(models.TextChoices):
        CLAIMED = "claimed"
        MADE = "made"
        FELL_OUT = "fell_out"  # it may not be posted any more: `reason`
        POSTED = "posted"
        PUT_BACK = "put_back"  # it was not posted, and can be in another batch
        RETURNED = "returned"

    batch = TenantKey(PrintBatch)
    customer = TenantKey(Customer)
    activity_id = models.UUIDField()
    place = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=20)
    state = models.CharField(max_length=8, choices=State.choices, default=State.CLAIMED)
    reason = models.CharField(max_length=40, blank=True)  # of results.REASONS, or how it came back
    refusal = models.JSONField(null=True)  # the rule of conduct that said no
    point_id = models.UUIDField(null=True)
    address = ArrayField(models.CharField(max_length=320), default=list)
    country = models.CharField(max_length=2, blank=True)
    language = models.CharField(max_length=10, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    note = models.TextField(blank=True)
    demand = models.JSONField(default=dict)
    items = ArrayField(models.UUIDField(), default=list)
    item_steps = ArrayField(models.CharField(max_length=60), default=list)
    pages = models.PositiveSmallIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    pdf = models.BinaryField(default=bytes)
    reference = models.CharField(max_length=100, blank=True)  # the post's own number
    returned_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "code"], name="printed_letter_code"),
            models.UniqueConstraint(
                fields=["organization_id", "activity_id"],
                condition=Q(state__in=["claimed", "made", "posted"]),
                name="printed_letter_in_one_batch",
            ),
        ]
        indexes = [
            models.Index(fields=["organization_id", "batch", "place"], name="printed_letter_of_batch"),
            models.Index(fields=["organization_id", "activity_id"], name="printed_letter_of"),
        ]


class PrintFile(TenantModel):
    """What the printer gets: the letters of a batch one after the other, each on an odd page; in parts where they are many."""

    batch = TenantKey(PrintBatch)
    part = models.PositiveSmallIntegerField()
    letters = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    pdf = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization_id", "batch", "part"], name="print_file_part")]


class DeliveryProof(TenantModel):
    """What shows that a notice was delivered, or why it was not; never changed, a correction is another one.

    `had` says that the step counts from then on. The file lies here as it came, with its hash.
    """

    customer = TenantKey(Customer)
    activity_id = models.UUIDField()
    outcome = models.CharField(max_length=9)
    happened_on = models.DateField()
    words = models.CharField(max_length=300, blank=True)
    had = models.BooleanField()
    file_name = models.CharField(max_length=200, blank=True)
    content_type = models.CharField(max_length=60, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    content = models.BinaryField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organization_id", "activity_id"], name="delivery_proof_of")]
