"""E-mail: by a server (SMTP) or a mail service's own API, as MIME messages and HTML pages, and what a service reports."""

from puntual.outreach.channels.email.account import transport_by
from puntual.outreach.channels.email.service import ServiceTransport
from puntual.outreach.channels.email.transport import SmtpTransport

__all__ = ["ServiceTransport", "SmtpTransport", "transport_by"]
