"""E-mail through a mail service's own HTTP API instead of SMTP, by django-anymail: Postmark, Mailgun, SendGrid and others."""

from email.utils import formataddr
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from anymail.exceptions import AnymailError, AnymailRecipientsRefused, AnymailRequestsAPIError
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMultiAlternatives, get_connection
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from puntual.kernel.problems import N_, Problem
from puntual.outreach.channels import Message, Receipt
from puntual.outreach.channels.email.mime import mime

_TIMEOUT = 30.0


class ServiceTransport:
    """Mail by the account of an `anymail://SERVICE/?name=value` address, such as `anymail://postmark/?server_token=…`.

    The names are those of the service in django-anymail's documentation, in small letters and without the service's own.
    """

    def __init__(self, url: str) -> None:
        """Raises Problem for an address that cannot be read."""
        parts = urlsplit(url)
        # What begins with hook_ is for the service's web hook (`service_hook`).
        account: dict[str, Any] = {
            name: value for name, value in parse_qsl(parts.query) if not name.startswith("hook_")
        }
        try:
            if parts.scheme != "anymail" or not parts.hostname:
                raise ImportError
            backend = f"anymail.backends.{parts.hostname}.EmailBackend"
            make = partial(get_connection, backend, fail_silently=False, timeout=_TIMEOUT, **account)
            self._service = make()
        except (ImportError, ImproperlyConfigured, TypeError) as error:
            raise Problem(
                N_("PUNTUAL_ANYMAIL_URL cannot be read. It should look like anymail://postmark/?server_token=TOKEN.")
            ) from error

    def open(self) -> None:
        """Each request says by itself how far it came."""

    def deliver(self, message: Message) -> Receipt:
        """Hand the message to the service, and say exactly how far it came."""
        mime(message)  # the same addresses are refused, whichever way it leaves
        mail = _mail(message)
        try:
            self._service.send_messages([mail])
        except AnymailRecipientsRefused as error:
            each = {one.status for one in mail.anymail_status.recipients.values()}  # type: ignore[attr-defined]
            return Receipt("refused", _plain(error), "hard" if "invalid" in each else "soft")
        except AnymailRequestsAPIError as error:
            return _receipt(error)
        except AnymailError as error:  # what it was asked for is not among what the service can do: nothing has left
            return Receipt("rejected", _plain(error))
        found = mail.anymail_status  # type: ignore[attr-defined]
        said: set[str] = found.status or set()
        key = found.message_id
        if not said <= {"sent", "queued"}:  # it does not say clearly that it took it
            return Receipt("interrupted", " ".join(sorted(said)))
        return Receipt("sent", " ".join(sorted(said)), provider_id=key if isinstance(key, str) else "")

    def close(self) -> None:
        self._service.close()


def _mail(message: Message) -> EmailMultiAlternatives:
    headers = {
        "Message-ID": message.message_id,
        "Content-Language": message.language,
        "Auto-Submitted": "auto-generated",
    }
    if message.stop_link:
        headers["List-Unsubscribe"] = f"<{message.stop_link}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    sender = " ".join(message.sender_name.split())
    mail = EmailMultiAlternatives(
        subject=" ".join(message.subject.split()),
        body=message.text,
        from_email=formataddr((sender, message.sender)),
        to=[formataddr((" ".join(message.recipient_name.split()), message.recipient))],
        reply_to=[formataddr((sender, message.reply_to or message.sender))],
        headers=headers,
        attachments=[(one.name, one.content, one.content_type) for one in message.documents],
    )
    mail.attach_alternative(message.html, "text/html")
    mail.metadata = {"activity": message.reference} if message.reference else {}  # type: ignore[attr-defined]
    return mail


def _receipt(error: AnymailRequestsAPIError) -> Receipt:
    detail, answer = _plain(error), error.response
    if answer is None:
        return Receipt("unreachable" if _never_left(error.__cause__) else "interrupted", detail)
    said = answer.headers.get("Retry-After", "")
    wait = float(said) if said.isdecimal() else None
    match answer.status_code:
        case 429:
            return Receipt("busy", detail, wait=wait)
        case 401 | 403 | 503:
            return Receipt("unreachable", detail, wait=wait)
        case code if code >= 500 or code < 300:  # it may be on its way all the same
            return Receipt("interrupted", detail)
    return Receipt("rejected", detail)


def _never_left(error: BaseException | None) -> bool:
    if isinstance(error, requests.ConnectTimeout):
        return True
    reason = (
        getattr(error.args[0], "reason", None) if isinstance(error, requests.ConnectionError) and error.args else None
    )
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)


def _plain(error: Exception) -> str:
    return " ".join(str(error).split())[:500]
