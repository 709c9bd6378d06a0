"""SMS through Twilio's Programmable Messaging (REST API 2010-04-01): one request, one message."""

import json
from base64 import b64encode
from urllib.parse import unquote, urlencode, urlsplit

from puntual.kernel.problems import N_, Problem
from puntual.outreach.channels import Message, Receipt
from puntual.outreach.channels.web import Answer, Interrupted, NotSent, post

# https://www.twilio.com/docs/api/errors: what is wrong with this one number for good, and who asked for no more messages.
_NO_SUCH_NUMBER = frozenset({21211, 21217, 21408, 21614})
_UNSUBSCRIBED = 21610
_BUSY = frozenset({20429, 14107, 21611})
UNSUBSCRIBED = "unsubscribed"
"""How a receipt's detail begins where the recipient told the provider to stop."""


class TwilioTransport:
    """SMS by the account of a `twilio://SID:TOKEN@api.twilio.com/?from=+15005550006` address; `from` may be a service (MG…).

    Twilio keeps no request by a key of ours, so a request without an answer is never repeated by itself.
    """

    def __init__(self, url: str) -> None:
        """Raises Problem for an address that cannot be read."""
        parts = urlsplit(url)
        query = dict(pair.partition("=")[::2] for pair in parts.query.split("&"))
        self._account, self._token = unquote(parts.username or ""), unquote(parts.password or "")
        self._sender = unquote(query.get("from", ""))
        if parts.scheme not in ("twilio", "twilio+http") or not (self._account and self._token and self._sender):
            raise Problem(
                N_(
                    "PUNTUAL_SMS_URL cannot be read. It should look like twilio://SID:TOKEN@api.twilio.com/?from=+15005550006."
                )
            )
        scheme = "http" if parts.scheme == "twilio+http" else "https"
        place = parts.netloc.rpartition("@")[2] or "api.twilio.com"
        self._address = f"{scheme}://{place}/2010-04-01/Accounts/{self._account}/Messages.json"

    def deliver(self, message: Message) -> Receipt:
        """Hand the message to Twilio, and say exactly how far it came."""
        sender = "MessagingServiceSid" if self._sender.startswith("MG") else "From"
        fields = {"To": message.recipient, sender: self._sender, "Body": message.text.strip()}
        credentials = b64encode(f"{self._account}:{self._token}".encode()).decode()
        headers = {
            "Authorization": f"Basic {credentials}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }
        try:
            return _receipt(post(self._address, headers, urlencode(fields).encode()))
        except NotSent as error:
            return Receipt("unreachable", str(error))
        except Interrupted as error:
            return Receipt("interrupted", str(error))

    def close(self) -> None:
        """Nothing is kept open."""


def _receipt(answer: Answer) -> Receipt:
    said = _read(answer.body)
    code = said.get("code") if answer.status >= 400 else said.get("error_code")
    detail = " ".join(str(part) for part in (answer.status, code, said.get("message") or said.get("sid")) if part)
    if answer.status < 300:
        return Receipt("sent", detail)
    if answer.status == 429 or code in _BUSY:
        return Receipt("postponed", detail)
    if code in _NO_SUCH_NUMBER:
        return Receipt("refused", detail, "hard")
    if code == _UNSUBSCRIBED:
        return Receipt("refused", f"{UNSUBSCRIBED}: {detail}")
    if answer.status in (401, 403) or answer.status == 503:
        return Receipt("unreachable", detail)
    # After any other server error the message may be on its way all the same.
    return Receipt("interrupted", detail) if answer.status >= 500 else Receipt("rejected", detail)


def _read(body: bytes) -> dict[str, object]:
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
