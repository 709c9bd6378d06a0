"""What became of a batch: its letters were posted, or go back to where they came from."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.organizations.models import Organization
from puntual.outreach.channels.letter.codes import read_code
from puntual.outreach.channels.letter.models import PrintBatch, PrintedLetter
from puntual.outreach.marks import write_marks_of
from puntual.outreach.models import Activity, CapturedMessage
from puntual.outreach.record.models import Attempt, KeptFile

_State = PrintedLetter.State
_MANY = 500
_AT_ONCE = 50
WITHOUT_NUMBER = frozenset({"by_hand"})
"""Ways of posting that give a letter no number of their own."""

_SENT = """
UPDATE outreach_activity a SET
    state = 'sent', settled_at = %(at)s, result = '', captured = %(captured)s, subject = l.subject, body = l.text, note = l.note,
    point_id = l.point_id, demand = l.demand, items = l.items, item_steps = l.item_steps, message_id = l.code
FROM outreach_printedletter l
WHERE a.organization_id = %(organization)s AND a.state = 'attempting'
  AND l.organization_id = a.organization_id AND l.activity_id = a.id AND l.id = ANY(%(letters)s)
"""
_BACK = """
UPDATE outreach_activity a SET state = 'to_do', claimed_at = NULL
FROM outreach_printedletter l
WHERE a.organization_id = %(organization)s AND a.state = 'attempting'
  AND l.organization_id = a.organization_id AND l.activity_id = a.id AND l.id = ANY(%(letters)s)
"""


def post_batch(
    by: Actor,
    batch_id: UUID,
    *,
    on: date,
    office: str = "",
    references: Mapping[str, str] | None = None,
    left_out: Collection[str] = (),
) -> PrintBatch:
    """Say that a batch was posted on a day: its letters are sent, those `left_out` (by code) go back and wait for another batch.

    `references` are the post's own numbers by code. Where the delivery is to be proved the office is named and each letter has
    its number. A step the manual requires is had only with its proof (`proving`). A sample's letters end in the capture mailbox.
    Raises PrintBatch.DoesNotExist, Problem for a day that cannot be, a code of another batch, or where something is missing.
    """
    with action(by, "letters.post", posted_on=on, office=office) as log:
        batch = locked_batch(by, batch_id, PrintBatch.State.READY)
        log.about(batch)
        organization = Organization.objects.get(pk=by.organization_id)
        _check_day(organization, batch, on, by.today)
        if batch.sample and organization.is_live:
            raise Problem(N_("These letters were made in rehearsal and say so. Put them back and make a new batch."))
        numbers = {read_code(code): number.strip()[:100] for code, number in (references or {}).items()}
        out = {read_code(code) for code in left_out}
        letters = _made(batch)
        _check_codes(letters, {*numbers, *out})
        kept = [one for one in letters if one.code not in out]
        for one in kept:
            one.state, one.reference = _State.POSTED, numbers.get(one.code, "")
        _check_dispatch(batch, kept, office)
        at = by.now if on == by.today else datetime.combine(on, time(12), tzinfo=ZoneInfo(organization.time_zone))
        _send(by, batch, kept, at)
        _back(by, [one for one in letters if one.code in out])
        batch.state, batch.posted_on, batch.office = PrintBatch.State.CLOSED, on, office.strip()[:200]
        batch.save(update_fields=["state", "posted_on", "office"])
        log.say(posted=len(kept), put_back=len(out), captured=batch.sample)
    return batch


def put_back(by: Actor, batch_id: UUID, codes: Collection[str] | None = None) -> PrintBatch:
    """Take letters (all, or those of `codes`) out of a batch that was not posted: they wait for another one.

    Raises PrintBatch.DoesNotExist, Problem where it was posted, or for a code of another batch.
    """
    with action(by, "letters.put_back") as log:
        batch = locked_batch(by, batch_id, PrintBatch.State.READY, PrintBatch.State.MAKING)
        log.about(batch)
        letters = _made(batch, _State.CLAIMED)
        wanted = {one.code for one in letters} if codes is None else {read_code(code) for code in codes}
        _check_codes(letters, wanted)
        _back(by, [one for one in letters if one.code in wanted])
        if len(wanted) == len(letters):
            batch.state = PrintBatch.State.CLOSED
            batch.save(update_fields=["state"])
        log.say(put_back=len(wanted))
    return batch


def put_back_samples(by: Actor) -> int:
    """Put back what was gathered in rehearsal and not dealt with; part of going live. Returns how many batches."""
    rows = PrintBatch.objects.filter(organization_id=by.organization_id, sample=True)
    open_ones = list(rows.exclude(state=PrintBatch.State.CLOSED).values_list("id", flat=True))
    for batch_id in open_ones:
        put_back(by, batch_id)
    return len(open_ones)


def locked_batch(by: Actor, batch_id: UUID, *states: str) -> PrintBatch:
    """A batch, locked. Raises PrintBatch.DoesNotExist, Problem where it is in none of these states."""
    batch = PrintBatch.objects.select_for_update(no_key=True).get(organization_id=by.organization_id, pk=batch_id)
    if batch.state not in states:
        raise Problem(N_("This batch has gone on meanwhile. Load the page again to see how it stands now."))
    return batch


def _made(batch: PrintBatch, *more: str) -> Sequence[PrintedLetter]:
    rows = PrintedLetter.objects.filter(organization_id=batch.organization_id, batch=batch)
    return list(rows.filter(state__in=[_State.MADE, *more]).defer("pdf").order_by("place"))


def _check_day(organization: Organization, batch: PrintBatch, on: date, today: date) -> None:
    made_on = batch.created_at.astimezone(ZoneInfo(organization.time_zone)).date()
    if not made_on <= on <= today:
        raise Problem(N_("Give the day it was posted: from {made} on and not in the future."), made=made_on)


def _check_codes(letters: Sequence[PrintedLetter], named: Collection[str]) -> None:
    if strange := sorted(set(named) - {one.code for one in letters}):
        raise Problem(
            N_("{codes}: not among the letters of this batch that can still be posted."), codes=", ".join(strange[:5])
        )


def _check_dispatch(batch: PrintBatch, letters: Sequence[PrintedLetter], office: str) -> None:
    if not batch.service:
        return
    if not office.strip():
        raise Problem(N_("Say by whom it was posted: the post office, the notary, the carrier."))
    missing = [one.code for one in letters if not one.reference]
    if missing and batch.service not in WITHOUT_NUMBER:
        raise Problem(
            N_("Give the post's number of each letter, or leave the letter out. Missing: {codes}."),
            codes=", ".join(missing[:5]),
        )


def _send(by: Actor, batch: PrintBatch, letters: Sequence[PrintedLetter], at: datetime) -> None:
    PrintedLetter.objects.bulk_update(letters, ["state", "reference"], batch_size=_MANY)
    ids = [one.pk for one in letters]
    values: dict[str, Any] = {"organization": by.organization_id, "letters": ids, "at": at, "captured": batch.sample}
    with connection.cursor() as cursor:
        cursor.execute(_SENT, values)
    sent = [one.activity_id for one in letters]
    activities = Activity.objects.filter(organization_id=by.organization_id, pk__in=sent, state=Activity.State.SENT)
    write_marks_of(list(activities.only("id", "organization_id", "version_id")), at)
    if batch.sample:
        CapturedMessage.objects.bulk_create([_captured(by, one) for one in letters], batch_size=_MANY)
        return
    for start in range(0, len(ids), _AT_ONCE):  # the PDFs of a few at a time: memory stays flat
        _keep(by, ids[start : start + _AT_ONCE], at)


def _keep(by: Actor, ids: Sequence[UUID], at: datetime) -> None:
    """Put what was posted on record, word for word and with its PDF."""
    letters = list(PrintedLetter.objects.filter(pk__in=ids).select_related("customer__creditor"))
    signed = dict(
        Activity.objects.filter(
            organization_id=by.organization_id, pk__in=[one.activity_id for one in letters]
        ).values_list("id", "signed_by")
    )
    files = [
        KeptFile(
            organization_id=by.organization_id,
            customer_id=one.customer_id,
            sha256=one.sha256,
            kind="application/pdf",
            size=len(one.pdf),
            content=one.pdf,
        )
        for one in letters
    ]
    KeptFile.objects.bulk_create(files, ignore_conflicts=True)
    Attempt.objects.bulk_create([_attempt(one, signed[one.activity_id], at) for one in letters])


def _attempt(letter: PrintedLetter, signed_by: str, at: datetime) -> Attempt:
    creditor = letter.customer.creditor
    document = {
        "name": f"{letter.code}.pdf",
        "kind": "application/pdf",
        "size": len(letter.pdf),
        "sha256": letter.sha256,
    }
    return Attempt(
        organization_id=letter.organization_id,
        customer_id=letter.customer_id,
        activity_id=letter.activity_id,
        at=at,
        channel=Activity.Channel.LETTER,
        message_id=letter.code,
        sender=", ".join(creditor.address.splitlines())[:254],
        sender_name=creditor.name,
        recipient=", ".join(letter.address[1:])[:300],
        recipient_name=letter.address[0][:200],
        subject=letter.subject,
        text=letter.text,
        language=letter.language,
        signed_by=signed_by,
        documents=[document],
    )


def _captured(by: Actor, letter: PrintedLetter) -> CapturedMessage:
    return CapturedMessage(
        organization_id=by.organization_id,
        activity_id=letter.activity_id,
        captured_at=by.now,
        sender="",
        recipient=", ".join(letter.address)[:300],
        subject=letter.subject,
        raw=letter.text.encode(),
    )


def _back(by: Actor, letters: Sequence[PrintedLetter]) -> None:
    ids = [one.pk for one in letters]
    with connection.cursor() as cursor:
        cursor.execute(_BACK, {"organization": by.organization_id, "letters": ids})
    PrintedLetter.objects.filter(organization_id=by.organization_id, pk__in=ids).update(state=_State.PUT_BACK)
