"""A customer's record as files: every message as it left, every answer as it came, what went along, with a manifest of hashes.

One file at a time is held in memory, however many there are.
"""

import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import chain
from typing import IO, Any
from uuid import UUID

from puntual.audit.actions import Actor
from puntual.disputes.models import Dispute, DisputeNote, Evidence
from puntual.outreach.channels import Document, Message
from puntual.outreach.channels.email.mime import mime
from puntual.outreach.models import (
    Activity,
    Answer,
    Attempt,
    CustomerFile,
    Delivery,
    DeliveryProof,
    KeptFile,
    Minutes,
    PrintedLetter,
)
from puntual.parties.models import Consent, Customer
from puntual.receivables.models import InvoiceFile

_AT_ONCE = 100
_OF_DISPUTE = (
    "currency",
    "amount",
    "reason",
    "said",
    "said_by",
    "opened_at",
    "opened_by",
    "state",
    "granted",
    "cause",
    "why",
)
_OF_MINUTES = ("attendees", "agreed", "next_on", "text", "recorded_at", "recorded_by")
_UNSAFE = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class Written:
    """One file of the bundle: its path there, its size in bytes and its SHA-256."""

    path: str
    size: int
    sha256: str


def write_bundle(by: Actor, customer: Customer, documents: Iterable[Document], out: IO[bytes]) -> list[Written]:
    """Write a ZIP of a customer's record to `out`, `documents` first; returns what is in it. Must run inside the organization.

    `manifest.json` names every file with its size and SHA-256, and says of whom and when it was made.
    """
    written: list[Written] = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in chain(((one.name, one.content) for one in documents), _files(customer)):
            written.append(_put(archive, path, content, by.now))
        manifest = {
            "customer": {"id": str(customer.id), "code": customer.code, "name": customer.name},
            "creditor": customer.creditor.name,
            "made_at": by.now.isoformat(),
            "made_by": by.name,
            "files": [{"path": one.path, "size": one.size, "sha256": one.sha256} for one in written],
        }
        _put(archive, "manifest.json", json.dumps(manifest, indent=1, ensure_ascii=False).encode(), by.now)
    return written


def _put(archive: zipfile.ZipFile, path: str, content: bytes, at: datetime) -> Written:
    info = zipfile.ZipInfo(path, at.timetuple()[:6])
    info.compress_type = zipfile.ZIP_STORED if path.endswith((".pdf", ".zip")) else zipfile.ZIP_DEFLATED
    archive.writestr(info, content)
    return Written(path, len(content), sha256(content).hexdigest())


def _files(customer: Customer) -> Iterator[tuple[str, bytes]]:
    yield from _messages(customer)
    yield from _answers(customer)
    yield from _kept(customer)
    yield from _letters(customer)
    yield from _proofs(customer)
    yield from _evidence(customer)
    yield from _invoices(customer)
    yield "minutes.json", _json(_minutes(customer))
    yield from _own_files(customer)
    yield "disputes.json", _json(_disputes(customer))
    yield "consents.json", _json(_consents(customer))
    yield "deliveries.json", _json(_deliveries(customer))


def _messages(customer: Customer) -> Iterator[tuple[str, bytes]]:
    """What left: mail as a mail program reads it, anything else as text."""
    attempts = Attempt.objects.filter(organization_id=customer.organization_id, customer=customer).order_by("at", "id")
    for attempt in attempts.iterator(_AT_ONCE):
        stem = f"messages/{_stamp(attempt.at)}-{attempt.channel}-{_short(attempt.id)}"
        if attempt.html:
            yield f"{stem}.eml", mime(_as_message(customer, attempt))
        else:
            head = f"{attempt.sender_name} {attempt.sender} > {attempt.recipient_name} {attempt.recipient}\n\n"
            yield f"{stem}.txt", (head + attempt.text).encode()


def _as_message(customer: Customer, attempt: Attempt) -> Message:
    return Message(
        message_id=attempt.message_id,
        at=attempt.at,
        sender_name=attempt.sender_name,
        sender=attempt.sender,
        reply_to=attempt.reply_to,
        recipient_name=attempt.recipient_name,
        recipient=attempt.recipient,
        subject=attempt.subject,
        text=attempt.text,
        html=attempt.html,
        language=attempt.language,
        stop_link=attempt.stop_link,
        documents=tuple(_documents(customer, attempt)),
    )


def _documents(customer: Customer, attempt: Attempt) -> Iterator[Document]:
    kept = KeptFile.objects.filter(organization_id=customer.organization_id, customer=customer)
    for one in attempt.documents:
        if (file := kept.filter(sha256=one["sha256"]).first()) is not None:
            yield Document(one["name"], file.kind, bytes(file.content))


def _answers(customer: Customer) -> Iterator[tuple[str, bytes]]:
    """What came in, as it came."""
    answers = Answer.objects.filter(organization_id=customer.organization_id, customer=customer)
    for answer in answers.order_by("received_at", "id").iterator(_AT_ONCE):
        kind = "eml" if answer.channel == "email" else "txt"
        content = bytes(answer.raw) if kind == "eml" else (answer.text or "").encode()
        yield f"answers/{_stamp(answer.received_at)}-{answer.channel}-{_short(answer.id)}.{kind}", content


def _kept(customer: Customer) -> Iterator[tuple[str, bytes]]:
    """The files that went along, each once; the messages name them by their hash."""
    names: dict[str, str] = {}
    attempts = Attempt.objects.filter(organization_id=customer.organization_id, customer=customer)
    for documents in attempts.order_by("at").values_list("documents", flat=True).iterator(_AT_ONCE):
        names.update({one["sha256"]: one["name"] for one in documents})
    files = KeptFile.objects.filter(organization_id=customer.organization_id, customer=customer).order_by("id")
    for file in files.iterator(_AT_ONCE // 10):
        yield f"files/{file.sha256[:16]}-{_safe(names.get(file.sha256, 'file'))}", bytes(file.content)


def _letters(customer: Customer) -> Iterator[tuple[str, bytes]]:
    letters = PrintedLetter.objects.filter(organization_id=customer.organization_id, customer=customer).exclude(pdf=b"")
    for letter in letters.order_by("id").iterator(_AT_ONCE // 10):
        yield f"letters/{_safe(letter.code)}.pdf", bytes(letter.pdf)


def _proofs(customer: Customer) -> Iterator[tuple[str, bytes]]:
    proofs = DeliveryProof.objects.filter(organization_id=customer.organization_id, customer=customer)
    for proof in proofs.exclude(content=None).order_by("recorded_at", "id").iterator(_AT_ONCE // 10):
        name = f"{_stamp(proof.recorded_at)}-{_short(proof.id)}-{_safe(proof.file_name or 'proof')}"
        yield f"proofs/{name}", bytes(proof.content or b"")


def _evidence(customer: Customer) -> Iterator[tuple[str, bytes]]:
    """What was shown in disputes, as it was supplied."""
    files = Evidence.objects.filter(organization_id=customer.organization_id, dispute__customer=customer)
    for file in files.order_by("added_at", "id").iterator(_AT_ONCE // 10):
        yield f"disputes/{_stamp(file.added_at)}-{_short(file.id)}-{_safe(file.name)}", bytes(file.content)


def _own_files(customer: Customer) -> Iterator[tuple[str, bytes]]:
    """What was kept with the customer, as it was supplied."""
    files = CustomerFile.objects.filter(organization_id=customer.organization_id, customer=customer, removed_at=None)
    for file in files.order_by("added_at", "id").iterator(_AT_ONCE // 10):
        yield f"files/{_stamp(file.added_at)}-{_short(file.id)}-{_safe(file.name)}", bytes(file.content)


def _invoices(customer: Customer) -> Iterator[tuple[str, bytes]]:
    """The invoices' files as they were supplied, also those that were taken away later: they may have gone along."""
    files = InvoiceFile.objects.filter(organization_id=customer.organization_id, invoice__customer=customer)
    for file in files.select_related("invoice").order_by("added_at", "id").iterator(_AT_ONCE // 10):
        yield f"invoices/{_safe(file.invoice.number)}-{_short(file.id)}-{_safe(file.name)}", bytes(file.content)


def _minutes(customer: Customer) -> Iterator[Mapping[str, Any]]:
    """What meetings came to, with every correction beside what it corrects."""
    meetings = Activity.objects.filter(organization_id=customer.organization_id, customer=customer, channel="meeting")
    rows = Minutes.objects.filter(organization_id=customer.organization_id, activity_id__in=meetings.values("pk"))
    for one in rows.order_by("recorded_at", "id").iterator(_AT_ONCE):
        yield {"activity": one.activity_id, **{name: getattr(one, name) for name in _OF_MINUTES}}


def _disputes(customer: Customer) -> Iterator[Mapping[str, Any]]:
    """What was disputed and how it ended, with all that was said; files are named by their hash."""
    mine = {"organization_id": customer.organization_id}
    disputes = Dispute.objects.filter(**mine, customer=customer).select_related("invoice").order_by("opened_at", "id")
    for one in disputes.iterator(_AT_ONCE):
        notes = DisputeNote.objects.filter(**mine, dispute=one).order_by("at", "id")
        files = Evidence.objects.filter(**mine, dispute=one).order_by("added_at", "id")
        yield {
            "invoice": one.invoice.number,
            **{name: getattr(one, name) for name in _OF_DISPUTE},
            "notes": list(notes.values("kind", "step", "detail", "text", "at", "by_name")),
            "files": list(files.values("name", "kind", "size", "digest", "theirs", "added_at", "added_by")),
        }


def _consents(customer: Customer) -> Iterator[Mapping[str, Any]]:
    rows = Consent.objects.filter(organization_id=customer.organization_id, point__customer=customer)
    for one in rows.select_related("point").order_by("given_on", "id").iterator(_AT_ONCE):
        yield {
            "point": one.point.value,
            "purpose": one.purpose,
            "granted": one.granted,
            "given_on": one.given_on,
            "source": one.source,
            "evidence": one.evidence,
        }


def _deliveries(customer: Customer) -> Iterator[Mapping[str, Any]]:
    """What the providers reported of each message."""
    attempts = Attempt.objects.filter(organization_id=customer.organization_id, customer=customer)
    rows = Delivery.objects.filter(
        organization_id=customer.organization_id, activity_id__in=attempts.values("activity_id")
    )
    moments = ("taken_at", "sent_at", "delivered_at", "read_at", "failed_at")
    for one in rows.order_by("id").iterator(_AT_ONCE):
        reported = {name: getattr(one, name) for name in moments if getattr(one, name)}
        yield {
            "activity": one.activity_id,
            "channel": one.channel,
            "provider_id": one.provider_id,
            "state": one.state,
            "said": one.said,
            **reported,
        }


def _json(rows: Iterable[Mapping[str, Any]]) -> bytes:
    return json.dumps(list(rows), indent=1, ensure_ascii=False, default=str).encode()


def _stamp(at: datetime) -> str:
    return f"{at:%Y%m%dT%H%M%SZ}"


def _short(key: UUID) -> str:
    return key.hex[-8:]


def _safe(name: str) -> str:
    """A name that stays a name wherever the archive is opened."""
    return _UNSAFE.sub("_", name).strip("._")[:80] or "file"
