"""What was found each time a model was tried, and the model where it is used."""

from django.db import models
from django.db.models import Q

from puntual.tenancy.models import TenantModel


class ScoreModel(TenantModel):
    """What chances of paying late come from since a day: a model learned from the ledger, or each customer's own rate.

    `own_error` and `model_error` are mean squared errors over `items` of `customers` in `months` past ones; `low` and `high` are
    the 95 % interval of how much smaller the model's is. `weights` is the model (`features.Model`), only where it is used, and
    `judged` how right it was in each month: {"2026-03": [items, calibration error, squared error]}. Never changed: the latest
    stands.
    """

    class Outcome(models.TextChoices):
        BETTER = "better"  # the whole interval is on the model's side: it is used
        NOT_BETTER = "not_better"
        TOO_LITTLE = "too_little"  # too few items, customers or months to try
        NOT_INSTALLED = "not_installed"  # a model was used, and the extra it is learned with is gone

    day = models.DateField()
    outcome = models.CharField(max_length=13, choices=Outcome.choices)
    used_since = models.DateField(null=True)  # the first day of those on which it was found better without a break
    months = models.PositiveSmallIntegerField(default=0)
    items = models.PositiveIntegerField(default=0)
    customers = models.PositiveIntegerField(default=0)
    own_error = models.FloatField(null=True)
    model_error = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    weights = models.JSONField(null=True)
    judged = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "day"], name="score_model_once"),
            models.CheckConstraint(
                condition=Q(outcome="better", weights__isnull=False, used_since__isnull=False)
                | (~Q(outcome="better") & Q(weights__isnull=True, used_since__isnull=True)),
                name="score_model_used_has_weights",
            ),
        ]
