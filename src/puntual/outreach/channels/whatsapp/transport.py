"""Messages through the Cloud API (POST /{Phone-Number-ID}/messages): one request, one message."""

import json
from typing import Any

from puntual.kernel.web import Answer, Interrupted, NotSent, post
from puntual.outreach.channels import Message, Receipt
from puntual.outreach.channels.whatsapp.account import account
from puntual.outreach.channels.whatsapp.codes import (
    BUSY,
    DOWN,
    NOT_NOW,
    NOT_ON_WHATSAPP,
    PAIR,
    TEXT_STATES,
    UNSUBSCRIBED,
    no_way_in,
)


class CloudApiTransport:
    """WhatsApp by the number of an address (see `account`).

    Meta keeps no request by a key of ours, so a request without an answer is never repeated by itself; what Meta reports later
    carries our reference and so tells whether it had left.
    """

    def __init__(self, url: str) -> None:
        """Raises Problem for an address that cannot be read."""
        self._account = account(url)

    def open(self) -> None:
        """Each request is a connection of its own."""

    def deliver(self, message: Message) -> Receipt:
        """Hand the message to Meta, and say exactly how far it came."""
        headers = {
            "Authorization": f"Bearer {self._account.token}",
            "Content-Type": "application/json",
            "Accept": "application/json",
        }
        address = f"{self._account.address}/{self._account.number_id}/messages"
        try:
            return _receipt(post(address, headers, json.dumps(as_json(message), ensure_ascii=False).encode()))
        except NotSent as error:
            return Receipt("unreachable", str(error))
        except Interrupted as error:
            return Receipt("interrupted", str(error))

    def close(self) -> None:
        """Nothing is kept open."""


def as_json(message: Message) -> dict[str, Any]:
    """The request of a message: the approved text by its name where there is one, else the words themselves."""
    base: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": message.recipient,
    }
    if message.reference:
        base["biz_opaque_callback_data"] = message.reference
    approved = message.approved
    if approved is None:
        return {**base, "type": "text", "text": {"preview_url": False, "body": message.text.strip()}}
    values = [{"type": "text", "text": value} for value in approved.parameters]
    for value, name in zip(values, approved.names, strict=False):  # names: all, or none where places have numbers
        value["parameter_name"] = name
    template: dict[str, Any] = {
        "name": approved.name,
        "language": {"policy": "deterministic", "code": approved.language},
    }
    if values:
        template["components"] = [{"type": "body", "parameters": values}]
    return {**base, "type": "template", "template": template}


def _receipt(answer: Answer) -> Receipt:
    said = answer.said()
    if answer.status < 300:
        messages = said.get("messages")
        first = messages[0] if isinstance(messages, list) and messages and isinstance(messages[0], dict) else {}
        key = str(first.get("id") or "")
        return Receipt("sent", " ".join(filter(None, [key, str(first.get("message_status") or "")])), provider_id=key)
    raw = said.get("error")
    error: dict[str, Any] = raw if isinstance(raw, dict) else {}
    given = error.get("code")
    code = given if isinstance(given, int) else -1
    more = error.get("error_data")
    details = more.get("details") if isinstance(more, dict) else None
    told = (answer.status, code if code >= 0 else None, details or error.get("message"))
    detail = " ".join(str(part) for part in told if part is not None)
    if code in NOT_ON_WHATSAPP:
        return Receipt("refused", detail, "hard")
    if code in NOT_NOW:
        return Receipt("refused", detail, "soft")
    if code in UNSUBSCRIBED:
        return Receipt("refused", detail, unsubscribed=True)
    if code in PAIR:
        return Receipt("postponed", detail, wait=_wait(answer))
    if code in BUSY or answer.status == 429:
        return Receipt("busy", detail, wait=_wait(answer))
    if code in DOWN or error.get("is_transient") is True or no_way_in(code) or answer.status in (401, 403, 503):
        return Receipt("unreachable", detail, wait=_wait(answer))
    # After any other server error the message may be on its way all the same.
    if answer.status >= 500:
        return Receipt("interrupted", detail)
    return Receipt("rejected", detail, text_state=TEXT_STATES.get(code, ""))


def _wait(answer: Answer) -> float | None:
    """The seconds Meta asks for: Retry-After, else the minutes its usage header gives until the account has access again."""
    if answer.wait is not None:
        return answer.wait
    try:
        usage = json.loads(answer.headers.get("x-business-use-case-usage", ""))
        minutes = [
            float(one.get("estimated_time_to_regain_access") or 0) for entries in usage.values() for one in entries
        ]
    except (ValueError, AttributeError, TypeError):
        return None
    return 60 * max(minutes) if minutes and max(minutes) > 0 else None
