"""E-mail: the MIME message, and SMTP and the capture mailbox as ways for it to leave, or not."""

import re
import smtplib
import ssl
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit
from uuid import UUID

from puntual.kernel.problems import N_, Problem
from puntual.outreach.channels import Message, Receipt, Undeliverable
from puntual.outreach.models import CapturedMessage
from puntual.tenancy.scope import acting_for

_TIMEOUT = 30.0
_STATUS = re.compile(r"\b5\.(\d)\.\d{1,3}\b")  # an enhanced status code, RFC 3463
_POLICY = SMTP.clone(cte_type="7bit")  # every server takes 7-bit; nothing is lost on the way


def mime(message: Message) -> bytes:
    """The message as it leaves: plain text and HTML, each saying the same; answers go to a person.

    Mail programs show a button for `stop_link` (RFC 8058): it works in one step and asks for no sign-in.
    Raises Undeliverable for an address that is none.
    """
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = _address(message.sender_name, message.sender)
    mail["To"] = _address(message.recipient_name, message.recipient)
    mail["Reply-To"] = _address(message.sender_name, message.reply_to or message.sender)
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(message.at)
    mail["Message-ID"] = message.message_id
    mail["Content-Language"] = message.language
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    if message.stop_link:
        mail["List-Unsubscribe"] = f"<{message.stop_link}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    for document in message.documents:
        kind, _, subtype = document.content_type.partition("/")
        mail.add_attachment(document.content, maintype=kind, subtype=subtype, filename=document.name)
    return mail.as_bytes()


def _address(name: str, address: str) -> Address:
    try:
        return Address(name, addr_spec=address)
    except (ValueError, IndexError, MessageError) as error:  # all three, as the parser finds it
        raise Undeliverable(address) from error


class SmtpTransport:
    """Mail through the server of an `smtp://` or `smtps://` address: `smtps://user:password@mail.example.com:465`.

    With `smtp://` the connection turns to TLS (STARTTLS) where the server offers it, and a password is never sent without. One
    connection is kept for many messages.
    """

    def __init__(self, url: str, hello: str) -> None:
        """`hello` is the name this machine gives itself (RFC 5321, EHLO). Raises Problem for an address that cannot be read."""
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            port = 0
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname or port == 0:
            raise Problem(
                N_("PUNTUAL_SMTP_URL cannot be read. It should look like smtps://user:password@mail.example.com:465.")
            )
        self._implicit_tls = parts.scheme == "smtps"
        self._host = parts.hostname
        self._port = port or (465 if self._implicit_tls else 587)
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self._hello = hello
        self._server: smtplib.SMTP | None = None

    def deliver(self, message: Message) -> Receipt:
        """Hand the message to the server, and say exactly how far it came."""
        raw = mime(message)
        try:
            server = self._connected()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Receipt("unreachable", _plain(error))
        try:
            receipt = self._offer(server, message, raw)
        except (OSError, smtplib.SMTPException) as error:
            # The last line had not been sent, so the server has nothing to deliver (RFC 5321, 4.1.1.4).
            self.close()
            return Receipt("unreachable", _plain(error))
        if receipt.outcome == "interrupted":
            self.close()
        elif receipt.outcome != "sent":
            self._reset()
        return receipt

    def close(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()

    def _connected(self) -> smtplib.SMTP:
        if self._server is None:
            context = ssl.create_default_context()
            if self._implicit_tls:
                server: smtplib.SMTP = smtplib.SMTP_SSL(
                    self._host, self._port, self._hello, timeout=_TIMEOUT, context=context
                )
            else:
                server = smtplib.SMTP(self._host, self._port, self._hello, timeout=_TIMEOUT)
            self._server = server
            server.ehlo()
            secure = self._implicit_tls
            if not secure and server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
                secure = True
            if self._user:
                if not secure:
                    raise smtplib.SMTPException("the server offers no TLS; the password was not sent")
                server.login(self._user, self._password)
        return self._server

    def _offer(self, server: smtplib.SMTP, message: Message, raw: bytes) -> Receipt:
        code, said = server.mail(message.return_to or message.sender)
        if code >= 400:
            return _refusal("sender", code, _text(said))
        code, said = server.rcpt(message.recipient)
        if code >= 400:
            return _refusal("recipient", code, _text(said))
        code, said = server.docmd("DATA")
        if code != 354:
            return _refusal("data", code, _text(said))
        body = raw.replace(b"\r\n.", b"\r\n..")
        try:
            server.send(body if body.endswith(b"\r\n") else body + b"\r\n")
            server.send(b".\r\n")
            code, said = server.getreply()
        except (OSError, smtplib.SMTPException) as error:
            return Receipt("interrupted", _plain(error))
        return Receipt("sent", _text(said)) if code == 250 else _refusal("data", code, _text(said))

    def _reset(self) -> None:
        try:
            if self._server is not None:
                self._server.rset()
        except (OSError, smtplib.SMTPException):
            self.close()


class CaptureTransport:
    """The rehearsal's mailbox: the message, by whichever channel, is kept as it would have left, and leaves nowhere."""

    def __init__(self, organization_id: UUID, activity_id: UUID) -> None:
        self._organization_id, self._activity_id = organization_id, activity_id

    def deliver(self, message: Message) -> Receipt:
        with acting_for(self._organization_id):
            CapturedMessage.objects.create(
                organization_id=self._organization_id,
                activity_id=self._activity_id,
                captured_at=message.at,
                sender=message.sender,
                recipient=message.recipient,
                subject=message.subject or message.text.strip().splitlines()[0][:80],
                raw=mime(message) if message.html else message.text.encode(),
            )
        return Receipt("sent")

    def close(self) -> None:
        """Nothing is kept open."""


def _refusal(command: str, code: int, said: str) -> Receipt:
    """What a refusing answer means (RFC 5321, 4.2; RFC 3463 where the server says more)."""
    detail = f"{code} {said}"
    if code == 421:
        return Receipt("unreachable", detail)
    if code < 500:
        return Receipt("postponed", detail)
    status = _STATUS.search(said)
    subject = status[1] if status else ""
    if command != "recipient" or subject == "7":
        return Receipt("rejected", detail)
    full = code == 552 or subject == "2"
    return Receipt("refused", detail, "soft" if full else "hard")


def _text(said: bytes | str) -> str:
    return (said.decode(errors="replace") if isinstance(said, bytes) else said).strip()


def _plain(error: Exception) -> str:
    return str(error) or type(error).__name__
