"""By which of the addresses in the environment e-mail leaves: a mail service's, where one is named, else a server's."""

from urllib.parse import urlsplit

from puntual.outreach.channels import Transport
from puntual.outreach.channels.email.service import ServiceTransport
from puntual.outreach.channels.email.transport import SmtpTransport

SERVICE = "anymail"
"""The scheme of a mail service's address."""


def transport_by(address: str, hello: str) -> Transport:
    """A transport by an `anymail://`, `smtp://` or `smtps://` address; `hello` is the name this machine gives itself.

    Raises Problem for an address that cannot be read.
    """
    return ServiceTransport(address) if urlsplit(address).scheme == SERVICE else SmtpTransport(address, hello)
