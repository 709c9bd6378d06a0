"""SMS through Twilio: how messages leave, and what Twilio reports and brings."""

from puntual.outreach.channels.sms.transport import Account, TwilioTransport, account

__all__ = ["Account", "TwilioTransport", "account"]
