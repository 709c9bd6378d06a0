"""From where messages leave: each creditor's own verified sender in a channel, and never another's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from puntual.kernel.remembering import remembered
from puntual.organizations.models import Organization
from puntual.outreach.ways import account_senders
from puntual.parties.models import Creditor, Sender
from puntual.parties.senders import senders_of

UNSET_SENDER = "unset@sender.invalid"
"""Who writes in a rehearsal without a sender's address: one that can never exist (RFC 2606)."""
CHANNELS = frozenset(Sender.Channel.values)
"""The channels that need a sender."""


@dataclass(frozen=True, slots=True)
class Origin:
    """An address or a provider's id, the name read beside it, and the mailbox answers go to."""

    address: str
    name: str
    reply_to: str


def origin_of(organization: Organization, creditor: Creditor, channel: str) -> Origin | None:
    """From where a creditor writes in a channel; None where it has no verified sender there.

    In rehearsal, where nothing leaves, the creditor's e-mail or an address that cannot exist stands in. Inside `acting_for`.
    """
    name = on_behalf(organization, creditor)
    sender = _verified(organization.id, creditor.id, channel)
    own = account_senders().get(channel, "")
    if sender and (channel == Sender.Channel.EMAIL or sender.address == own or not organization.is_live):
        return Origin(sender.address, sender.name or name, sender.reply_to or sender.address)
    if not organization.is_live:
        address = (creditor.email or UNSET_SENDER) if channel == Sender.Channel.EMAIL else ""
        return Origin(address, name, address)
    if own and sole_creditor(organization) == creditor:
        return Origin(own, name, "")
    return None


@remembered
def _verified(organization_id: UUID, creditor_id: UUID, channel: str) -> Sender | None:
    return Sender.objects.filter(
        organization_id=organization_id, creditor_id=creditor_id, channel=channel, verified_at__isnull=False
    ).first()


def without_sender(organization: Organization, creditors: Iterable[str]) -> Mapping[str, frozenset[str]]:
    """In which channels each creditor (by id) cannot write yet; in rehearsal nothing leaves, so nothing is missing."""
    if not organization.is_live:
        return {}
    own = account_senders()
    may: dict[str, set[str]] = {creditor: set() for creditor in creditors}
    for creditor, senders in senders_of(organization.id).items():
        may[str(creditor)] |= {
            channel
            for channel, sender in senders.items()
            if sender.verified_at and (channel == Sender.Channel.EMAIL or sender.address == own.get(channel))
        }
    if own and (only := sole_creditor(organization)):
        may[str(only.id)] |= set(own)
    return {creditor: CHANNELS - channels for creditor, channels in may.items()}


@remembered
def sole_creditor(organization: Organization) -> Creditor | None:
    """Whom this installation's accounts with providers belong to without anybody saying so: the only creditor there is."""
    if Organization.objects.filter(mode=Organization.Mode.LIVE).exclude(pk=organization.pk).exists():
        return None
    creditors = list(Creditor.objects.filter(organization_id=organization.id)[:2])
    return creditors[0] if len(creditors) == 1 else None


def on_behalf(organization: Organization, creditor: Creditor, shown: str = "") -> str:
    """Who writes, in the language that is active: the creditor (as `shown`, else by its name), or an agency on its behalf."""
    shown = shown or creditor.name
    if not organization.is_agency or organization.name == creditor.name:
        return shown
    return _("{agency}, on behalf of {creditor}").format(agency=organization.name, creditor=shown)
