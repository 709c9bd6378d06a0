"""The proof that a notice was delivered, filed with its document: only then was a required step had."""

from datetime import date
from hashlib import sha256
from pathlib import PurePath

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.outreach.approving import locked
from puntual.outreach.channels import Document
from puntual.outreach.channels.letter.models import DeliveryProof, PrintedLetter
from puntual.outreach.channels.letter.returning import came_back
from puntual.outreach.channels.letter.services import OUTCOMES, was_had
from puntual.outreach.marks import write_marks
from puntual.outreach.models import Activity

State = Activity.State
MOST_BYTES = 10 * 1024 * 1024
_BEGINNINGS = ((b"%PDF-", "application/pdf"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))


def document_of(name: str, content: bytes) -> Document:
    """A file that may be kept as a proof: a PDF or a picture, told by how it begins and never by its name.

    Raises Problem for any other, and above `MOST_BYTES`.
    """
    kind = next((kind for beginning, kind in _BEGINNINGS if content.startswith(beginning)), None)
    if kind is None:
        raise Problem(
            N_("“{name}” is no PDF, PNG or JPEG. Scan or photograph the proof and choose that file."), name=name
        )
    if len(content) > MOST_BYTES:
        raise Problem(N_("“{name}” is larger than 10 MB. Scan it again with a lower resolution."), name=name)
    return Document(PurePath(name).name[:200], kind, content)


def record_proof(
    by: Actor,
    activity: Activity,
    proof: str,
    *,
    outcome: str = "delivered",
    on: date | None = None,
    document: Document | None = None,
) -> DeliveryProof:
    """File what shows how a notice ended, on which day. Where that counts as had, its items have had the step from now on.

    A refused or unclaimed one counts only where the way it was posted says so with its source; else it came back. `document` is
    from `document_of`. Raises Problem without words, for an unknown outcome, or a day to come.
    """
    happened = on or by.today
    if not proof.strip():
        raise Problem(N_("Say what proves the delivery, such as the number of the receipt."))
    if outcome not in OUTCOMES:
        raise Problem(N_("Say how it ended."))
    if happened > by.today:
        raise Problem(N_("It cannot have happened in the future. Check the date."))
    with action(by, "outreach.record_proof", proof=proof, outcome=outcome, happened=happened) as log:
        found = locked(by, activity, State.SENT, State.DONE)
        log.about(found)
        letters = PrintedLetter.objects.filter(
            organization_id=by.organization_id, activity_id=found.pk, state=PrintedLetter.State.POSTED
        )
        letter = letters.select_related("batch").defer("pdf").first()
        had = was_had(letter.batch.service if letter else "", outcome)
        kept = _keep(by, found, proof.strip(), outcome, happened, had, document)
        found.note = f"{found.note}\n{proof.strip()}".strip()
        found.save(update_fields=["note"])
        if had:
            log.say(marks=write_marks(found, by.now, proved=True), sha256=kept.sha256)
            return kept
        log.say(marks_voided=came_back(by, found, outcome), sha256=kept.sha256)
        if letter is not None:
            letter.state, letter.reason, letter.returned_on = PrintedLetter.State.RETURNED, outcome, happened
            letter.save(update_fields=["state", "reason", "returned_on"])
    return kept


def _keep(
    by: Actor, activity: Activity, words: str, outcome: str, happened: date, had: bool, document: Document | None
) -> DeliveryProof:
    made = DeliveryProof(
        organization_id=by.organization_id,
        customer_id=activity.customer_id,
        activity_id=activity.pk,
        outcome=outcome,
        happened_on=happened,
        words=words[:300],
        had=had,
        recorded_at=by.now,
        recorded_by=by.name[:150],
    )
    if document is not None:
        made.file_name, made.content_type = document.name, document.content_type
        made.content, made.sha256 = document.content, sha256(document.content).hexdigest()
    made.save(force_insert=True)
    return made
