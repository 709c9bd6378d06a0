"""How a customer stops messages to an address: a signed link, in the text and in the header that mail programs show as a button.

The link works without signing in and never expires: whoever holds it got a message at that address.
"""

from uuid import UUID

from django.conf import settings
from django.core import signing

from puntual.audit.actions import Actor
from puntual.parties.actions import record_consent
from puntual.parties.models import Consent, ContactPoint

_SIGNER = signing.Signer(
    salt="puntual.outreach.optout"
)  # without a time: the same message is the same, whenever it is made
PATH = "/c/stop/"
SOURCE = "the link in a message"


def stop_link(organization_id: UUID, point_id: UUID) -> str:
    """The address where messages to a contact point are stopped."""
    return settings.PUBLIC_URL.rstrip("/") + PATH + _SIGNER.sign(f"{organization_id.hex}{point_id.hex}")


def read_link(token: str) -> tuple[UUID, UUID] | None:
    """Organization and contact point of a link's last part; None where it was not made here."""
    try:
        keys = _SIGNER.unsign(token)
        return UUID(keys[:32]), UUID(keys[32:])
    except (signing.BadSignature, ValueError, TypeError):
        return None


def stop(by: Actor, point: ContactPoint) -> None:
    """No more messages about collections to this point; once is enough."""
    if point.consent == ContactPoint.ConsentState.WITHDRAWN:
        return
    purpose = Consent.Purpose.COLLECTIONS
    record_consent(by, point.id, purpose=purpose, granted=False, given_on=by.today, source=SOURCE)
