"""What was given to others to collect, and what is proposed to be written off."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from puntual.parties.models import Customer
from puntual.placements.agencies.models import Agency as Agency
from puntual.placements.agencies.models import AgencyEntry as AgencyEntry
from puntual.placements.reviews.models import KeptOpen as KeptOpen
from puntual.tenancy.models import TenantKey, TenantModel


class Placement(TenantModel):
    """A customer's debt handed to an agency, or to legal: the claim stays ours, and nobody here chases it meanwhile.

    `handed_over` is what was asked for when it was placed, by currency, `items` the installments it was asked for on. A hold
    named after it lasts until it is recalled. `percent` is the commission agreed for it.
    """

    class Kind(models.TextChoices):
        AGENCY = "agency"
        LEGAL = "legal"

    customer = TenantKey(Customer)
    kind = models.CharField(max_length=6, choices=Kind.choices)
    with_whom = models.CharField(max_length=150)  # the agency, the law firm or the lawyer
    agency = TenantKey(Agency, null=True)
    percent = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    items = ArrayField(models.UUIDField(), default=list)
    reference = models.CharField(max_length=60, blank=True)  # theirs, or the court's
    why = models.TextField()
    handed_over = models.JSONField(default=dict)
    placed_on = models.DateField()
    placed_by = models.CharField(max_length=150)
    source_id = models.UUIDField(null=True)  # the decision task it came from
    recalled_on = models.DateField(null=True)
    recalled_by = models.CharField(max_length=150, blank=True)
    recalled_why = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "customer"], condition=Q(recalled_on=None), name="placement_once_at_a_time"
            )
        ]
        indexes = [
            models.Index(fields=["organization_id", "-placed_on", "-id"], name="placement_when"),
            models.Index(fields=["organization_id", "agency", "-placed_on", "-id"], name="placement_agency"),
        ]


class WriteOffProposal(TenantModel):
    """Somebody proposes to write items off; somebody else who keeps the books decides."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        REFUSED = "refused"

    customer = TenantKey(Customer)
    items = ArrayField(models.UUIDField())
    why = models.TextField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    proposed_on = models.DateField()
    proposed_by = models.CharField(max_length=150)
    proposed_by_id = models.UUIDField(null=True)  # nobody decides on what they proposed
    source_id = models.UUIDField(null=True)  # the decision task it came from
    decided_on = models.DateField(null=True)
    decided_by = models.CharField(max_length=150, blank=True)
    decided_why = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "customer"], condition=Q(state="waiting"), name="write_off_proposed_once"
            )
        ]
        indexes = [models.Index(fields=["organization_id", "-proposed_on", "-id"], name="write_off_proposed_when")]
