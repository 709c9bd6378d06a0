"""What a promise was judged to be, each time it was."""

from django.db import models

from puntual.receivables.models import money
from puntual.tenancy.models import TenantKey, TenantModel


class PromiseJudgment(TenantModel):
    """One judgment of a promise: money that is taken back, or comes to be known later, makes another one. Never changed."""

    promise = TenantKey("Promise")
    on = models.DateField()  # the organization's day
    at = models.DateTimeField()
    was = models.CharField(max_length=11)
    state = models.CharField(max_length=11)
    paid = money()

    class Meta:
        indexes = [models.Index(fields=["organization_id", "promise", "at"], name="promise_judgment")]
