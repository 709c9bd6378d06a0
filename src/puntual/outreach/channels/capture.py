"""The capture mailbox, where everything ends in a rehearsal."""

from uuid import UUID

from puntual.outreach.channels import Message, Receipt
from puntual.outreach.channels.email.mime import mime
from puntual.outreach.models import CapturedMessage
from puntual.tenancy.scope import acting_for


class CaptureTransport:
    """The rehearsal's mailbox: the message, by whichever channel, is kept as it would have left, and leaves nowhere."""

    def __init__(self, organization_id: UUID) -> None:
        self._organization_id = organization_id

    def open(self) -> None:
        """It is always there."""

    def deliver(self, message: Message) -> Receipt:
        with acting_for(self._organization_id):
            CapturedMessage.objects.create(
                organization_id=self._organization_id,
                activity_id=UUID(message.message_id[1:37]),  # it begins with the activity's
                captured_at=message.at,
                sender=message.sender,
                recipient=message.recipient,
                subject=message.subject or message.text.strip().splitlines()[0][:80],
                raw=mime(message) if message.html else message.text.encode(),
            )
        return Receipt("sent")

    def close(self) -> None:
        """Nothing is kept open."""
