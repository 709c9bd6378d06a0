"""A debt that was kept open, to be looked at again."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from puntual.parties.models import Customer
from puntual.tenancy.models import TenantKey, TenantModel


class KeptOpen(TenantModel):
    """At the end of the ladder somebody kept these installments open: on `review_on` the decision comes up again.

    `reviewed_on` is the day it did, or on which there was nothing left to decide.
    """

    customer = TenantKey(Customer)
    items = ArrayField(models.UUIDField())
    why = models.TextField()
    kept_on = models.DateField()
    kept_by = models.CharField(max_length=150)
    review_on = models.DateField()
    source_id = models.UUIDField()  # the decision task it came from
    reviewed_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization_id", "source_id"], name="kept_open_once")]
        indexes = [
            models.Index(
                fields=["organization_id", "review_on", "id"], condition=Q(reviewed_on=None), name="kept_open_due"
            )
        ]
