"""The files of invoices, as they were supplied: kept with their hash, found again by the number in their name.

Callers import the actions from `actions`.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.kernel.references import document_key
from puntual.receivables.models import Invoice, InvoiceFile

MOST_BYTES = 10 * 1024 * 1024
"""The largest file that is kept: one message takes no more anyway."""
_PDF = b"%PDF-"
_CUT = re.compile(r"[\s_.-]+")
_MOST_PARTS = 12  # of a file's name; the number of an invoice has few


@dataclass(frozen=True, slots=True)
class Matched:
    """Which invoice a file's name speaks of; without one, `why` says so (an English sentence for the catalogs)."""

    invoice: Invoice | None = None
    why: str = ""


def attach_file(by: Actor, invoice_id: UUID, name: str, content: bytes) -> InvoiceFile:
    """Keep a PDF with its invoice. The same file again is the first one; one that was taken away is there again.

    Raises Invoice.DoesNotExist, Problem for what is no PDF or larger than `MOST_BYTES`.
    """
    if not content.lstrip().startswith(_PDF):
        raise Problem(N_("“{name}” is no PDF. Save the invoice as a PDF and attach that."), name=name)
    if len(content) > MOST_BYTES:
        raise Problem(N_("“{name}” is larger than {most} MB. Attach a smaller one."), name=name, most=MOST_BYTES >> 20)
    with action(by, "receivables.attach_file", name=name) as log:
        invoice = Invoice.objects.get(organization_id=by.organization_id, id=invoice_id, withdrawn_on=None)
        digest = hashlib.sha256(content).hexdigest()
        kept, new = InvoiceFile.objects.get_or_create(
            organization_id=by.organization_id,
            invoice=invoice,
            digest=digest,
            defaults={
                "name": kept_name(name, "pdf", "invoice"),
                "size": len(content),
                "content": content,
                "added_at": by.now,
                "added_by": by.name,
            },
        )
        if kept.removed_on is not None:
            kept.removed_on = None
            kept.save(update_fields=["removed_on"])
        log.about(kept)
        log.say(number=invoice.number, digest=digest, new=new)
    return kept


def remove_file(by: Actor, file_id: UUID) -> InvoiceFile:
    """Send a file with nothing any more; it stays on record, for it may have been sent. Raises InvoiceFile.DoesNotExist."""
    with action(by, "receivables.remove_file") as log:
        kept = InvoiceFile.objects.get(organization_id=by.organization_id, pk=file_id)
        log.about(kept)
        kept.removed_on = by.today
        kept.save(update_fields=["removed_on"])
    return kept


def files_of(organization_id: UUID, invoice_ids: Collection[UUID]) -> dict[UUID, list[InvoiceFile]]:
    """The files of invoices without their content, the first first."""
    rows = InvoiceFile.objects.filter(organization_id=organization_id, invoice__in=invoice_ids, removed_on=None)
    found: dict[UUID, list[InvoiceFile]] = defaultdict(list)
    for one in rows.defer("content").order_by("added_at", "id"):
        found[one.invoice_id].append(one)
    return found


def matched(organization_id: UUID, names: Sequence[str], creditor_id: UUID | None = None) -> Mapping[str, Matched]:
    """By file name, the invoice whose number stands in it, the longest number first: in one query, however many files.

    Signs and capitals do not matter where they part the number: F001_247.pdf and "Factura F001-247.pdf" are F001-247.
    """
    wanted = {name: _keys(PurePath(name).stem) for name in names}
    keys = {key for each in wanted.values() for key in each}
    rows = Invoice.objects.filter(organization_id=organization_id, number_key__in=keys, withdrawn_on=None)
    if creditor_id:
        rows = rows.filter(creditor_id=creditor_id)
    by_key: dict[str, list[Invoice]] = defaultdict(list)
    for invoice in rows.select_related("customer"):
        by_key[invoice.number_key].append(invoice)
    return {name: _one(keys, by_key) for name, keys in wanted.items()}


def _one(keys: Sequence[str], by_key: Mapping[str, list[Invoice]]) -> Matched:
    for key in keys:
        found = by_key.get(key, [])
        if len(found) > 1:
            return Matched(why=N_("several invoices have this number: name the creditor"))
        if found:
            return Matched(found[0])
    return Matched(why=N_("no invoice has a number that stands in the file's name"))


def _keys(stem: str) -> list[str]:
    """What in a file's name can be a number, the longest first; parts may be put together by any sign.

    One without a letter counts only where nothing else in the name has a digit: 247 is not what F009-247.pdf speaks of, and the
    wrong invoice would be another customer's.
    """
    parts = [part for part in _CUT.split(stem) if part][:_MOST_PARTS]
    telling = sum(_has_digit(part) for part in parts)
    found: dict[str, int] = {}
    for start in range(len(parts)):
        for end in range(start + 1, len(parts) + 1):
            some = parts[start:end]
            digits = sum(map(_has_digit, some))
            if not digits or (digits < telling and not any(letter.isalpha() for part in some for letter in part)):
                continue
            for sign in ("-", " ", "", "_", ".", "/"):
                try:
                    key = document_key(sign.join(some))
                except Problem:
                    continue
                found.setdefault(key, sum(map(len, some)))
    return sorted(found, key=lambda key: -found[key])


def _has_digit(part: str) -> bool:
    return any(letter.isdigit() for letter in part)


def kept_name(name: str, ending: str, otherwise: str) -> str:
    """The name alone, fit for a header and a disk, with the ending of its kind; `otherwise` where nothing is left of it."""
    plain = "".join(
        letter for letter in PurePath(name.replace("\\", "/")).name if letter.isprintable() and letter not in '"<>|:*?'
    )
    stem = PurePath(plain).stem.strip(" .") or otherwise
    return f"{stem[:150]}.{ending}"
