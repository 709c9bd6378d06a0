"""Own words for negotiating."""

from django.db import models

from puntual.tenancy.models import TenantModel


class OwnScript(TenantModel):
    """What an organization says in a situation (of `negotiation.SITUATIONS`) in a language, in force as soon as it is kept.

    `content` is as `negotiation.as_content` writes it. What it said before is in the audit log.
    """

    situation = models.CharField(max_length=30)
    language = models.CharField(max_length=2)
    content = models.JSONField()
    written_at = models.DateTimeField()

    class Meta:
        app_label = "strategies"
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "situation", "language"], name="own_script_once")
        ]
