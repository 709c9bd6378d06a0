"""What a promise was judged to be before it was judged anew."""

from django.db import models

from puntual.receivables.models import money
from puntual.tenancy.models import TenantKey, TenantModel


class PromiseJudgment(TenantModel):
    """A judgment that another one took the place of: money was taken back, or came to be known later. Never changed.

    The one that stands is the promise's own.
    """

    promise = TenantKey("Promise")
    on = models.DateField()  # the organization's day on which it was judged so
    at = models.DateTimeField()  # when it was judged anew
    state = models.CharField(max_length=11)
    paid = money()

    class Meta:
        indexes = [models.Index(fields=["organization_id", "promise", "at"], name="promise_judgment")]
