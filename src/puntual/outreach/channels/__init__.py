"""How a message leaves: what every channel is given and what it answers. Each channel is a folder here."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from puntual.kernel.problems import N_, Problem

AUTOMATIC = frozenset({"email", "sms", "whatsapp"})
"""Channels that send by themselves; by the others a person writes, calls or visits."""

Outcome = Literal["sent", "refused", "rejected", "postponed", "busy", "unreachable", "interrupted"]


@dataclass(frozen=True, slots=True)
class Document:
    """A file that goes with a message or is taken from a page."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class ApprovedText:
    """A text that the provider has approved, by its name there, with the values of its variables in their order.

    `names` are the provider's for these variables, or nothing where it numbers them.
    """

    name: str
    language: str
    parameters: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one recipient, complete: nothing about it is looked up when it leaves."""

    message_id: str
    at: datetime
    sender_name: str
    sender: str
    recipient_name: str
    recipient: str
    subject: str
    text: str
    html: str
    language: str
    documents: tuple[Document, ...] = ()
    reply_to: str = ""  # where answers go, where that is not the sender
    return_to: str = ""  # where what comes back goes (the envelope's sender), where that is not the sender
    stop_link: str = ""  # where the recipient stops messages to this address
    reference: str = ""  # what a provider gives back with its reports: the id of the activity
    report_to: str = ""  # the address a provider reports to; none where it knows it already, or cannot reach us
    approved: ApprovedText | None = None  # what leaves in place of the text where only an approved one may


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a message.

    `sent`: the next server took it. `refused`: this address will not take it (`bounce`: whether for good). `rejected`: the
    server would not take this message, through no fault of the address. `postponed`: not now, for this recipient. `busy`: nor
    for others. `unreachable`: the server itself could not be used, nothing left. `interrupted`: it may or may not
    have left.

    `provider_id` is what the provider calls the message, `wait` how many seconds it asks to be left in peace, where it says so.
    `unsubscribed`: the recipient told the provider to stop. `text_state` is the provider's word for what became of the approved
    text, where that is why.
    """

    outcome: Outcome
    detail: str = ""
    bounce: Literal["", "soft", "hard"] = ""
    provider_id: str = ""
    wait: float | None = None
    unsubscribed: bool = False
    text_state: str = ""


class Undeliverable(Problem):
    """A message that no server could be handed; nothing of it has left."""

    def __init__(self, address: str) -> None:
        super().__init__(N_("Nothing can be sent to or from “{address}”. Correct the address."), address=address)


class Transport(Protocol):
    """Something that delivers messages; `close` gives back what it keeps open between two of them.

    `open` gets ready, and says why it cannot, where that shows before anything is delivered. `deliver` raises Undeliverable
    before anything has left, and after that nothing.
    """

    def open(self) -> Receipt | None: ...

    def deliver(self, message: Message) -> Receipt: ...

    def close(self) -> None: ...
