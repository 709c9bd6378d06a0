"""SMS through Twilio's Programmable Messaging (REST API 2010-04-01): one request, one message."""

from base64 import b64encode
from dataclasses import dataclass, field
from urllib.parse import unquote, urlencode, urlsplit

from puntual.kernel.problems import N_, Problem
from puntual.kernel.web import Answer, Interrupted, NotSent, post
from puntual.outreach.channels import Message, Receipt
from puntual.outreach.channels.sms.codes import BUSY, NO_SUCH_NUMBER, UNSUBSCRIBED


@dataclass(frozen=True, slots=True)
class Account:
    """An account with Twilio; `sender` is a number or a messaging service (MG…). With `token` Twilio signs what it reports."""

    sid: str
    token: str = field(repr=False)
    sender: str
    address: str


def account(url: str) -> Account:
    """The account of a `twilio://SID:TOKEN@api.twilio.com/?from=+15005550006` address.

    Raises Problem for one that cannot be read.
    """
    parts = urlsplit(url)
    query = dict(pair.partition("=")[::2] for pair in parts.query.split("&"))
    sid, token = unquote(parts.username or ""), unquote(parts.password or "")
    sender = unquote(query.get("from", ""))
    if parts.scheme not in ("twilio", "twilio+http") or not (sid and token and sender):
        raise Problem(
            N_(
                "PUNTUAL_SMS_URL cannot be read. It should look like twilio://SID:TOKEN@api.twilio.com/?from=+15005550006."
            )
        )
    scheme = "http" if parts.scheme == "twilio+http" else "https"
    place = parts.netloc.rpartition("@")[2] or "api.twilio.com"
    return Account(sid, token, sender, f"{scheme}://{place}/2010-04-01/Accounts/{sid}")


class TwilioTransport:
    """SMS by the account of an address (see `account`).

    Twilio keeps no request by a key of ours, so a request without an answer is never repeated by itself.
    """

    def __init__(self, url: str) -> None:
        """Raises Problem for an address that cannot be read."""
        self._account = account(url)

    def open(self) -> None:
        """Each request is a connection of its own."""

    def deliver(self, message: Message) -> Receipt:
        """Hand the message to Twilio, and say exactly how far it came."""
        ours = self._account
        sender = "MessagingServiceSid" if ours.sender.startswith("MG") else "From"
        fields = {"To": message.recipient, sender: ours.sender, "Body": message.text.strip()}
        if message.report_to:
            fields["StatusCallback"] = message.report_to
        credentials = b64encode(f"{ours.sid}:{ours.token}".encode()).decode()
        headers = {
            "Authorization": f"Basic {credentials}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }
        try:
            return _receipt(post(f"{ours.address}/Messages.json", headers, urlencode(fields).encode()))
        except NotSent as error:
            return Receipt("unreachable", str(error))
        except Interrupted as error:
            return Receipt("interrupted", str(error))

    def close(self) -> None:
        """Nothing is kept open."""


def _receipt(answer: Answer) -> Receipt:
    said = answer.said()
    code = said.get("code") if answer.status >= 400 else said.get("error_code")
    detail = " ".join(str(part) for part in (answer.status, code, said.get("message") or said.get("sid")) if part)
    if answer.status < 300:
        return Receipt("sent", detail, provider_id=str(said.get("sid") or ""))
    if answer.status == 429 or code in BUSY:
        return Receipt("busy", detail, wait=answer.wait)
    if code in NO_SUCH_NUMBER:
        return Receipt("refused", detail, "hard")
    if code in UNSUBSCRIBED:
        return Receipt("refused", detail, unsubscribed=True)
    if answer.status in (401, 403) or answer.status == 503:
        return Receipt("unreachable", detail, wait=answer.wait)
    # After any other server error the message may be on its way all the same.
    return Receipt("interrupted", detail) if answer.status >= 500 else Receipt("rejected", detail)
