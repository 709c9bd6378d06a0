"""Import jobs, saved column mappings and what a file refused."""

from django.db import models

from puntual.parties.models import Creditor
from puntual.tenancy.models import TenantKey, TenantModel


class SavedMapping(TenantModel):
    """How a source's columns are read, found again by the signature of its header."""

    kind = models.CharField(max_length=10)
    signature = models.CharField(max_length=64)
    name = models.CharField(max_length=150)
    mapping = models.TextField()  # TOML, as `--map` takes it
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization_id", "kind", "signature"], name="mapping_once")]


class ImportJob(TenantModel):
    """One file on its way in. `last_line` is how far whole batches have landed; a killed job goes on from there."""

    class Kind(models.TextChoices):
        INVOICES = "invoices"
        CUSTOMERS = "customers"
        PAYMENTS = "payments"
        BALANCES = "balances"

    class State(models.TextChoices):
        UPLOADED = "uploaded"
        ASKING = "asking"  # something is ambiguous: a person has to answer
        READY = "ready"
        RUNNING = "running"
        DONE = "done"
        CANCELED = "canceled"
        STOPPED = "stopped"  # a snapshot that would close too much: a person has to confirm
        FAILED = "failed"
        UNDONE = "undone"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices)
    creditor = TenantKey(Creditor, null=True)
    file_name = models.CharField(max_length=255)
    path = models.CharField(max_length=500)
    sha256 = models.CharField(max_length=64)
    snapshot_on = models.DateField(null=True)
    mapping = models.TextField(blank=True)
    proposal = models.JSONField(default=dict)
    total_lines = models.PositiveIntegerField(null=True)
    last_line = models.PositiveIntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)
    confirmed = models.BooleanField(default=False)  # a person looked at what a snapshot would close, and said yes
    result = models.JSONField(default=dict)
    problem = models.JSONField(default=dict)  # why it failed or stopped: a sentence and what fills its places
    rejects_path = models.CharField(max_length=500, blank=True)
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organization_id", "-created_at"], name="import_job_when")]


class Rejection(TenantModel):
    """A row a job refused: where, what and why, with the row itself so that it can be mended and imported again."""

    job = TenantKey(ImportJob)
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=200, blank=True)
    value = models.TextField(blank=True)
    reasons = models.JSONField()  # a list of sentences, each with what fills its places
    cells = models.JSONField()  # kept with the row's first cell refused, empty with the others

    class Meta:
        indexes = [models.Index(fields=["organization_id", "job", "line"], name="rejection_line")]


class Change(TenantModel):
    """Something a job changed in place, with how it was before: what undoing the job needs beside the ledger's own marks."""

    class Kind(models.TextChoices):
        DUE_DATE = "due_date"  # of the installment `object_id`
        HOLD_RELEASED = "hold_released"  # the hold `object_id`
        DISPUTE_ENDED = "dispute_ended"  # the dispute `object_id`

    job = TenantKey(ImportJob)
    kind = models.CharField(max_length=13, choices=Kind.choices)
    object_id = models.UUIDField()
    before = models.DateField(null=True)
    after = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organization_id", "job"], name="change_of_job")]
