"""When customers answer and in which parts of the year they pay otherwise, as the day's job last found it."""

from django.db import models

from puntual.tenancy.models import TenantModel


class CustomerRhythm(TenantModel):
    """What is known of a customer, in one row with the customer's own id; none of whom nothing is known. Kept by `keeping`.

    There is no foreign key: the row is worked out again, never the source of anything.
    """

    answers = models.JSONField(default=list)  # answering.Answering of each channel
    seasons = models.JSONField(default=list)  # seasons.Season


class RhythmRead(TenantModel):
    """Of which day an organization's rows are, when they were last worked out, and the last entry there was then."""

    day = models.DateField()
    at = models.DateTimeField()
    through_entry = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization_id"], name="rhythm_read_once")]
