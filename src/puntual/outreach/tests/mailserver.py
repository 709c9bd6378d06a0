"""A real SMTP server in this process that keeps and counts what it took, and refuses what a test asks it to."""

import email
import email.policy
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

from aiosmtpd.controller import Controller


class MailServer:
    """What arrived, and what to answer instead of yes: an SMTP reply by recipient, or "hang up" after the message."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.at_recipient: dict[str, str] = {}
        self.at_data: dict[str, str] = {}

    @property
    def deliveries(self) -> Counter[str]:
        """How often each Message-ID was delivered."""
        return Counter(message["Message-ID"] for message in self.taken)

    async def handle_RCPT(self, server, session, envelope, address, options):
        if reply := self.at_recipient.get(address):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        reply = self.at_data.get(envelope.rcpt_tos[0])
        if reply == "hang up":
            server.transport.abort()
        elif reply:
            return reply
        else:
            self.taken.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[tuple[MailServer, str]]:
    """The server and its `smtp://` address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    handler = MailServer()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield handler, f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()
