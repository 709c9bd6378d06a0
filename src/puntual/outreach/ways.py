"""The ways out: one transport for each channel that this installation is set up to send by."""

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from django.conf import settings

from puntual.outreach.channels import Transport
from puntual.outreach.channels.email import SmtpTransport
from puntual.outreach.channels.sms import TwilioTransport
from puntual.outreach.channels.whatsapp import CloudApiTransport


def _email() -> Transport:
    return SmtpTransport(settings.SMTP_URL, host_name())


def _sms() -> Transport:
    return TwilioTransport(settings.SMS_URL)


def _whatsapp() -> Transport:
    return CloudApiTransport(settings.WHATSAPP_URL)


_MADE: Mapping[str, Callable[[], Transport]] = {"email": _email, "sms": _sms, "whatsapp": _whatsapp}


def set_up() -> frozenset[str]:
    """The channels that messages can leave by."""
    addresses = {"email": settings.SMTP_URL, "sms": settings.SMS_URL, "whatsapp": settings.WHATSAPP_URL}
    return frozenset(channel for channel, address in addresses.items() if address)


class Ways:
    """The transports of one batch, each opened when it is first needed. Those that turn out unusable are `down`."""

    def __init__(self) -> None:
        self._open: dict[str, Transport] = {}
        self.down: set[str] = set()

    @property
    def usable(self) -> frozenset[str]:
        """The channels that are set up and not down."""
        return set_up() - self.down

    def of(self, channel: str) -> Transport:
        """The transport of a channel that is set up. Raises Problem where its address cannot be read."""
        if channel not in self._open:
            self._open[channel] = _MADE[channel]()
        return self._open[channel]

    def close(self) -> None:
        """Give back what is open."""
        for transport in self._open.values():
            transport.close()


def host_name() -> str:
    """What this installation calls itself in Message-IDs and to mail servers."""
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"
