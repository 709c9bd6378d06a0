"""WhatsApp through Meta's Cloud API: how messages leave, the texts Meta approved, the 24 hours, and what Meta reports."""

from puntual.outreach.channels.whatsapp.account import Account, account
from puntual.outreach.channels.whatsapp.transport import CloudApiTransport

__all__ = ["Account", "CloudApiTransport", "account"]
