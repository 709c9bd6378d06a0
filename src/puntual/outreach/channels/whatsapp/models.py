"""The texts that Meta approved, and which of our own each of them stands for."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from puntual.strategies.texts import AUDIENCES
from puntual.tenancy.models import TenantKey, TenantModel


class ApprovedText(TenantModel):
    """A message template of the business as Meta last told of it (WhatsApp Business Platform, message templates)."""

    class State(models.TextChoices):
        APPROVED = "approved"
        PENDING = "pending"
        REJECTED = "rejected"
        PAUSED = "paused"  # by Meta, for its quality; it comes back by itself
        DISABLED = "disabled"
        MISSING = "missing"  # it is not there any more

    name = models.CharField(max_length=512)
    language = models.CharField(max_length=20)  # Meta's code: es, es_AR, pt_BR
    state = models.CharField(max_length=8, choices=State.choices)
    category = models.CharField(max_length=30, blank=True)
    header = models.TextField(blank=True)
    header_kind = models.CharField(max_length=20, blank=True)  # TEXT, IMAGE …; empty for none
    body = models.TextField(blank=True)
    footer = models.TextField(blank=True)
    buttons = models.JSONField(default=list)  # [{"kind", "text", "url"}]
    said = models.CharField(max_length=500, blank=True)  # why it was rejected or paused
    checked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "name", "language"], name="approved_text_once")
        ]


class Mapping(TenantModel):
    """An approved text standing for what a template says to one audience in one language.

    `variables` are our own, in the order in which the approved text leaves its places open.
    """

    template = models.CharField(max_length=60)
    audience = models.CharField(max_length=8, choices=[(audience, audience) for audience in AUDIENCES])
    language = models.CharField(max_length=2)
    text = TenantKey(ApprovedText)
    variables = ArrayField(models.CharField(max_length=40), default=list)
    mapped_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "template", "audience", "language"], name="approved_mapping_once"
            )
        ]
