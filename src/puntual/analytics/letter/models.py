"""The letters that were written, as they were: what management read does not change afterwards."""

from django.db import models

from puntual.tenancy.models import TenantModel


class ManagementLetter(TenantModel):
    """What a month's letter says, without its words: each reads it in their own language. Amounts are text."""

    month = models.DateField()  # its first day
    made_on = models.DateField()
    made_at = models.DateTimeField(null=True)  # of the first letters only the day is known
    facts = models.JSONField()
    members = models.JSONField(
        null=True
    )  # the ids of the customers of each segment by its code; the first letters kept none

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization_id", "month"], name="management_letter_once")]
