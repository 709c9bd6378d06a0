"""All files about a customer in one list, wherever they are kept: one query, the latest first, paged by key."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from puntual.kernel.problems import N_, Problem

SIZE = 50
_MINE = "organization_id = %(org)s AND customer_id = %(customer)s"
# Each row: at, kind, id, the id of what it belongs to, a number within it, name, bytes (null: made when asked for), by whom,
# what else is said of it.
_SOURCES: Mapping[str, tuple[str, ...]] = {
    "own": (
        f"""SELECT added_at, 'own', id, id, 0, name, size, added_by, about
            FROM outreach_customerfile WHERE {_MINE} AND removed_at IS NULL""",
    ),
    "invoices": (
        """SELECT f.added_at, 'invoice', f.id, i.id, 0, f.name, f.size, f.added_by, i.number
           FROM receivables_invoice i
           JOIN receivables_invoicefile f ON f.organization_id = i.organization_id AND f.invoice_id = i.id
           WHERE i.organization_id = %(org)s AND i.customer_id = %(customer)s AND f.removed_on IS NULL""",
        """SELECT f.added_at, 'certificate', f.id, n.invoice_id, 0, f.name, f.size, f.added_by, ''
           FROM receivables_installment n
           JOIN receivables_expecteddeduction d ON d.organization_id = n.organization_id AND d.installment_id = n.id
           JOIN receivables_deductionfile f ON f.organization_id = d.organization_id AND f.deduction_id = d.id
           WHERE n.organization_id = %(org)s AND n.customer_id = %(customer)s""",
    ),
    "agreements": (
        f"""SELECT recorded_at, 'plan', id, id, 0, number || '.pdf', NULL::integer, recorded_by, ''
            FROM agreements_plan WHERE {_MINE} AND state NOT IN ('awaiting', 'refused', 'withdrawn')""",
        """SELECT a.accepted_at, 'accepted', a.id, a.plan_id, 0, p.number || '.pdf', octet_length(a.document), a.accepted_by, ''
           FROM agreements_acceptance a
           JOIN agreements_plan p ON p.organization_id = a.organization_id AND p.id = a.plan_id
           WHERE a.organization_id = %(org)s AND a.customer_id = %(customer)s AND a.state = 'accepted'""",
        """SELECT d.received_at, 'credit', d.id, d.application_id, 0, d.name, d.size, d.received_by, d.document
           FROM strategies_creditapplication c
           JOIN strategies_creditdocument d ON d.organization_id = c.organization_id AND d.application_id = c.id
           WHERE c.organization_id = %(org)s AND c.customer_id = %(customer)s AND d.content IS NOT NULL""",
    ),
    "disputes": (
        """SELECT e.added_at, 'evidence', e.id, d.id, 0, e.name, e.size, e.added_by, i.number
           FROM disputes_dispute d
           JOIN disputes_evidence e ON e.organization_id = d.organization_id AND e.dispute_id = d.id
           JOIN receivables_invoice i ON i.organization_id = d.organization_id AND i.id = d.invoice_id
           WHERE d.organization_id = %(org)s AND d.customer_id = %(customer)s""",
    ),
    "contacts": (
        """SELECT m.recorded_at, 'minutes', m.id, a.id, 0, '', NULL::integer, m.recorded_by, ''
           FROM outreach_activity a
           JOIN outreach_minutes m ON m.organization_id = a.organization_id AND m.activity_id = a.id
           WHERE a.organization_id = %(org)s AND a.customer_id = %(customer)s AND a.channel = 'meeting'""",
        f"""SELECT recorded_at, 'proof', id, id, 0, file_name, octet_length(content), recorded_by, words
            FROM outreach_deliveryproof WHERE {_MINE} AND content IS NOT NULL""",
        f"""SELECT received_at, 'answer', id, id, (place - 1)::integer, coalesce(part->>'name', ''), (part->>'size')::integer,
                   coalesce(nullif(sender_name, ''), sender), subject
            FROM outreach_answer, jsonb_array_elements(attachments) WITH ORDINALITY AS parts (part, place) WHERE {_MINE}""",
        f"""SELECT recorded_at, 'receipt', id, id, 0, receipt_name, octet_length(receipt), said_by, ''
            FROM payments_paymentclaim WHERE {_MINE} AND receipt IS NOT NULL""",
    ),
}
KINDS = ("all", *_SOURCES)
_PAGES = {
    "own": "customer_file",
    "invoice": "invoice_file",
    "certificate": "deduction_file",
    "plan": "plan_document",
    "accepted": "plan_accepted_document",
    "credit": "credit_file",
    "evidence": "dispute_file",
    "minutes": "call",
    "proof": "proof_file",
    "answer": "answer_attachment",
    "receipt": "claim_receipt",
}


class Row(NamedTuple):
    """One file as it is read."""

    at: datetime
    kind: str
    id: UUID
    of: UUID
    number: int
    name: str
    size: int | None
    by: str
    about: str


@dataclass(frozen=True, slots=True)
class File:
    """One file of the list: what it is, its address by the page's name and arguments, and whether it may be taken away."""

    row: Row
    what: str

    @property
    def page(self) -> str:
        return _PAGES[self.row.kind]

    @property
    def arguments(self) -> tuple[UUID | str, ...]:
        """What the page's address needs."""
        if self.row.kind == "accepted":
            return self.row.of, self.row.id
        if self.row.kind == "minutes":
            return (self.row.of,)
        return (self.row.id, str(self.row.number)) if self.row.kind == "answer" else (self.row.id,)

    @property
    def title(self) -> str:
        return self.row.name or self.what

    @property
    def kilobytes(self) -> int | None:
        return None if self.row.size is None else max(1, round(self.row.size / 1024))


def files_of(organization_id: UUID, customer_id: UUID, kind: str, before: str) -> tuple[Sequence[File], str]:
    """At most `SIZE` files of a kind of `KINDS`, the latest first, and the key that the next ones come after ("" for none).

    Raises Problem for a key that is not one of ours.
    """
    sources = [one for name, each in _SOURCES.items() for one in each if kind in ("all", name)]
    at, key = _read(before)
    statement = f"""
        SELECT * FROM ({" UNION ALL ".join(sources)}) AS file (at, kind, id, belongs, number, name, size, who, about)
        {"WHERE (at, kind || id || number) < (%(at)s, %(key)s)" if before else ""}
        ORDER BY at DESC, kind || id || number DESC LIMIT %(size)s
    """
    values = {"org": organization_id, "customer": customer_id, "at": at, "key": key, "size": SIZE + 1}
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = [Row(*row) for row in cursor.fetchall()]
    more = _written(rows[SIZE - 1]) if len(rows) > SIZE else ""
    return [File(row, _what(row.kind)) for row in rows[:SIZE]], more


def label(kind: str) -> str:
    """What a part of the list is called."""
    return {
        "all": _("All of them"),
        "own": _("Own files"),
        "invoices": _("Invoices"),
        "agreements": _("Agreements"),
        "disputes": _("Disputes"),
        "contacts": _("Contacts"),
    }[kind]


def _what(kind: str) -> str:
    return {
        "own": _("Own file"),
        "invoice": _("Invoice"),
        "certificate": _("Certificate"),
        "plan": _("Agreement"),
        "accepted": _("Accepted agreement"),
        "credit": _("Document for credit"),
        "evidence": _("Evidence of a dispute"),
        "minutes": _("Minutes of a meeting"),
        "proof": _("Proof of delivery"),
        "answer": _("Attached to an answer"),
        "receipt": _("Receipt of a payment"),
    }[kind]


def _written(row: Row) -> str:
    plain = json.dumps([row.at.isoformat(), f"{row.kind}{row.id}{row.number}"])
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def _read(key: str) -> tuple[datetime | None, str]:
    if not key:
        return None, ""
    try:
        at, name = json.loads(base64.urlsafe_b64decode(key + "=" * (-len(key) % 4)))
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None or not isinstance(name, str):
            raise ValueError
    except (binascii.Error, ValueError, TypeError) as error:
        raise Problem(
            N_("This page of the list cannot be found any more. Go back to the beginning of the list.")
        ) from error
    return moment, name
