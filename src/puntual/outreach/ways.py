"""The ways out: one transport for each channel that this installation is set up to send by."""

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from django.conf import settings

from puntual.outreach.channels import Transport, sms, whatsapp
from puntual.outreach.channels.email import transport_by
from puntual.outreach.channels.sms import TwilioTransport
from puntual.outreach.channels.whatsapp import CloudApiTransport


def _email() -> Transport:
    return transport_by(settings.ANYMAIL_URL or settings.SMTP_URL, host_name())


def _sms() -> Transport:
    return TwilioTransport(settings.SMS_URL)


def _whatsapp() -> Transport:
    return CloudApiTransport(settings.WHATSAPP_URL)


_MADE: Mapping[str, Callable[[], Transport]] = {"email": _email, "sms": _sms, "whatsapp": _whatsapp}


def _addresses() -> Mapping[str, str]:
    return {
        "email": settings.ANYMAIL_URL or settings.SMTP_URL,
        "sms": settings.SMS_URL,
        "whatsapp": settings.WHATSAPP_URL,
    }


def set_up() -> frozenset[str]:
    """The channels that messages can leave by."""
    return frozenset(channel for channel, address in _addresses().items() if address)


def account_senders() -> Mapping[str, str]:
    """Whom a provider's account sends as, by channel: a number or an id there. Raises Problem for an unreadable address."""
    found = {}
    if settings.SMS_URL:
        found["sms"] = sms.account(settings.SMS_URL).sender
    if settings.WHATSAPP_URL:
        found["whatsapp"] = whatsapp.account(settings.WHATSAPP_URL).number_id
    return found


def transport_of(channel: str) -> Transport:
    """A transport of a channel that is set up. Raises Problem where its address cannot be read."""
    return _MADE[channel]()


def provider_of(channel: str) -> str:
    """The name of the provider a channel that is set up leaves by: the channel and the host."""
    return f"{channel} {urlsplit(_addresses()[channel]).hostname or ''}".strip()


def host_name() -> str:
    """What this installation calls itself in Message-IDs and to mail servers."""
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"
