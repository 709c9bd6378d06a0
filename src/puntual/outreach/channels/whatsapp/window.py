"""The 24 hours in which Meta lets a business answer freely: they begin whenever the person writes.

WhatsApp Business Platform, "Customer service windows".
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models.functions import Coalesce

from puntual.outreach.answers.models import Answer

OPEN_FOR: Final = timedelta(hours=24)
LEEWAY: Final = timedelta(minutes=5)
"""What leaves in the last minutes might arrive too late."""


def window_open(organization_id: UUID, number: str, at: datetime) -> bool:
    """Whether somebody wrote from a number, as a contact point has it, within the 24 hours before `at`. Inside `acting_for`."""
    since = at - OPEN_FOR + LEEWAY
    # What came in by then was not written later: the index of what came lately finds it.
    lately = Answer.objects.filter(
        organization_id=organization_id, channel="whatsapp", sender=number, received_at__gt=since, received_at__lte=at
    )
    return lately.annotate(wrote_at=Coalesce("sent_at", "received_at")).filter(wrote_at__gt=since).exists()
