"""Talks that somebody practiced."""

from django.db import models
from django.db.models import Q

from puntual.tenancy.models import TenantModel


class PracticeTalk(TenantModel):
    """One talk of a member with a character. It is kept as its case and what was said; everything else follows by replaying it.

    `turns` is a list of {"acts": [...], "words": "..."}, the words as they were said; the scores are set once it is over.
    """

    user_id = models.UUIDField()
    name = models.CharField(max_length=150)
    language = models.CharField(max_length=10)
    case = models.JSONField()
    character = models.CharField(max_length=20)
    turns = models.JSONField(default=list)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=10, blank=True)
    outcome = models.PositiveSmallIntegerField(null=True)
    respect = models.PositiveSmallIntegerField(null=True)
    conduct = models.PositiveSmallIntegerField(null=True)
    listening = models.PositiveSmallIntegerField(null=True)
    whole = models.PositiveSmallIntegerField(null=True)

    class Meta:
        app_label = "strategies"
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end="", whole__isnull=True)
                | (Q(ended_at__isnull=False, whole__isnull=False) & ~Q(end="")),
                name="practice_talk_ends_once",
            )
        ]
        indexes = [models.Index(fields=["organization_id", "user_id", "-started_at"], name="practice_talk_person")]
