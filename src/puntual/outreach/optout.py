"""How a customer stops messages to an address: a signed link, in the text and in the header that mail programs show as a button.

The link works without signing in and never expires: whoever holds it got a message at that address.
"""

from uuid import UUID

from django.conf import settings
from django.core import signing

from puntual.audit.actions import Actor, action
from puntual.outreach.models import Activity
from puntual.parties.actions import opt_out
from puntual.parties.consents import silenced
from puntual.parties.models import ContactPoint, Customer
from puntual.strategies.steps import OTHER_WAY

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
    """No more messages to this point, asked for by its link; once is enough."""
    silence(by, point.id, source=SOURCE)


def silence(by: Actor, point_id: UUID, *, source: str, evidence: str = "", source_id: UUID | None = None) -> bool:
    """No more messages to a point, whatever they are about; a task asks for another way. Says whether it was not so already.

    The manual goes on by the step's next channel. Raises ContactPoint.DoesNotExist, Problem without a source.
    """
    if silenced(by.organization_id, point_id):
        return False
    with action(by, "contact_point.consent", purpose="all", granted=False, given_on=by.today) as log:
        point = opt_out(by, point_id, source=source, evidence=evidence, source_id=source_id)
        if point is None:  # said by somebody else at this moment
            return False
        log.about(point)
        log.say(customer=point.customer_id, kind=point.kind, value=point.value, source=source)
        waiting = Activity.objects.filter(
            organization_id=by.organization_id,
            customer_id=point.customer_id,
            step=OTHER_WAY,
            state=Activity.State.TO_DO,
        )
        if not waiting.exists():
            owner = Customer.objects.values_list("owner_id", flat=True)
            Activity.objects.create(
                organization_id=by.organization_id,
                customer_id=point.customer_id,
                day=by.today,
                channel=Activity.Channel.INTERNAL,
                state=Activity.State.TO_DO,
                step=OTHER_WAY,
                note=f"{point.value}: {evidence}" if evidence else point.value,
                assigned_to=owner.get(organization_id=by.organization_id, pk=point.customer_id),
                created_at=by.now,
            )
    return True
