"""The worker's side of a print batch. Arguments are ids only; the clock is read here and nowhere below."""

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from puntual.organizations.actions import actor_of
from puntual.organizations.models import Organization
from puntual.outreach.channels.letter.making import make_next


@app.task(name="letters.make")
def make_batch(organization_id: str, batch_id: str) -> None:
    """Set what is left of a batch, chunk by chunk; may run again from its start at any time."""
    organization = Organization.objects.get(pk=organization_id)
    more = True
    while more:
        more = make_next(actor_of(organization, timezone.now()), UUID(batch_id))
