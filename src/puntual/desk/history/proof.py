"""What a record tells of a contact beyond its words: where from and to, who signed, what went along, and how it arrived."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from puntual.audit.models import Record
from puntual.desk import formats
from puntual.outreach.models import Activity, Answer, Attempt, Delivery, DeliveryProof, Minutes, PrintedLetter
from puntual.outreach.results import state
from puntual.receivables.models import Invoice, InvoiceFile

_SETTLED = "outreach.send"


def details(organization_id: UUID, activities: Collection[UUID]) -> Mapping[UUID, list[str]]:
    """Sentences by activity, in a fixed number of queries."""
    found: dict[UUID, list[str]] = {}
    if not activities:
        return found
    mine = {"organization_id": organization_id, "activity_id__in": activities}
    _said = found.setdefault
    for attempt in Attempt.objects.filter(**mine).defer("html").order_by("at", "id"):
        _said(attempt.activity_id, []).extend(_attempt(attempt))
    for letter in PrintedLetter.objects.filter(**mine, state__in=("posted", "returned")).defer("pdf").order_by("id"):
        _said(letter.activity_id, []).append(
            _("Letter {code}, {pages} pages, SHA-256 {digest}").format(
                code=letter.code, pages=letter.pages, digest=letter.sha256
            )
        )
    signed = Activity.objects.filter(organization_id=organization_id, pk__in=activities).exclude(signed_by="")
    for key, name in signed.values_list("pk", "signed_by"):
        _said(key, []).append(_("Signed by {name}").format(name=name))
    records = Record.objects.filter(organization_id=organization_id, object_id__in=activities, action=_SETTLED)
    for record in records.order_by("at", "id"):
        if record.object_id and (known := record.detail.get("state")):
            _said(record.object_id, []).append(f"{_at(record.at)}: {state(known)}")
    for delivery in Delivery.objects.filter(**mine).order_by("id"):
        _said(delivery.activity_id, []).extend(_delivery(delivery))
    for proof in DeliveryProof.objects.filter(**mine).defer("content").order_by("recorded_at", "id"):
        _said(proof.activity_id, []).append(_proof(proof))
    for minutes in Minutes.objects.filter(**mine).order_by("recorded_at", "id"):
        _said(minutes.activity_id, []).append(_minutes(minutes))
    answers = Answer.objects.filter(organization_id=organization_id, recorded_id__in=activities).defer("raw", "text")
    for answer in answers.order_by("received_at", "id"):
        if answer.recorded_id:
            _said(answer.recorded_id, []).extend(_answer(answer))
    return found


def supplied(organization_id: UUID, issued: Collection[UUID]) -> Mapping[UUID, list[str]]:
    """The files of the invoices issued on the days of these moments (each by its first invoice), in two queries."""
    if not issued:
        return {}
    first = Invoice.objects.filter(organization_id=organization_id, pk__in=issued)
    days = {(one.customer_id, one.issued_on): one.pk for one in first}
    files = InvoiceFile.objects.filter(
        organization_id=organization_id,
        invoice__customer_id__in={customer for customer, _day in days},
        invoice__issued_on__in={day for _customer, day in days},
    )
    found: dict[UUID, list[str]] = {}
    for file in files.select_related("invoice").defer("content").order_by("added_at", "id"):
        if (moment := days.get((file.invoice.customer_id, file.invoice.issued_on))) is not None:
            found.setdefault(moment, []).append(_attached(file.name, file.size, file.digest))
    return found


def _attached(name: str, size: int, digest: str) -> str:
    return _("Attached: {name}, {size}, SHA-256 {digest}").format(name=name, size=_size(size), digest=digest)


def _attempt(attempt: Attempt) -> list[str]:
    said = [
        _("{at}, from {sender} to {recipient}").format(
            at=_at(attempt.at), sender=attempt.sender or attempt.sender_name, recipient=attempt.recipient
        )
    ]
    said += [_attached(one["name"], one["size"], one["sha256"]) for one in attempt.documents]
    return said


def _delivery(delivery: Delivery) -> list[str]:
    moments = (
        (_("Taken by the provider"), delivery.taken_at),
        (_("On its way"), delivery.sent_at),
        (pgettext("message", "Delivered"), delivery.delivered_at),
        (_("Read"), delivery.read_at),
        (_("Not delivered"), delivery.failed_at),
    )
    said = [f"{_at(at)}: {what}" for what, at in moments if at]
    return [*said, _("Number at the provider: {number}").format(number=delivery.provider_id)]


def _minutes(minutes: Minutes) -> str:
    there = ", ".join(" · ".join(filter(None, (one["name"], one.get("role")))) for one in minutes.attendees)
    agreed = "; ".join(" · ".join(filter(None, (one["what"], one.get("by")))) for one in minutes.agreed)
    next_on = _("next on {day}").format(day=formats.short_date(minutes.next_on)) if minutes.next_on else ""
    said = ". ".join(part.rstrip(".") for part in (there, agreed, minutes.text, next_on) if part)
    return _("Minutes by {who}, {at}: {what}").format(who=minutes.recorded_by, at=_at(minutes.recorded_at), what=said)


def _proof(proof: DeliveryProof) -> str:
    parts = [formats.short_date(proof.happened_on), proof.words]
    if proof.sha256:
        parts.append(f"{proof.file_name}, SHA-256 {proof.sha256}")
    return _("Proof: {what}").format(what=" · ".join(part for part in parts if part))


def _answer(answer: Answer) -> list[str]:
    said = [_("{at}, from {sender}").format(at=_at(answer.received_at), sender=answer.sender)]
    said += [
        _("Attached: {name}, {size}").format(name=one.get("name") or "—", size=_size(one.get("size") or 0))
        for one in answer.attachments
    ]
    if answer.settled_at:
        said.append(_("{at}: {who} recorded what came of it").format(at=_at(answer.settled_at), who=answer.settled_by))
    return said


def _at(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{formats.short_date(local.date())} {formats.clock(local)}"


def _size(size: int) -> str:
    return _("{n} KB").format(n=formats.number(max(1, round(size / 1024))))
