"""E-mail by SMTP: one connection, many messages."""

import re
import smtplib
import socket
import ssl
from urllib.parse import unquote, urlsplit

from puntual.kernel.problems import N_, Problem
from puntual.outreach.channels import Message, Receipt
from puntual.outreach.channels.email.mime import mime

_TIMEOUT = 30.0
_STATUS = re.compile(r"\b5\.(\d)\.\d{1,3}\b")  # an enhanced status code, RFC 3463


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
        self._used = False  # whether the connection had served before the message in hand

    def open(self) -> Receipt | None:
        """Connect and sign in, or see whether a connection that is kept still answers."""
        try:
            if self._server is not None and not self._answers():
                self.close()
            self._connected()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Receipt("unreachable", _plain(error))
        return None

    def deliver(self, message: Message) -> Receipt:
        """Hand the message to the server, and say exactly how far it came."""
        raw = mime(message)
        receipt = self._handed(message, raw)
        if receipt.outcome == "unreachable" and self._used:
            # Servers end a connection after some messages or some rest, in the middle or before; nothing has left.
            receipt = self._handed(message, raw)
        return receipt

    def _handed(self, message: Message, raw: bytes) -> Receipt:
        self._used = self._server is not None
        try:
            receipt = self._offer(self._connected(), message, raw)
        except (OSError, smtplib.SMTPException) as error:
            # The last line had not been sent, so the server has nothing to deliver (RFC 5321, 4.1.1.4).
            self.close()
            return Receipt("unreachable", _plain(error))
        if receipt.outcome in ("interrupted", "unreachable"):
            self.close()
        elif receipt.outcome != "sent":
            self._reset()
        return receipt

    def _answers(self) -> bool:
        try:
            return self._server is not None and self._server.noop()[0] == 250
        except (OSError, smtplib.SMTPException):
            return False

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
            if server.sock is not None:  # a message ends in small lines, each answered: none of them waits for company
                server.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            server.ehlo_or_helo_if_needed()
            secure = self._implicit_tls
            if not secure and server.has_extn("starttls"):
                _expect(server.starttls(context=context), 220)
                _expect(server.ehlo(), 250)
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


def _expect(answer: tuple[int, bytes], code: int) -> None:
    if answer[0] != code:
        raise smtplib.SMTPResponseException(*answer)


def _refusal(command: str, code: int, said: str) -> Receipt:
    """What a refusing answer means (RFC 5321, 4.2; RFC 3463 where the server says more)."""
    detail = f"{code} {said}"
    if code == 421:
        return Receipt("unreachable", detail)
    if code < 500:  # about one recipient, or about whatever is sent now
        return Receipt("postponed" if command == "recipient" else "busy", detail)
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
