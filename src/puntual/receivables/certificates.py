"""The files that prove a deduction: a certificate of retención, the slip of a detracción. Callers import them from `actions`."""

import hashlib
from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.receivables.files import kept_name
from puntual.receivables.models import DeductionFile, ExpectedDeduction

MOST_BYTES = 10 * 1024 * 1024
_SIGNS = {"pdf": b"%PDF-", "png": b"\x89PNG\r\n\x1a\n", "jpeg": b"\xff\xd8\xff", "xml": b"<?xml"}
TYPES = {"pdf": "application/pdf", "png": "image/png", "jpeg": "image/jpeg", "xml": "application/xml"}
"""The media type of each kind of file that is kept."""


def attach_certificate(by: Actor, deduction_id: UUID, name: str, content: bytes) -> DeductionFile:
    """Keep the file that proves a deduction. The same file again is the first one.

    Raises ExpectedDeduction.DoesNotExist, Problem for what is no PDF, picture or XML, or larger than `MOST_BYTES`.
    """
    kind = _kind(content)
    if kind is None:
        raise Problem(
            N_("“{name}” is no PDF, picture (PNG, JPEG) or XML. Save the certificate as one of them and attach that."),
            name=name,
        )
    if len(content) > MOST_BYTES:
        raise Problem(N_("“{name}” is larger than {most} MB. Attach a smaller one."), name=name, most=MOST_BYTES >> 20)
    with action(by, "receivables.attach_certificate", name=name) as log:
        deduction = ExpectedDeduction.objects.get(organization_id=by.organization_id, id=deduction_id)
        digest = hashlib.sha256(content).hexdigest()
        kept, new = DeductionFile.objects.get_or_create(
            organization_id=by.organization_id,
            deduction=deduction,
            digest=digest,
            defaults={
                "name": kept_name(name, kind, "certificate"),
                "type": kind,
                "size": len(content),
                "content": content,
                "added_at": by.now,
                "added_by": by.name,
            },
        )
        log.about(kept)
        log.say(digest=digest, new=new)
        return kept


def certificates_of(organization_id: UUID, deduction_ids: Collection[UUID]) -> dict[UUID, list[DeductionFile]]:
    """The files of deductions without their content, the first first."""
    rows = DeductionFile.objects.filter(organization_id=organization_id, deduction__in=deduction_ids)
    found: dict[UUID, list[DeductionFile]] = defaultdict(list)
    for one in rows.defer("content").order_by("added_at", "id"):
        found[one.deduction_id].append(one)
    return found


def _kind(content: bytes) -> str | None:
    head = content[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    return next((kind for kind, sign in _SIGNS.items() if head.startswith(sign)), None)
